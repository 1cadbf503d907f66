"""Characters that fonts of Chinese PDFs name wrongly: radicals (⽇) that stand for the characters they look like (日).

NFKC mends the Kangxi radicals, compatibility ideographs and Latin ligatures; it would also make ``，`` a half-width
comma and change the 字数, so it is asked about these only. It does not know the radicals of the supplement; those that
are characters of everyday Chinese are here by hand.
"""

import re
import unicodedata

_MISNAMED = re.compile("[\u2f00-\u2fd5\u2e9f\u2ef3\uf900-\ufaff\ufb00-\ufb06\U0002f800-\U0002fa1f]")
_SUPPLEMENT = str.maketrans(
    "⺜⺝⺠⻁⻄⻅⻆⻉⻋⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰",
    "日月民虎西见角贝车长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙",
)


def mended(text: str) -> str:
    """``text`` with the characters that are meant; full-width marks stay full-width."""
    return _MISNAMED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text.translate(_SUPPLEMENT))
