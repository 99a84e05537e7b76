"""The edges of an inline formula: punctuation, quotes and prose glued to it are given back to the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mathpixweb.engine.layout.lettering import reading
from mathpixweb.engine.layout.ties import SMALL
from mathpixweb.engine.layout.words import FUNCTIONS, is_italic
from mathpixweb.engine.math import symbols
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.model import Glyph
from mathpixweb.engine.readers.families import MATH_FAMILIES

_TRAILING = frozenset(",.;:?”’\"'-–—")
_LEADING = frozenset("“‘\"'-–—,;:")
_PROSE_FAMILIES = frozenset(("rm", "it", "bf", "bi", "sf", "sc"))
LONGEST_GLUED_SYMBOL = 1  # letters; longer upright ends of a formula are prose: "k-th", "n-dimensional"

Split = tuple[list[Glyph], list[Glyph], list[Glyph]]
_OPENING, _CLOSING = frozenset("([{⟨⌊⌈"), frozenset(")]}⟩⌋⌉")


@dataclass(frozen=True, slots=True)
class Edges:
    """What is known of a formula's edges.

    `depth`: so many brackets were opened in the row before. `goes_on`: it ends with something that the next
    row completes. `math`: the fonts of mathematics.
    """

    depth: int = 0
    goes_on: bool = False
    math: frozenset[int] = frozenset()

    def is_math(self, glyph: Glyph) -> bool:
        """Whether the glyph cannot be of the text."""
        return glyph.family in MATH_FAMILIES or glyph.face in self.math


CLOSED = Edges()


def trimmed(glyphs: Sequence[Glyph], size: float, edges: Edges = CLOSED) -> Split:
    """What belongs to the text before, to the formula, and to the text after."""
    core = list(glyphs)
    before: list[Glyph] = []
    while core and _is_edge(core[0], _LEADING, size):
        before.append(core.pop(0))
    after = _taken_note_mark(core, size)
    after = _taken_punctuation(core, size) + after
    after = _taken_prose(core, size) + after
    for _ in range(3):
        lone = _unmatched(core)
        if core and 0 in lone and _read(core[0]) == "(" and not edges.goes_on and not edges.is_math(core[0]):
            before.append(core.pop(0))
        elif (
            core
            and len(core) - 1 in lone
            and _read(core[-1]) == ")"
            and edges.depth < len(lone)
            and not edges.is_math(core[-1])
        ):
            after.insert(0, core.pop())
            after = _taken_punctuation(core, size) + after
        else:
            break
    if (
        _is_symbol_in_brackets(core, size)
        and not edges.goes_on
        and not any(map(edges.is_math, core[:: len(core) - 1]))
    ):
        before, core, after = [*before, core[0]], core[1:-1], [core[-1], *after]
    return before, core, after


def _is_symbol_in_brackets(core: Sequence[Glyph], size: float) -> bool:
    """Whether there is nothing but one letter, perhaps with scripts, in round brackets: "the width (w)"."""
    if len(core) < 3 or _read(core[0]) != "(" or _read(core[-1]) != ")":
        return False
    standing = [glyph for glyph in core if glyph.size > SMALL * size]
    return (
        len(standing) == 3 and core[0] is standing[0] and symbols.symbol_of(standing[1]).kind is Kind.LETTER
    )


def _unmatched(glyphs: Sequence[Glyph]) -> list[int]:
    """The positions of round brackets without a partner."""
    opened: list[int] = []
    lone: list[int] = []
    for position, glyph in enumerate(glyphs):
        char = _read(glyph)
        if char in _OPENING:
            opened.append(position)
        elif char in _CLOSING:
            if opened:
                opened.pop()
            else:
                lone.append(position)
    return sorted((*opened, *lone))


def bracket_balance(glyphs: Iterable[Glyph]) -> int:
    """Opening less closing brackets."""
    balance = 0
    for glyph in glyphs:
        char = _read(glyph)
        balance += (char in _OPENING) - (char in _CLOSING)
    return balance


def _read(glyph: Glyph) -> str:
    return symbols.text_of(glyph)


def _is_edge(glyph: Glyph, chars: frozenset[str], size: float) -> bool:
    if glyph.size <= SMALL * size or _read(glyph) not in chars:
        return False
    return glyph.family in _PROSE_FAMILIES or (glyph.family == "mi" and _read(glyph) in ",.;")


def _taken_punctuation(core: list[Glyph], size: float) -> list[Glyph]:
    taken: list[Glyph] = []
    while core and _is_edge(core[-1], _TRAILING, size) and not (_ends_in_dots(core) or ends_in_accent(core)):
        taken.insert(0, core.pop())
    return taken


def _ends_in_dots(core: Sequence[Glyph]) -> bool:
    return [_read(glyph) for glyph in core[-3:]] == [".", ".", "."]


def ends_in_accent(core: Sequence[Glyph]) -> bool:
    """Whether the last glyph stands over the one before it, as the dot of \\doteq does."""
    return len(core) > 1 and core[-2].ink.x0 < core[-1].ink.cx < core[-2].ink.x1 and core[-1].y > core[-2].y


def _taken_note_mark(core: list[Glyph], size: float) -> list[Glyph]:
    """The raised figures after a full stop or comma: they belong to a footnote."""
    start = len(core)
    while start > 1 and core[start - 1].size <= SMALL * size and core[start - 1].y > core[0].y:
        start -= 1
    marks = core[start:]
    if not marks or not reading(marks).isdigit() or not _is_edge(core[start - 1], _TRAILING, size):
        return []
    del core[start:]
    return marks


def _taken_prose(core: list[Glyph], size: float) -> list[Glyph]:
    """The upright letters glued to a formula's end, with the hyphen before them."""
    taken: list[Glyph] = []
    while len(core) > 1 and _is_prose_letter(core[-1], size):
        if taken and is_italic(taken[0]) != is_italic(core[-1]):
            break
        taken.insert(0, core.pop())
    word = reading(taken)
    single = len(word) <= LONGEST_GLUED_SYMBOL and _read(core[-1]) != "’"  # as in "the x’s"
    if not taken or word in FUNCTIONS or single or _is_italic_product(word, taken):
        core += taken
        return []
    return _taken_punctuation(core, size) + taken


def _is_italic_product(word: str, glyphs: Sequence[Glyph]) -> bool:
    """Variables next to each other in the italic of the text font, unless they make an ordinal's ending."""
    longest = 3 if word.isupper() else 2
    return is_italic(glyphs[0]) and len(word) <= longest and word not in ("th", "st", "nd", "rd")


def _is_prose_letter(glyph: Glyph, size: float) -> bool:
    return glyph.family in _PROSE_FAMILIES and glyph.size > SMALL * size and _read(glyph).isalpha()
