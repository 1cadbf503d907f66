"""The units of a notice and their people: gaps first; changed, added, merged after it was said what that does."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from conftest import installed
from duban.domain.access import Scope
from duban.domain.errors import DubanError
from duban.domain.links import LinkKey, Mint, Purpose
from duban.domain.roster import Roster, Unit
from duban.domain.terms import Hat, Role
from duban.services.contacts import Changed, Wish, put_contact, remove_contact
from duban.services.contacts import Desk as By
from duban.services.entering import Moment
from duban.services.installing import import_units
from duban.services.links import row_of
from duban.services.mailing import report_gap
from duban.services.notice_units import Gap, Wanted, notice_units
from duban.services.publishing import publish
from duban.services.records import Records
from factories import at, notice, on, people, roster, stage, unit
from models.contact import contacts_at
from models.entry_link import links_of, put_links
from models.session import make_engine, reading, writing
from models.task import tasks_of
from registry_season import NOTICE, Desk, post

HOME = f"/notices/{NOTICE.id}"
MINT = Mint(key=b"k" * 32, base_url="https://duban.example")
NOW = Moment(now=at("2021-10-12 10:00"), real=at("2021-10-12 10:00"))
OURS = By(within=Scope(issuers=frozenset({"prov"})), notice=NOTICE.id, by_person="me@prov.example")
LI = Wish(role=Role.CLERK, person="李强", email="li@aa.example", phone="0431-555")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    engine = installed(make_engine("sqlite://"))
    yield Desk(engine, tmp_path)
    engine.dispose()


def words(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page))).strip()


def told(engine: Engine, name: str = "aa") -> list[str]:
    with reading(engine) as session:
        return [f"{row.role} {row.person} {row.email}" for row in contacts_at(session, name)]


def number(engine: Engine, name: str = "aa") -> int:
    with reading(engine) as session:
        return contacts_at(session, name)[0].id or 0


def season(engine: Engine) -> None:
    """Two cities with a clerk, one whose mailbox was refused, one with everybody; the notice is published."""
    units = roster(
        unit("aa", "clerk"),
        unit("bb", "clerk", "chief", "leader", order=2),
        unit("cc", order=3),
        unit("dd", "chief", order=4),
    )
    with writing(engine) as session:
        import_units(session, units)
    with writing(engine) as session:
        publish(session, NOTICE, now=at("2021-09-24 10:00"))


def test_the_units_to_whom_no_mail_gets_come_first(engine: Engine) -> None:
    season(engine)
    with reading(engine) as session:
        found = notice_units(session, NOTICE.id, Wanted())
        assert [(it.id, gap) for it, gap in found.units] == [
            ("cc", Gap.MUTE),
            ("dd", Gap.CLERK),
            ("aa", Gap.ABOVE),
            ("bb", Gap.NONE),
        ]
        assert (found.counts, found.total) == (dict.fromkeys(Gap, 1), 4)
        only = notice_units(session, NOTICE.id, Wanted(gap=Gap.CLERK))
        assert ([it.id for it, _ in only.units], only.total, only.counts) == (["dd"], 1, found.counts)
        named = notice_units(session, NOTICE.id, Wanted(words="CHIEF@bb"))
        assert ([it.id for it, _ in named.units], named.total) == (["bb"], 1)
        assert notice_units(session, NOTICE.id, Wanted(words="100%")).units == ()


def test_another_clerk_gets_the_mails_and_the_former_one_loses_the_links(engine: Engine) -> None:
    season(engine)
    with writing(engine) as session:
        for address, where in (("clerk@aa.example", "aa"), ("clerk@bb.example", "bb")):
            key = LinkKey(purpose=Purpose.UNIT, address=address, unit=where, notice=NOTICE.id)
            put_links(session, [row_of(key, MINT.token(key), person="王芳", at=NOW.now, last_due=None)])
    with writing(engine) as session:
        done = put_contact(session, "aa", LI, number=contacts_at(session, "aa")[0].id, desk=OURS, moment=NOW)
    assert (done.links, done.tasks, told(engine)) == (1, 0, ["clerk 李强 li@aa.example"])
    with reading(engine) as session:
        assert [link.unit_id for link in links_of(session, notice=NOTICE.id)] == ["bb"]
        assert [c.email for c in Records(session).unit("aa").contacts] == ["li@aa.example"]


def test_a_mailbox_settles_the_task_to_find_one(engine: Engine) -> None:
    season(engine)
    with writing(engine) as session:
        for name in ("cc", "dd"):
            report_gap(Records(session), NOTICE.id, name, Role.CLERK, NOW.now)
    chief = Wish(role=Role.CHIEF, person="赵", email="zhao@cc.example")
    with writing(engine) as session:
        assert put_contact(session, "cc", chief, desk=OURS, moment=NOW).tasks == 1
    with reading(engine) as session:
        assert [(task.unit_id, task.done_at is None) for task in tasks_of(session, NOTICE.id)] == [
            ("cc", False),
            ("dd", True),
        ]


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (Wish(role=Role.CLERK, person="", email="x@aa.example"), "请填写姓名，以及邮箱或电话"),
        (Wish(role=Role.CLERK, person="李强"), "请填写姓名，以及邮箱或电话"),
        (Wish(role=Role.CLERK, person="李强", email="x@"), "邮箱地址不正确：x@"),
        (Wish(role=Role.SUPERVISOR, person="李强", email="x@aa.example"), "角色请从填报人"),
        (Wish(role=Role.CLERK, person="李强", email="CLERK@aa.example"), "已是该单位的填报人（clerk）"),
        (Wish(role=Role.CLERK, person="李" * 41, email="x@aa.example"), "姓名、电话请各在40字以内"),
    ],
)
def test_what_is_no_contact_is_refused(engine: Engine, wish: Wish, why: str) -> None:
    season(engine)
    with pytest.raises(DubanError) as refused, writing(engine) as session:
        put_contact(session, "aa", wish, desk=OURS, moment=NOW)
    assert why in str(refused.value)
    assert told(engine) == ["clerk clerk clerk@aa.example"]


def test_the_people_of_a_unit_that_others_ask_too_are_not_kept_by_one_of_them(engine: Engine) -> None:
    """A university that stands beside both offices: neither may turn the other's mails to itself."""
    alone = {"parent": None, "kind": "college"}
    classes = {"all": {"name": "各校", "kinds": ["college"]}}
    one = stage(on("2021-10-15"))
    one["deliverables"][0]["who"] = ["all"]
    mine = notice(one, classes=classes)
    theirs = notice(one, id="other-2021-1", document_number="别〔2021〕1号", issuer="qq", classes=classes)
    with writing(engine) as session:
        other = Unit(id="qq", name="qq厅", parent=None, kind="office", order=9, contacts=people("qq", "clerk", "chief"))
        import_units(session, Roster.of([*roster(unit("uni", "clerk", **alone)).units, other]))
    with writing(engine) as session:
        publish(session, mine, now=at("2021-09-24 10:00"))
    wish = Wish(role=Role.CHIEF, person="赵", email="zhao@uni.example")
    with writing(engine) as session:
        put_contact(session, "uni", wish, desk=OURS, moment=NOW)
        publish(session, theirs, now=at("2021-09-25 10:00"))
    with pytest.raises(DubanError) as refused, writing(engine) as session:
        remove_contact(session, "uni", contacts_at(session, "uni")[0].id or 0, desk=OURS, moment=NOW)
    assert str(refused.value) == "uni市不在本单位之下，并承担qq厅的通知，请由系统管理员办理"
    with writing(engine) as session:
        gone = remove_contact(session, "uni", contacts_at(session, "uni")[0].id or 0, desk=By(), moment=NOW)
    assert (gone, told(engine, "uni")) == (Changed(event=gone.event, links=0, tasks=0), ["chief 赵 zhao@uni.example"])


def test_a_coordinator_changes_a_contact_on_pages(desk: Desk) -> None:
    office = desk.coordinator
    assert "单位和联系人 补登、更改联系人，增列单位，单位合并" in words(office.get(f"{HOME}/about").text)
    lead = words(office.get(f"{HOME}/people").text)
    assert "2 个单位，其中 2 个缺负责人或分管领导。 全部 2 缺负责人或分管领导 2" in lead
    page = office.get(f"{HOME}/people/aa").text
    assert "缺科（处）负责人、分管领导的邮箱" in words(page)
    form = f"{HOME}/people/aa/contact?number={number(desk.engine)}"
    assert form in page
    assert "现为填报人clerk（clerk@aa.example）。" in words(office.get(form).text)
    typed = {"role": "clerk", "person": "李强", "email": "li@aa.example", "phone": "", "was": "clerk@aa.example"}
    wrong = post(office, form, **(typed | {"email": "li@"}))
    assert (wrong.status_code, "邮箱地址不正确：li@" in wrong.text, 'value="李强"' in wrong.text) == (400, True, True)
    answer = post(office, form, **typed)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}/people/aa?done=put")
    assert told(desk.engine) == ["clerk 李强 li@aa.example"]
    assert desk.last() == (
        "contact_changed",
        "issuer",
        {
            "unit": "aa",
            "links": 0,
            "was": "填报人 clerk clerk@aa.example 555",
            "now": "填报人 李强 li@aa.example",
            "person": "coordinator@me.example",
        },
    )
    assert "更改联系人 发文机关 原填报人 clerk clerk@aa.example 555，现填报人 李强 li@aa.example" in words(
        office.get(f"{HOME}/units/aa").text
    )
    stale = post(office, form, **typed)
    assert (stale.status_code, "刚被他人更改" in stale.text) == (400, True)
    gone = f"{HOME}/people/aa/contact/remove?number={number(desk.engine)}"
    assert "移除后aa市没有可用的邮箱，通知和提醒都送不到。" in words(office.get(gone).text)
    assert post(office, gone, was="li@aa.example").status_code == 303
    assert (told(desk.engine), desk.last()[0]) == ([], "contact_removed")
    assert "还没有登记联系人。" in words(office.get(f"{HOME}/people/aa").text)


def test_a_unit_that_the_roster_does_not_have_is_entered_looked_at_and_bound(desk: Desk) -> None:
    office = desk.coordinator
    assert "名册中没有应列入而未列入的单位。" in words(office.get(f"{HOME}/join").text)
    assert '<option value="city" selected>市（州）</option>' in office.get(f"{HOME}/new-unit").text
    typed = {"name": "cc市教育局", "parent": "prov市", "kind": "city", "relation": "subordinate", "id": ""}
    twice = post(office, f"{HOME}/new-unit", **(typed | {"name": "aa市"}))
    assert (twice.status_code, "名册中已有aa市" in twice.text) == (400, True)
    made = post(office, f"{HOME}/new-unit", **typed)
    assert (made.status_code, made.headers["location"]) == (303, f"{HOME}/join/prov-1")
    assert "cc市教育局" in words(office.get(f"{HOME}/join").text)
    look = words(office.get(f"{HOME}/join/prov-1").text)
    assert "要它报送 总结、推荐表、照片、案例 通知邮件 没有可用的邮箱，通知送不到" in look
    clerk = {"role": "clerk", "person": "钱", "email": "qian@cc.example", "phone": ""}
    assert post(office, f"{HOME}/people/prov-1/contact", **clerk).status_code == 303
    assert "通知邮件 发给 钱（填报人）" in words(office.get(f"{HOME}/join/prov-1").text)
    assert post(office, f"{HOME}/join/prov-1").headers["location"] == f"{HOME}/people/prov-1?done=joined"
    assert desk.stands("prov-1").startswith("pending")
    again = post(office, f"{HOME}/join/prov-1")
    assert (again.status_code, "通知没有新的事项要求该单位报送" in again.text) == (400, True)


def test_a_merger_is_looked_at_before_it_is_done(desk: Desk) -> None:
    office = desk.coordinator
    at_door = f"{HOME}/people/aa/merge"
    near = words(office.get(f"{at_door}?into=b").text)
    assert "没有“b”，相近的有：bb市（bb）" in near
    look = words(office.get(f"{at_door}?into=bb市").text)
    assert "aa市并入bb市" in look
    assert "免报 测〔2021〕1号 4 项 转入的联系人 没有 不再联系的人 clerk（填报人） 转入的下级单位 没有" in look
    assert desk.stands().startswith("pending")
    done = post(office, at_door, into="bb")
    assert (done.status_code, done.headers["location"]) == (303, f"{HOME}/people/bb?done=merged")
    assert (desk.stands()[:6], desk.row().reason, told(desk.engine)) == ("waived", "并入bb市", [])
    assert "1 个单位" in words(office.get(f"{HOME}/people").text)
    again = post(office, at_door, into="bb")
    assert (again.status_code, "aa市已并入其他单位" in again.text) == (400, True)


def test_a_gap_on_the_first_page_leads_to_where_it_is_mended(desk: Desk) -> None:
    with writing(desk.engine) as session:
        report_gap(Records(session), NOTICE.id, "aa", Role.CLERK, NOW.now)
    page = desk.coordinator.get("/").text
    assert f'<a href="{HOME}/people/aa" aria-label="补登联系人：aa市">补登联系人</a>' in page


@pytest.mark.parametrize("hat", [Hat.SUPERVISOR, Hat.REVIEWER])
def test_who_only_looks_on_keeps_no_units(desk: Desk, hat: Hat) -> None:
    client = desk.client((hat, "prov"), name="other")
    assert [client.get(f"{HOME}/{page}").status_code for page in ("people", "people/aa", "join")] == [403] * 3
    assert "/people" not in client.get(f"{HOME}/about").text
