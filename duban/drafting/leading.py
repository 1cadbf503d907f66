"""Terms that a paragraph begins with: 10月30日—11月3日：各学校将下列材料报…; they hold for what it hands in."""

from duban.drafting.clauses import Act, moved
from duban.drafting.dating import When, times
from duban.drafting.gathering import Gathered

#: Characters at the beginning of a paragraph in which such a term stands.
_REACH = 40


def give_terms(gathered: Gathered) -> None:
    """Gives the term at the head of its paragraph to each act that names no other but a thing and a receiver."""
    for act in gathered.acts:
        if act.when is None and act.receiver and (act.lists or act.materials):
            act.when = _leading(gathered, act)


def _leading(gathered: Gathered, act: Act) -> When | None:
    """The time before the colon with which the paragraph begins; of a span its end."""
    paragraph = gathered.document.paragraphs[act.paragraph]
    head = paragraph.text[paragraph.body : paragraph.body + _REACH]
    for when in times(head.partition(":")[0], gathered.calendar) if ":" in head else ():
        stands_alone = when.begin == 0 and head[when.end : when.end + 1] == ":"
        if stands_alone and (when.closes or when.ends_span) and when.kind == "absolute":
            return moved(when, paragraph.start + paragraph.body)
    return None
