"""Title, authors and abstract on the first page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from mathpixweb.engine import writing_systems
from mathpixweb.engine.geometry import union
from mathpixweb.engine.layout.columns import cut
from mathpixweb.engine.layout.draft import Draft, Row, Word
from mathpixweb.engine.layout.headings import is_plain
from mathpixweb.engine.layout.ties import SMALL
from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Block, Glyph

LARGER = 1.25  # of the body size
FIRST_LARGER = 1.12  # of the first row of all, in the middle
MUCH_LARGER = 1.6  # where it might as well be a heading
LOWEST_TITLE = 0.45  # of the page's height
LARGER_HEADING = 1.15  # of the body size: names of authors may be as large, but stand together
HEADING_GAP = 1.9  # em from the line above
MOST_NAMES = 6  # rows, between which there is no text
_COUNTED = re.compile(r"[\ufffd•◦▪▸►▶■□●○‣⁃∙–—-]\s|\d+[.)]\s|[一二三四五六七八九十]+、")
MOST_AUTHOR_ROWS = 30
FEWEST_MARKS = 2  # on a full line of authors
_FORMULA = frozenset("=≤≥≈∈∑∏∫√")  # none of which is in a name; links may have the first of them
AUTHOR_GAP = 1.2  # em between two authors on one line
_NAMES = (
    r"abstract|zusammenfassung|résumé|resumen|аннотация|摘\s*要|概\s*要|要\s*旨|抄\s*録|초\s*록|요\s*약"
    r"|תקציר|ملخص|المستخلص"
)
_ABSTRACT = re.compile(rf"(?i)({_NAMES})[.:：—–-]*")
_ABSTRACT_LEAD = re.compile(rf"(?i)({_NAMES})(?:[.:：—–-]+$|[—–])")


def mark(draft: Draft) -> Draft:
    """Gives the rows of title, authors and abstract their roles; only the first page has them."""
    if draft.sheet.number != 1:
        return draft
    rows = list(draft.rows)
    start, end = _title(rows, draft)
    for position in range(start, end):
        rows[position] = replace(rows[position], role="title", level=0)
    if end > start:
        last = _mark_authors(rows, end, draft)
        rows[end:last] = _parted_authors(rows[end:last])
    _mark_abstract(rows, draft)
    return replace(draft, rows=tuple(rows))


def _title(rows: Sequence[Row], draft: Draft) -> tuple[int, int]:
    """The first of the largest rows of the page, if they are large enough, high enough and not numbered."""
    candidates = [row for row in rows if row.role in ("section_header", "text") and row.words]
    if not candidates:
        return 0, 0
    largest = max(row.size for row in candidates)
    start = next(
        k
        for k, row in enumerate(rows)
        if row.words and row.size == largest and row.role in ("section_header", "text")
    )
    end = start + 1
    while (
        end < len(rows)
        and rows[end].words
        and abs(rows[end].size - largest) < 0.5
        and _close(rows[end - 1], rows[end])
    ):
        end += 1
    others = [row for k, row in enumerate(rows) if not start <= k < end and row.role == "section_header"]
    unique = all(row.size < 0.97 * largest for row in others) or _centred(rows[start], draft)
    high = rows[start].box.y0 > LOWEST_TITLE * draft.sheet.height
    first = all(row.role != "text" or row.size < 0.9 * largest for row in rows[:start]) and start < 8
    named = bool(re.match(r"(\d+(\.\d+)*|[A-Z])\.?\s", rows[start].text))
    plain = _centred(rows[start], draft) or is_plain(rows[start])
    large = largest > (LARGER if plain else MUCH_LARGER) * draft.body_size or (
        start == 0 and largest > FIRST_LARGER * draft.body_size and _centred(rows[start], draft)
    )
    return (start, end) if large and unique and high and first and not named else (0, 0)


def _close(above: Row, below: Row) -> bool:
    return 0 < above.baseline - below.baseline < 2 * above.size


def _centred(row: Row, draft: Draft) -> bool:
    middle = (
        (min(draft.lefts) + max(draft.rights)) / 2 if draft.lefts and draft.rights else draft.sheet.width / 2
    )
    return abs(row.box.cx - middle) < 6


def _mark_authors(rows: list[Row], start: int, draft: Draft) -> int:
    """What stands between the title and the first heading, abstract or full line of text; where that is."""
    for position in range(start, min(len(rows), start + MOST_AUTHOR_ROWS)):
        row = rows[position]
        if row.role == "page_info":
            continue
        if (
            not _may_be_author(row)
            or _is_running_text(rows, position, draft)
            or _recurs(rows, position, draft)
        ):
            break
        rows[position] = replace(row, role="authors", level=0)
    else:
        return min(len(rows), start + MOST_AUTHOR_ROWS)
    return position


def _recurs(rows: Sequence[Row], position: int, draft: Draft) -> bool:
    """Whether the row is a heading like one further down, with text between them."""
    row, above = rows[position], rows[position - 1]
    if row.role != "section_header" or row.size < LARGER_HEADING * draft.body_size:
        return False
    if above.role == "title" or 0 < above.baseline - row.baseline < HEADING_GAP * row.size:
        return False  # a name or a date, set like the headings
    like = (
        k
        for k in range(position + MOST_NAMES, len(rows))
        if rows[k].role == "section_header" and rows[k].glyphs and _is_like(rows[k], row)
    )
    return any(any(_is_running_text(rows, n, draft) for n in range(position, k)) for k in like)


def _is_like(one: Row, other: Row) -> bool:
    return abs(one.size - other.size) < 0.1 and one.glyphs[0].font == other.glyphs[0].font


def _parted_authors(rows: Sequence[Row]) -> list[Row]:
    """The rows cut at wide gaps, one author with what stands under the name after the other."""
    return cut([part for row in rows for part in _parts(row)], fewest=2)


def _parts(row: Row) -> list[Row]:
    groups: list[list[Word]] = []
    for word in row.words:
        if groups and word.x0 - groups[-1][-1].x1 < AUTHOR_GAP * row.size:
            groups[-1].append(word)
        else:
            groups.append([word])
    if len(groups) < 2:
        return [row]
    return [_part(row, group) for group in groups]


def _part(row: Row, words: Sequence[Word]) -> Row:
    part = row.only(tuple(glyph for word in words for glyph in word.glyphs))
    return replace(part, words=tuple(words), baseline=median(glyph.y for glyph in part.glyphs))


def _may_be_author(row: Row) -> bool:
    if not row.words or _ABSTRACT.match(row.text) or _COUNTED.match(row.text) or _has_formula(row):
        return False
    return row.role == "text" or (row.role == "section_header" and (is_plain(row) or _has_marks(row)))


def _has_formula(row: Row) -> bool:
    """Whether the row says more than names and addresses do."""
    return any(
        not _FORMULA.isdisjoint(map(symbols.text_of, word.glyphs)) and "/" not in word.text
        for word in row.words
    )


def _has_marks(row: Row) -> bool:
    """Whether small raised figures stand in the row, which lead from names to addresses."""
    marked = (any(_is_raised(glyph, row) for glyph in word.glyphs) for word in row.words)
    return sum(marked) >= FEWEST_MARKS or (len(row.words) < 8 and any(_is_raised(g, row) for g in row.glyphs))


def _is_raised(glyph: Glyph, row: Row) -> bool:
    return glyph.size < SMALL * row.size and glyph.y > row.baseline


def _is_running_text(rows: Sequence[Row], position: int, draft: Draft) -> bool:
    row = rows[position]
    if _has_marks(row):
        return False
    full = row.box.x1 > draft.right_of(row) - row.size and row.box.x0 < draft.left_of(row) + 2 * row.size
    length = writing_systems.length_in_words(word.text for word in row.words)
    return (full and length > 6) or length > 14


def _mark_abstract(rows: list[Row], draft: Draft) -> None:
    """The rows between the word "Abstract" and the next heading, as long as their size stays the same."""
    start = next((k for k, row in enumerate(rows) if _opens_abstract(row)), None)
    if start is None:
        return
    heading = rows[start]
    if _ABSTRACT.fullmatch(heading.text):
        rows[start] = replace(heading, role="abstract", level=1)
        start += 1
    size = rows[start].size if start < len(rows) else 0.0
    for position in range(start, len(rows)):
        row = rows[position]
        if row.role not in ("text", "math") or abs(row.size - size) > 0.3 or _is_keywords(row):
            break
        if position > start and row.column != rows[position - 1].column:
            break
        if row.role == "text":
            rows[position] = replace(row, role="abstract")


def gather(draft: Draft) -> Draft:
    """The blocks of the abstract, from its first to its last paragraph, as the children of one."""
    blocks = list(draft.blocks)
    positions = [k for k, block in enumerate(blocks) if block.type == "abstract" and not block.level]
    if not positions:
        return draft
    start, end = positions[0], positions[-1] + 1
    children = tuple(replace(b, type="text") if b.type == "abstract" else b for b in blocks[start:end])
    whole = Block(
        "abstract", union(child.box for child in children), column=children[0].column, children=children
    )
    named = [replace(b, type="abstract_heading") if b.type == "abstract" else b for b in blocks[:start]]
    return replace(draft, blocks=(*named, whole, *blocks[end:]))


def _opens_abstract(row: Row) -> bool:
    if not row.words or row.role not in ("text", "section_header"):
        return False
    return bool(_ABSTRACT.fullmatch(row.text) or _ABSTRACT_LEAD.match(row.words[0].text))


def _is_keywords(row: Row) -> bool:
    return bool(re.match(r"(?i)(key\s?words|index terms|\d+\.? introduction)\b", row.text))
