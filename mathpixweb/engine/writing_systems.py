"""Writing systems that put no blanks between words: Chinese, Japanese, Thai and their neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

# Ideographs, kana, bopomofo, their punctuation, and forms of full width.
_IDEOGRAPHIC: Final = re.compile(
    r"[\u2e80-\u303f\u3040-\u312f\u3190-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f"
    r"\uff01-\uff9f\uffe0-\uffe6\U00020000-\U0003134f]"
)
_UNPARTED: Final = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")  # Thai, Lao, Burmese, Khmer
IDEOGRAPHS_IN_WORD: Final = 2  # so many say what one word of other languages does


def is_ideographic(char: str) -> bool:
    return bool(_IDEOGRAPHIC.match(char))


def runs_on(left: str, right: str) -> bool:
    """Whether a line that ends in one character and one that begins with the other have no blank between."""
    if is_ideographic(left) or is_ideographic(right):
        return bool(left and right)
    return bool(_UNPARTED.match(left) and _UNPARTED.match(right))


def length_in_words(texts: Iterable[str]) -> int:
    """How many words the texts are; two ideographs count as one."""
    return sum(max(1, len(_IDEOGRAPHIC.findall(text)) // IDEOGRAPHS_IN_WORD) for text in texts)
