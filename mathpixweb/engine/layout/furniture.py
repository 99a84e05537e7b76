"""What belongs to the paper and not to the text: page numbers, running heads and feet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout import captions
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.layout.lettering import reading
from mathpixweb.engine.layout.tables.pieces import phrases_of
from mathpixweb.engine.layout.words import is_bold, prose_share
from mathpixweb.engine.model import Glyph

MARGIN = 0.18  # of the page's height, above and below
EDGE = 0.09  # of the page's height: what stands alone this far out is furniture in documents of one page, too
HEAD_GAP = 1.25  # em of white between a running head and the text
EDGE_GAP = 1.6
LONE_GAP = 2.0
LARGER = 1.05  # of the body size: a heading at the top of the page
SMALLER = 0.97  # of the body size
THREE = 3  # parts of a head or foot: at the left, in the middle, at the right
APART = 2.0  # em between them
OFF_PLACE = 0.03  # of the text's width; tabulators of word processors are not set to its edges and middle
TITLE = "1"  # before what stands on the first page as the title and runs over the others
STANDING = "="  # before what stands in one place on all slides, at their sides, too
HEIGHT = "@"  # before the height at which running heads stand that say something else on each page
MOST_UNNUMBERED = 40  # pages before the one with the number 1
MOST_HEADS = 2  # lines of a running head; with more, pages begin alike
FREQUENT = 2  # times in the middle of one page
NEARLY_AS_LONG = 6  # characters: digits count as one, ligatures are one glyph
MOST_BANDS = 4  # lines of a running head or foot
LONGEST = 160  # characters of a running head
_NUMBER = r"(\d{1,5}|[ivxlcdm]{1,7}|[A-Z]?[-–.]?\d{1,4})"
_PAGE_NUMBER = re.compile(rf"(?i)[-–—~\[(|]*(page|p\.|pg\.)?{_NUMBER}((of|/){_NUMBER})?[-–—~\])|]*")
_NUMBER_AT_END = re.compile(r"(^\d{1,4}(?![.)][^\W\d])\D.*)|(.*\D\d{1,4}$)")  # but no label of an item
_ROMAN = re.compile(r"(?=.)(c{0,3}(xc|xl|l?x{0,3})(ix|iv|v?i{0,3}))")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_DIGITS = re.compile(r"\d+")


def set_aside(draft: Draft) -> Draft:
    """Gives page numbers and running heads and feet their role."""
    free = [row for row in draft.rows if row.role == "text"]
    taken = {id(row) for top in (True, False) for row in _furniture(free, draft, top)}
    taken |= {id(row) for row in _lone_number(free, draft)}
    if draft.is_slide:
        taken |= {id(row) for row in free if row.glyphs and _standing(row) in draft.survey.running_heads}
    if len(taken) == len(free) and not _is_left_empty(free, draft):
        taken = {id(row) for row in free if _PAGE_NUMBER.fullmatch(_text([row]))}
    rows = (replace(row, role="page_info") if id(row) in taken else row for row in draft.rows)
    return replace(draft, rows=tuple(rows))


def _is_left_empty(rows: Sequence[Row], draft: Draft) -> bool:
    """Whether a page has nothing but a head and its number on one line, as before a chapter."""
    bands = _bands(rows, draft.sheet.height, top=True)
    return len(bands) == 1 and len(bands[0]) == len(rows) and _has_number_of(draft, bands[0])


def edge_texts(draft: Draft) -> dict[str, tuple[float, bool]]:
    """What stands at the edges of a page, but for what changes: how far in, and whether it is large.

    On slides nothing of the text's size is told: titles of slides, and of frames on them, are often the same.
    """
    height = draft.sheet.height
    found: dict[str, tuple[float, bool]] = {}
    for top in (True, False):
        for band in _bands(draft.rows, height, top)[:MOST_BANDS]:
            y = band[0].baseline
            if draft.is_slide and not _is_small(band, draft):
                continue
            place = (height - y if top else y), _is_larger(band, draft)
            found.setdefault(_known_as(_text(band), top), place)
    return found


def standing_still(draft: Draft) -> set[str]:
    """Small print of a slide with its places: what stands there on all slides is a sidebar or the like."""
    if not draft.is_slide:
        return set()
    return {_standing(row) for row in draft.rows if row.glyphs and _is_small([row], draft)}


def _standing(row: Row) -> str:
    return f"{STANDING}{_text([row])}@{round(row.box.x0)},{round(row.baseline)}"


def is_frequent(known: str, draft: Draft) -> bool:
    """Whether rows in the middle of the page say the same but for numbers: then it is a way of speaking."""
    low, high = MARGIN * draft.sheet.height, (1 - MARGIN) * draft.sheet.height
    as_long = [row for row in draft.rows if abs(len(row.glyphs) - len(known)) <= NEARLY_AS_LONG]
    middle = [row for row in as_long if row.glyphs and low < row.baseline < high]
    alike = [row for row in middle if _known_as(_text([row]), True)[1:] == known[1:]]
    return len(alike) >= FREQUENT


def parts_furniture(bar: Box, draft: Draft) -> bool:
    """Whether nothing stands beyond the bar but a head or foot that runs over the pages."""
    height = draft.sheet.height
    for top, near in ((True, bar.cy > (1 - MARGIN) * height), (False, bar.cy < MARGIN * height)):
        beyond = [g for g in draft.sheet.glyphs if (g.y > bar.cy) == top] if near else []
        if beyond and _runs(_known_as(_read(beyond), top), draft):
            return True
    return False


def _runs(text: str, draft: Draft) -> bool:
    """Whether the survey has found the text at the same edge of other pages."""
    heads = draft.survey.running_heads
    return text in heads or (draft.sheet.number > 1 and TITLE + text in heads)


def _known_as(text: str, top: bool) -> str:
    """How the survey calls a running head (^) or foot ($), since what ends one page may begin another."""
    return ("^" if top else "$") + _DIGITS.sub("#", text).casefold()


def _lone_number(rows: Sequence[Row], draft: Draft) -> list[Row]:
    """A page number under the text of a page that ends far above the paper's edge."""
    placed = [row for row in draft.rows if row.glyphs or row.block]
    last = min(placed, key=lambda row: row.box.y0, default=None)
    if last not in rows or last is None or not re.fullmatch(r"\d{1,4}", _text([last])):
        return []
    return [last] if _white([last], placed, draft, top=False) > LONE_GAP * draft.body_size else []


def _bands(rows: Sequence[Row], height: float, top: bool) -> list[list[Row]]:
    """Rows near one edge of the page, those on about one baseline together, from the edge inwards."""
    low, high = MARGIN * height, (1 - MARGIN) * height
    zone = [row for row in rows if row.glyphs and (row.box.y0 > high if top else row.box.y1 < low)]
    bands: list[list[Row]] = []
    for row in sorted(zone, key=lambda row: row.baseline, reverse=top):
        if bands and abs(bands[-1][0].baseline - row.baseline) < 4:
            bands[-1].append(row)
        else:
            bands.append([row])
    return bands


def _text(band: Iterable[Row]) -> str:
    """The band's characters from left to right, without blanks."""
    return _read(glyph for row in band for glyph in row.glyphs)


def _read(glyphs: Iterable[Glyph]) -> str:
    return "".join(reading(sorted(glyphs, key=lambda glyph: glyph.x)).split())


def _furniture(rows: Sequence[Row], draft: Draft, top: bool) -> list[Row]:
    """The bands from the edge to the innermost that is furniture."""
    taken: list[Row] = []
    waiting: list[Row] = []
    bands = _bands(rows, draft.sheet.height, top)
    if draft.sheet.number == 1 and _is_form(bands, draft, top):
        return []
    for band in bands:
        if captions.names_table(reading(band[0].glyphs)):
            break  # its title may go over two lines, and end with a year
        if _is_furniture(band, rows, draft, top):
            if any(word.math for row in waiting for word in row.words):
                break  # formulas are text, and so is what comes after them
            taken += [*waiting, *band]
            waiting = []
            continue
        waiting += band
        if len(_text(band)) > LONGEST or _is_heading(band, draft):
            break
    return taken


def _is_form(bands: Sequence[Sequence[Row]], draft: Draft, top: bool) -> bool:
    """Whether so much recurs at the head of the pages that it is read once, as on sheets of a form."""
    return top and sum(_runs(_known_as(_text(band), top), draft) for band in bands) > MOST_HEADS


def _is_furniture(band: Sequence[Row], rows: Sequence[Row], draft: Draft, top: bool) -> bool:
    text = _text(band)
    if _runs(_known_as(text, top), draft):
        return True
    white = _white(band, rows, draft, top) / draft.body_size
    if top and draft.is_slide and _is_over_title(band, rows, draft):
        return True
    if len(text) > LONGEST or white < HEAD_GAP:
        return False
    if _PAGE_NUMBER.fullmatch(text) or (white > EDGE_GAP and _has_number_of(draft, band)):
        return True
    if any(word.math for row in band for word in row.words):
        return False
    if _is_spread(band, rows) or (top and white > EDGE_GAP and _stands_in_place(band, draft)):
        return True
    if top and _is_heading(band, draft):
        return False
    return bool(top and _NUMBER_AT_END.match(text)) or (white > EDGE_GAP and _is_far_out(band, draft, top))


def _has_number_of(draft: Draft, band: Sequence[Row]) -> bool:
    """Whether something stands at one end of the line and the page's number at the other."""
    parts = sorted((part for row in band for part in phrases_of(row, APART)), key=lambda part: part.box.x0)
    if len(parts) < 2 or parts[-1].box.x0 - parts[-2].box.x1 < APART * band[0].size:
        return False
    ends = [_read(part.glyphs) for part in (parts[0], parts[-1])]
    numbers = [number for end in ends if (number := _number(end)) is not None]
    return any(abs(number - draft.sheet.number) <= MOST_UNNUMBERED for number in numbers)


def _number(text: str) -> int | None:
    """What the text counts, if it is figures or small roman numerals."""
    if text.isdecimal():
        return int(text)
    if not _ROMAN.fullmatch(text):
        return None
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-a if a < b else a for a, b in pairwise([*values, 0]))


def _stands_in_place(band: Sequence[Row], draft: Draft) -> bool:
    """Whether other pages have something by itself at the same height."""
    return not _is_larger(band, draft) and any(
        place_of(band[0], draft, off) in draft.survey.running_heads for off in (-1, 0, 1)
    )


def place_of(row: Row, draft: Draft, off: int = 0) -> str:
    """How the survey calls the height of running heads."""
    return f"{HEIGHT}{round(draft.sheet.height - row.baseline) + off}"


def lone_head(draft: Draft) -> str | None:
    """The height of the outermost line, if it stands at the very edge by itself; slides have titles there."""
    if draft.is_slide:
        return None
    bands = _bands(draft.rows, draft.sheet.height, top=True)
    if not bands or len(bands[0]) > THREE or len(_text(bands[0])) > LONGEST:
        return None
    if _is_larger(bands[0], draft):
        return None
    out = all(row.box.y0 > (1 - EDGE) * draft.sheet.height for row in bands[0])
    apart = _white(bands[0], draft.rows, draft, top=True) > EDGE_GAP * draft.body_size
    return place_of(bands[0][0], draft) if out and apart else None


def _is_spread(band: Sequence[Row], rows: Sequence[Row]) -> bool:
    """Whether the band has three parts: at the left edge of the text, in the middle, at the right edge."""
    parts = sorted((part.box for row in band for part in phrases_of(row, APART)), key=lambda box: box.x0)
    if len(parts) != THREE or any(
        right.x0 - left.x1 < APART * band[0].size for left, right in pairwise(parts)
    ):
        return False
    left, right = min(row.box.x0 for row in rows), max(row.box.x1 for row in rows)
    off = abs(parts[0].x0 - left), abs(parts[2].x1 - right), 0.5 * abs(parts[1].cx - (left + right) / 2)
    return max(off) < OFF_PLACE * (right - left)


def _is_heading(band: Sequence[Row], draft: Draft) -> bool:
    glyphs = [glyph for row in band for glyph in row.glyphs]
    bold = sum(map(is_bold, glyphs)) > 0.5 * len(glyphs)
    return bold or _is_larger(band, draft)


def _is_larger(band: Sequence[Row], draft: Draft) -> bool:
    return any(row.size > LARGER * draft.body_size for row in band)


def _is_small(band: Sequence[Row], draft: Draft) -> bool:
    return all(row.size < SMALLER * draft.body_size for row in band)


def _is_over_title(band: Sequence[Row], rows: Sequence[Row], draft: Draft) -> bool:
    """Whether small print at the very top has the title of the slide under it."""
    if not _is_small(band, draft) or any(row.box.y0 < (1 - EDGE) * draft.sheet.height for row in band):
        return False
    under = [row for row in rows if row.box.y1 < min(row.box.y0 for row in band) + 1]
    return bool(under) and _is_larger([max(under, key=lambda row: row.box.y1)], draft)


def _is_far_out(band: Sequence[Row], draft: Draft, top: bool) -> bool:
    """Whether the band is small print, or spread over the line, at the very edge."""
    height = draft.sheet.height
    out = all(row.box.y0 > (1 - EDGE) * height if top else row.box.y1 < EDGE * height for row in band)
    return (
        out
        and (_is_small(band, draft) or len(band) > 1)
        and any(prose_share(row.words) > 0.3 for row in band)
    )


def _white(band: Sequence[Row], rows: Sequence[Row], draft: Draft, top: bool) -> float:
    """The distance to the nearest row further inwards."""
    edge = min(row.box.y0 for row in band) if top else max(row.box.y1 for row in band)
    members = {id(row) for row in band}
    others = [row.box for row in rows if id(row) not in members]
    gaps = [edge - box.y1 if top else box.y0 - edge for box in others]
    return min((gap for gap in gaps if gap > -2), default=draft.sheet.height)
