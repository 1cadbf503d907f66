"""A ledger as a workbook: the rows of the screen, in the same words and the same order. Pure."""

from duban.papers.ledger import LedgerTable
from duban.papers.sheet import Value
from duban.services.figures import Figures
from duban.web.ledger_view import CellView, LedgerView, Line, UnitRow, total_words
from duban.web.words import stamp

#: The heads of the list, one row an obligation.
LIST = ("单位", "材料", "期限", "情况", "轮次", "逾期天数", "首次报送", "最近一次邮件", "理由")
#: What a unit does not owe.
NOT_OWED = "／"


def ledger_table(view: LedgerView) -> LedgerTable:
    """The table of what is shown: the matrix, or the list."""
    is_list = view.query.view == "rows"
    board = view.board
    headers = LIST if is_list else ("单位", *(column.name for column in view.columns))
    rows = [_line(line) for line in view.lines()] if is_list else [_row(row) for row in view.rows()]
    return LedgerTable(
        title=f"{board.notice.title}报送台账",
        lines=_lines(view),
        headers=headers,
        rows=rows,
        totals=None if is_list else tuple(_totals(view)),
        footer=("仅供内部",),
        office=board.notice.issuing_office or board.issuer.name,
        day=board.asked.now.date(),
        left=frozenset({0, 1, 3, 8}) if is_list else frozenset(range(len(headers))),
    )


def _lines(view: LedgerView) -> tuple[str, ...]:
    """What was asked for, as of when."""
    board, query = view.board, view.query
    stage = next((found.name for found in board.notice.stages if found.id == query.stage), "")
    unit = board.units[query.unit].name if query.unit in board.units else ""
    asked = "，".join(
        part
        for part in (
            f"情况：{view.name}",
            stage and f"环节：{stage}",
            unit and f"单位：{unit}",
            view.only and f"仅列：{view.only}",
        )
        if part
    )
    return (f"{board.notice.document_number}　截至{stamp(board.asked.now)}", f"筛选　{asked}　{_counted(view.figures)}")


def _counted(figures: Figures) -> str:
    return "　".join(f"{name} {count}" for _, name, count in total_words(figures))


def _row(row: UnitRow) -> list[Value]:
    return [row.unit.name, *(_cell(cell) if cell else NOT_OWED for cell in row.cells)]


def _cell(cell: CellView) -> str:
    """Sign and word, what is beside it, the last mail."""
    state = f"{cell.chip.sign} {cell.chip.words}" + (f"（{'，'.join(cell.notes)}）" if cell.notes else "")
    return "\n".join(part for part in (state, cell.mail) if part)


def _line(line: Line) -> list[Value]:
    notes = f"（{'，'.join(line.cell.notes)}）" if line.cell.notes else ""
    return [
        line.unit.name,
        line.deliverable,
        line.due,
        f"{line.cell.chip.sign} {line.cell.chip.words}{notes}",
        line.round,
        line.late_by_days or None,
        line.first_submitted or None,
        line.cell.mail or None,
        line.reason or None,
    ]


def _totals(view: LedgerView) -> list[Value]:
    heads = [head for stage in view.stages() for head in stage.heads]
    return [f"合计 {view.board.unit_count} 个单位", *(_counted(head.figures).replace("　", "\n") for head in heads)]
