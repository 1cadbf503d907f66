"""The colours of a supervisor's page: how grave it is with a unit. Pure."""

from dataclasses import replace

from duban.domain.terms import OrderStage
from duban.services.overseeing import Line
from duban.web.chip import LATE, SENT, SOON, Chip
from duban.web.language.saying import label, say
from duban.web.words import listed

STAGES = {
    OrderStage.RED: Chip(LATE, "▲", label("红色·逾期")),
    OrderStage.YELLOW: Chip(SOON, "◆", label("黄色·退回或已延期")),
    OrderStage.BLUE: Chip(SENT, "●", label("蓝色·临近")),
}
_RETURNED, _PUT_OFF = label("退回补正", en="returned"), label("已延期", en="extended")


def stage_chip(line: Line) -> Chip:
    """The colour with what is the case: ``黄色·已延期``, ``黄色·退回补正``."""
    if line.stage is not OrderStage.YELLOW:
        return STAGES[line.stage]
    cases = listed(word for word, is_so in ((_RETURNED, line.is_returned), (_PUT_OFF, line.was_put_off)) if is_so)
    return replace(STAGES[line.stage], words=say("黄色·{cases}", cases=cases))
