"""Tables of contents: rows of titles, each with the number of its page at the right edge.

They become one block of type "table_of_contents_container". Its children are rows, each with an item and a
number; the dots between the two are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from mathpixweb.engine.geometry import union
from mathpixweb.engine.layout.baselines import row_of
from mathpixweb.engine.layout.draft import Draft, Row, Word, standing_for
from mathpixweb.engine.layout.faces import Faces, faces_of
from mathpixweb.engine.layout.spans import spans_of
from mathpixweb.engine.model import Block, Line

SAME_LINE = 0.25  # em between baselines
WHITE = 1.5  # em before a page number without dots
SAME_EDGE = 3.0  # points
FEWEST = 3  # titles
WIDEST_STEP = 4.5  # em from title to title
WRAPPED_STEP = 1.6  # em from line to line of one title
MOST_WRAPPED = 2  # lines of a title above the one with its number
DOTTED = 0.3  # of the titles, where no heading says what this is
_LEADER = re.compile(r"[.…·‧․ ]+")
_NUMBER = re.compile(r"\d{1,4}|[ivxlc]{1,7}")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_LETTER = re.compile(r"[^\W\d_]")
_HEADING = re.compile(
    r"(?i)(table of |brief |list of )?(contents|figures|tables|algorithms)|outline|inhalt(sverzeichnis)?"
    r"|table des mati[eè]res|sommaire|[ií]ndice( general)?|contenido|conte[uú]do|sum[aá]rio|inhoud(sopgave)?"
    r"|innehåll(sförteckning)?|spis treści|obsah|содержание|оглавление|目录|目錄|目次|目 ?录|차례"
)


@dataclass(frozen=True, slots=True)
class _Title:
    """Rows on one baseline; `number` is set where they end in that of a page, `dotted` if dots lead to it."""

    rows: tuple[Row, ...]
    words: tuple[Word, ...]
    number: Word | None = None
    dotted: bool = False

    @property
    def first(self) -> Row:
        return self.rows[0]


def mark(draft: Draft) -> Draft:
    """Puts a block in the place of the rows of each table of contents."""
    rows = list(draft.rows)
    lines = _lines(rows)
    start = 0
    while start < len(lines):
        group = _group(lines, start)
        above = lines[start - 1].first.text if start else ""
        if _is_contents(group, above):
            taken = {id(row) for title in group for row in title.rows}
            at = rows.index(group[0].first)
            rows.insert(at, standing_for(_block(group, draft, faces_of(draft.survey)), group[0].first.index))
            rows = [row for row in rows if id(row) not in taken]
            start += len(group)
        else:
            start += 1
    return replace(draft, rows=tuple(rows))


def _lines(rows: Sequence[Row]) -> list[_Title]:
    """The rows of text, those on one baseline of a column together."""
    lines: list[list[Row]] = []
    for row in rows:
        if row.role != "text" or not row.words:
            continue
        last = lines[-1][-1] if lines else None
        beside = last is not None and abs(last.baseline - row.baseline) < SAME_LINE * row.size
        if last is not None and beside and last.box.x1 < row.box.x0:
            lines[-1].append(row)
        else:
            lines.append([row])
    return [_title(tuple(line)) for line in lines]


def _title(rows: tuple[Row, ...]) -> _Title:
    words = tuple(word for row in rows for word in row.words)
    if len(words) < 2 or not _NUMBER.fullmatch(words[-1].text):
        return _Title(rows, words)
    named = list(words[:-1])
    while named and _LEADER.fullmatch(named[-1].text):
        named.pop()
    dotted = sum(len(word.text) for word in words[len(named) : -1]) >= 3
    white = words[-1].x0 - words[-2].x1 > WHITE * rows[0].size
    letters = _LETTER if dotted else _LETTERS
    if not (dotted or white) or not any(letters.search(word.text) for word in named):
        return _Title(rows, words)
    return _Title(rows, tuple(named), words[-1], dotted)


def _group(lines: Sequence[_Title], start: int) -> list[_Title]:
    """Titles that follow each other from `start` on, some over several lines; ends with a number."""
    group: list[_Title] = []
    numbered = 0
    for line in lines[start:]:
        last = group[-1].first if group else line.first
        widest = WIDEST_STEP if len(group) == numbered else WRAPPED_STEP
        if last.baseline - line.first.baseline > widest * max(last.size, line.first.size):
            break
        if line.number is None and _HEADING.fullmatch(line.first.text.strip(" :.")):
            break
        if line.first.baseline > last.baseline or len(group) - numbered > MOST_WRAPPED:
            break
        if line.number is not None and abs(line.number.x1 - _edge(group, line.number.x1)) > SAME_EDGE:
            break
        group.append(line)
        if line.number is not None:
            numbered = len(group)
    return group[:numbered]


def _edge(group: Sequence[_Title], otherwise: float) -> float:
    return next((title.number.x1 for title in group if title.number is not None), otherwise)


def _is_contents(group: Sequence[_Title], above: str) -> bool:
    numbered = [title for title in group if title.number is not None]
    if len(numbered) < FEWEST:
        return False
    pages = [int(t.number.text) for t in numbered if t.number is not None and t.number.text.isdigit()]
    if sum(one > other for one, other in pairwise(pages)) > 0.1 * len(pages):
        return False
    if _HEADING.fullmatch(above.strip(" :.")):
        return True
    return sum(title.dotted for title in numbered) >= DOTTED * len(numbered)


def _block(group: Sequence[_Title], draft: Draft, faces: Faces) -> Block:
    children = tuple(_row(lines, draft, faces) for lines in _whole(group))
    box = union(child.box for child in children)
    return Block("table_of_contents_container", box, children=children, column=group[0].first.column)


def _whole(group: Sequence[_Title]) -> Iterator[list[_Title]]:
    """The lines of each title."""
    lines: list[_Title] = []
    for title in group:
        lines.append(title)
        if title.number is not None:
            yield lines
            lines = []


def _row(lines: Sequence[_Title], draft: Draft, faces: Faces) -> Block:
    spans = tuple(_line(title.first, title.words, draft, faces) for title in lines if title.words)
    number = lines[-1].number
    column = lines[0].first.column
    item = Block("table_of_contents_item", union(line.box for line in spans), spans, column=column)
    children = [item]
    if number is not None:
        line = _line(lines[-1].first, (number,), draft, faces)
        children.append(Block("table_of_contents_number", line.box, (line,), column=column))
    box = union(child.box for child in children)
    return Block("table_of_contents_row", box, children=tuple(children), column=column)


def _line(row: Row, words: Sequence[Word], draft: Draft, faces: Faces) -> Line:
    glyphs = tuple(glyph for word in words for glyph in word.glyphs)
    whole = replace(row_of(glyphs, (), draft.body_size), words=tuple(words), size=row.size)
    return Line(spans_of(whole, draft.options, faces), whole.box, row.size)
