"""One material on the page of a unit, laid out: what is asked, what is there, what can be done. Pure."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from duban.domain.caps import caps, size_phrase
from duban.domain.checks import Finding, Grade, needs_remark, to_remove
from duban.domain.phrases import receipt_number
from duban.domain.terms import Act, Status, TrackState
from duban.papers.forms import offers
from duban.services.handing_in import HandingIn, Piece
from duban.services.materials import Version
from duban.services.tracking import TrackView
from duban.web.chip import DONE, IDLE, LATE, SENT, SOON, Chip, chip_of
from duban.web.facts import asks, track_seen, track_told
from duban.web.language.saying import Label, label, say
from duban.web.ledger_view import changed_due
from duban.web.words import column_due, day, moment
from models.material import Material

GRADES = {
    Grade.MET: Chip(DONE, "✓", Label.of(Grade.MET)),
    Grade.GAP: Chip(LATE, "▲", Label.of(Grade.GAP)),
    Grade.OVER: Chip(LATE, "▲", Label.of(Grade.OVER)),
    Grade.WARNING: Chip(LATE, "!", Label.of(Grade.WARNING)),
    Grade.NEAR: Chip(SOON, "◆", Label.of(Grade.NEAR)),
    Grade.UNKNOWN: Chip(IDLE, "?", label("请人工核验")),
}
TRACKS = {
    TrackState.OPEN: Chip(IDLE, "○", label("未报")),
    TrackState.HANDED_IN: Chip(SENT, "●", label("已报")),
    TrackState.SENT: Chip(SENT, "●", label("已寄出")),
    TrackState.RECEIVED: Chip(DONE, "✓", label("已收到")),
}
FORMATS = {"docx": "Word", "xlsx": "Excel"}
#: What may be done beside handing in, in the order of the page: act, the door's last word, what the link says.
BESIDE = (
    (Act.SEND, "send", label("登记寄出纸质件")),
    (Act.REQUEST, "request", label("申请延期")),
    (Act.NIL, "nil", label("零报告")),
    (Act.WITHDRAW, "withdraw", label("撤回", en="Withdraw")),
)


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """One result of the checks."""

    chip: Chip
    words: str


@dataclass(frozen=True, kw_only=True)
class FileView:
    """One file."""

    name: str
    size: str
    url: str
    #: the candidate that it is about
    item: str = ""


@dataclass(frozen=True, kw_only=True)
class TrackLine:
    """One way of handing in."""

    medium: str
    words: str
    #: shown where the ways stand apart
    state: Chip | None


@dataclass(frozen=True, kw_only=True)
class Way:
    """A link to something that can be done."""

    name: str
    url: str


@dataclass(frozen=True, kw_only=True)
class VersionView:
    """What was handed in once."""

    words: str
    receipt: str
    receipt_url: str
    files: tuple[FileView, ...]


class PieceView:
    """One material."""

    def __init__(
        self, page: HandingIn, piece: Piece, *, now: datetime, locked: bool, may_act: bool, shared: str
    ) -> None:
        """``shared``: the deadline that the stage says for all; ``locked``: personal data is not open here."""
        self._page, self._piece, self._now = page, piece, now
        self.is_locked = locked and piece.deliverable.personal
        self._may_act = may_act and not self.is_locked
        self.id = piece.column.key
        self.name = piece.column.name
        self.url = f"/units/{page.unit.id}/notices/{page.notice.id}/{quote(self.id)}"
        self.chip = chip_of(piece.cell)
        due = column_due(piece.column, page.board.asked.calendar, now)
        changed = changed_due(piece.cell, piece.column, now)
        self.due = say("；").join(part for part in (due if due != shared else "", changed) if part)

    @property
    def reason(self) -> str:
        """Why it came back, or is not owed any more."""
        return self._piece.row.reason if self._piece.row.status in (Status.RETURNED, Status.WAIVED) else ""

    @property
    def reason_head(self) -> str:
        """``10月11日退回，请于10月18日前补正：``."""
        row = self._piece.row
        if row.status == Status.WAIVED:
            return say("免报：")
        until = say("请于{due_day}前补正：", due_day=day(row.due_day, self._now)) if row.due_day else say("请补正：")
        back = self._piece.reviews[-1:]
        return (
            say("{at}退回，{until}", at=day(back[0].at.astimezone(self._now.tzinfo).date(), self._now), until=until)
            if back
            else until
        )

    @property
    def asks(self) -> tuple[str, ...]:
        return asks(self._piece.deliverable, self._page.notice) if self._piece.is_open else ()

    @property
    def tracks(self) -> list[TrackLine]:
        apart = bool(self._piece.tracked.words)
        return [_track(track, apart=apart) for track in self._piece.tracked.tracks if track.phrase]

    @property
    def forms(self) -> list[Way]:
        """The blank forms, while they are asked for."""
        notice = self._page.notice
        url = f"/notices/{notice.id}/forms/"
        return [
            Way(
                name=say("{name}（{formats}）", name=notice.forms[name].name.split()[0], formats=FORMATS[kind]),
                url=f"{url}{name}.{kind}",
            )
            for name in (self._piece.deliverable.forms if self._piece.is_open else ())
            for kind in offers(notice.forms[name])
        ]

    @property
    def files(self) -> list[FileView]:
        """The draft."""
        return [_file(found, url=f"{self.url}/files/{found.id}") for found in self._piece.drafts]

    @property
    def has_items(self) -> bool:
        """Its files are about candidates, in an order that is kept."""
        return self.may_upload and self._piece.deliverable.items is not None

    @property
    def may_keep_former(self) -> bool:
        """What was handed in last can be the draft of what replaces it."""
        handed = any(version.files for version in self._piece.versions)
        return self.may_upload and self._is_replacing and handed and not self._piece.drafts

    @property
    def is_reading(self) -> bool:
        """The checks are not done yet."""
        return not self._piece.is_read

    @property
    def findings(self) -> list[FindingView]:
        return [finding_view(found) for found in self._piece.findings]

    @property
    def needs_note(self) -> bool:
        return needs_remark(self._piece.findings)

    @property
    def may_upload(self) -> bool:
        return self._may_act and Act.SUBMIT in self._piece.may and bool(submit_tracks(self._piece))

    @property
    def may_submit(self) -> bool:
        return self.may_upload and bool(self._piece.drafts) and not to_remove(self._piece.findings)

    @property
    def may_acknowledge(self) -> bool:
        return self._may_act and Act.ACKNOWLEDGE in self._piece.may

    @property
    def _is_replacing(self) -> bool:
        return self._piece.row.status == Status.SUBMITTED

    @property
    def submit_words(self) -> str:
        if self.needs_note:
            return say("仍要报送并说明")
        late = self._piece.row.due_at and self._now >= self._piece.row.due_at
        return say("替换已报材料") if self._is_replacing else say("报送（逾期）") if late else say("报送")

    @property
    def upload_words(self) -> str:
        most = size_phrase(caps(self._piece.deliverable).file)
        what = say("要替换的，先上传新文件") if self._is_replacing else say("选择文件，或把文件拖到这里")
        return say("{what}（可多选，每个不超过 {most}）", what=what, most=most)

    @property
    def ways(self) -> list[Way]:
        """What else may be done."""
        if not self._may_act:
            return []
        found = [Way(name=name, url=f"{self.url}/{word}") for act, word, name in BESIDE if self._offers(act)]
        if self._offers(Act.SEND):
            cover = f"/units/{self._page.unit.id}/notices/{self._page.notice.id}/cover"
            found.insert(1, Way(name=say("打印封面"), url=cover))
        return found

    def _offers(self, act: Act) -> bool:
        """Possible, and of use to somebody who hands in."""
        piece = self._piece
        use = {
            Act.SEND: any(t.medium == "paper" and t.state is TrackState.OPEN for t in piece.tracked.tracks),
            Act.REQUEST: piece.request is None and piece.row.due_at is not None,
            Act.NIL: not self._is_replacing,
        }
        return act in piece.may and use.get(act, True)

    @property
    def request_words(self) -> str:
        """``已申请延至10月22日，待答复。``"""
        asked = self._piece.request
        return say("已申请延至{day_wanted}，待答复。", day_wanted=day(asked.day_wanted, self._now)) if asked else ""

    @property
    def versions(self) -> list[VersionView]:
        """The newest first."""
        found = [_version(n, version, self._now) for n, version in enumerate(self._piece.versions, 1)]
        return found[::-1]


def submit_tracks(piece: Piece) -> tuple[int, ...]:
    """The tracks that handing in on this page covers: all but paper."""
    return tuple(track.position for track in piece.tracked.tracks if track.medium != "paper")


def finding_view(found: Finding) -> FindingView:
    """One result of the checks in words, with the demand where the words do not name it."""
    says = found.kind in ("remark", "sections", "formats") and found.requirement not in found.zh
    return FindingView(
        chip=GRADES[found.grade],
        words=say("{requirement}：{found}", requirement=found.requirement, found=found.zh) if says else found.zh,
    )


def _track(track: TrackView, *, apart: bool) -> TrackLine:
    told = say("（{told}）", told=track_told(track)) if track.told else ""
    medium, _, words = track_seen(track).partition(" → ")
    medium = medium[:1].upper() + medium[1:]
    return TrackLine(medium=medium, words=words + told, state=TRACKS[track.state] if apart else None)


def _file(found: Material, *, url: str) -> FileView:
    return FileView(name=found.name, size=size_phrase(found.size), url=url, item=found.item)


def _version(number: int, version: Version, now: datetime) -> VersionView:
    back = say("，{withdrawn_at}撤回", withdrawn_at=moment(version.withdrawn_at, now)) if version.withdrawn_at else ""
    words = say(
        "第{number}次 {at}{nil}{back}",
        number=number,
        at=moment(version.at, now),
        nil=say("，零报告") if version.is_nil else "",
        back=back,
    )
    receipt = receipt_number(version.submission)
    files = tuple(_file(found, url=f"/files/{found.id}") for found in version.files)
    return VersionView(words=words, receipt=receipt, receipt_url=f"/receipts/{receipt}", files=files)
