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
_HORN, _DOT_BELOW, _HOOK_ABOVE = "\u031b", "\u0323", "\u0309"  # marks of Vietnamese vowels …
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"  # … and of others' as well, unless there is a tone's over them
FEWEST: Final = 2  # letters of an alphabet that is not taken for a slip


def of(char: str) -> str | None:
    """The alphabet of a letter, None for what belongs to none."""
    if char.isascii():
        return "en" if char.isalpha() else None
    name = unicodedata.name(char, "")
    found = _SCRIPTS.get(name.split(" ", 1)[0])
    return "vi" if found == "en" and _is_vietnamese(char) else found


def _is_vietnamese(char: str) -> bool:
    """Whether it is a vowel that only Vietnamese has."""
    letters = list(unicodedata.normalize("NFD", char))
    marks = set(letters[1:])
    own = {_HORN, _DOT_BELOW, _HOOK_ABOVE} & marks
    toned = len(marks) > 1 and {_CIRCUMFLEX, _BREVE} & marks
    return letters[0] in "aeiouyAEIOUY" and bool(own or toned)


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
