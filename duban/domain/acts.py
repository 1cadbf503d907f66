"""What an act cannot do without, and what a person is told who left it out."""

from duban.domain.terms import Act

NEEDS_NOTE = {
    Act.RETURN: "请写明退回理由",
    Act.REOPEN: "请写明重新打开的理由",
    Act.REQUEST: "请写明申请延期的理由",
    Act.REFUSE: "请写明不予延期的理由",
    Act.CONSULT: "请写明要征求意见的问题",
}
NEEDS_DUE = {
    Act.RETURN: "请定补正截止日",
    Act.EXTEND: "请定新的截止日",
    Act.REOPEN: "请定新的截止日",
    Act.REQUEST: "请写明希望延至的日期",
}
NEEDS_COLLEAGUE = {Act.CONSULT: "请写明征求谁的意见及其邮箱"}
