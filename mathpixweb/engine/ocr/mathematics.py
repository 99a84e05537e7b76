"""Where mathematics is in a picture: everything, a line of its own, or a piece of a line of text.

Words that were read with certainty keep their symbols. What else was seen gathers in groups of neighbours; a
group in which something can only be mathematics is a formula, inline if it stands next to words, displayed if
it stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.disjoint_sets import DisjointSets
from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout.words import FUNCTIONS
from mathpixweb.engine.math import latex
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.ocr import alphabets, choices, levels, misread, plain_words, tesseract
from mathpixweb.engine.ocr.formulas import FoundFormula, all_right, formula_of, geometric_mean
from mathpixweb.engine.ocr.middles import Middles
from mathpixweb.engine.ocr.rows import MixedLine
from mathpixweb.engine.ocr.symbols import FoundRule, FoundSymbol, Sighting
from mathpixweb.engine.ocr.text import TextLine, TextWord

SURE: Final = 0.5  # probability from which a symbol counts
SURE_WORD: Final = 0.8  # confidence of a word that may keep its symbols
SURE_WHOLE: Final = 0.82  # mean confidence of symbols before which nobody needs to look for words
PROSE_SHARE: Final = 0.3  # of the symbols stand in words: the picture is not one formula
EXPLAINED: Final = 0.95  # of the ink lies under symbols where nothing was missed
COVERED: Final = 0.7  # of the ink lies under symbols: the picture is one formula
TALL: Final = 1.8  # em; so high a bracket holds rows
BESIDE, UNDER = 1.0, 0.45  # em between neighbours of one formula
LONGER_BAR: Final = 1.8  # times as long as its longer part may a fraction's bar be
NEXT_TO: Final = 2.5  # em between a formula and the words that make it inline
LABELS: Final = 0.5  # of these lie between the symbols of one label in a drawing
CLOSE_ROWS: Final = 1.1  # em between the rows of one display
SHIFTED: Final = 0.1  # em from a word's baseline to that of its index or exponent, at least
OPERAND_GAP: Final = 0.6  # em between a word and the sign of what it is added to or compared with
NO_SPACE: Final = 0.18  # em between a name and the bracket of its argument
WORD_GAP: Final = 0.3  # em between letters of two words
FEWEST_OPERATORS: Final = 2  # of a line that is a part of a formula without a relation
IN: Final = 1.5  # pixels beside a box in which the middle of a symbol in it may lie
STOP: Final = 0.1  # em, at least, from the end of a formula to that of a full stop after it
SMALL_WORD: Final = 0.85  # of the text's size; a smaller word is an index or a label
ONE_LETTER_WORDS: Final = frozenset(("hi", "ko", "ru"))  # alphabets in which there are such
_TELLING: Final = (Kind.LETTER, Kind.REL, Kind.OP, Kind.INT, Kind.RAD, Kind.ACCENT, Kind.HBRACE, Kind.ORD)
_SIGNS: Final = (Kind.REL, Kind.BIN)
_SCRIPTS: Final = (Kind.DIGIT, Kind.LETTER, Kind.REL, Kind.BIN)
# signs that stand beside numbers and words as well
_PROSAIC: Final = frozenset(
    (".", "/", ":", r"\#", r"\$", r"\%", r"\&", r"\P", r"\S", r"\_", r"\ldots", r"\pounds")
)
_IN_WORDS: Final = frozenset(("-", "/", ":", "|", r"\cdot", r"\ast", "*", r"\bullet"))
_WORD: Final = re.compile(
    r"[(\[“\"'‘]*(?:[cdjlmnstCDJLMNSTO]['’])?[^\W\d_]{2,}(?:[-’'][^\W\d_]+)*"
    rf"(?:{plain_words.MANY})?[)\]”\"'’.,;:?!]*"
)
_LABEL: Final = re.compile(r"\(?(?:[A-Za-z]|[ivx]{1,4})\)")  # of one of several paragraphs or questions
_REST: Final = re.compile(r"[^\W\d_]{3,}[.,;:]?|-[^\W\d_]{2,}[.,;:]?")  # of a word beside a formula
_CLOSING: Final = frozenset(",.;:")
_TAG: Final = re.compile(r"\((\*|[A-Z]?\.?\d+(?:\.\d+)*[a-z]?)\)")


@dataclass(frozen=True, slots=True)
class Found:
    """What a picture holds: lines of words and inline formulas, and displays of one or more rows."""

    lines: tuple[MixedLine, ...]
    displays: tuple[tuple[FoundFormula, ...], ...]


def whole(seen: Sighting, ink: NDArray[np.bool_], style: latex.Style) -> FoundFormula | None:
    """The picture as one formula, None if it holds words or much else."""
    symbols = likely(seen)
    if choices.labels(symbols):
        return None
    names = any(_is_name(_spelt(word)) for word in _words(symbols))
    if not names and not any(_tells(symbol) for symbol in symbols):
        return None
    share = covered(symbols, seen.rules, ink)
    if _is_mostly_prose(symbols, seen.rules) or share < COVERED:
        return None
    if geometric_mean(symbols) * min(1.0, share / EXPLAINED) <= SURE_WHOLE:
        return None
    return _all_of_it(symbols, seen, ink, style)


def wordless(
    lines: Sequence[TextLine], seen: Sighting, ink: NDArray[np.bool_], style: latex.Style
) -> FoundFormula | None:
    """The picture as one formula if no word could be read in it, however much of it was not understood, or
    if all of it was surely seen and words are a small part of that.

    Tesseract's lines are of an alphabet whose letters look like symbols to whoever does not know it.
    """
    symbols = likely(seen)
    if choices.labels(symbols) or not any(
        s.best.kind in _TELLING or _is_tall(s) or _has_script([s], symbols) for s in symbols
    ):
        return None
    if _is_mostly_prose(symbols, seen.rules) or any(line.engine == tesseract.ENGINE for line in lines):
        return None
    words = [word for word in _kept(lines, _prose(lines, symbols)) if not _is_part(word.box, symbols)]
    if words and not _is_surely_more_than(words, symbols, seen, ink):
        return None
    return _all_of_it(symbols, seen, ink, style)


def _is_surely_more_than(
    words: Sequence[TextWord], symbols: Sequence[FoundSymbol], seen: Sighting, ink: NDArray[np.bool_]
) -> bool:
    """Whether symbols that are sure, and hold all ink, are many more than the letters of words."""
    letters = sum(len(word.text) for word in words)
    explained = covered(symbols, seen.rules, ink) >= EXPLAINED
    return letters <= PROSE_SHARE * len(symbols) and geometric_mean(symbols) > SURE_WHOLE and explained


def likely(seen: Sighting) -> list[FoundSymbol]:
    """The symbols that are rather there than not."""
    return [symbol for symbol in seen.symbols if symbol.certainty > SURE]


def _all_of_it(
    symbols: Sequence[FoundSymbol], seen: Sighting, ink: NDArray[np.bool_], style: latex.Style
) -> FoundFormula | None:
    """The formula, the less sure the more ink there is that it does not explain."""
    found = formula_of(symbols, seen.rules, seen.size, style)
    if found is None:
        return None
    explained = min(1.0, covered(symbols, seen.rules, ink) / EXPLAINED)
    right = all_right(symbols, found.latex, seen.looks, style) ** (1 / found.symbols)
    return replace(found, confidence=right * explained)


def covered(symbols: Sequence[FoundSymbol], rules: Sequence[FoundRule], ink: NDArray[np.bool_]) -> float:
    """The share of the ink that lies under what was seen."""
    total = int(ink.sum())
    if not total:
        return 0.0
    rest = ink.copy()
    for box in [
        *(symbol.box.grown(0.08 * symbol.size) for symbol in symbols),
        *(r.box.grown(3) for r in rules),
    ]:
        rest[max(0, int(box.y0)) : int(box.y1) + 2, max(0, int(box.x0)) : int(box.x1) + 2] = False
    return 1 - int(rest.sum()) / total


def is_mathematics(symbol: FoundSymbol) -> bool:
    """Whether the symbol tells that what it stands in is a formula, and not a number, a price or a date."""
    return symbol.best.kind in _TELLING and symbol.best.latex not in _PROSAIC


def _is_tall(symbol: FoundSymbol) -> bool:
    """Whether it is a bracket around several rows, which may be numbers only."""
    return symbol.best.kind in (Kind.OPEN, Kind.CLOSE) and symbol.box.height > TALL * symbol.size


def _tells(symbol: FoundSymbol) -> bool:
    return symbol.best.kind in _TELLING or symbol.best.kind is Kind.DIGIT


def _is_mostly_prose(symbols: Sequence[FoundSymbol], rules: Sequence[FoundRule]) -> bool:
    brackets = [symbol for symbol in symbols if symbol.best.kind is Kind.OPEN]
    signs = _signs_beside_words(symbols, rules)
    letters = sum(
        len(word)
        for word in _words(symbols)
        if len(word) > 2
        and not _is_name(_spelt(word))
        and not _is_applied(word[-1], brackets)
        and not _is_operand(word, signs)
        and not _has_script(word, symbols)
        and not _is_part(union(letter.box for letter in word), symbols)
    )
    return letters > PROSE_SHARE * len(symbols)


def _signs_beside_words(symbols: Sequence[FoundSymbol], rules: Sequence[FoundRule]) -> list[FoundSymbol]:
    """The signs between what is added, multiplied or compared, if a fraction or a script tells that it is."""
    least = SMALL_WORD * levels.main_size(symbols)
    scripts = any(symbol.size < least for symbol in symbols if symbol.best.kind in _SCRIPTS)
    if not scripts and not any(_is_of_a_fraction(rule, symbols) for rule in rules):
        return []
    return [
        s for s in symbols if s.best.kind in _SIGNS and s.best.latex not in _IN_WORDS and s.probability > SURE
    ]


def _is_operand(word: Sequence[FoundSymbol], signs: Sequence[FoundSymbol]) -> bool:
    """Whether a sign stands beside the word, on its line."""
    box, size = union(letter.box for letter in word), word[0].size
    return any(
        box.y0 < sign.box.cy < box.y1 and -sign.box.x_overlap(box) < OPERAND_GAP * size for sign in signs
    )


def _is_part(word: Box, symbols: Sequence[FoundSymbol]) -> bool:
    """Whether a word is a part of the formula: an index, a label, or in a row that a high bracket holds."""
    for bracket in symbols:
        held = bracket.best.kind is Kind.OPEN and _is_tall(bracket)
        if held and bracket.box.x1 < word.cx and bracket.box.y0 < word.cy < bracket.box.y1:
            return True
    letters = [symbol.size for symbol in symbols if word.contains_point(symbol.box.cx, symbol.box.cy)]
    return bool(letters) and sum(letters) < SMALL_WORD * levels.main_size(symbols) * len(letters)


def _has_script(word: Sequence[FoundSymbol], symbols: Sequence[FoundSymbol]) -> bool:
    """Whether an index or exponent stands right before or after it, as in the formula of a substance."""
    box, size, baseline = union(letter.box for letter in word), word[0].size, word[0].baseline
    return any(
        symbol.size < SMALL_WORD * size
        and abs(symbol.baseline - baseline) > SHIFTED * size
        and -NO_SPACE * size < -symbol.box.x_overlap(box) < NO_SPACE * size
        and symbol.box.y_overlap(box.grown(0, SHIFTED * size)) > 0
        for symbol in symbols
        if symbol.best.kind is Kind.DIGIT or symbol.best.latex in ("+", "-")
    )


def _is_name(word: str) -> bool:
    """Whether it is the name of a function, or several in a row."""
    if word in FUNCTIONS:
        return True
    return any(word[:end] in FUNCTIONS and _is_name(word[end:]) for end in range(2, len(word) - 1))


def _is_applied(last: FoundSymbol, brackets: Sequence[FoundSymbol]) -> bool:
    """Whether a bracket follows without a space, as after the name of an operator: Spec(A)."""
    return any(
        -0.1 * last.size < bracket.box.x0 - last.box.x1 < NO_SPACE * last.size
        and bracket.box.y0 < last.box.cy < bracket.box.y1
        for bracket in brackets
    )


def _spelt(word: Sequence[FoundSymbol]) -> str:
    return "".join(letter.best.latex for letter in word)


def _words(symbols: Sequence[FoundSymbol]) -> list[list[FoundSymbol]]:
    """Upright letters next to each other."""
    letters = sorted((s for s in symbols if s.best.kind is Kind.ROMAN), key=lambda s: s.box.x0)
    words: list[list[FoundSymbol]] = []
    for letter in letters:
        word = next((w for w in words if _goes_on(w[-1], letter)), None)
        if word is None:
            words.append([letter])
        else:
            word.append(letter)
    return words


def _goes_on(last: FoundSymbol, letter: FoundSymbol) -> bool:
    gap = letter.box.x0 - last.box.x1
    return (
        -0.3 * last.size < gap < WORD_GAP * last.size
        and abs(last.baseline - letter.baseline) < 0.2 * last.size
    )


def sort(lines: Sequence[TextLine], seen: Sighting, style: latex.Style) -> Found:
    """Words and formulas sorted out."""
    prose = _prose(lines, seen.symbols)
    kept = [word.box for word in _kept(lines, prose)]
    bare = [line.box for line, flags in zip(lines, prose, strict=True) if not any(flags)]
    bare = _relating(bare, seen.symbols)
    middles = Middles(symbol.box for symbol in seen.symbols)
    related = _related(seen.symbols)
    in_words, in_bare = (middles.within_any(box.grown(IN) for box in boxes) for boxes in (kept, bare))
    free = [
        symbol
        for symbol, in_word, is_bare in zip(seen.symbols, in_words, in_bare, strict=True)
        if not in_word
        and (symbol.probability > SURE or (symbol.certainty > SURE and (is_bare or id(symbol) in related)))
    ]
    groups = _groups(free, seen.rules, seen.size)
    formulas = [f for group, rules in groups if (f := _formula(group, rules, seen.size, style)) is not None]
    formulas = misread.without_misread(formulas, lines)
    inline: dict[int, list[FoundFormula]] = {}
    alone: list[FoundFormula] = []
    for formula in formulas:
        beside = _line_beside(formula, lines, prose)
        if beside is None:
            alone.append(formula)
        else:
            inline.setdefault(beside, []).append(formula)
    mixed: list[MixedLine] = []
    for position, line in enumerate(lines):
        pieces = _pieces(line, prose[position], inline.get(position, []), alone)
        if pieces:
            mixed.append(MixedLine(tuple(pieces), line.baseline, line.size))
    return _tagged(mixed, alone)


def apart(seen: Sighting) -> list[FoundFormula]:
    """Every group of symbols as a formula of its own, words and numbers too: the labels of a drawing."""
    groups = _groups(likely(seen), seen.rules, LABELS * seen.size)
    formulas = (formula_of(group, rules, seen.size) for group, rules in groups)
    return [formula for formula in formulas if formula is not None]


def _prose(lines: Sequence[TextLine], symbols: Sequence[FoundSymbol]) -> list[list[bool]]:
    """Of each word of each line whether it keeps its symbols."""
    middles = Middles(symbol.box for symbol in symbols)

    def keeps(word: TextWord) -> bool:
        return _is_prose(word, [symbols[k] for k in np.flatnonzero(middles.within(word.box)).tolist()])

    return [
        _with_short_words(line, _with_label(line, [keeps(word) for word in line.words])) for line in lines
    ]


def _with_short_words(line: TextLine, prose: list[bool]) -> list[bool]:
    """The same, where a foreign letter that is a word stays one between words, as the Russian for "and"."""
    around = list(zip([True, *prose[:-1]], [*prose[1:], True], strict=True))
    return [
        kept or (all(beside) and len(word.text) == 1 and alphabets.of(word.text) in ONE_LETTER_WORDS)
        for kept, beside, word in zip(prose, around, line.words, strict=True)
    ]


def _with_label(line: TextLine, prose: list[bool]) -> list[bool]:
    """The same, where the label before a line of prose keeps its own, too, also after a bullet."""
    at = 0 if any(char.isalnum() for char in line.words[0].text) else 1
    label, before_prose = line.words[at : at + 1], prose[at + 1 : at + 2] == [True]
    is_label = before_prose and label[0].confidence > SURE_WORD and _LABEL.fullmatch(label[0].text)
    return [*prose[:at], True, *prose[at + 1 :]] if is_label else prose


def _kept(lines: Sequence[TextLine], prose: Sequence[Sequence[bool]]) -> list[TextWord]:
    """The words that keep their symbols."""
    told = zip(lines, prose, strict=True)
    return [word for line, flags in told for word, flag in zip(line.words, flags, strict=True) if flag]


def _is_prose(word: TextWord, inside: Sequence[FoundSymbol]) -> bool:
    """Whether a word keeps the symbols inside: it was surely read, and it is no name of variables."""
    foreign = sum(alphabets.of(char) not in (None, "en") for char in word.text if not _is_greek(char))
    if foreign > 1 and 2 * foreign > len(word.text):  # the network knows Latin and Greek letters only
        return True
    if plain_words.is_code(word):
        return True
    if word.confidence < SURE_WORD or not _WORD.fullmatch(word.text):
        return False
    letters = re.sub(r"\W", "", word.text)
    if len(letters) > 3:
        return True
    upright = sum(symbol.best.kind in (Kind.ROMAN, Kind.PUNCT) for symbol in inside)
    return letters not in FUNCTIONS and (not inside or upright >= 0.6 * len(inside))


def _is_greek(char: str) -> bool:
    return "\u0370" <= char <= "\u03ff"


def _relating(lines: Sequence[Box], symbols: Sequence[FoundSymbol]) -> list[Box]:
    """The lines with a relation in them, or some operators. Where no word stands in those they are formulas,
    in which there is nothing else that a symbol nobody can name may belong to.
    """
    signs = [s for s in symbols if s.best.kind in _SIGNS and s.probability > SURE]

    def relates(line: Box) -> bool:
        inside = [s.best.kind for s in signs if line.contains_point(s.box.cx, s.box.cy)]
        return Kind.REL in inside or len(inside) >= FEWEST_OPERATORS

    return [line for line in lines if relates(line)]


def _related(symbols: Sequence[FoundSymbol]) -> set[int]:
    """What stands right after a relation, which lacks its other side without it."""
    found: set[int] = set()
    for sign in symbols:
        if sign.best.kind is Kind.REL and sign.probability > SURE:
            after = [
                symbol
                for symbol in symbols
                if 0 < symbol.box.x0 - sign.box.x1 < BESIDE * sign.size and symbol.box.y_overlap(sign.box) > 0
            ]
            found |= {id(symbol) for symbol in sorted(after, key=lambda symbol: symbol.box.x0)[:1]}
    return found


def _lies_in(box: Box, others: Sequence[Box]) -> bool:
    return any(other.grown(IN).contains_point(box.cx, box.cy) for other in others)


_Group = tuple[list[FoundSymbol], list[FoundRule]]


def _groups(symbols: Sequence[FoundSymbol], rules: Sequence[FoundRule], size: float) -> list[_Group]:
    """Neighbours together; a rule ties what stands above and below it."""
    bars = [rule for rule in rules if any(_is_near(rule.box, symbol.box, size) for symbol in symbols)]
    boxes = [symbol.box for symbol in symbols] + [bar.box for bar in bars]
    near = DisjointSets(range(len(boxes)))
    order = sorted(range(len(boxes)), key=lambda k: boxes[k].x0)
    for position, k in enumerate(order):
        for other in order[position + 1 :]:
            if boxes[other].x0 > boxes[k].x1 + BESIDE * size:
                break
            if _is_near(boxes[k], boxes[other], size):
                near.join(k, other)
    first_bar = len(symbols)
    return [
        ([symbols[k] for k in group if k < first_bar], [bars[k - first_bar] for k in group if k >= first_bar])
        for group in near.groups()
    ]


def _is_near(one: Box, other: Box, size: float) -> bool:
    across, down = -one.x_overlap(other), -one.y_overlap(other)
    return (across < BESIDE * size and down < 0) or (across < 0.2 * size and down < UNDER * size)


def _formula(
    symbols: list[FoundSymbol], rules: list[FoundRule], size: float, style: latex.Style
) -> FoundFormula | None:
    """The group as a formula, if something in it is mathematics beyond doubt."""
    telling = any(is_mathematics(symbol) for symbol in symbols)
    if not telling and not any(_is_of_a_fraction(rule, symbols) for rule in rules):
        return None
    if len(symbols) == 1 and symbols[0].best.kind is not Kind.LETTER:
        return None
    last = max(symbols, key=lambda symbol: symbol.box.x1)
    if last.best.kind is Kind.PUNCT and len(symbols) > 1:
        symbols = [symbol for symbol in symbols if symbol is not last]
    return formula_of(symbols, rules, size, style)


def _is_of_a_fraction(rule: FoundRule, symbols: Sequence[FoundSymbol]) -> bool:
    """Whether numbers stand above and below the rule, which is hardly longer than they are."""
    near = [
        s for s in symbols if rule.box.x0 < s.box.cx < rule.box.x1 and abs(s.box.cy - rule.box.cy) < s.size
    ]
    parts = [s for s in near if s.box.cy < rule.box.cy], [s for s in near if s.box.cy > rule.box.cy]
    if rule.vertical or not all(parts):
        return False
    return rule.box.width < LONGER_BAR * max(union(s.box for s in part).width for part in parts)


def _line_beside(
    formula: FoundFormula, lines: Sequence[TextLine], prose: Sequence[Sequence[bool]]
) -> int | None:
    """The line of text of which the formula is a part."""
    best: tuple[float, int] | None = None
    for position, (line, flags) in enumerate(zip(lines, prose, strict=True)):
        if formula.box.y_overlap(line.box) < 0.4 * min(formula.box.height, line.box.height):
            continue
        words = [word.box for word, flag in zip(line.words, flags, strict=True) if flag]
        gaps = [-word.x_overlap(formula.box) for word in words]
        if gaps and min(gaps) < NEXT_TO * line.size:
            distance = abs(formula.box.cy - line.box.cy)
            best = min(best or (distance, position), (distance, position))
    return best[1] if best else None


def _pieces(
    line: TextLine, prose: Sequence[bool], inline: Sequence[FoundFormula], alone: Sequence[FoundFormula]
) -> list[TextWord | FoundFormula]:
    """The line's words without what formulas have taken of them, and its formulas, from left to right."""
    pieces: list[TextWord | FoundFormula] = list(inline)
    displays = [display.box for display in alone]
    for word, is_prose in zip(line.words, prose, strict=True):
        if not is_prose and _lies_in(word.box, displays):
            continue
        pieces += _outside(word, inline)
    return sorted(pieces, key=lambda piece: piece.box.x0)


def _outside(word: TextWord, formulas: Sequence[FoundFormula]) -> list[TextWord]:
    """The part of a word that no formula has taken."""
    step = word.box.width / max(1, len(word.text))
    middles = [word.box.x0 + (k + 0.5) * step for k in range(len(word.text))]
    near = [formula.box.grown(0.15 * formula.size, 0) for formula in formulas]
    free = [not any(box.x0 <= x <= box.x1 for box in near) for x in middles]
    if word.text[-1:] in _CLOSING and not free[-1]:  # it is narrower than the letters before it
        taking = [formula for formula in formulas if formula.box.x_overlap(word.box) > 0]
        free[-1] = all(word.box.x1 > formula.box.x1 + STOP * formula.size for formula in taking)
    if all(free):
        return [word]
    start = next((k for k, flag in enumerate(free) if flag), None)
    if start is None:
        return []
    end = start
    while end < len(free) and free[end]:
        end += 1
    text = word.text[start:end]
    if not (_REST.fullmatch(text) or set(text) <= _CLOSING):
        return []
    box = Box(word.box.x0 + start * step, word.box.y0, word.box.x0 + end * step, word.box.y1)
    return [replace(word, text=text, box=box)]


def _tagged(lines: Sequence[MixedLine], displays: Sequence[FoundFormula]) -> Found:
    """Equation numbers given to the displays at whose right they stand; displays close together made one."""
    kept: list[MixedLine] = []
    tags: dict[int, str] = {}
    for line in lines:
        text = line.pieces[0].text if len(line.pieces) == 1 and isinstance(line.pieces[0], TextWord) else ""
        number = _TAG.fullmatch(text)
        beside = [
            k
            for k, display in enumerate(displays)
            if number
            and line.pieces[0].box.y_overlap(display.box) > 0
            and line.pieces[0].box.x0 > display.box.x1
        ]
        if number and beside:
            tags[beside[-1]] = number[1]
        else:
            kept.append(line)
    rows = [replace(display, tag=tags.get(k)) for k, display in enumerate(displays)]
    return Found(tuple(kept), tuple(_gathered(rows)))


def _gathered(rows: Sequence[FoundFormula]) -> list[tuple[FoundFormula, ...]]:
    groups: list[list[FoundFormula]] = []
    for row in sorted(rows, key=lambda row: row.box.y0):
        last = groups[-1][-1] if groups else None
        if last and 0 <= row.box.y0 - last.box.y1 < CLOSE_ROWS * row.size and row.box.x_overlap(last.box) > 0:
            groups[-1].append(row)
        else:
            groups.append([row])
    return [tuple(group) for group in groups]


def around(formulas: Sequence[FoundFormula]) -> Box:
    return union(formula.box for formula in formulas)
