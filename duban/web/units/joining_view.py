"""A unit more, and a unit that goes into another, laid out before it is done. Pure."""

from collections.abc import Sequence
from urllib.parse import quote

from duban.domain.notice import Notice
from duban.domain.roster import Contact, recipients
from duban.domain.terms import Relation, Role
from duban.services.lines import deliverable_name
from duban.services.merging import Bound, MergerForeseen
from duban.services.notice_units import UnitPeople
from duban.services.records import Records
from duban.web.act_form import ActForm, Field
from duban.web.language.saying import heading, label, say, term
from duban.web.units.people_view import people_url
from duban.web.words import kind_words, listed


def new_unit_form(notice: Notice, issuer: str, kinds: Sequence[str]) -> ActForm:
    """A unit that the roster does not have."""
    home = f"/notices/{quote(notice.id)}"
    relations = tuple((str(one), heading(one)) for one in Relation)
    kind = Field(
        name="kind",
        label=say("种类"),
        kind="choice",
        value=kinds[0] if kinds else "",
        choices=tuple((one, kind_words(one)) for one in kinds) or (("", say("（通知按单位名称指定）")),),
        hint=say("通知按种类规定谁报哪些材料"),
    )
    return ActForm(
        title=say("名册中新增单位"),
        trail=(
            (notice.document_number, home),
            (say("单位和联系人"), people_url(notice.id)),
            (say("增列单位"), f"{home}/join"),
            (label("新增", en="New"), ""),
        ),
        about=say("先列入单位名册，下一步核对要它报送的材料，确认后才发通知。"),
        url=f"{home}/new-unit",
        fields=(
            Field(name="name", label=say("单位名称"), required=True),
            Field(
                name="parent", label=say("上级单位"), value=issuer, hint=say("名称或编号；与各单位没有隶属关系的可不填")
            ),
            kind,
            Field(
                name="relation", label=say("与发文单位的关系"), kind="choice", value=relations[0][0], choices=relations
            ),
            Field(name="id", label=say("编号"), hint=say("小写字母、数字和连字符；不填则自动编号")),
        ),
        button=say("列入名册，核对材料"),
        back=f"{home}/join",
    )


class JoinView:
    """What would be asked of a unit."""

    def __init__(self, records: Records, found: UnitPeople, bound: Bound | None) -> None:
        self.found, self.bound = found, bound
        self.home = f"/notices/{quote(found.notice.id)}"
        self.url = f"{self.home}/join/{quote(found.unit.id)}"
        self.people_url = people_url(found.notice.id, found.unit.id)
        self.owed = [_name(found.notice, key) for key in bound.owed] if bound else []
        self.passed = [_name(found.notice, key) for key in bound.passed] if bound else []
        self.told = _told(records, found)


def _name(notice: Notice, key: str) -> str:
    return deliverable_name(notice.find(key)[1].name, key)


def _told(records: Records, found: UnitPeople) -> str:
    """``王芳（填报人）、李强（科（处）负责人）``: who gets the notice."""
    roles = (Role.CLERK, Role.CHIEF)
    people = {c.email: c for role in roles for c in recipients(records.units, found.unit.id, role, found.notice.issuer)}
    return listed(map(_person, people.values()))


def _person(contact: Contact) -> str:
    return say("{person}（{role}）", person=contact.person or contact.email, role=term(contact.role))


class MergerView:
    """What a merger would do; before the other unit is named, only the question."""

    def __init__(self, found: UnitPeople, ahead: MergerForeseen | None, into: str) -> None:
        self.found, self.ahead, self.into = found, ahead, into
        self.home = f"/notices/{quote(found.notice.id)}"
        self.units_url = people_url(found.notice.id)
        self.back = people_url(found.notice.id, found.unit.id)
        self.url = f"{self.back}/merge"

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What follows, in order."""
        it = self.ahead
        if it is None:
            return []
        waived = listed(
            say("{document_number} {count} 项", document_number=notice.document_number, count=count)
            for notice, count in it.waived
        )
        return [
            (say("免报"), waived or say("没有未办结的事项")),
            (say("转入的联系人"), listed(map(_person, it.moved)) or say("没有")),
            (say("不再联系的人"), listed(map(_person, it.left)) or say("没有")),
            (say("转入的下级单位"), say("{below} 个", below=it.below) if it.below else say("没有")),
        ]
