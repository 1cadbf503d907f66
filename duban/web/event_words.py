"""What an event says, in the words of an office: its name, who did it, and what it says besides. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from duban.domain.terms import Hat
from duban.web.language.saying import label, say, term
from duban.web.unit_view import EVENTS, WITH_DAY, people_note
from duban.web.words import ZONE, actor, day, named_day

#: The events that are about no obligation.
OTHERS = {
    "opinion_withdrawn": label("收回征求意见"),
    "logged_in": label("登录", en="Logged in"),
    "login_refused": label("登录被拒"),
    "link_entered": label("凭链接进入"),
    "links_revoked": label("收回链接"),
    "handed_on": label("转办"),
    "word_set": label("设置单位口令"),
    "person_added": label("新增账号"),
    "person_disabled": label("停用账号"),
    "password_set": label("设置密码", en="Password set"),
    "hat_given": label("授予角色"),
    "hat_taken": label("收回角色"),
    "shut_out": label("强制退出"),
    "token_made": label("生成接口密钥"),
    "token_revoked": label("收回接口密钥"),
    "mail_paused": label("暂停发信"),
    "mail_resumed": label("恢复发信"),
    "mail_retried": label("重发邮件"),
    "mail_cancelled": label("取消邮件"),
    "mail_decided": label("处理送达不明的邮件"),
    "mail_tried": label("试发邮件"),
    "accounts_freed": label("启用发信账号"),
    "clock_doubted": label("系统时间有疑问"),
    "clock_agreed": label("系统时间已一致"),
    "clock_accepted": label("确认系统时间"),
    "restored": label("从备份恢复"),
    "weekly_wished": label("每周督办邮件的选择"),
}
#: Those who act for the machine.
_ACTORS = {"system": label("系统"), "operator": label("维护人员"), "demo": label("演示")}

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
    return say("；").join(part for part in _notes(name, data, now) if part)


def _notes(name: str, data: Data, now: datetime) -> Iterator[str]:
    yield from _about(name, data)
    yield people_note(name, data)
    if isinstance(data.get("wanted"), str):
        yield say("希望延至{day}", day=day(date.fromisoformat(str(data["wanted"])), now))
    yield str(data.get("note") or data.get("reason") or "").rstrip("。；")
    due = data.get("due_at")
    if name in WITH_DAY and isinstance(due, str):
        yield say("新期限{day}", day=day(named_day(datetime.fromisoformat(due), now.tzinfo or ZONE), now))


def _about(name: str, data: Data) -> Iterator[str]:
    if name in OTHERS:
        yield from (str(data[key]) for key in ("person", "address", "to", "name") if data.get(key))
        yield term(Hat(str(data["hat"]))) if data.get("hat") in set(Hat) else ""
        yield say("第{number}号邮件", number=data["mail"]) if data.get("mail") else ""
        yield say("至第{number}条", number=data["events"]) if name == "restored" else ""
