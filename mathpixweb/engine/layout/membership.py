"""Which words of a row belong to formulas, once their neighbours have been asked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from mathpixweb.engine.layout.draft import Word
from mathpixweb.engine.layout.ties import SMALL
from mathpixweb.engine.layout.trimming import bracket_balance
from mathpixweb.engine.layout.words import FUNCTIONS, is_eastern, is_italic
from mathpixweb.engine.math import symbols
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.model import Glyph

_JOINING = frozenset((Kind.REL, Kind.BIN, Kind.VERT))
_JOINING_CHARS = frozenset(":/|")
THIN_SPACE = 0.19  # em; the space between an operator's name and its argument, less than between words
LONGEST_PRODUCT = 3  # italic letters next to each other
LONGEST_NAME = 14  # letters of a name in the text's font, as of a set or a function
LEAST_OPERATOR_SPACE = 0.12  # em
SAME_SPACE = 0.025  # em by which the spaces on both sides of an operator may differ
SCRIPT_SPACE = 0.6  # points; TeX leaves half a point after scripts
MOST_WORDS_IN_BRACKETS = 6
_WORDS = frozenset(("sign", "span", "rank", "curl", "grad"))  # names of functions that stand in prose, too
_PURE = frozenset("=+<>×÷≤≥≈→")
_STOPS = (",", ";", ".")
_DOTS = frozenset("…⋯.,")


def in_formulas(words: Sequence[Word], numbers_are_math: bool = False, goes_on: bool = False) -> list[bool]:
    """For each word whether it is part of a formula; `goes_on` tells that the row before ended within one."""
    flags = [word.math or (numbers_are_math and word.number) for word in words]
    if goes_on and words and not flags[0]:
        flags[0] = _may_go_on(words, flags)
    _arithmetic(words, flags)
    while _spread(words, flags) or _operands(words, flags):
        pass
    _close_brackets(words, flags)
    return [flag and not is_eastern(word.text[:1]) for word, flag in zip(words, flags, strict=True)]


def _may_go_on(words: Sequence[Word], flags: Sequence[bool]) -> bool:
    """Whether the first word may be what an operator at the end of the row before stands before."""
    first = words[0]
    if first.neutral:
        return True
    core = first.text.strip(".,;:()[]")
    before_formula = (
        len(flags) > 1 and flags[1] and _space(first, words[1]) < THIN_SPACE * first.glyphs[0].size
    )
    return core.isalpha() and (len(core) == 1 or before_formula or (not first.plain and core.isupper()))


def _arithmetic(words: Sequence[Word], flags: list[bool]) -> None:
    """An operator between numbers makes a formula of all three, though nothing in it is from a math font."""
    for k in range(1, len(words) - 1):
        if words[k].plain:
            continue
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
    if word.plain:
        return False  # only as an operand
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
    if (name := word.text.strip("([")) in FUNCTIONS:
        return math_after and (
            name not in _WORDS or _space(word, words[k + 1]) < THIN_SPACE * word.glyphs[0].size
        )
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


def _operands(words: Sequence[Word], flags: list[bool]) -> bool:
    """Takes in what an operator at the edge of a formula stands before or after; whether anything changed.

    TeX sets the same space on both sides of an operator, and none before one that has nothing on its left.
    """
    changed = False
    for k in range(1, len(words)):
        if flags[k - 1] == flags[k]:
            continue
        operator, other = (k, k - 1) if flags[k] else (k - 1, k)
        if _is_operand(words, k, operator, other):
            flags[other] = changed = True
    return changed


def _is_operand(words: Sequence[Word], k: int, operator: int, other: int) -> bool:
    """Whether the word stands beside an operator as another operand does on its other side."""
    core = words[other].text.strip(".,;:()[]")
    if not core or not (core.isalnum() and len(core) <= LONGEST_NAME):
        return False
    glyph = words[operator].glyphs[0 if operator == k else -1]
    if symbols.symbol_of(glyph).kind not in (Kind.REL, Kind.BIN) or len(words[operator].glyphs) > 1:
        return False
    beyond = operator + (1 if operator == k else -1)
    if not 0 <= beyond < len(words):
        return False
    size = glyph.size
    near, far = (
        _space(words[k - 1], words[k]),
        _space(words[min(operator, beyond)], words[max(operator, beyond)]),
    )
    scripts = operator > 0 and words[operator - 1].glyphs[-1].size < SMALL * size
    unequal = SAME_SPACE * size + (SCRIPT_SPACE if scripts else 0.0)
    if min(near, far) < LEAST_OPERATOR_SPACE * size or abs(near - far) > unequal:
        return False
    return not _is_between_words(words, other, near, size)


def _is_between_words(words: Sequence[Word], other: int, space: float, size: float) -> bool:
    """Whether the space is one that this row has between words of prose, too."""
    if len(words[other].text) == 1 or not words[other].text[:1].islower():
        return False
    spaces = [
        _space(left, right)
        for left, right in pairwise(words)
        if left.text[-1:].isalpha() and right.text[:1].isalpha() and not left.math and not right.math
    ]
    return not spaces or abs(median(spaces) - space) < SAME_SPACE * size


def _space(left: Word, right: Word) -> float:
    """The space that the pen leaves between two words."""
    return right.pen - left.pen_after


def _close_brackets(words: Sequence[Word], flags: list[bool]) -> None:
    """What stands before the closing bracket belongs to the formula in which the bracket was opened."""
    depth = 0
    for k, word in enumerate(words):
        if not flags[k] and depth <= 0:
            continue
        depth = max(0, depth + bracket_balance(word.glyphs))
        if depth > 0 and k + 1 < len(words) and not flags[k + 1]:
            following = words[k + 1]
            closing = _closing(words, flags, k + 1) if word.plain or following.plain else None
            if closing is not None:
                flags[k + 1 : closing] = [True] * (closing - k - 1)
            elif not following.plain and _may_stand_in_brackets(following):
                flags[k + 1] = True
            else:
                depth = 0


def _may_stand_in_brackets(word: Word) -> bool:
    return word.neutral or len(word.text.strip(".,;:()")) <= 1 or _is_product(word)


def _closing(words: Sequence[Word], flags: Sequence[bool], start: int) -> int | None:
    """Where, after a few words of the text's font, the formula goes on and closes its bracket."""
    end = start
    while end < len(words) and not flags[end]:
        end += 1
    if end == len(words) or end - start > MOST_WORDS_IN_BRACKETS:
        return None
    rest = [glyph for word in words[end:] if word.math for glyph in word.glyphs]
    return end if bracket_balance(rest) < 0 else None
