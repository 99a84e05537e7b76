"""Characters that fonts have for shapes, as the characters of text that they are.

Producers look up what a glyph stands for in the font, where several characters may share it: the radical
⼀ and the ideograph 一, a letter of Arabic and its final form, a bracket and the one for vertical text.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

# Radicals that are ideographs, too; Unicode's compatibility mappings leave these out.
_RADICALS_TEXT: Final = """
    ⺁厂 ⺅亻 ⺆冂 ⺉刂 ⺊卜 ⺌小 ⺍小 ⺎兀 ⺏尣 ⺐尢 ⺒巳 ⺓幺 ⺔彑 ⺖忄 ⺘扌 ⺙攵
    ⺛旡 ⺝月 ⺞歺 ⺠民 ⺡氵 ⺢氺 ⺣灬 ⺤爫 ⺥爫 ⺦丬 ⺧牛 ⺨犭 ⺩王 ⺫目 ⺬示 ⺭礻
    ⺯糹 ⺰纟 ⺱罓 ⺲罒 ⺶羊 ⺹耂 ⺺肀 ⺻聿 ⺼月 ⺽臼 ⺾艹 ⺿艹 ⻀艹 ⻁虎 ⻂衤 ⻃覀
    ⻄西 ⻅见 ⻆角 ⻈讠 ⻉贝 ⻋车 ⻌辶 ⻍辶 ⻎辶 ⻐钅 ⻑長 ⻒镸 ⻓长 ⻔门 ⻖阝 ⻗雨
    ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻟飠 ⻠饣 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄
    ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀
"""
_RADICALS: Final = {pair[0]: pair[1] for pair in _RADICALS_TEXT.split()}
# Vertical forms whose compatibility mapping is of half the width.
_UPRIGHT_TEXT: Final = """
    ︵（ ︶） ︷｛ ︸｝ ︗〖 ︘〗 ︹〔 ︺〕 ︻【 ︼】 ︽《 ︾》 ︿〈 ﹀〉 ﹁「 ﹂」 ﹃『 ﹄』
    ﹇［ ﹈］ ︐， ︓： ︔； ︕！ ︖？ ︙… ︱— ︲–
"""
_UPRIGHT: Final = {pair[0]: pair[1] for pair in _UPRIGHT_TEXT.split()}
_FORMS: Final = (
    (0x2E80, 0x2FDF),  # radicals
    (0xFB1D, 0xFB4F),  # Hebrew
    (0xFB50, 0xFDCF),  # Arabic
    (0xFDF2, 0xFDF2),
    (0xFE10, 0xFE19),  # vertical forms
    (0xFE30, 0xFE48),
    (0xFE70, 0xFEFC),  # Arabic
)


def plain(text: str) -> str:
    """The text in the characters that it would be typed in."""
    return text if text.isascii() else "".join(map(_plain, text))


@lru_cache(maxsize=8192)
def _plain(char: str) -> str:
    code = ord(char)
    if not any(first <= code <= last for first, last in _FORMS):
        return char
    found = _RADICALS.get(char) or _UPRIGHT.get(char)
    return found or unicodedata.normalize("NFC", unicodedata.normalize("NFKC", char).strip()) or char
