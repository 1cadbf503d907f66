"""``duban`` called as a person calls it, in an empty installation; and a small notice to call it with."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from duban.cli import main
from duban.cli.app import context

DEFINITION = """\
id: small-2021-1
document_number: 测〔2021〕1号
title: 关于测试的通知
issuer: prov
issued_on: 2021-09-24
classes:
  cities: {name: 各市, kinds: [city]}
offices:
  office: {name: 省厅职成处, email: office@prov.example}
stages:
  - id: one
    name: 总结
    deadline: {kind: date, date: 2021-10-15, text: 10月15日前}
    deliverables:
      - id: report
        name: 总结
        kind: summary
        who: [cities]
        tracks: [{medium: electronic, to: office}]
"""
UNITS = """\
id,name,parent,kind,relation,order,role,person,email,phone
prov,省教育厅,,province,subordinate,0,clerk,王老师,clerk@prov.example,
aa,甲市教育局,prov,city,subordinate,1,clerk,李老师,clerk@aa.example,
aa,甲市教育局,prov,city,subordinate,1,chief,赵科长,chief@aa.example,
"""
SCRIPT = """\
at,unit,deliverable,act,by,note,due
2021-10-11T15:00,aa,report,submit,unit,,
2021-10-12T10:00,aa,report,return,review:issuer,缺照片,2021-10-20
"""


@dataclass
class Said:
    """What a call left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Duban = Callable[..., Said]


@pytest.fixture
def duban(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Duban:
    """Calls ``duban`` in an empty installation."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUBAN_DATA_DIR", str(tmp_path / "var"))

    def call(*arguments: object) -> Said:
        context.lang = "zh"
        monkeypatch.setattr(sys, "argv", ["duban", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return call


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A definition, its units beside it, and a script."""
    texts = {"small-2021-1.yaml": DEFINITION, "small-2021-1.units.csv": UNITS, "script.csv": SCRIPT}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    definition, units, script = (tmp_path / name for name in texts)
    return definition, units, script
