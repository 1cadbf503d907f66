"""Signs of life: may a run work by the clock of its machine, and what has been done?"""

from prefect.client.schemas.objects import State
from prefect.states import Cancelled

from duban.clock import real_reading
from duban.services.pulse import Work, beat, may_work
from flows.opening import Opened
from models.session import writing


def doubted(o: Opened) -> State[None] | None:
    """The end of a run whose clock is doubted: it would say the wrong things. A dry run harms nobody."""
    if o.remark:
        return None
    with writing(o.engine) as session:
        why = may_work(session, real_reading())
    return Cancelled(message=f"{why}（未办理）") if why else None


def done(o: Opened, work: Work) -> None:
    """Leave the sign that ``work`` is done; a dry run has done nothing."""
    if not o.remark:
        with writing(o.engine) as session:
            beat(session, work, real_now=real_reading())
