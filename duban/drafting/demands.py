"""What is asked of materials in numbers: 不少于1500字, 照片8张, 限报3项, 3—5名, 一式两份."""

import re

_COUNT = r"(?:\d{1,5}(?:\.\d{1,2})?(?:-\d{1,5})?|[一二两三四五六七八九十百千]{1,4}(?:-[一二三四五六七八九十]{1,3})?)"
_MEASURE = (
    r"(?:字节|字|张|个(?!工作日|月|小时)|名|项|篇|份|件|分钟|秒|人|幅|部|条|家|例|页|"
    r"[MmKkGg][Bb]?|兆|像素|dpi|DPI|户|首|支|套|门|节|万字|千字|厘米|毫米|组|次|期|所|本|段)"
)
_BOUND = (
    r"(?:不少于|不超过|不得超过|不得少于|不低于|不高于|不多于|不得低于|至少|最多|控制在|限(?:报|"
    r"推|额|推荐|申报|定)?(?!\d{1,2}[日时])|大于|小于|不大于|不小于|原则上不超过)"
)
_THING = (
    r"(?:照片|图片|案例|视频|论文|作品|材料|课件|名额|稿件|征文|文章|信息|简报|经验|事迹|节目|"
    r"图像|活动图片|典型活动案例|典型案例|代表作|证件照|工作照)"
)
_DEMAND = re.compile(
    rf"{_BOUND}(?:每(?:篇|张|个|人))?{_COUNT}{_MEASURE}(?:以内|以上|以下|左右|之内|内)?"
    rf"|{_COUNT}{_MEASURE}(?:以内|以上|以下|左右|之内|内)(?!的人)"
    rf"|{_THING}(?:各)?{_BOUND}?{_COUNT}(?:张|个|篇|份|幅|部|条|件|名|项)"
    rf"|(?<![\d第]){_COUNT}字(?![\u4e00-\u9fff])"
    rf"|(?<![\d第])\d{{1,3}}-\d{{1,3}}(?:名|个|项|篇|份|件|人|张|幅|例|家|条|字|分钟|秒)"
)
_NO_DEMAND = re.compile(
    r"^\d{1,4}个(?:工作日|月|小时)|^[一二两三四五六七八九十\d]{1,3}(?:个|次|家|本)$|以来$|^\d{4}-\d{1,2}-"
)
_COPIES = re.compile(
    r"一式([一二两三四五六七八九十]|\d{1,2})份|(?:各|纸质(?:版|材料|件|稿)?|原件|复印件|"
    r"书面材料)(?:一式)?([一二两三四五六七八九十]|\d{1,2})份"
)


def demands(plain: str, shown: str) -> tuple[str, ...]:
    """The demands of a stretch, as printed, in order."""
    found = []
    for match in _DEMAND.finditer(plain):
        words = shown[match.start() : match.end()]
        if not _NO_DEMAND.search(match[0]):
            found.append(_without_lead(words))
    return tuple(dict.fromkeys(found))


def _without_lead(words: str) -> str:
    """What stands before the thing itself belongs to the sentence: ``和典型案例2个``."""
    return re.sub(r"^(?:[的和及与、附含])(?=[\u4e00-\u9fff]{2})", "", words)


def copies(plain: str) -> int | None:
    """一式两份."""
    found = _COPIES.search(plain)
    if found is None:
        return None
    word = found[1] or found[2]
    return int(word) if word.isdecimal() else "零一二三四五六七八九十".index(word.replace("两", "二"))
