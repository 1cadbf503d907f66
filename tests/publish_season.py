"""An office that is about to publish: Jilin's units on record, nothing in force."""

from pathlib import Path

from sqlalchemy import Engine

from duban.bootstrap import Duban
from duban.domain.terms import Hat
from duban.reading.units import read_units
from duban.services.installing import import_units
from models.session import writing
from web_season import JILIN, NOTICES, Client, come_in, installation, stranger_of

OFFICE = "jilin-edu"
NOW = "2021-09-24 16:00"
TEXT = (NOTICES / f"{JILIN}.yaml").read_text(encoding="utf-8")
#: The same with two slips of the pen: a word that there is not, and a day that there is not.
BROKEN = TEXT.replace("addressees:", "adressees:").replace("date: 2021-10-15", "date: 2021-10-45")


def office(engine: Engine, folder: Path, *, now: str = NOW) -> Duban:
    """An installation with Jilin's units."""
    with writing(engine) as session:
        import_units(session, read_units(NOTICES / f"{JILIN}.units.csv"))
    made = installation(engine, folder, now=now, is_demo=False)
    made.store.prepare()
    return made


def coordinator(duban: Duban) -> Client:
    """The coordinator of Jilin's education department."""
    client = stranger_of(duban)
    client.session = come_in(duban.engine, "jingban@me.example", (Hat.COORDINATOR, OFFICE))
    return client
