"""Textual letters to words: function names and text within formulas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mathpixweb.engine.math.items import Item, Region, group
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import Accent, Atom, Word

# Names LaTeX knows, and those of them whose subscripts stand below in display style.
_NAMES_TEXT = """
arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup
ln log max min Pr sec sin sinh sup tan tanh
"""
NAMES: Final = frozenset(_NAMES_TEXT.split())
_NAMES_IN_ORDER: Final = tuple(sorted(NAMES))
_LIMIT_NAMES_TEXT = """
lim max min sup inf argmax argmin limsup liminf det Pr gcd arg colim ess
"""
LIMIT_NAMES: Final = frozenset(_LIMIT_NAMES_TEXT.split())
# As they are printed where the language puts accents on them.
_ACCENTED = {"lím": "lim", "máx": "max", "mín": "min", "ínf": "inf", "límsup": "limsup", "líminf": "liminf"}
_JOINED = {
    ("lim", "sup"): "limsup",
    ("lim", "inf"): "liminf",
    ("arg", "max"): "argmax",
    ("arg", "min"): "argmin",
}
WORD_SPACE = 0.8  # em; wider spaces part statements
NAME_SPACE = 0.25  # em within a name of two words
NAME_GAP = 0.12  # em of white between a name and a capital or name that cannot be a part of it
SHORTEST_NUMBERED = 3  # letters of a name that a figure may end
LONGEST_PRODUCT = 3  # letters; a longer run of Times italics is a word


def resolve(region: Region) -> None:
    """Join letters of one baseline, face and size to words, and words to text."""
    letters = [item for item in region.items if item.role == Kind.ROMAN]
    if not letters:
        return
    others = [item for item in region.items if item.role != Kind.ROMAN]
    runs = _runs(region, letters, others)
    words: list[Item] = []
    for run in runs:
        if run[0].face in ("var", "boldvar"):
            words.extend(_variables(run))
        else:
            text = "".join(item.node.text for item in run if isinstance(item.node, Word))
            words.append(_word(_ACCENTED.get(text, text), _face_of(text, run[0].face), run))
    words, others = _numbered(*_abbreviations(words, others))
    region.items = others + _phrases(region, words, others)


def _face_of(text: str, face: str) -> str:
    """Where the text has no serifs, as on slides, neither have the names of functions."""
    return "rm" if face == "sf" and text in NAMES | LIMIT_NAMES else face


def _word(text: str, face: str, parts: Sequence[Item]) -> Item:
    item = group(Word(text, face), parts, size=parts[0].size, y=parts[0].y, role="word")
    item.face, item.end = face, parts[-1].end
    return item


def _variables(run: Sequence[Item]) -> list[Item]:
    """Short runs of an italic text font are variables one by one."""
    bold = run[0].face == "boldvar"
    if len(run) > LONGEST_PRODUCT:
        text = "".join(item.node.text for item in run if isinstance(item.node, Word))
        return [_word(text, "bi" if bold else "it", run)]
    for item in run:
        atom = Atom(item.node.text if isinstance(item.node, Word) else item.latex, Kind.LETTER)
        item.node = Accent(r"\boldsymbol", atom) if bold else atom
        item.role = str(Kind.LETTER)
    return list(run)


def _runs(region: Region, letters: list[Item], others: list[Item]) -> list[list[Item]]:
    runs: list[list[Item]] = []
    for letter in sorted(letters, key=lambda i: (round(i.y or 0), i.face, i.box.x0)):
        previous = runs[-1][-1] if runs else None
        if previous is not None and _continues(region, previous, letter, others):
            runs[-1].append(letter)
        else:
            runs.append([letter])
    return [part for run in runs for part in _named(run)]


def _named(run: list[Item]) -> list[list[Item]]:
    """A name and what it is applied to, parted by a thin space that was seen too small: lim Spec, dim ker."""
    text = "".join(item.latex or _text(item) for item in run)
    for end in range(2, len(run)):
        gap = run[end].box.x0 - run[end - 1].box.x1
        applied = text[end].isupper() or text.startswith(_NAMES_IN_ORDER, end)
        if text[:end] in NAMES and applied and gap > NAME_GAP * (run[end].size or 10.0):
            return [run[:end], *_named(run[end:])]
    return [run]


def _continues(region: Region, left: Item, right: Item, others: Sequence[Item]) -> bool:
    size = right.size or 10.0
    if left.face != right.face or abs((left.y or 0) - (right.y or 0)) > 0.05 * size:
        return False
    if abs((left.size or 0) - size) > 0.02 * size + 0.1:
        return False
    gap = right.box.x0 - left.end
    return -0.3 * size < gap < region.profile.letter_gap * size and not _between(left, right, others)


def _between(left: Item, right: Item, others: Sequence[Item], small: float = 0.3) -> bool:
    """Whether another symbol of this line stands between the two; small ones may be of another line."""
    size = right.size or 10.0
    y = right.y or 0.0
    start, end = left.box.cx, right.box.cx
    for item in others:  # all of a formula, for each of its words: a generator takes longer
        box = item.box
        if not start < (box.x0 + box.x1) / 2 < end or item.role == Kind.ACCENT:
            continue
        if item.y is None or abs(item.y - y) < (small if (item.size or size) < 0.85 * size else 0.6) * size:
            return True
    return False


def _abbreviations(words: list[Item], others: list[Item]) -> tuple[list[Item], list[Item]]:
    """Words with periods or hyphens in them, as in "s.t." and "i.i.d.", and what is left of the others."""
    marks = [item for item in others if item.latex == "." or (item.latex == "-" and item.name == "hyphen")]
    joined: list[Item] = []
    taken: set[int] = set()
    for word in sorted(words, key=lambda i: (round(i.y or 0), i.box.x0)) if marks else words:
        before = joined[-1] if joined else None
        mark = _touching(before, marks) if before is not None and _spells(before, word) else None
        if before is not None and mark is not None and _touching(mark, [word]):
            joined[-1] = _word(_text(before) + mark.latex + _text(word), word.face, [before, mark, word])
            marks.remove(mark)
            taken.add(id(mark))
        else:
            joined.append(word)
    for position, word in enumerate(joined):
        mark = _touching(word, marks) if "." in _text(word) else None
        if mark is not None:
            joined[position] = _word(_text(word) + mark.latex, word.face, [word, mark])
            marks.remove(mark)
            taken.add(id(mark))
    return joined, [item for item in others if id(item) not in taken]


def _numbered(words: list[Item], others: list[Item]) -> tuple[list[Item], list[Item]]:
    """Names that end in a figure, as arctan2 does: there is a thin space before a figure that follows one."""
    figures = [item for item in others if item.role == Kind.DIGIT and item.face == "rm"]
    taken: set[int] = set()
    for position, word in enumerate(words) if figures else ():
        if word.face != "rm" or len(_text(word)) < SHORTEST_NUMBERED or not _text(word).isalpha():
            continue
        figure = _touching(word, figures)
        if figure is not None and figure.size == word.size:
            words[position] = _word(_text(word) + figure.latex, word.face, [word, figure])
            taken.add(id(figure))
    return words, [item for item in others if id(item) not in taken]


def _spells(one: Item, other: Item) -> bool:
    """Whether both are letters of one word, unlike variables that an italic text font lends."""
    return isinstance(one.node, Word) and isinstance(other.node, Word) and one.face == other.face


def _text(item: Item) -> str:
    return item.node.text if isinstance(item.node, Word) else ""


def _touching(left: Item, following: Sequence[Item]) -> Item | None:
    """What the pen set directly after an item, on its baseline."""
    near = 0.04 * (left.size or 10.0)
    return next(
        (i for i in following if abs(i.left - left.end) < near and abs((i.y or 0) - (left.y or 0)) < near),
        None,
    )


def _phrases(region: Region, words: list[Item], others: list[Item]) -> list[Item]:
    """Neighbouring words on one line become text with spaces; "lim sup" and "arg max" become one name."""
    phrases: list[Item] = []
    for word in sorted(words, key=lambda i: (round(i.y or 0), i.box.x0)):
        previous = phrases[-1] if phrases else None
        joined = _joined(previous, word, others) if previous is not None else None
        if joined is None or previous is None:
            phrases.append(word)
        else:
            phrases[-1] = _word(joined, previous.face, [previous, word])
    return phrases


def _joined(left: Item, right: Item, others: Sequence[Item]) -> str | None:
    if not isinstance(left.node, Word) or not isinstance(right.node, Word):
        return None
    size = right.size or 10.0
    gap = right.box.x0 - left.end
    apart = abs((left.y or 0) - (right.y or 0)) > 0.05 * size or not -0.3 * size < gap < WORD_SPACE * size
    if apart or left.face != right.face:
        return None
    one, two = left.node.text, right.node.text
    if (one, two) in _JOINED and gap < NAME_SPACE * size:  # whatever stands under their middle
        return _JOINED[one, two]
    if _between(left, right, others, 0.6):
        return None
    if left.face in ("bf", "bi") and min(len(one), len(two)) < 2:
        return None  # vectors next to each other
    textual = one not in NAMES and two not in NAMES and len(one) + len(two) > 2
    return f"{one} {two}" if textual else None
