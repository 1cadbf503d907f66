"""A season of Jilin: 11 units, three months, every mail composed."""

from argparse import Namespace
from datetime import timedelta
from typing import Any

from bench.stopwatch import stopwatch
from duban.bootstrap import throw_away
from duban.reading.definitions import read_definition
from duban.reading.scripts import read_script
from duban.reading.units import read_units
from duban.services.replaying import begin, live_through, publication
from duban.services.reporting import told
from duban.settings import Settings
from models.session import reading


def replay(_: Namespace) -> dict[str, Any]:
    """Live through the season with its sample script."""
    with stopwatch() as watch:
        mails = _season()
    return {"n": mails, "of": "mails", **vars(watch)}


def _season() -> int:
    """How many mails there were."""
    path = Settings().definitions_dir / "jilin-2021-25.yaml"
    notice = read_definition(path)
    script = read_script(path.with_suffix(".season.csv"), notice.tz)
    start = publication(notice)
    until = start + timedelta(days=92)
    with throw_away() as (engine, sender):
        begin(engine, notice, read_units(path.with_suffix(".units.csv")), at=start)
        live_through(engine, notice, script, sender, start=start, until=until)
        with reading(engine) as session:
            return len(told(session, notice.id, start=start, until=until))
