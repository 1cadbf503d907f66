"""What the run of a notice shows: a task a stage, units × stages as a table, the share 办结, a line to the ledger."""

import re
from functools import partial

from prefect.artifacts import acreate_markdown_artifact, acreate_progress_artifact, acreate_table_artifact

from duban.services.progress import Progress, cell, line, progress
from flows.opening import Opened
from flows.step import step
from models.session import reading


async def show(o: Opened, notice: str) -> None:
    """Show how far ``notice`` is. Units and figures only: no person, no address."""
    with reading(o.engine) as session:
        found = progress(session, notice, now=o.now)
    for stage in found.stages:
        step(stage.title, partial(line, stage.figures))
    if o.remark:
        return
    key = re.sub("[^a-z0-9-]+", "-", notice.lower())
    await acreate_table_artifact(table(found), key=f"{key}-units", description=left_out(found))
    await acreate_progress_artifact(found.share, key=f"{key}-share", description=f"{found.document_number} 办结比例")
    ledger = f"{line(found.figures)}。[打开台账]({o.address}/notices/{notice})"
    await acreate_markdown_artifact(ledger, key=f"{key}-ledger", description=found.document_number)


def table(found: Progress) -> list[dict[str, str]]:
    """Units × stages, the late ones first."""
    names = [stage.title for stage in found.stages]
    titles = [name if names.count(name) == 1 else f"{n}. {name}" for n, name in enumerate(names, 1)]
    return [{"单位": unit.name} | dict(zip(titles, map(cell, unit.stages), strict=True)) for unit in found.units]


def left_out(found: Progress) -> str:
    """What stands above the table."""
    named = f"{found.document_number} 各单位报送情况（逾期的在前）"
    return f"{named}；只列{len(found.units)}个单位，另有{found.left_out}个未列，见台账" if found.left_out else named
