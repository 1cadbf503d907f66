"""What an event says, in the words of an office: its name, who did it, and what it says besides. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from duban.domain.terms import Hat
from duban.web.unit_view import EVENTS, WITH_DAY, people_note
from duban.web.words import ZONE, actor, day, named_day

#: The events that are about no obligation.
OTHERS = {
    "opinion_withdrawn": "收回征求意见",
    "logged_in": "登录",
    "login_refused": "登录被拒",
    "link_entered": "凭链接进入",
    "links_revoked": "收回链接",
    "handed_on": "转办",
    "word_set": "设置单位口令",
    "person_added": "新增账号",
    "person_disabled": "停用账号",
    "password_set": "设置密码",
    "hat_given": "授予角色",
    "hat_taken": "收回角色",
    "shut_out": "强制退出",
    "token_made": "生成接口密钥",
    "token_revoked": "收回接口密钥",
    "mail_paused": "暂停发信",
    "mail_resumed": "恢复发信",
    "mail_retried": "重发邮件",
    "mail_cancelled": "取消邮件",
    "mail_decided": "处理送达不明的邮件",
    "mail_tried": "试发邮件",
    "accounts_freed": "启用发信账号",
    "clock_doubted": "系统时间有疑问",
    "clock_agreed": "系统时间已一致",
    "clock_accepted": "确认系统时间",
    "restored": "从备份恢复",
    "weekly_wished": "每周督办邮件的选择",
}
#: Those who act for the machine.
_ACTORS = {"system": "系统", "operator": "维护人员", "demo": "演示"}

Data = Mapping[str, object]
#: No name is known.
NOBODY: Mapping[str, str] = {}


def event_name(name: str) -> str:
    """``退回补正``; of an event that has no words here, its name in the log."""
    return EVENTS[name][0] if name in EVENTS else OTHERS.get(name, name)


def event_actor(by: str, data: Data, names: Mapping[str, str] = NOBODY) -> str:
    """``报送单位 王芳``; ``names``: address (small letters) → name, as far as one is known."""
    who, person = _ACTORS.get(by) or actor(by), data.get("person")
    # of an account the person is whom it is about
    if isinstance(person, str) and person != by and "@" not in by:
        return f"{who} {names.get(person.lower(), person)}"
    return names.get(who.lower(), who)


def event_note(name: str, data: Data, now: datetime) -> str:
    """What it says besides: reason, new day, whom it is about."""
    return "；".join(part for part in _notes(name, data, now) if part)


def _notes(name: str, data: Data, now: datetime) -> Iterator[str]:
    yield from _about(name, data)
    yield people_note(name, data)
    if isinstance(data.get("wanted"), str):
        yield f"希望延至{day(date.fromisoformat(str(data['wanted'])), now)}"
    yield str(data.get("note") or data.get("reason") or "").rstrip("。；")
    due = data.get("due_at")
    if name in WITH_DAY and isinstance(due, str):
        yield f"新期限{day(named_day(datetime.fromisoformat(due), now.tzinfo or ZONE), now)}"


def _about(name: str, data: Data) -> Iterator[str]:
    if name in OTHERS:
        yield from (str(data[key]) for key in ("person", "address", "to", "name") if data.get(key))
        yield Hat(str(data["hat"])).zh if data.get("hat") in set(Hat) else ""
        yield f"第{data['mail']}号邮件" if data.get("mail") else ""
        yield f"至第{data['events']}条" if name == "restored" else ""
