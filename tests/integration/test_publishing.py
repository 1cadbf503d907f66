"""What publishing writes down: the event's figures are those of the record."""

import hashlib
import json

from sqlalchemy import Engine

from duban.services.replaying import begin
from factories import at, deliverable, notice, on, roster, stage, unit
from models.event import chain
from models.obligation import of_notice
from models.session import reading


def test_the_event_counts_the_obligations_and_digests_the_units_bound(engine: Engine) -> None:
    """Bound by kind, by name, by a second class, and not at all."""
    classes = {
        "cities": {"name": "各市", "kinds": ["city"], "except_units": ["bb"]},
        "uni": {"name": "校", "units": ["uni"]},
    }
    report, cases = deliverable(who=["cities", "uni"]), deliverable("cases", who=["uni"])
    units = roster(unit("aa", order=1), unit("bb", order=2), unit("uni", order=3, kind="college"), unit("cc", order=4))
    begin(engine, notice(stage(on("2021-10-15"), report, cases), classes=classes), units, at=at("2021-09-24 10:00"))
    with reading(engine) as session:
        rows, (event,) = of_notice(session, "test-2021-1"), chain(session)
    found = json.loads(event.data)
    bound = sorted({row.unit_id for row in rows})
    assert bound == ["aa", "cc", "uni"]
    assert (found["obligations"], found["units"]) == (4, hashlib.sha256("\n".join(bound).encode()).hexdigest())
