"""What a definition must say beyond its shape: each rule with the whole list of its findings."""

from typing import Any

import pytest

from duban.domain.names import Loc
from duban.domain.notice import Notice
from duban.domain.soundness import Finding, findings

ON_DATE = {"kind": "date", "date": "2021-09-28"}


def deliverable(name: str, **changes: Any) -> dict[str, Any]:
    tracks = [{"medium": "electronic", "to": "desk"}]
    return {"id": name, "name": f"材料{name}", "kind": "summary", "who": ["cities"], "tracks": tracks, **changes}


def stage(name: str, deadline: dict[str, Any], *deliverables: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "name": f"环节{name}", "deadline": deadline, "deliverables": list(deliverables)}


def notice(*stages: dict[str, Any], **changes: Any) -> Notice:
    definition = {
        "id": "n",
        "document_number": "某教函〔2021〕1号",
        "title": "某通知",
        "issuer": "province",
        "issued_on": "2021-09-08",
        "classes": {
            "cities": {"name": "各市", "kinds": ["city"]},
            "counties": {"name": "各县", "kinds": ["county"]},
        },
        "offices": {"desk": {"name": "职成处"}},
        "events": {"opening": {"name": "开幕式", "date": "2021-11-12"}},
        "forms": {"form-1": {"name": "附表1"}},
        "stages": list(stages),
    }
    return Notice.model_validate(definition | changes)


def test_a_sound_definition_has_no_findings() -> None:
    review = [{"id": "city", "by": "parent"}, {"id": "issuer"}, {"id": "centre", "by": "some-unit"}]
    paper = deliverable("a", tracks=[{"medium": "paper", "to": "parent"}], review=review, forms=["form-1"])
    duties = [{"id": "news", "text": "报送新闻", "kind": "log", "who": ["cities"], "to": ["desk", "parent"]}]
    assert findings(notice(stage("s", ON_DATE, paper), contact="desk", review=review, duties=duties)) == []


@pytest.mark.parametrize(
    ("changes", "loc", "what", "hint"),
    [
        ({"who": ["citys"]}, ("who", 0), "单位类别 citys", "是否为 cities？"),
        ({"who": ["cities", "all"]}, ("who", 1), "单位类别 all", "可写 cities、counties"),
        ({"tracks": [{"medium": "paper", "to": "dask"}]}, ("tracks", 0, "to"), "接收处 dask", "是否为 desk？"),
        ({"forms": ["form-2"]}, ("forms", 0), "附表 form-2", "是否为 form-1？"),
        ({"items": {"of": "unit", "form": "x"}}, ("items", "form"), "附表 x", "可写 form-1"),
        ({"items": {"of": "unit", "summary_form": "x"}}, ("items", "summary_form"), "附表 x", "可写 form-1"),
        ({"requirements": [{"kind": "form", "form": "x"}]}, ("requirements", 0, "form"), "附表 x", "可写 form-1"),
        ({"built_from": ["b"]}, ("built_from", 0), "材料 b", "可写 a"),
    ],
)
def test_a_deliverable_names_only_what_is_defined(changes: dict[str, Any], loc: Loc, what: str, hint: str) -> None:
    place = ("stages", 0, "deliverables", 0, *loc)
    found = findings(notice(stage("s", ON_DATE, deliverable("a", **changes))))
    assert found == [Finding(loc=place, zh=f"没有定义{what}", hint=hint)]


def test_contact_duties_and_events_name_only_what_is_defined() -> None:
    duty = {"id": "news", "text": "报送新闻", "kind": "log", "who": ["schools"], "to": ["centre"]}
    local = {"name": "各地开幕式", "around": "openning", "within_months": 1}
    found = findings(notice(contact="parent", duties=[duty], events={"opening": {"name": "开幕式"}, "local": local}))
    assert found == [
        Finding(loc=("duties", 0, "who", 0), zh="没有定义单位类别 schools", hint="可写 cities、counties"),
        Finding(loc=("contact",), zh="没有定义办公室 parent", hint="可写 desk"),
        Finding(loc=("duties", 0, "to", 0), zh="没有定义接收处 centre", hint="可写 desk、parent"),
        Finding(loc=("events", "local", "around"), zh="没有定义活动 openning", hint="是否为 opening？"),
    ]


def test_where_nothing_is_defined_the_hint_says_to_define_it() -> None:
    assert findings(notice(contact="desk", offices={})) == [
        Finding(loc=("contact",), zh="没有定义办公室 desk", hint="请先定义办公室，或删去这一项")
    ]


def test_a_deadline_names_only_defined_events() -> None:
    after = {"kind": "relative", "after": "event", "event": "closing", "weeks": 1}
    by_class = {"kind": "by_class", "classes": {"cities": after}}
    found = findings(notice(stage("s", after, deliverable("a")), stage("t", by_class, deliverable("b"))))
    assert found == [
        Finding(loc=("stages", 0, "deadline", "event"), zh="没有定义活动 closing", hint="可写 opening"),
        Finding(
            loc=("stages", 1, "deadline", "classes", "cities", "event"), zh="没有定义活动 closing", hint="可写 opening"
        ),
    ]


def test_an_event_does_not_lie_around_itself() -> None:
    assert findings(notice(events={"opening": {"name": "开幕式", "around": "opening"}})) == [
        Finding(loc=("events", "opening", "around"), zh="活动“开幕式”不能以自身为准", hint="请写另一项活动")
    ]


def test_names_of_a_kind_differ() -> None:
    steps = [{"id": "city", "by": "parent"}, {"id": "city", "by": "issuer"}]
    duties = [{"id": "news", "text": "报送新闻", "kind": "log"}, {"id": "news", "text": "报送案例", "kind": "log"}]
    rungs = {"rungs": [{"code": "r", "workdays": 1}, {"code": "r", "workdays": 2}]}
    first = stage("s", ON_DATE, deliverable("a", review=steps))
    second = stage("s", ON_DATE, deliverable("b"), deliverable("a"))
    found = findings(notice(first, second, review=steps, duties=duties, ladder=rungs))
    assert found == [
        Finding(loc=("stages", 1, "id"), zh="环节标识 s 重复", hint="请另取一个"),
        Finding(loc=("stages", 1, "deliverables", 1, "id"), zh="材料标识 a 重复", hint="请另取一个"),
        Finding(loc=("duties", 1, "id"), zh="事项标识 news 重复", hint="请另取一个"),
        Finding(loc=("review", 1, "id"), zh="审核步骤标识 city 重复", hint="请另取一个"),
        Finding(
            loc=("stages", 0, "deliverables", 0, "review", 1, "id"), zh="审核步骤标识 city 重复", hint="请另取一个"
        ),
        Finding(loc=("ladder", "rungs", 1, "code"), zh="提醒档次 r 重复", hint="请另取一个"),
    ]


def test_two_deliverables_may_have_the_same_steps() -> None:
    steps = [{"id": "city", "by": "parent"}]
    pair = deliverable("a", review=steps), deliverable("b", review=steps)
    assert findings(notice(stage("s", ON_DATE, *pair))) == []


def test_a_class_binds_somebody() -> None:
    classes = {"cities": {"name": "各市", "except_units": ["x"]}, "named": {"name": "两区", "units": ["changbaishan"]}}
    assert findings(notice(classes=classes)) == [
        Finding(
            loc=("classes", "cities", "[key]"),
            zh="单位类别 cities 没有写 kinds 或 units，约束不到任何单位",
            hint="请写明单位种类 kinds 或单位 units",
        )
    ]


def test_a_deadline_by_class_knows_the_classes_and_has_one_for_each_that_owes() -> None:
    by_class = {"kind": "by_class", "classes": {"city": {"kind": "none"}, "counties": {"kind": "none"}}}
    pair = deliverable("a", who=["cities", "counties"]), deliverable("b")
    assert findings(notice(stage("s", by_class, *pair))) == [
        Finding(
            loc=("stages", 0, "deadline", "classes", "city", "[key]"),
            zh="没有定义单位类别 city",
            hint="是否为 cities？",
        ),
        Finding(
            loc=("stages", 0, "deadline", "classes", "[key]"),
            zh="环节“环节s”没有写单位类别 cities 的期限",
            hint="请在 classes 中补写 cities；没有期限的写 kind: none",
        ),
    ]


MONTHLY = {"kind": "recurring", "every": "month", "day": 5, "until": "2021-12-31"}


@pytest.mark.parametrize("deadline", [ON_DATE, MONTHLY, {"kind": "by_class", "classes": {"cities": ON_DATE}}])
@pytest.mark.parametrize("who", [["cities"], []])
def test_what_is_due_goes_to_somebody(deadline: dict[str, Any], who: list[str]) -> None:
    assert findings(notice(stage("s", deadline, deliverable("a", tracks=[], who=who)))) == [
        Finding(
            loc=("stages", 0, "deliverables", 0),
            zh="材料“材料a”有期限而没有接收处",
            hint="请写 tracks，注明方式 medium 和接收处 to",
        )
    ]


def test_work_items_and_what_has_no_day_need_no_receiver() -> None:
    undated = {"kind": "by_class", "classes": {"cities": {"kind": "none"}, "counties": ON_DATE}}
    item = deliverable("a", tracks=[], kind="work_item")
    nothing_due = deliverable("b", tracks=[])
    assert findings(notice(stage("s", ON_DATE, item), stage("t", undated, nothing_due))) == []


def test_a_notice_has_a_day_of_issue() -> None:
    late = stage("s", {"kind": "date", "date": "1999-09-28"}, deliverable("a"))
    assert findings(notice(late, issued_on=None)) == [
        Finding(loc=(), zh="没有发文日期", hint="请写 issued_on；原文未印的，由经办设定 publish_on 并说明理由")
    ]


@pytest.mark.parametrize(
    "day", [{"printed_on": "2021-09-09"}, {"publish_on": {"date": "2021-09-09", "note": "收到之日"}}]
)
def test_a_day_of_printing_or_one_that_was_set_is_a_day_of_issue(day: dict[str, Any]) -> None:
    early = stage("s", {"kind": "date", "date": "2021-09-08"}, deliverable("a"))
    assert findings(notice(early, issued_on=None, **day)) == [
        Finding(
            loc=("stages", 0, "deadline", "date"), zh="期限 2021-09-08 早于发文日期 2021-09-09", hint="请核对年份和日期"
        )
    ]


WINDOW = {"kind": "window", "from": "2021-08-11", "to": "2021-10-20", "picked": "2021-09-07", "note": "取中"}


@pytest.mark.parametrize(
    ("deadline", "key", "what", "day"),
    [
        ({"kind": "date", "date": "2020-09-28"}, ("date",), "期限", "2020-09-28"),
        ({"kind": "date", "date": "2021-09-08", "inclusive": False}, ("date",), "期限", "2021-09-07"),
        ({"kind": "date", "date": "2021-09-07", "roll": "next_workday"}, ("date",), "期限", "2021-09-07"),
        ({"kind": "month_end", "month": "2021-08"}, ("month",), "期限", "2021-08-31"),
        (WINDOW, ("picked",), "期限", "2021-09-07"),
        (MONTHLY | {"until": "2021-09-07"}, ("until",), "截止日", "2021-09-07"),
    ],
)
def test_nothing_is_due_before_the_day_of_issue(
    deadline: dict[str, Any], key: tuple[str, ...], what: str, day: str
) -> None:
    loc: Loc = ("stages", 0, "deadline", *key)
    finding = Finding(loc=loc, zh=f"{what} {day} 早于发文日期 2021-09-08", hint="请核对年份和日期")
    assert findings(notice(stage("s", deadline, deliverable("a")))) == [finding]


def test_the_day_of_issue_itself_may_be_due() -> None:
    assert findings(notice(stage("s", {"kind": "date", "date": "2021-09-08"}, deliverable("a")))) == []


def test_the_days_of_the_notice_are_not_before_its_issue() -> None:
    assert findings(notice(ends_on="2021-09-07", printed_on="2021-09-07")) == [
        Finding(loc=("ends_on",), zh="结束日期 2021-09-07 早于发文日期 2021-09-08", hint="请核对年份和日期"),
        Finding(loc=("printed_on",), zh="印发日期 2021-09-07 早于发文日期 2021-09-08", hint="请核对年份和日期"),
    ]


def test_last_days_are_not_before_first_days() -> None:
    weekly = {"kind": "recurring", "every": "week", "weekday": 1, "from": "2021-10-02", "until": "2021-10-01"}
    event = {"name": "开幕式", "date": "2021-11-12", "until": "2021-11-11"}
    found = findings(notice(stage("s", weekly, deliverable("a")), events={"opening": event}))
    assert found == [
        Finding(loc=("events", "opening", "until"), zh="止日 2021-11-11 早于起日 2021-11-12", hint="请核对两个日期"),
        Finding(
            loc=("stages", 0, "deadline", "until"), zh="止日 2021-10-01 早于起日 2021-10-02", hint="请核对两个日期"
        ),
    ]


def test_an_event_with_only_a_last_day_is_pointed_out() -> None:
    assert findings(notice(events={"opening": {"name": "开幕式", "until": "2021-11-12"}})) == [
        Finding(
            loc=("events", "opening", "until"),
            zh="活动“开幕式”有止日而没有起日",
            hint="请补写 date，或只在 text 中照抄原文",
            severity="warning",
        )
    ]


def test_what_recurs_ends() -> None:
    endless = {"kind": "recurring", "every": "month", "day": 5}
    one = stage("s", endless, deliverable("a"))
    assert findings(notice(one)) == [
        Finding(
            loc=("stages", 0, "deadline"),
            zh="定期报送没有写到何时为止",
            hint="请写 until，或写整份通知的 ends_on",
        )
    ]
    assert findings(notice(one, ends_on="2021-12-31")) == []


def test_exempt_days_exist() -> None:
    monthly = MONTHLY | {"exceptions": ["2021-10-05", "2021-02-30", "2021-10", "M10", "2021-Q4", "Q4"]}
    assert findings(notice(stage("s", monthly, deliverable("a")))) == [
        Finding(loc=("stages", 0, "deadline", "exceptions", 1), zh="没有这一天：2021-02-30", hint="请核对免报的日期")
    ]


@pytest.mark.parametrize("event", [{"date": "2021-11-12", "tentative": True}, {"text": "11月中旬"}])
def test_a_deadline_after_an_event_without_a_fixed_day_is_pointed_out(event: dict[str, Any]) -> None:
    after = {"kind": "relative", "after": "event", "event": "opening", "weeks": 1}
    found = findings(notice(stage("s", after, deliverable("a")), events={"opening": {"name": "开幕式", **event}}))
    assert found == [
        Finding(
            loc=("stages", 0, "deadline", "event"),
            zh="活动“开幕式”的日期未定，在其确定之前，据此计算的期限也未定",
            hint="活动日期确定后请发补充通知，并改写定义",
            severity="warning",
        )
    ]


def cascade(lower: dict[str, Any], upper: dict[str, Any], **changes: Any) -> list[Finding]:
    """Findings of a cities' deliverable that is built from a counties' one."""
    counties = stage("s", lower, deliverable("lower", who=["counties"]))
    cities = stage("t", upper, deliverable("upper", built_from=["lower"]))
    return findings(notice(counties, cities, **changes))


DECEMBER_10 = {"kind": "date", "date": "2021-12-10"}
AFTER_OPENING = {"kind": "relative", "after": "event", "event": "opening", "months": 1}


@pytest.mark.parametrize(
    ("lower", "upper", "days"),
    [
        (DECEMBER_10, DECEMBER_10, ("2021-12-10", "2021-12-10", "2021-12-09")),
        ({"kind": "month_end", "month": "2021-12"}, DECEMBER_10, ("2021-12-31", "2021-12-10", "2021-12-09")),
        (AFTER_OPENING, DECEMBER_10, ("2021-12-12", "2021-12-10", "2021-12-09")),
        (
            {"kind": "by_class", "classes": {"counties": DECEMBER_10, "cities": ON_DATE}},
            {"kind": "by_class", "classes": {"counties": ON_DATE, "cities": {"kind": "date", "date": "2021-12-01"}}},
            ("2021-12-10", "2021-12-01", "2021-11-30"),
        ),
    ],
)
def test_what_is_built_from_lower_levels_falls_after_them_and_the_latest_safe_day_is_proposed(
    lower: dict[str, Any], upper: dict[str, Any], days: tuple[str, str, str]
) -> None:
    zh = f"材料“材料lower”的期限 {days[0]} 应早于由其汇总的“材料upper”的期限 {days[1]}"
    finding = Finding(loc=("stages", 0, "deadline"), zh=zh, hint=f"最迟可定在 {days[2]}")
    assert cascade(lower, upper) == [finding]


def test_a_cascade_with_a_day_between_is_sound() -> None:
    assert cascade({"kind": "date", "date": "2021-12-09"}, DECEMBER_10) == []


@pytest.mark.parametrize(
    "lower",
    [
        {"kind": "none"},
        MONTHLY,
        {"kind": "relative", "after": "issue", "workdays": 200},
        {"kind": "relative", "after": "acknowledgement", "days": 300},
        # it may roll back before the other: only a calendar knows
        DECEMBER_10 | {"roll": "previous_workday"},
    ],
)
def test_days_that_the_definition_alone_does_not_fix_are_not_compared(lower: dict[str, Any]) -> None:
    assert cascade(lower, DECEMBER_10) == []


def test_a_cascade_that_starts_with_the_issue_asks_for_a_later_upper_day() -> None:
    day = {"kind": "date", "date": "2021-09-08"}
    zh = "材料“材料lower”的期限 2021-09-08 应早于由其汇总的“材料upper”的期限 2021-09-08"
    assert cascade(day, day) == [Finding(loc=("stages", 0, "deadline"), zh=zh, hint="请推迟上级材料的期限")]


def test_pairs_that_are_not_declared_are_not_compared() -> None:
    early, late = stage("s", ON_DATE, deliverable("a")), stage("t", DECEMBER_10, deliverable("b", who=["counties"]))
    assert findings(notice(early, late)) == []


def test_nothing_is_built_from_itself() -> None:
    assert findings(notice(stage("s", ON_DATE, deliverable("a", built_from=["a"])))) == [
        Finding(
            loc=("stages", 0, "deliverables", 0, "built_from", 0),
            zh="材料“材料a”不能由自身汇总",
            hint="请写下级报送的材料",
        )
    ]


def test_no_step_of_review_takes_the_name_of_the_last_one() -> None:
    from factories import notice as made

    (finding,) = findings(made(review=[{"id": "arrival", "by": "issuer", "on_timeout": "approve"}]))
    assert (finding.loc, finding.zh, finding.severity) == (
        ("review", 0, "id"),
        "审核步骤不能叫 arrival：这是“收到纸质件”一步的编号",
        "error",
    )
    assert list(findings(made(review=[{"id": "province", "by": "issuer", "on_timeout": "approve"}]))) == []
