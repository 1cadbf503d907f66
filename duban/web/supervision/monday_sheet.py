"""The supervisor's Monday as a workbook: the same rows, in the same order, as the screen shows."""

from datetime import datetime

from duban.papers.ledger import LedgerTable, ledger_xlsx
from duban.web.supervision.monday_view import Block, MondayView, Row
from duban.web.words import listed, stamp, zone_words

HEADERS = (
    "单位",
    "材料",
    "文号",
    "督办单",
    "期限",
    "责任人",
    "联系电话",
    "最近一次邮件",
    "提醒进度",
    "下一步",
    "发文机关联系人",
    "备注",
)
#: Texts that stand at the left.
LEFT = frozenset({0, 1, 4, 7, 8, 9, 11})


def monday_sheet(view: MondayView, reader: str, now: datetime) -> bytes:
    """The file; ``reader``: in whose name it was made, empty for nobody's."""
    offices = {source.id: f"{source.office} {source.phone}".strip() for source in view.sources}
    table = LedgerTable(
        title="督办情况",
        lines=(view.todo, f"截至 {stamp(now)}（{zone_words(now)}）"),
        headers=HEADERS,
        rows=[_row(block, row, offices[row.notice]) for block in (*view.late, *view.near) for row in block.rows],
        footer=("仅供内部", "签字：                    日期："),
        office=reader,
        day=now.date(),
        left=LEFT,
        sheet="督办情况",
    )
    return ledger_xlsx(table)


def _row(block: Block, row: Row, office: str) -> tuple[str, ...]:
    notes = (row.why, row.failed, *row.remarks, *block.calls)
    return (
        block.name,
        listed(row.names),
        row.document_number,
        row.chip.words,
        f"{row.due}，{row.late}",
        block.answers,
        block.phone,
        row.told and f"{row.told}（{row.told_state}）",
        row.rung,
        row.next,
        office,
        "；".join(note for note in notes if note),
    )
