"""What an act cannot do without, and what a person is told who left it out."""

from duban.domain.terms import Act

NEEDS_NOTE = {Act.RETURN: "请写明退回理由", Act.REOPEN: "请写明重新打开的理由"}
NEEDS_DUE = {Act.RETURN: "请定补正截止日", Act.EXTEND: "请定新的截止日", Act.REOPEN: "请定新的截止日"}
