"""What runs when, on one page: as Prefect should have it, for the notices that are open."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from prefect import Flow

from flows.chain import chain
from flows.daily import daily
from flows.deliver import deliver
from flows.share import share
from flows.sweep import sweep

ZONE = "Asia/Shanghai"
#: On the hour: what is due in one notice.
CHAIN = "0 * * * *"
#: After the chains, and then every ten minutes: digests and outbox.
DELIVER = "5,15,25,35,45,55 * * * *"
#: Before the offices close: the coordinator's summary.
DAILY = "30 16 * * *"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One deployment."""

    flow: Flow[Any, Any]
    name: str
    #: for people, in Prefect's pages
    description: str
    #: in ``ZONE``; empty: by hand, or asked for by another run
    cron: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    #: one run at a time; what comes meanwhile is cancelled, not queued
    alone: bool = True

    @property
    def entrypoint(self) -> str:
        """By module: a path would put ``flows/`` first on ``sys.path``."""
        return f"flows.{self.flow.name}.{self.flow.name}"

    @property
    def version(self) -> str:
        """Differs whenever anything here does."""
        told = [self.name, self.description, self.cron, ZONE, dict(self.parameters), self.alone, self.entrypoint]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]


def timetable(open_notices: Mapping[str, str]) -> list[Entry]:
    """Every deployment; ``open_notices``: notice → document number, the first published first."""
    return [*(_of_notice(notice, name) for notice, name in _names(open_notices).items()), *STANDING]


def _of_notice(notice: str, name: str) -> Entry:
    words = "本件通知的各环节：到期应提醒的按时列入。关闭开关即暂停，“Quick run”即时办理一次。"
    return Entry(flow=chain, name=name, description=words, cron=CHAIN, parameters={"notice": notice})


#: What is there whatever is published.
STANDING = (
    Entry(flow=deliver, name="deliver", description="汇总当日应发的提醒，发出待发邮件。", cron=DELIVER),
    Entry(flow=daily, name="daily", description="每日小结，发经办。", cron=DAILY),
    Entry(flow=sweep, name="sweep", description="全部通知即时办理一遍（手工运行）。"),
    Entry(flow=share, name="share", description="一份工作量，由其他运行自动分派。", alone=False),
)


def _names(open_notices: Mapping[str, str]) -> dict[str, str]:
    """Names as Prefect takes them, each once: the first published keeps the bare number."""
    names: dict[str, str] = {}
    for notice, number in open_notices.items():
        name = re.sub("[/%&<>]", " ", number)
        names[notice] = f"{name} {notice}" if name in names.values() else name
    return names
