"""Materials that a title or a heading names: 关于报送…的通知, 三、论文提交."""

import re

from duban.drafting.clauses import Act
from duban.drafting.gathering import Gathered
from duban.drafting.labels import heading
from duban.drafting.materials import ends_as_material, named

_TITLES = (
    re.compile(
        r"(?:报送|上报|征集|填报|提交|选送|报备|征求|推荐报送)(?P<what>.{2,60}?)(?:工作|事宜|"
        r"有关事项|有关工作)?的(?:紧急)?(?:通知|函|公告|启事)"
    ),
    re.compile(
        r"(?:(?:关于)?(?:进一步)?(?:组织|开展|做好|举办)+|关于)(?!组织|开展|做好|规范|加强|建立|完善|进一步)(?P<what>.{2,40}?)(?:征集|报送|填报|"
        r"上报|征文|遴选|推荐|申报)(?:活动|工作|评选)*的(?:通知|函|公告|启事)"
    ),
)
_HANDED = re.compile(r"(?P<what>(?:(?![及和与])[\u4e00-\u9fff]){2,14}?)(?:的)?(?:提交|报送|上报|征集|寄送|填报|投递)")


def of_section(gathered: Gathered, act: Act) -> tuple[str, ...]:
    """``三、论文提交``: the heading over an act names what is handed in."""
    paragraphs = gathered.document.paragraphs
    for at in (act.paragraph, *reversed(paragraphs[act.paragraph].path)):
        found = _HANDED.fullmatch(heading(paragraphs[at]))
        if found and ends_as_material(found["what"]):
            return named(found["what"], found["what"]).names
    return ()


#: ``征文截止日期：6月20日``
_OWN = re.compile(
    r"(?:[^,。;:]{0,4}、)?(?P<what>[\u4e00-\u9fff]{2,10}?)(?:提交|报送|上报|征集|寄送|填报|投递|投稿)?(?:的)?(?:截止|截稿)(?:时间|日期|期)?"
)


_OPINIONS = re.compile(r"(?:公开)?征求意见|意见(?:征集|反馈|征询)")


def of_own_label(gathered: Gathered, act: Act) -> tuple[str, ...]:
    """``征文截止日期：…``: the label of the day names what is due."""
    words = gathered.shown[act.start : act.end]
    if act.labelled and _OPINIONS.match(words):
        return ("意见",)
    found = _OWN.match(words) if act.labelled else None
    if found is None or not ends_as_material(found["what"]):
        return ()
    return named(found["what"], found["what"]).names


def of_title(title: str) -> tuple[str, ...]:
    """``关于报送2024年工作总结的通知``."""
    for form in _TITLES:
        found = form.search(title)
        if found and ends_as_material(found["what"]) and len(found["what"]) <= 50:
            return named(found["what"], found["what"]).names
    return ()
