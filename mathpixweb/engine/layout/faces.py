"""Which fonts of a document are those of its mathematics and which those of its text.

TeX sets the digits, brackets and names within formulas in the roman of mathematics. In many documents that is
a font of its own, often with the name of the text's font but another encoding; then every digit and bracket
tells by its font whether it belongs to a formula. A font is known by its number in the file.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mathpixweb.engine.layout.draft import Row, Word
from mathpixweb.engine.layout.ties import SMALL
from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Glyph, Survey
from mathpixweb.engine.readers.families import TEXT_FAMILIES

NEAR = 0.35  # em between words of which one may tell what the other is
FEWEST_GLYPHS = 3  # of a font of mathematics
FEWEST_LETTERS = 20  # in words of prose of a font of the text
MOST_PROSE = 0.04  # of the glyphs of a font of mathematics stand in words of prose
LEAST_TOUCH = 0.6  # of them stand beside symbols that can only be mathematics
FEWEST_SIGNS = 3  # digits, brackets, operators in fonts of mathematics, where it has its own
MOST_SIGNS = 0.5  # of as many: those of the text's font that stand in formulas, or against them
_SIGNS = "0123456789()[]=+:;!/<>.,"
_CLASS = {**dict.fromkeys("0123456789", "0"), **dict.fromkeys("()[]", "(")}  # what comes from one font
_OPENTYPE = -1  # all OpenType fonts of mathematics together
_PROSE = re.compile(r"[(\[“‘\"']*[^\W\d_]{3,}[-’'”\")\].,;:?!]*")
_TEX_BODY = re.compile(r"^(CM|SF|LM|EC|NewCM|HFBR|cm|ec|gr[a-z]{2}\d)")


@dataclass(frozen=True, slots=True)
class Faces:
    """Numbers of fonts. `text` is empty where mathematics borrows its roman from the text.

    `signs` are the digits, brackets and operators that formulas do not borrow. `foreign`: the text is not set
    in TeX's own family, so what is must be mathematics.
    """

    math: frozenset[int] = frozenset()
    text: frozenset[int] = frozenset()
    signs: frozenset[str] = frozenset()
    foreign: bool = False

    def are_text(self, glyphs: Iterable[Glyph]) -> bool:
        """Whether the glyphs are of the text and cannot be of a formula, as far as fonts tell."""
        return bool(self.text) and all(map(self._is_text, glyphs))

    def _is_text(self, glyph: Glyph) -> bool:
        if glyph.face not in self.text:
            return False
        char = symbols.text_of(glyph)
        return char in self.signs or char[:1].isalpha()


@lru_cache(maxsize=64)
def faces_of(survey: Survey) -> Faces:
    math, text = frozenset(survey.math_faces), frozenset(survey.text_faces)
    return Faces(math, text, frozenset(survey.math_signs), is_foreign(survey.body_font))


def is_foreign(body_font: str) -> bool:
    """Whether the document's text is set in a font that is not of TeX's own family."""
    return not _TEX_BODY.match(body_font)


def learnt(rows: Iterable[Row]) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """What the rows, cut in words, tell: fonts of mathematics, fonts of the text, signs of mathematics."""
    total, prose, touching = (Counter[int]() for _ in range(3))
    signs: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        beside = _beside_mathematics(row.words, row.size)
        for word, near in zip(row.words, beside, strict=True):
            is_prose = not near and _PROSE.fullmatch(word.text) is not None
            for glyph in word.glyphs:
                face = _OPENTYPE if glyph.family == "umath" else glyph.face
                if not face or (glyph.family not in TEXT_FAMILIES and face != _OPENTYPE):
                    continue
                total[face] += 1
                prose[face] += is_prose
                touching[face] += near
                if word.math and glyph.size > SMALL * row.size:  # scripts may be set in a font of their own
                    signs[face][_CLASS.get(char := symbols.text_of(glyph), char)] += 1
    math = {
        face
        for face, count in total.items()
        if count >= FEWEST_GLYPHS
        and prose[face] <= MOST_PROSE * count
        and touching[face] >= LEAST_TOUCH * count
    }
    text = [face for face, count in prose.items() if count >= FEWEST_LETTERS and face not in math]
    own = sum((signs[face] for face in math), Counter[str]())
    lent = sum((signs[face] for face in text), Counter[str]())
    known = {sign for sign in own if own[sign] >= FEWEST_SIGNS and lent[sign] < MOST_SIGNS * own[sign]}
    chars = "".join(char for char in _SIGNS if _CLASS.get(char, char) in known)
    return tuple(sorted(math - {_OPENTYPE})), tuple(sorted(text)) if chars else (), chars


def _beside_mathematics(words: Sequence[Word], size: float) -> list[bool]:
    """For each word whether it is, or stands close beside, a word that can only be mathematics."""
    near = [word.math for word in words]
    for k in range(1, len(words)):
        if words[k].x0 - words[k - 1].x1 < NEAR * size:
            near[k] = near[k] or words[k - 1].math
            near[k - 1] = near[k - 1] or words[k].math
    return near
