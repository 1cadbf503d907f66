"""One hand-in, laid out for the checks: the demand, the files in a settled order, and what can be read of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from duban.domain.checks.finding import Grade, Handed
from duban.domain.checks.sorts import Sort, is_open, is_scan, is_spoilt, sort_of
from duban.domain.content import Content
from duban.domain.notice import Deliverable, Form, Notice
from duban.domain.requirement import CharacterCount, Filled, Pictures, PieceCount


def settled(handed: Sequence[Handed]) -> tuple[Handed, ...]:
    """By name: which file was sent first says nothing. Files alike in name, size and candidate go by what they hold."""
    keys = {(one.name, one.size, one.item) for one in handed}
    if len(keys) == len(handed):
        return tuple(sorted(handed, key=lambda one: (one.name, one.size, one.item)))
    return tuple(sorted(handed, key=lambda one: (one.name, one.size, one.item, one.model_dump_json())))


# not slotted: the cached properties need a dictionary
@dataclass(frozen=True, kw_only=True)
class Matter:
    """What every check looks at."""

    deliverable: Deliverable
    notice: Notice
    #: as they came
    in_order: tuple[Handed, ...]
    #: all that will come is there; otherwise what further files would mend is a hint
    is_complete: bool = True

    @cached_property
    def handed(self) -> tuple[Handed, ...]:
        return settled(self.in_order)

    @property
    def shortage(self) -> Grade:
        """The grade of something that a further file would mend."""
        return Grade.GAP if self.is_complete else Grade.NEAR

    def of(self, *sorts: Sort) -> tuple[Handed, ...]:
        """The files of these sorts, spoilt ones left out; those still being read by their names."""
        return tuple(one for one in self.handed if sort_of(one) in sorts and not is_spoilt(one))

    @cached_property
    def texts(self) -> tuple[tuple[Handed, Content], ...]:
        """Documents whose 字数 is known."""
        return tuple(
            (one, content)
            for one, content in self._opened()
            if sort_of(one) is Sort.TEXT and content.words is not None and not is_scan(one)
        )

    @cached_property
    def papers(self) -> tuple[tuple[Handed, Content], ...]:
        """Documents and workbooks whose words are known, forms among them."""
        return tuple(
            (one, content)
            for one, content in self._opened()
            if sort_of(one) in (Sort.TEXT, Sort.TABLE, Sort.SLIDES) and not is_scan(one)
        )

    def _opened(self) -> Iterator[tuple[Handed, Content]]:
        return ((one, one.content) for one in self.handed if one.content is not None and is_open(one))

    @cached_property
    def closed_texts(self) -> tuple[Handed, ...]:
        """Documents that may say what is looked for, but cannot be read (yet)."""
        read = {id(one) for one, _ in self.texts}
        sure = tuple(
            one
            for one in self.handed
            if id(one) not in read and not is_scan(one) and (sort_of(one) is Sort.TEXT or _may_be_any(one))
        )
        # a sealed scan or an archive beside a document is its copy; alone, it may be all there is
        return sure if sure or self.texts else self._scans()

    @cached_property
    def closed_papers(self) -> tuple[Handed, ...]:
        """Files that may hold a form, but cannot be read (yet)."""
        return tuple(one for one in self.handed if self._may_hold_a_form(one))

    def _may_hold_a_form(self, one: Handed) -> bool:
        sort = sort_of(one)
        if sort in (Sort.TEXT, Sort.TABLE, Sort.SLIDES) or _may_be_any(one):
            return is_scan(one) or not is_open(one)
        # a form may come photographed, unless photographs are what is asked for
        photographed = sort is Sort.PICTURE and not self.asks_for_pictures
        return (sort is Sort.ARCHIVE or photographed) and not is_spoilt(one)

    @cached_property
    def shut_archives(self) -> tuple[Handed, ...]:
        """Archives that list nothing: nobody could open them (yet)."""
        return tuple(one for one in self.of(Sort.ARCHIVE) if not (one.content and one.content.entries))

    def _scans(self) -> tuple[Handed, ...]:
        return tuple(one for one in self.handed if is_scan(one) or sort_of(one) is Sort.ARCHIVE)

    @property
    def asks_for_pictures(self) -> bool:
        return any(isinstance(r, Pictures) or _counts_pictures(r) for r in self.deliverable.requirements)

    @property
    def wants_many(self) -> bool:
        """Several documents are asked for, so that each is judged; otherwise the longest is the one meant."""
        counts = (r for r in self.deliverable.requirements if isinstance(r, PieceCount) and not _counts_pictures(r))
        return self.deliverable.items is not None or any(
            max(r.min or 0, r.max or 0, r.exactly or 0) > 1 for r in counts
        )

    @cached_property
    def judged_texts(self) -> tuple[tuple[Handed, Content], ...]:
        """The documents whose length and title are judged."""
        if self.wants_many or not self.texts:
            return self.texts
        return (max(self.texts, key=lambda text: text[1].words or 0),)

    @cached_property
    def form_ids(self) -> tuple[str, ...]:
        """The forms that are asked for and defined, each once, in order."""
        asked = [r.form for r in self.deliverable.requirements if isinstance(r, Filled)]
        items = self.deliverable.items
        of_items = [items.form, items.summary_form] if items else []
        named = dict.fromkeys((*asked, *self.deliverable.forms, *of_items))
        return tuple(name for name in named if name is not None and name in self.notice.forms)

    def form(self, name: str | None) -> Form | None:
        return self.notice.forms.get(name) if name else None

    @property
    def counted_parts(self) -> frozenset[str]:
        """Fields whose text is counted on its own."""
        return frozenset(r.part for r in self.deliverable.requirements if isinstance(r, CharacterCount) and r.part)


def counts_films(requirement: PieceCount) -> bool:
    return any(word in requirement.what for word in ("视频", "录像", "影像", "短片", "音频"))


def _counts_pictures(requirement: object) -> bool:
    return isinstance(requirement, PieceCount) and counts_pictures(requirement)


def counts_pictures(requirement: PieceCount) -> bool:
    return any(word in requirement.what for word in ("照片", "图片", "相片", "图像"))


def _may_be_any(handed: Handed) -> bool:
    """Nobody has looked into it, and its name says nothing."""
    return handed.content is None and sort_of(handed) is Sort.OTHER
