"""What each row reads: words and formulas.

A formula begins at a word that can only be mathematics and takes in its neutral neighbours as long as
operators or open brackets hold them together. What is punctuation or prose at its edges is given back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from mathpixweb.engine.geometry import union
from mathpixweb.engine.layout import formulas
from mathpixweb.engine.layout.draft import Draft, Row, Word
from mathpixweb.engine.layout.enclosures import within
from mathpixweb.engine.layout.faces import Faces, faces_of
from mathpixweb.engine.layout.lettering import UNREADABLE, reading
from mathpixweb.engine.layout.marks import is_written
from mathpixweb.engine.layout.membership import in_formulas
from mathpixweb.engine.layout.ties import SMALL
from mathpixweb.engine.layout.trimming import Edges, bracket_balance, ends_in_accent, trimmed
from mathpixweb.engine.layout.words import BOLD, ITALIC, NO_FACES, OFF_BASELINE, is_prose
from mathpixweb.engine.math import symbols
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.model import Formula, Glyph, Options, Rule, Span, Text, ink_of
from mathpixweb.engine.readers.families import MATH_FAMILIES

UNREADABLE_CONFIDENCE = 0.1
MATH_COMMA_SPACE = 0.23  # em after a comma of a math font, TeX sets 0.17; more is another formula
TEXT_COMMA_SPACE = 0.19  # em after a comma of a text font
TOUCH = 0.05  # em; what is nearer is one word in two pieces
USUAL_SPACE = 0.33  # em between words
LEAST_QUAD = 0.75  # em; a \\quad is 1, and spaces of justified text seldom come to this
QUAD_TO_SPACE = 1.7  # times as wide as the spaces between the words of the row
WIDEST_QUAD = 3.0  # em
_STOPS = (",", ";", ".")
_ELLIPSES = ("...", "…")
_CLOSING = re.compile(r"[,.;:!?)]+")


def read(draft: Draft) -> Draft:
    """Gives every row of prose its spans."""
    rows: list[Row] = []
    faces = faces_of(draft.survey)
    carried = NOTHING
    for row in draft.rows:
        if row.block or row.display or row.spans:
            carried = NOTHING
        else:
            row = row.with_spans(spans_of(row, draft.options, faces, carried))
            carried = _carried(row)
        rows.append(row)
    return replace(draft, rows=tuple(rows))


@dataclass(frozen=True, slots=True)
class Carried:
    """Whether a row ends within a formula, and how many of its brackets are open."""

    goes_on: bool = False
    depth: int = 0


NOTHING = Carried()


def _carried(row: Row) -> Carried:
    last = row.spans[-1] if row.spans else None
    if not isinstance(last, Formula):
        return NOTHING
    depth = max(0, open_brackets(last))
    return Carried(ends_open(last) or depth > 0, depth)


def spans_of(
    row: Row, options: Options, faces: Faces = NO_FACES, carried: Carried = NOTHING
) -> tuple[Span, ...]:
    """Words and inline formulas of a row; the blanks between them are part of the texts."""
    if any(map(is_written, row.glyphs)):
        return tuple(_merged(_around_written(row, options, faces)))
    spans: list[Span] = []
    pieces = _pieces(row, options.numbers_default_to_math, carried.goes_on)
    for position, (words, math) in enumerate(pieces):
        before = pieces[position - 1][0][-1] if position else None
        touching = before is None or words[0].pen - before.pen_after < TOUCH * row.size
        blank = "" if touching or _CLOSING.fullmatch(words[0].text) else " "
        if math:
            depth = carried.depth if words is pieces[0][0] else 0
            edges = Edges(depth, words is pieces[-1][0] and _ends_with_operator(words), faces.math)
            spans += _formula_spans(words, row, blank, options, edges, words is pieces[-1][0])
        else:
            spans += _text_spans(words, row, blank)
    return tuple(_merged(spans))


def _around_written(row: Row, options: Options, faces: Faces) -> Iterator[Span]:
    """The spans of a row in which formulas brought their LaTeX along: what touches them is text."""
    first = True
    for written, group in groupby(row.words, key=lambda word: any(map(is_written, word.glyphs))):
        words = tuple(group)
        blank = "" if first or _CLOSING.fullmatch(words[0].text) else " "
        first = False
        if not written:
            part = row.only(tuple(glyph for word in words for glyph in word.glyphs))
            yield from ([Text(blank, words[0].glyphs[0].ink)] if blank else [])
            yield from spans_of(replace(part, words=words), options, faces)
            continue
        for word in words:
            yield from _touching(word, row, blank)
            blank = " "


def _touching(word: Word, row: Row, blank: str) -> Iterator[Span]:
    for written, run in groupby(word.glyphs, key=is_written):
        glyphs = list(run)
        if not written:
            yield from _spans_of_word(glyphs, row, blank)
        else:
            yield from ([Text(blank, glyphs[0].ink)] if blank else [])
            yield from (Formula(glyph.char, glyph.ink) for glyph in glyphs)
        blank = ""


def _ends_with_operator(words: Sequence[Word]) -> bool:
    last = words[-1].glyphs[-1]
    return symbols.symbol_of(last).kind in (Kind.REL, Kind.BIN, Kind.PUNCT, Kind.OPEN)


def _pieces(row: Row, numbers_are_math: bool, goes_on: bool) -> list[tuple[list[Word], bool]]:
    """Neighbouring words that are all prose, or together one formula."""
    flags = in_formulas(row.words, numbers_are_math, goes_on)
    wide = _wide_space(row)
    pieces: list[tuple[list[Word], bool]] = []
    for word, math in zip(row.words, flags, strict=True):
        before = pieces[-1] if pieces and pieces[-1][1] == math else None
        if before and (not math or not _ends_formula(before[0], word, row, wide)):
            before[0].append(word)
        else:
            pieces.append(([word], math))
    return pieces


def _wide_space(row: Row) -> float:
    """Wider than any space between words of this row: a space that its author has put into a formula."""
    spaces = [
        right.pen - left.pen_after
        for left, right in pairwise(row.words)
        if is_prose(left) and is_prose(right)
    ]
    usual = median(spaces) if spaces else USUAL_SPACE * row.size
    return max(LEAST_QUAD * row.size, QUAD_TO_SPACE * usual)


def _ends_formula(words: Sequence[Word], following: Word, row: Row, wide: float) -> bool:
    """Whether a comma with an interword space parts two formulas of an enumeration."""
    last = words[-1]
    if (
        symbols.text_of(last.glyphs[-1]) not in _STOPS
        or ends_in_accent(last.glyphs)
        or any(text.strip(",;").endswith(_ELLIPSES) for text in (last.text, following.text[:3]))
        or bracket_balance(glyph for word in words for glyph in word.glyphs) > 0
    ):
        return False
    space = following.pen - last.pen_after
    if wide < space < WIDEST_QUAD * row.size:
        return False
    if last.glyphs[-1].family in MATH_FAMILIES:
        white = following.x0 - last.x1  # less where an italic letter reaches back
        return min(space, white) > MATH_COMMA_SPACE * row.size
    return space > TEXT_COMMA_SPACE * row.size


def _formula_spans(
    words: Sequence[Word], row: Row, blank: str, options: Options, edges: Edges, last: bool
) -> list[Span]:
    """A formula with the blank before it and what its edges give back to the text; `last` in its row."""
    before, core, after = trimmed([glyph for word in words for glyph in word.glyphs], row.size, edges)
    if last and [glyph.family in MATH_FAMILIES and symbols.text_of(glyph) == "," for glyph in after] == [
        True
    ]:
        core, after = core + after, []  # the next row may have more of the list
    if not core:
        return [text_span(before + after, blank)]
    spans: list[Span] = []
    if before or blank:
        spans.append(text_span(before, blank) if before else Text(blank, ink_of(core)))
    formula = formulas.inline(core, rules_over(core, row.rules), options, within(core, row.enclosures))
    if not formula.latex.strip():
        spans.append(text_span(core, ""))
    else:
        spans.append(formulas.raised(formula) if all(_is_mark(glyph, row) for glyph in core) else formula)
    if after:
        spans += _spans_of_word(after, row, "")
    return spans


def rules_over(glyphs: Sequence[Glyph], rules: Iterable[Rule]) -> list[Rule]:
    """The rules that stand within the glyphs' width."""
    box = ink_of(glyphs)
    return [rule for rule in rules if box.x0 - 2 <= rule.box.x0 and rule.box.x1 <= box.x1 + 2]


def _text_spans(words: Sequence[Word], row: Row, blank: str) -> list[Span]:
    """The words as texts, neighbours of one style as one; marks of footnotes at them as formulas."""
    spans: list[Span] = []
    text, glyphs, style = "", list[Glyph](), (False, False)
    smallest = SMALL * row.size
    for word in words:
        own = _style_of_large(word.glyphs, smallest)
        if text and own != style:
            spans.append(_text(text, glyphs, style))
            text, glyphs = "", []
        if own is None:
            spans += _spans_of_word(word.glyphs, row, blank)
        else:
            text += blank + reading(word.glyphs)
            glyphs += word.glyphs
            style = own
        blank = " "
    return [*spans, _text(text, glyphs, style)] if text else spans


def _style_of_large(glyphs: Sequence[Glyph], smallest: float) -> tuple[bool, bool] | None:
    """Whether the glyphs are bold and whether italic; None if some are so small that they may be marks."""
    family = glyphs[0].family
    mixed = False
    for glyph in glyphs:
        if glyph.size <= smallest:
            return None
        if glyph.family != family:
            mixed = True
    return _style(glyphs) if mixed else (family in BOLD, family in ITALIC)


def _style(glyphs: Iterable[Glyph]) -> tuple[bool, bool]:
    """Whether all of the glyphs are bold, and whether all are italic."""
    families = {glyph.family for glyph in glyphs}
    return families <= BOLD, families <= ITALIC


def _spans_of_word(glyphs: Sequence[Glyph], row: Row, blank: str) -> list[Span]:
    """The letters of a word as text, marks of footnotes before, after or in it as formulas."""
    if min([glyph.size for glyph in glyphs]) > SMALL * row.size:
        return [text_span(glyphs, blank)]
    spans: list[Span] = []
    for marks, run in groupby(glyphs, key=lambda glyph: _is_mark(glyph, row)):
        part = list(run)
        if not marks:
            spans.append(text_span(part, blank))
        elif blank:
            spans += [Text(blank, part[0].ink), formulas.note_mark(part)]
        else:
            spans.append(formulas.note_mark(part))
        opens_note = marks and len(spans) == 1 + bool(blank)
        blank = " " if opens_note else ""
    return spans


def _is_mark(glyph: Glyph, row: Row) -> bool:
    return glyph.size <= SMALL * row.size and glyph.y > row.baseline + OFF_BASELINE * row.size


def text_span(glyphs: Sequence[Glyph], blank: str) -> Text:
    """The glyphs as text after a blank; what cannot be read lowers the confidence."""
    return _text(blank + reading(glyphs), glyphs, _style(glyphs))


def _text(text: str, glyphs: Sequence[Glyph], style: tuple[bool, bool]) -> Text:
    confidence = UNREADABLE_CONFIDENCE if UNREADABLE in text else 1.0
    return Text(text, ink_of(glyphs), *style, confidence)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Neighbouring texts of one face made one."""
    merged: list[Span] = []
    run: list[Text] = []
    face: Text | None = None  # of the run, None while it is nothing but blanks
    for span in spans:
        if not isinstance(span, Text):
            merged += [*_joined(run, face), span]
            run, face = [], None
            continue
        blank = span.text.isspace()
        if face and not blank and (face.bold, face.italic) != (span.bold, span.italic):
            merged += _joined(run, face)
            run, face = [], None
        run.append(span)
        if not blank:
            face = face or span
    return [*merged, *_joined(run, face)]


def _joined(texts: Sequence[Text], face: Text | None) -> list[Text]:
    """The texts of one face as one."""
    if len(texts) < 2:
        return list(texts)
    face = face or texts[-1]
    box = union([text.box for text in texts])
    confidence = min([text.confidence for text in texts])
    return [Text("".join([text.text for text in texts]), box, face.bold, face.italic, confidence)]


def ends_open(span: Span) -> bool:
    """Whether a formula at the end of a line goes on in the next.

    A comma that closes a formula is given to the text; one that stays inside parts members of a list.
    """
    return isinstance(span, Formula) and (formulas.ends_with_operator(span.latex) or span.latex.endswith(","))


def open_brackets(formula: Formula) -> int:
    """How many brackets the formula opens without closing them; negative if it closes others."""
    return sum((char in "([") - (char in ")]") for char in formula.latex)
