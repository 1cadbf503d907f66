"""The workers of our pool."""

from prefect import get_client
from prefect.client.schemas.objects import WorkerStatus
from prefect.exceptions import ObjectNotFound

from flows import POOL


async def hands() -> int:
    """How many workers of the pool are there."""
    async with get_client() as client:
        try:
            workers = await client.read_workers_for_work_pool(POOL)
        except ObjectNotFound:
            return 0
    return sum(worker.status == WorkerStatus.ONLINE for worker in workers)
