"""The reference's alphabets: which of them a text is written in, and which characters they have."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Final

CODES: Final = ("en", "hi", "zh", "ja", "ko", "ru", "th", "ta", "te", "gu", "bn", "vi")
_SCRIPTS: Final = {
    "DEVANAGARI": "hi",
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "CYRILLIC": "ru",
    "THAI": "th",
    "TAMIL": "ta",
    "TELUGU": "te",
    "GUJARATI": "gu",
    "BENGALI": "bn",
    "LATIN": "en",
}
_VIETNAMESE: Final = frozenset("ăâđêôơưĂÂĐÊÔƠƯ")
FEWEST: Final = 2  # letters of an alphabet that is not taken for a slip


def of(char: str) -> str | None:
    """The alphabet of a letter, None for what belongs to none."""
    if char.isascii():
        return "en" if char.isalpha() else None
    name = unicodedata.name(char, "")
    found = _SCRIPTS.get(name.split(" ", 1)[0])
    if found == "en" and (char in _VIETNAMESE or unicodedata.normalize("NFD", char)[0] in _VIETNAMESE):
        return "vi"
    if found == "en" and ("HOOK ABOVE" in name or "DOT BELOW" in name):
        return "vi"
    return found


def seen(texts: Iterable[str]) -> tuple[str, ...]:
    """The alphabets of these texts. Chinese characters among kana are Japanese."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(code for char in text if (code := of(char)))
    found = {code for code, count in counts.items() if count >= FEWEST or count == counts.total()}
    if "ja" in found:
        found.discard("zh")
    return tuple(code for code in CODES if code in found)


def allowed(said: object) -> frozenset[str]:
    """The alphabets that `alphabets_allowed` does not rule out; none if it says nothing of any."""
    if not isinstance(said, Mapping) or not said:
        return frozenset()
    if named := {code for code, yes in said.items() if yes}:
        return frozenset(named)
    latin_too = {"vi"} if "en" in said else set()  # whoever wants no Latin letters means all of them
    return frozenset(set(CODES) - set(said) - latin_too)


def forbids(allowed: Collection[str], char: str) -> bool:
    """Whether the character belongs to an alphabet that is not among the allowed; none allowed means all."""
    if not allowed:
        return False
    code = of(char)
    if code is None:
        return False
    shared = {"zh": ("zh", "ja"), "en": ("en", "vi")}.get(code, (code,))
    return not any(name in allowed for name in shared)
