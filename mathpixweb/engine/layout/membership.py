"""Which words of a row belong to formulas, once their neighbours have been asked."""

from __future__ import annotations

from collections.abc import Sequence

from mathpixweb.engine.layout.draft import Word
from mathpixweb.engine.layout.trimming import bracket_balance
from mathpixweb.engine.layout.words import FUNCTIONS, is_italic
from mathpixweb.engine.math import symbols
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.model import Glyph

_JOINING = frozenset((Kind.REL, Kind.BIN, Kind.VERT))
_JOINING_CHARS = frozenset(":/|")
THIN_SPACE = 0.19  # em; the space between an operator's name and its argument, less than between words
LONGEST_PRODUCT = 3  # italic letters next to each other
_PURE = frozenset("=+<>×÷≤≥≈→")
_STOPS = (",", ";", ".")
_DOTS = frozenset("…⋯.,")


def in_formulas(words: Sequence[Word], numbers_are_math: bool = False) -> list[bool]:
    """For each word whether it is part of a formula."""
    flags = [word.math or (numbers_are_math and word.number) for word in words]
    _arithmetic(words, flags)
    while _spread(words, flags):
        pass
    _close_brackets(words, flags)
    return flags


def _arithmetic(words: Sequence[Word], flags: list[bool]) -> None:
    """An operator between numbers makes a formula of all three, though nothing in it is from a math font."""
    for k in range(1, len(words) - 1):
        if set(words[k].text) <= _PURE and words[k - 1].number and words[k + 1].number:
            flags[k - 1 : k + 2] = [True] * 3


def _spread(words: Sequence[Word], flags: list[bool]) -> bool:
    """One round of neutral words following their neighbours; whether anything changed."""
    changed = False
    for k in range(len(words)):
        if not flags[k] and _follows_neighbours(words, flags, k):
            flags[k] = changed = True
    return changed


def _follows_neighbours(words: Sequence[Word], flags: Sequence[bool], k: int) -> bool:
    word = words[k]
    math_before = k > 0 and flags[k - 1]
    math_after = k + 1 < len(words) and flags[k + 1]
    operator_before = math_before and _joins(words[k - 1].glyphs[-1])
    operator_after = math_after and _joins(words[k + 1].glyphs[0])
    if not word.neutral:
        return _is_name_of_function(words, k, math_after) or (
            (operator_before or operator_after) and _is_product(word)
        )
    if word.operator:
        return math_after or (math_before and not words[k - 1].text.endswith(_STOPS))
    if set(word.text) <= _DOTS:
        return (math_before or math_after) if word.text.strip(",.") else math_before and math_after
    if word.number:
        return operator_before or (operator_after and not word.text.endswith(_STOPS))
    if word.text.strip("([") in FUNCTIONS:
        return math_after
    return operator_before or (word.text[:1] in "([{|" and math_after)


def _joins(glyph: Glyph) -> bool:
    """Whether the glyph stands between two things that belong to one formula."""
    return symbols.symbol_of(glyph).kind in _JOINING or symbols.text_of(glyph) in _JOINING_CHARS


def _is_product(word: Word) -> bool:
    """Whether the word may be a few variables in the italic of the text font."""
    letters = word.text.strip(".,;:()[]")
    italic = all(is_italic(glyph) for glyph in word.glyphs if glyph.char.isalpha())
    return letters.isalpha() and italic and (len(letters) <= LONGEST_PRODUCT or letters.isupper())


def _is_name_of_function(words: Sequence[Word], k: int, math_after: bool) -> bool:
    """Whether an upright word stands before a bracket with no more than a thin space between them."""
    if not math_after or not words[k].text.isalpha() or words[k + 1].text[:1] not in ("(", "[", "{"):
        return False
    return words[k + 1].glyphs[0].x - words[k].x1 < THIN_SPACE * words[k].glyphs[0].size


def _close_brackets(words: Sequence[Word], flags: list[bool]) -> None:
    """What stands before the closing bracket belongs to the formula in which the bracket was opened."""
    depth = 0
    for k, word in enumerate(words):
        if not flags[k] and depth <= 0:
            continue
        depth = max(0, depth + bracket_balance(word.glyphs))
        if depth > 0 and k + 1 < len(words) and not flags[k + 1]:
            following = words[k + 1]
            if following.neutral or len(following.text.strip(".,;:()")) <= 1 or _is_product(following):
                flags[k + 1] = True
            else:
                depth = 0
