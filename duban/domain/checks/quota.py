"""The quota of candidates, and whether the summary form and the candidates' own forms agree (rule 6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duban.domain.checks.candidates import Instance, instances, marked, names_in
from duban.domain.checks.columns import best_table
from duban.domain.checks.finding import Finding, Grade
from duban.domain.checks.labels import bare
from duban.domain.checks.matter import Matter
from duban.domain.checks.measure import Bounds, Measure
from duban.domain.checks.shape import hidden, short_name
from duban.domain.checks.spoken import listed
from duban.domain.checks.tables import Found
from duban.domain.notice import Form
from duban.domain.phrases import items_phrase
from duban.domain.requirement import Items

_UNITS = {"unit": "个单位", "person": "名", "project": "个", "case": "个"}


@dataclass(frozen=True, kw_only=True)
class Slate:
    """The candidates as they were handed in."""

    items: Items
    #: the candidates' own form and the summary form, where the definition has them
    form: Form | None
    summary_form: Form | None
    #: names that files were marked with
    marked: tuple[str, ...]
    own: tuple[Instance, ...]
    summary: Found | None

    @property
    def phrase(self) -> str:
        return items_phrase(self.items) or "推荐名单"

    @property
    def unit(self) -> str:
        return _UNITS[self.items.of]

    @property
    def names(self) -> tuple[str, ...]:
        """By marks, else as the forms say; empty where a form bears none."""
        return self.marked or tuple(one.name for one in self.own)

    @property
    def count(self) -> int | None:
        """By marks, else by forms, else by the rows of the summary; None: nothing tells the candidates apart."""
        if self.names:
            return len(self.names)
        return len(self.summary.lines) if self.summary else 0 if self.form else None


def check_items(items: Items, matter: Matter) -> Iterator[Finding]:
    """The quota first, then the two kinds of form against each other."""
    slate = _slate(items, matter)
    yield from _quota(slate, matter)
    if slate.form and slate.summary_form and slate.summary and slate.names:
        yield _agreement(slate, slate.summary, (short_name(slate.form), short_name(slate.summary_form)), matter)


def _slate(items: Items, matter: Matter) -> Slate:
    form, summary_form = matter.form(items.form), matter.form(items.summary_form)
    best = best_table(summary_form, matter) if summary_form and summary_form.columns else None
    return Slate(
        items=items,
        form=form,
        summary_form=summary_form,
        marked=tuple(marked(matter)),
        own=instances(form, matter) if form and form.fields else (),
        summary=best[0] if best else None,
    )


def _quota(slate: Slate, matter: Matter) -> Iterator[Finding]:
    bounds = Bounds.of(slate.items)
    has_quota = bounds != Bounds()
    if slate.count is None:
        if has_quota:
            zh = "未标明各份材料属于哪一候选对象，请人工核验数目"
            yield Finding(kind="items", requirement=slate.phrase, grade=Grade.UNKNOWN, zh=zh)
        return
    if has_quota or slate.count:
        yield Measure(
            kind="items",
            requirement=slate.phrase,
            bounds=bounds,
            subject="推荐",
            unit=slate.unit,
            count=slate.count,
            files=_files(slate, matter),
            closed=() if slate.marked or not has_quota else _closed(slate, matter),
            shortage=matter.shortage,
            limit="限报",
        ).judged()


def _closed(slate: Slate, matter: Matter) -> tuple[str, ...]:
    """Papers that may be a further candidate's form."""
    papers = tuple(one.name for one in matter.closed_papers)
    more = hidden(slate.form, matter) if slate.form and slate.form.fields else ()
    known = {one.file for one in slate.own}
    return tuple(dict.fromkeys(name for name in (*papers, *more) if name not in known))


def _files(slate: Slate, matter: Matter) -> tuple[str, ...]:
    """The candidates' files; as they were handed in where an order is asked for."""
    names = {one.name for one in matter.handed if one.item} or {one.file for one in slate.own}
    order = matter.in_order if slate.items.ordered else matter.handed
    return tuple(dict.fromkeys(one.name for one in order if one.name in names))


def _agreement(slate: Slate, summary: Found, called: tuple[str, str], matter: Matter) -> Finding:
    assert slate.summary_form
    form, summary_form = called
    listed_names = [name for name in names_in(slate.summary_form, summary) if name]
    own_names = [name for name in slate.names if name]
    if not slate.items.ordered:
        # the order in which files happen to come says nothing
        own_names.sort()
    without, beyond = _less(listed_names, slate.names), _less(own_names, listed_names)
    rows, forms, unit = len(summary.lines), len(slate.names), slate.unit
    few, many = max(0, rows - forms), max(0, forms - rows)
    grade, gap, zh = Grade.MET, "", f"{summary_form}列{rows}{unit}，与{form}份数一致"
    if few:
        grade, gap = matter.shortage, f"{form}还差{few}份"
        zh = f"{summary_form}列{rows}{unit}，{form}交{forms}份，还差{few}份{_which(without, few)}"
    elif many:
        grade, gap = Grade.GAP, f"{summary_form}少列{many}{unit}"
        zh = f"{form}交{forms}份，{summary_form}列{rows}{unit}，少列{many}{unit}{_which(beyond, many)}"
    elif without and beyond:
        grade = Grade.NEAR
        zh = f"{summary_form}所列{listed(without)}与{form}的{listed(beyond)}不一致，请核对"
    return Finding(
        kind="items",
        requirement=slate.phrase,
        grade=grade,
        zh=zh,
        gap=gap,
        files=(summary.file,),
        measured=forms,
        wanted=rows,
    )


def _which(names: Sequence[str], count: int) -> str:
    """The names, where they explain the difference exactly."""
    return f"：{listed(names)}" if len(names) == count else ""


def _less(names: Sequence[str], others: Sequence[str]) -> list[str]:
    """Names that are not among the others, however they are written."""
    known = {bare(name) for name in others}
    return [name for name in names if bare(name) not in known]
