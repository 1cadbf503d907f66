"""Work for several workers: shares of it are runs of their own, waited for as long as it makes sense."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from prefect import runtime
from prefect.deployments import arun_deployment

#: Seconds between two looks at a share.
LOOK_EVERY = 2.0


async def shared_out(name: str, shares: Sequence[dict[str, Any]], *, patience: timedelta) -> str:
    """Have each of ``shares`` done by a run of ``share``; answers how many were done in time.

    Once per run and share, by key: a run that is tried again finds the shares that it began. A share whose worker
    was killed is not waited for beyond ``patience``; what it left is still due, and the next tick does it.
    """
    began = (_share(f"{name} {n}/{len(shares)}", share, patience) for n, share in enumerate(shares, 1))
    done = sum(await asyncio.gather(*began))
    rest = f"，{len(shares) - done} 份未完成，由下一次接着办理" if done < len(shares) else ""
    return f"{name}分 {len(shares)} 份同时办理，完成 {done} 份{rest}"


async def _share(name: str, share: dict[str, Any], patience: timedelta) -> bool:
    run = await arun_deployment(
        "share/share",
        parameters=share,
        flow_run_name=name,
        timeout=patience.total_seconds(),
        poll_interval=LOOK_EVERY,
        idempotency_key=f"{runtime.flow_run.id}:{name}",
    )
    return run.state is not None and run.state.is_completed()
