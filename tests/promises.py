"""Any season: what may be done in it, and what must hold at its end whatever was done."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from duban.domain.terms import Act
from duban.services.delivering import Sender
from duban.services.waking import rebuild
from empty import installed
from factories import at, deliverable, notice, on, roster, stage, unit
from models.session import make_engine
from notifications.post import Rehearsal
from stories import Did, Replayed, live

SEASON = notice(
    stage(on("2021-09-28"), deliverable("scheme"), name="first"),
    stage(on("2021-10-15"), deliverable("table"), deliverable("panel"), name="second"),
)

ACTS = st.sampled_from(
    ["submit", "submit", "nil", "withdraw", "return", "approve", "extend", "waive", "reopen", "acknowledge"]
)


@st.composite
def scripts(draw: st.DrawFn) -> list[Did]:
    """Acts on two units and three deliverables over two months; what is impossible is refused and skipped."""
    rows = []
    for number in range(draw(st.integers(0, 14))):
        moment = at("2021-09-25 00:00") + timedelta(hours=draw(st.integers(0, 24 * 50)))
        name, words = draw(st.sampled_from(["scheme", "table", "panel"])), draw(ACTS)
        due = (moment + timedelta(days=draw(st.integers(0, 20)))).date()
        needs = {"note": "说明", "due": due} if words in ("return", "extend", "reopen") else {}
        who = draw(st.sampled_from(["aa", "bb"]))
        rows.append(Did(at=moment, unit=who, deliverable=name, act=Act(words), row=number + 2, **needs))
    return rows


#: One for all seasons: it knows our statements after the first.
_ENGINE = make_engine("sqlite://")
_SENDER = Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid", budget=None)
UNITS = roster(unit("aa", "clerk", "chief", "leader", order=1), unit("bb", "clerk", order=2))


def check_promises(script: list[Did]) -> None:
    """Live through a season with these acts; every promise holds at its end."""
    engine = installed(_ENGINE)
    lived = live(engine, _SENDER, SEASON, UNITS, script, until="2021-12-31 12:00", keep_going=True)
    assert rebuild(engine) == 0, "wake_at is what the record says"
    _each_rung_once(lived)
    _one_digest_a_person_a_day(lived)
    _nothing_to_the_closed(lived, script)


def _digests(lived: Replayed) -> list[dict[str, Any]]:
    return [mail for mail in lived.story["mails"] if mail["kind"] in ("reminder", "overdue", "escalation")]


def _each_rung_once(lived: Replayed) -> None:
    said = Counter(
        (mail["to"][0], i["unit"], i["deliverable"], i["round"], i["owner"], i["rung"], i["due_at"])
        for mail in _digests(lived)
        for i in mail["items"]
    )
    assert {key: n for key, n in said.items() if n > 1} == {}


def _one_digest_a_person_a_day(lived: Replayed) -> None:
    days = Counter((mail["to"][0], mail["at"][:10]) for mail in _digests(lived))
    assert {key: n for key, n in days.items() if n > 1} == {}


def _nothing_to_the_closed(lived: Replayed, script: list[Did]) -> None:
    """A digest to a unit is about a day in force: the last accepted act before it left the ball with the unit."""
    refused = {int(text.removeprefix("第").partition("行")[0]) for text in lived.lived.refused}
    done = [row for row in sorted(script, key=lambda row: row.at) if row.row not in refused]
    for mail in _digests(lived):
        for item in mail["items"]:
            last = _last(done, item["unit"], item["deliverable"], mail["at"])
            closes = last is not None and last.act in (Act.SUBMIT, Act.NIL, Act.WAIVE, Act.APPROVE)
            assert not (closes and item["owner"] == "unit"), (mail, last)
            if last is not None and last.due and last.act in (Act.RETURN, Act.EXTEND, Act.REOPEN):
                assert item["due_at"] == (at(f"{last.due} 00:00") + timedelta(days=1)).isoformat()


def _last(done: list[Did], who: str, name: str, moment: str) -> Did | None:
    before = [r for r in done if (r.unit, r.deliverable) == (who, name) and r.at <= datetime.fromisoformat(moment)]
    return before[-1] if before else None
