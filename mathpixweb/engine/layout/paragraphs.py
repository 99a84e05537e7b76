"""Rows joined into blocks: paragraphs, headings, displays.

A paragraph ends where its last line leaves room that the first word of the next row would have filled, and
begins at an indented row or after more white than stands between lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import pairwise

from mathpixweb.engine import writing_systems
from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout import entries
from mathpixweb.engine.layout.alignment import display_lines, numbers, same_display
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.layout.entries import Entries
from mathpixweb.engine.layout.lists import opens_item
from mathpixweb.engine.layout.spans import ends_open, open_brackets
from mathpixweb.engine.layout.words import is_bold
from mathpixweb.engine.model import Block, Formula, Line, Options, Span, Text

INDENT = 0.8  # em
SAME_INDENT = 0.3  # em by which the same indent may differ in two columns
MORE_LEADING = 1.3  # times the usual distance of baselines
SPREAD_LEADING = 1.9
SIZE_CHANGE = 0.08
TOUCHING = 0.2  # em of white between lines that something high or deep in them spreads
FULL = 0.8  # em that a full line leaves white at most
INSET = 1.0  # em, the least margin of a quotation
SAME_MARGIN = 2.0  # points by which its margins may differ
UNDER_WORD = 2.0  # em from a line that ends within a word to the next …
SEEN = 0.35  # … whose size may differ so much, as that of lines in pictures does
UNDER = 1.5  # points by which a line may be off the word of the first one under which it begins
BLANK = 0.6  # em by which that word may stand further to the right, after a blank
TERM_INDENT = 2.0  # em; paragraphs are indented less than what stands under a term
_SELF_WITHOUT = ("ish", "less", "hood", "same")  # self-evident and all other words with it have a hyphen
CLOSING = frozenset(",.;:)")  # before which there is no blank
HYPHENS = ("-", "‐", "\u00ad")
_UNBROKEN = re.compile(r"—$|://\S*[/.?=&_-]$")  # where a line breaks without a blank


def join(draft: Draft) -> Draft:
    """Blocks in the order of the rows."""
    groups: list[list[Row]] = []
    leading = _leading(draft)
    hanging = entries.of(draft)
    for row in draft.rows:
        if groups and _belongs(groups[-1], row, draft, leading, hanging):
            groups[-1].append(row)
        else:
            groups.append([row])
    vocabulary = frozenset(whole_words(draft.rows))
    return replace(draft, blocks=tuple(_block(group, vocabulary, draft.options) for group in groups))


def whole_words(rows: Sequence[Row]) -> Iterator[str]:
    """The words of the page, without those that may be the second half of one."""
    broken = False
    for row in rows:
        yield from (_bare(word.text) for word in row.words[broken:])
        broken = bool(row.words) and row.words[-1].text.endswith(HYPHENS)


def _bare(text: str) -> str:
    """The word without punctuation and capitals."""
    return text.strip(".,;:()[]!?“”‘’\"'").lower()


def _leading(draft: Draft) -> float:
    """The usual distance of baselines, in units of the font size: that of what follows full lines."""
    text = [row for row in draft.rows if row.role == "text" and row.size]
    steps = [
        ((above.baseline - below.baseline) / above.size, _room(above, draft) < FULL * above.size)
        for above, below in pairwise(text)
        if abs(above.size - below.size) < 0.3
    ]
    usual = [(step, full) for step, full in steps if 0.9 < step < 2.6]
    inside = [step for step, full in usual if full]
    found = sorted(inside if len(inside) > 1 else [step for step, _ in usual] or [1.2])
    return found[len(found) // 4]


def _belongs(group: Sequence[Row], row: Row, draft: Draft, leading: float, hanging: Entries) -> bool:
    """Whether the row goes on with what the group has begun."""
    last = group[-1]
    if row.block or last.block or row.role != last.role:
        return False
    if row.role == "math":
        return same_display(last, row)
    if row.role == "code":
        return 0 < last.baseline - row.baseline < 3 * row.size
    if row.role in ("page_info", "authors"):
        return row.role == "authors" and row.column == last.column
    if _goes_on_with_word(last, row):
        return True
    if abs(row.size - last.size) > SIZE_CHANGE * last.size or row.level != last.level:
        return False
    if row.role in ("section_header", "title"):
        return 0 < last.baseline - row.baseline < 1.9 * last.size
    if id(row) in hanging.first:
        return False
    if id(row) in hanging.further and id(last) in hanging.first | hanging.further:
        return True
    return not _begins_paragraph(group, row, draft, leading)


def _goes_on_with_word(last: Row, row: Row) -> bool:
    """Whether the row right under the last one goes on with the word that it breaks."""
    if not (last.words and row.words and row.role == "text" and row.level == last.level):
        return False
    under = 0 < last.baseline - row.baseline < UNDER_WORD * last.size
    alike = abs(row.size - last.size) < SEEN * last.size
    following = row.words[0].text
    return under and alike and following[:1].islower() and _is_broken_word(last.words[-1].text, following)


def _begins_paragraph(group: Sequence[Row], row: Row, draft: Draft, leading: float) -> bool:
    last = group[-1]
    drop = last.baseline - row.baseline
    high = max(0.0, row.box.y1 - row.baseline - row.size)
    touching = last.box.y0 - row.box.y1 < TOUCHING * row.size
    if drop > _widest_step(last, row, draft) * leading * last.size + high and not touching:
        return True
    if any(_is_beside(initial, last) and _is_beside(initial, row) for initial in draft.initials):
        return False
    if opens_item(row, last) or _ends_item(group, row, draft):
        return True
    turned = drop < 0
    if not turned and (
        _is_inset(last, row, draft)
        or _hangs_under_term(group, row, draft)
        or _hangs_beside_label(group, row, draft)
        or _hangs_in_item(group[0], row)
    ):
        return False
    room = _room(last, draft) - _ragged_margin(last, row, draft)
    if room > _first_word(row) + 0.45 * row.size and not (turned and not _is_ragged(draft)):
        return True
    if turned:
        return _is_indented_after_turn(group, row, draft)
    hanging = len(group) > 1 and abs(row.box.x0 - last.box.x0) > 2 and row.box.x0 < last.box.x0
    return not hanging and row.box.x0 - last.box.x0 > INDENT * row.size and not opens_item(group[0], None)


def _is_inset(last: Row, row: Row, draft: Draft) -> bool:
    """Whether the last row is full although it ends early, as in a quotation, which has two equal margins."""
    left, right = draft.left_of(last), draft.right_of(last)
    margin = min(last.box.x0, row.box.x0) - left
    return (
        margin > INSET * row.size
        and abs(right - last.box.x1 - margin) < SAME_MARGIN >= row.box.x0 - last.box.x0
    )


def _is_beside(initial: Box, row: Row) -> bool:
    """Whether a large initial stands right before the row."""
    level = initial.y0 - 0.35 * row.size <= row.baseline <= initial.y1
    return level and -1.5 * row.size < row.box.x0 - initial.x1 < 1.6 * row.size


def _ragged_margin(last: Row, row: Row, draft: Draft) -> float:
    """What a quotation in ragged text may leave white on the right, since it does so on the left."""
    margin = row.box.x0 - draft.left_of(row)
    same = abs(last.box.x0 - row.box.x0) < SAME_MARGIN
    return margin if same and margin > INSET * row.size and _is_ragged(draft) else 0.0


def _hangs_under_term(group: Sequence[Row], row: Row, draft: Draft) -> bool:
    """Whether the row goes on with the description of a term, which stands in bold type left of it."""
    first = group[0]
    if len(group) > 1 or len(first.words) < 2 or _room(first, draft) > row.size:
        return False
    bold = [any(map(is_bold, word.glyphs)) for word in first.words]
    hanging = row.box.x0 - first.box.x0 > TERM_INDENT * row.size and first.box.x0 - draft.left_of(first) < 2
    return hanging and bold[0] and not all(bold)


def _hangs_beside_label(group: Sequence[Row], row: Row, draft: Draft) -> bool:
    """Whether the row stands under a word of the first, beside which is a label, or goes on with its word."""
    first = group[0]
    if len(group) > 1 or len(first.words) < 2 or _room(first, draft) > row.size or not row.words:
        return False
    edge, last = row.box.x0, first.words[-1]
    beside = any(
        label.x1 < edge + 1 and -UNDER < word.x0 - edge < BLANK * row.size
        for label, word in pairwise(first.words)
    )
    broken = last.text.endswith(HYPHENS) and row.words[0].text[:1].islower() and edge > first.box.x0
    return beside or broken


def _hangs_in_item(first: Row, row: Row) -> bool:
    """Whether the row begins right under the text of an item with a bullet, however short that ends."""
    return (
        opens_item(first, None)
        and not first.words[0].text.isalnum()
        and (abs(row.box.x0 - first.words[1].x0) < SAME_MARGIN)
    )


def _is_indented_after_turn(group: Sequence[Row], row: Row, draft: Draft) -> bool:
    """Whether the first row of a column begins further to the right than what the last one ended with."""
    last = group[-1]
    left = draft.left_of(row)
    if left < last.box.x1 < row.box.x0:  # a column of so few rows that nothing is known of its edge
        left = min(other.box.x0 for other in draft.rows if other.glyphs and other.box.x0 > last.box.x1)
    indent = row.box.x0 - left
    if indent <= INDENT * row.size:
        return False
    return not opens_item(group[0], None) or abs(indent - _hang(group, draft)) > SAME_INDENT * row.size


def _hang(item: Sequence[Row], draft: Draft) -> float:
    """How far from the edge of the column the text of an item begins."""
    last = item[-1]
    begin = last.box.x0 if len(item) > 1 else last.words[1].x0
    return begin - draft.left_of(last)


def _ends_item(group: Sequence[Row], row: Row, draft: Draft) -> bool:
    """Whether the row begins left of the bullet of an item that hangs, or that ends before other rows."""
    first, last = group[0], group[-1]
    if row.box.x0 > first.box.x0 - 2 or row.baseline > last.baseline or not opens_item(first, None):
        return False
    if len(group) > 1:
        return group[1].box.x0 > first.box.x0 + 2
    widest = max(other.box.x1 for other in draft.rows if other.column == row.column)
    return last.box.x1 + _first_word(row) + 2 * row.size < widest


def _widest_step(last: Row, row: Row, draft: Draft) -> float:
    """How far apart lines of one paragraph stand, in units of the leading; formulas may spread them."""
    full = _room(last, draft) < last.size and abs(row.box.x0 - draft.left_of(row)) < 2
    mathematical = any(word.math for word in (*last.words, *row.words))
    return SPREAD_LEADING if full and mathematical else MORE_LEADING


def _room(row: Row, draft: Draft) -> float:
    """The white between the row's end and the right edge of its column."""
    return draft.right_of(row) - row.box.x1


def _first_word(row: Row) -> float:
    return row.words[0].x1 - row.words[0].x0 if row.words else 0.0


def _is_ragged(draft: Draft) -> bool:
    return not draft.rights


def _block(group: Sequence[Row], vocabulary: Set[str], options: Options) -> Block:
    first = group[0]
    if first.block:
        return _with_whole_words(first.block, vocabulary)
    box = union(row.box for row in group)
    if first.role == "math":
        lines = display_lines(group, options)
        return Block("math", box, lines, column=first.column, children=numbers(group))
    lines = tuple(_lines(group, vocabulary))
    return Block(first.role, box, lines, None, first.level, first.column, first.role != "page_info")


def _lines(rows: Sequence[Row], vocabulary: Set[str]) -> list[Line]:
    """The rows as lines; a formula or word broken between two is made whole in the first."""
    lines = [Line(row.spans, row.box, row.size) for row in rows]
    return lines if rows[0].role == "code" else _all_mended(lines, vocabulary)


def _with_whole_words(block: Block, vocabulary: Set[str]) -> Block:
    """The block, in whose cells no word is broken between two lines."""
    children = tuple(_with_whole_words(child, vocabulary) for child in block.children)
    lines = block.lines
    if block.type == "table_cell" and len(lines) > 1:
        lines = tuple(_all_mended(lines, vocabulary))
    return replace(block, lines=lines, children=children)


def _all_mended(lines: Sequence[Line], vocabulary: Set[str]) -> list[Line]:
    mended = list(lines)
    for k in range(len(mended) - 1):
        mended[k], mended[k + 1] = _mended(mended[k], mended[k + 1], vocabulary)
    return [line for line in mended if line.spans]


def lines_joined(lines: Sequence[Line], position: int, vocabulary: Set[str]) -> list[Line]:
    """The lines, of which the one at `position` and the next were not known to follow each other."""
    joined = list(lines)
    joined[position : position + 2] = _mended(joined[position], joined[position + 1], vocabulary)
    return [line for line in joined if line.spans]


def _mended(line: Line, following: Line, vocabulary: Set[str]) -> tuple[Line, Line]:
    if not line.spans or not following.spans:
        return line, following
    last, first = line.spans[-1], following.spans[0]
    if isinstance(first, Formula) and isinstance(last, Formula) and _goes_on(last, first):
        whole = replace(
            last, latex=f"{last.latex} {first.latex}", confidence=min(last.confidence, first.confidence)
        )
        rest = following.spans[1:]
        closed = bool(rest) and isinstance(rest[0], Text) and rest[0].text[:1] in CLOSING
        whole_line = replace(line, spans=(*line.spans[:-1], whole), hyphenated=closed)
        return whole_line, replace(following, spans=rest)
    if isinstance(last, Text) and isinstance(first, Text) and _is_broken_word(last.text, first.text):
        return _unhyphenated(line, last, first, vocabulary), following
    if isinstance(last, Text) and (_UNBROKEN.search(last.text) or _runs_on(last, first)):
        return replace(line, hyphenated=True), following
    return line, following


def _runs_on(last: Text, first: Span) -> bool:
    """Whether both are of a language that puts no blanks between words."""
    return isinstance(first, Text) and writing_systems.runs_on(last.text[-1:], first.text[:1])


def _goes_on(last: Formula, first: Formula) -> bool:
    """Whether the formula at the end of a line is completed by the one at the beginning of the next."""
    return ends_open(last) or (open_brackets(last) > 0 > open_brackets(first))


def _is_broken_word(text: str, following: str) -> bool:
    return text.endswith(HYPHENS) and text[-2:-1].isalpha() and following[:1].isalpha()


def _unhyphenated(line: Line, last: Text, first: Text, vocabulary: Set[str]) -> Line:
    """The line without the hyphen at its end, unless the word is a compound."""
    head, tail = last.text.split()[-1][:-1], first.text.split()[0]
    keep = (
        not tail[0].islower()
        or head.isupper()
        or "-" in head
        or ("-" in tail and _bare(tail.partition("-")[0]) in vocabulary)  # conflict-of-law
        or _is_compound(_bare(head), _bare(tail), vocabulary)
    )
    spans: tuple[Span, ...] = line.spans
    if not keep:
        spans = (*line.spans[:-1], replace(last, text=last.text[:-1]))
    return replace(line, spans=spans, hyphenated=True)


def _is_compound(head: str, tail: str, vocabulary: Set[str]) -> bool:
    """Whether the page writes the word with a hyphen elsewhere, or both its halves as words."""
    if f"{head}{tail}" in vocabulary:
        return False
    if head == "self":
        return not tail.startswith(_SELF_WITHOUT)
    return f"{head}-{tail}" in vocabulary or (head in vocabulary and tail in vocabulary)
