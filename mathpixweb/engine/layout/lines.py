"""Rows from glyphs, in the order in which the page draws them.

TeX and most other producers draw a line of text, and a formula, from left to right and one after the other,
so drawing order tells what belongs together, also across columns. A new row begins where the pen goes down
below the ink of the row, or far up, unless something ties the next glyphs to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mathpixweb.engine.layout import marks
from mathpixweb.engine.layout.baselines import row_of
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.layout.marks import EXTENSION
from mathpixweb.engine.layout.stacks import height_beside
from mathpixweb.engine.layout.ties import GrowingRow, Run, is_worded, tied
from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Glyph, Rule, Sheet

MOST_KEPT = 8  # pages
SAME_LINE = 0.3  # points between the baselines of a run
SAME_SIZE = 0.3  # points
SAME_BASELINE = 0.6  # points
NEXT_SYMBOL = 1.3  # em from the pen to a fence that belongs to the formula
FARTHEST = 20.0  # em to the next of several equations on one line
SHORTEST_TWICE = 4  # glyphs of a run that is looked for twice; shorter ones may be parts of formulas
OFF_TWICE = 0.12  # em by which it may be off
BELOW_AND_BEYOND = (0.7, 2.0)  # em down and to the right of a short line, where a display may begin
WIDEST_GAP = 5.0  # em; what stands further to the right is of another column


def build(draft: Draft) -> Draft:
    """All glyphs of the sheet gathered in rows, in drawing order, each with the rules that belong to it."""
    sheet = draft.sheet
    kept = _kept.pop(id(sheet.glyphs), None)
    if kept is None or not kept.are_of(sheet, draft.body_size):
        kept = _gathered(sheet, draft.body_size)
    return _with(draft, kept)


def build_and_keep(draft: Draft) -> Draft:
    """The same; the rows are kept until the page is read, if nothing else takes its glyphs before."""
    sheet = draft.sheet
    gathered = _gathered(sheet, draft.body_size)
    for oldest in list(_kept)[: -MOST_KEPT + 1]:  # a copy, since other threads may take theirs meanwhile
        _kept.pop(oldest, None)
    _kept[id(sheet.glyphs)] = gathered
    return _with(draft, gathered)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """The rows that the glyphs make in text of size `body`, and the rules that belong to none of them."""

    glyphs: Sequence[Glyph]
    rules: Sequence[Rule]
    body: float
    rows: tuple[Row, ...]
    rest: tuple[Rule, ...]

    def are_of(self, sheet: Sheet, body: float) -> bool:
        return self.glyphs is sheet.glyphs and self.rules is sheet.rules and self.body == body


_kept: dict[int, _Gathered] = {}


def _with(draft: Draft, gathered: _Gathered) -> Draft:
    sheet = replace(draft.sheet, glyphs=(), rules=gathered.rest)
    return replace(draft, sheet=sheet, rows=draft.rows + gathered.rows)


def _gathered(sheet: Sheet, body: float) -> _Gathered:
    bars = [rule for rule in sheet.rules if not rule.vertical]
    growing = _assembled(_printed_once(runs(sheet.glyphs)), bars, body)
    rest = _give_rules(growing, bars)
    _give_uprights(growing, [rule for rule in sheet.rules if rule.vertical])
    rows = tuple([row_of(row.glyphs, row.rules, body) for row in growing])
    return _Gathered(sheet.glyphs, sheet.rules, body, rows, tuple(rest))


def _assembled(found: Iterable[Run], bars: Sequence[Rule], body: float) -> list[GrowingRow]:
    """Rows of runs; an accent, which is drawn before its base, goes where the base goes."""
    rows: list[GrowingRow] = []
    accents: list[Run] = []
    for run in found:
        if run.accent:
            accents.append(run)
            continue
        stacked = height_beside(run, rows)
        if stacked:
            rows[-stacked].absorb(rows[1 - stacked :])
            del rows[1 - stacked :]
        elif not rows or _opens_row(run, rows[-1], bars):
            rows.append(GrowingRow(body))
        for part in (*accents, run):
            rows[-1].take(part)
        accents.clear()
    if accents and not rows:
        rows.append(GrowingRow(body))
    for part in accents:
        rows[-1].take(part)
    return rows


def _printed_once(found: Iterable[Run]) -> Iterator[Run]:
    """The runs without those printed again over themselves, to make them bold or to give them a shadow."""
    printed: dict[tuple[int, str, str], list[Run]] = {}
    for run in found:
        if len(run.glyphs) < SHORTEST_TWICE:
            yield run
            continue
        alike = printed.setdefault((len(run.glyphs), run.first.char, run.glyphs[-1].char), [])
        if not any(_is_under(other, run) for other in alike):
            alike.append(run)
            yield run


def _is_under(one: Run, run: Run) -> bool:
    """Whether one run is printed where the other is, and says the same."""
    most = OFF_TWICE * run.size
    near = abs(one.baseline - run.baseline) < most and abs(one.first.x - run.first.x) < most
    return near and all(a.char == b.char for a, b in zip(one.glyphs, run.glyphs, strict=True))


def runs(glyphs: Iterable[Glyph]) -> list[Run]:
    """The longest pieces of drawing order that stay on one baseline without a wide gap."""
    return [Run(piece) for piece in pieces(glyphs)]


def pieces(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """The glyphs of each run."""
    found: list[list[Glyph]] = []
    end_x = end_y = size = 0.0
    hanging: bool | None = None
    for glyph in glyphs:
        y, full, hangs = glyph.y, glyph.size, glyph.family == EXTENSION
        if (
            abs(end_y - y) < SAME_LINE
            and abs(size - full) < SAME_SIZE
            and hangs is hanging
            and -0.6 * full < glyph.x - end_x < 2.2 * full
        ):
            found[-1].append(glyph)
        else:
            found.append([glyph])
        end_x, end_y, size, hanging = glyph.x + glyph.advance, y, full, hangs
    return found


def _opens_row(run: Run, row: GrowingRow, rules: Sequence[Rule]) -> bool:
    if row.box is None or tied(run, row, rules):
        return False
    em = max(row.em, run.size)
    step = run.box.x0 - row.pen
    if step >= WIDEST_GAP * em:
        return not _may_be_label(run, row) and not _is_next_statement(run, row, step)
    if row.baseline is None:
        return run.box.y1 < row.box.y0 + 0.12 * em and run.box.x0 < row.pen - 0.3 * em
    drop = row.baseline - run.baseline
    if abs(drop) < SAME_BASELINE:
        return run.box.x0 < row.main_pen - 2 * em
    return _goes_up(run, row, em, drop) or _goes_down(run, row, em, drop)


def _may_be_label(run: Run, row: GrowingRow) -> bool:
    """Whether the run may be the number of an equation, which stands far to its right."""
    bracketed = symbols.text_of(run.first) == "(" and symbols.text_of(run.glyphs[-1]) == ")"
    return bracketed and row.box is not None and run.box.y_overlap(row.box) > 0


def _is_next_statement(run: Run, row: GrowingRow, step: float) -> bool:
    """Whether the run begins another formula on the line of one, in the next column of aligned equations."""
    if row.baseline is None or abs(row.baseline - run.baseline) > SAME_BASELINE or step > FARTHEST * row.em:
        return False
    return any(map(symbols.is_math, run.glyphs)) and not any(map(is_worded, (row.glyphs, run.glyphs)))


def _goes_up(run: Run, row: GrowingRow, em: float, drop: float) -> bool:
    """Up to another column, or to another part of the page, and not to the top of a tall fence."""
    grows = marks.is_fence(run.first) or marks.is_piece(run.first)
    if grows and -0.3 * em < run.box.x0 - row.pen < NEXT_SYMBOL * em:
        return False
    if row.box is None or run.baseline > row.box.y1 + 2.6 * em:
        return True
    return run.size >= 0.88 * row.size and -drop > 1.7 * em and run.box.x0 < row.box.x0


def _goes_down(run: Run, row: GrowingRow, em: float, drop: float) -> bool:
    if row.box is None:
        return True
    small = row.is_script(run)
    below = row.box.y0 - run.box.y1
    back = row.pen - run.box.x0
    if below > -0.12 * em and back > 0.3 * em and not (small and drop < 0.55 * row.size):
        return True
    if below > 0 and not small and drop > BELOW_AND_BEYOND[0] * em and -back > BELOW_AND_BEYOND[1] * em:
        return True
    at_the_left = run.box.x0 < row.box.x0 + 4 * em and back > 2 * em
    if drop > 0.8 * em and at_the_left and not run.extension and not small:
        return True
    if run.extension and below > -0.3 * em:
        return True
    if below > -0.05 * em and drop > (0.6 if small else 0.9) * em:
        return True
    return drop > 1.9 * em


def _give_rules(rows: Sequence[GrowingRow], rules: Iterable[Rule]) -> list[Rule]:
    """Hands each rule to the row whose ink encloses it best; returns those that belong to none."""
    rest = []
    for rule in rules:
        around = [row for row in rows if row.box and _encloses(row, rule)]
        if around:
            min(around, key=lambda row: _distance(row, rule)).rules.append(rule)
        else:
            rest.append(rule)
    return rest


def _give_uprights(rows: Sequence[GrowingRow], rules: Iterable[Rule]) -> None:
    """Hands upright rules to the rows between whose fences they stand, as in augmented matrices."""
    fenced = [row for row in rows if row.fences]
    for rule in rules:
        x, y = rule.box.cx, rule.box.cy
        for row in fenced:
            within = row.box is not None and x < row.box.x1
            if within and any(f.x1 < x and f.y0 - 3 <= y <= f.y1 + 3 for f in row.fences):
                row.rules.append(rule)
                break


def _encloses(row: GrowingRow, rule: Rule) -> bool:
    box, bar = row.box, rule.box
    return box is not None and (
        box.x0 - 2.5 <= bar.x0 and bar.x1 <= box.x1 + 2.5 and box.y0 - 4 <= rule.y <= box.y1 + 5
    )


def _distance(row: GrowingRow, rule: Rule) -> tuple[bool, float, float]:
    """How far the rule is from what is drawn before and after it, and from the row."""
    if row.box is None:
        return (True, 0.0, 0.0)
    apart = not row.glyphs[0].index < rule.index < row.glyphs[-1].index
    return (apart, max(0.0, row.box.y0 - rule.y, rule.y - row.box.y1), abs(row.box.cy - rule.y))
