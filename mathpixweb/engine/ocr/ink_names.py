"""Letters next to each other that are the name of a function."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from mathpixweb.engine.math.words import NAMES
from mathpixweb.engine.ocr.ink_relations import Relation

# Names that are told from a product of variables; longer ones first.
KNOWN: Final = tuple(sorted((NAMES - {"lg", "Pr"}), key=len, reverse=True))
SURE: Final = 3  # letters of a name, of which one may be another than its best reading

# Names by their first letter and by their second, one of which must have been read.
_BEGINNING: Final = {
    (letter, place): tuple(name for name in KNOWN if name[place] == letter)
    for place in (0, 1)
    for letter in {name[place] for name in KNOWN}
}


@dataclass(frozen=True, slots=True)
class Sign:
    """A symbol of a line: what it is, what else it may be, whether it is bare, and what hangs on it."""

    latex: str
    likely: frozenset[str]
    plain: bool
    hooks: Set[Relation]


def at(signs: Sequence[Sign], position: int) -> str:
    """The name that begins at this place of a line, or nothing."""
    here = signs[position].latex
    after = signs[position + 1].latex if position + 1 < len(signs) else ""
    for name in _BEGINNING.get((here, 0), ()) or _BEGINNING.get((after, 1), ()):
        letters = signs[position : position + len(name)]
        if len(letters) == len(name) and _spells(letters, name):
            return name
    return ""


def _spells(letters: Sequence[Sign], name: str) -> bool:
    if not all(sign.plain for sign in letters[:-1]) or Relation.INSIDE in letters[-1].hooks:
        return False
    wrong = [(sign, letter) for sign, letter in zip(letters, name, strict=True) if sign.latex != letter]
    if len(name) < SURE or len(wrong) > 1:
        return not wrong
    return all(letter in sign.likely for sign, letter in wrong)
