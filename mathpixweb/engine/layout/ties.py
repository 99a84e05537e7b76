"""What keeps a run of glyphs on the row before it although the pen has moved down or back.

Each tie answers whether `run` belongs to `row` for one reason. The distances are multiples of the font size,
tuned on documents made by TeX, which draws a formula's parts one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from mathpixweb.engine.geometry import Box, both
from mathpixweb.engine.layout import marks
from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Glyph, Rule, ink_of

SMALL = 0.85  # script sizes are .7 and .5 of the size they belong to
SHORTEST_NOTE_RULE = 50.0  # points
NOTE_SIZES = (0.76, 0.97)  # of the row's size: smaller than text, larger than scripts
LIMIT_ENDINGS = ("lim", "max", "min", "sup", "inf", "Pr", "det", "gcd", "lím", "máx", "mín", "ínf")
ACCENTS_OF_NAMES = frozenset(("acute", "dotlessi"))
ARROW_PIECES = frozenset("←→↔−-=⇐⇒⇔")
ARROW_HEADS = frozenset("←→↔⇐⇒⇔")
LONGEST_NAME = 6  # letters of an operator with which a row begins, as in limsup
DEEP_DENOMINATOR = 2.2  # em under its bar, where a denominator may begin that has a fraction in it
MOST_LETTERS = 0.3  # of the glyphs of a formula are upright
TALL = 1.3  # em; the baseline of a fence or radical as high as this says nothing of where it stands
OFF_CENTRE = 0.25  # of its bar's width; a numerator stands less far out
OFF_CENTRE_OF_LONG = 0.05
LONG_BAR = 200.0  # points; lines around listings and algorithms are as long
FARTHEST_BESIDE = 8.0  # em between what stands beside rows of a formula
LONGEST_BAR = 420.0  # points; longer rules separate things, they do not divide


class Run:
    """Consecutive glyphs on one baseline."""

    __slots__ = ("accent", "baseline", "box", "extension", "first", "glyphs", "size")

    def __init__(self, glyphs: Sequence[Glyph]) -> None:
        self.glyphs = glyphs
        self.first = glyphs[0]
        self.box = ink_of(glyphs)
        self.size = max([glyph.size for glyph in glyphs])
        self.baseline = self.first.y
        self.extension = marks.is_extension(self.first)
        self.accent = marks.is_accent(self.first) and all(map(marks.is_accent, glyphs))


class GrowingRow:
    """A row while glyphs are still being added to it. `body` is the size of the document's text."""

    __slots__ = (
        "baseline",
        "body",
        "box",
        "braces",
        "em",
        "extensions",
        "fences",
        "glyphs",
        "main_pen",
        "pen",
        "rules",
        "size",
        "stack",
    )

    def __init__(self, body: float) -> None:
        self.body = body
        self.glyphs: list[Glyph] = []
        self.rules: list[Rule] = []
        self.fences: list[Box] = []
        self.braces: list[Box] = []  # of which each is a piece of one
        self.box: Box | None = None
        self.size = 0.0
        self.em = 0.0
        self.baseline: float | None = None
        self.pen = 0.0
        self.main_pen = 0.0  # after the last glyph on the baseline, before scripts and labels
        self.extensions = 0
        self.stack: Box | None = None  # around rows under each other that have something beside them

    def absorb(self, rows: Sequence[GrowingRow]) -> None:
        """Takes in the rows that stand under this one, since something stands beside all of them."""
        for row in rows:
            self.glyphs += row.glyphs
            self.rules += row.rules
            self.fences += row.fences
            self.em, self.size = max(self.em, row.em), max(self.size, row.size)
            self.pen, self.main_pen = max(self.pen, row.pen), max(self.main_pen, row.main_pen)
            self.extensions += row.extensions
            self.box = row.box if self.box is None or row.box is None else both(self.box, row.box)
        self.stack = self.box

    def take(self, run: Run) -> None:
        self.glyphs += run.glyphs
        self.em = max(self.em, run.size)
        self.box = run.box if self.box is None else both(self.box, run.box)
        last = run.glyphs[-1]
        self.pen = max(last.x + last.advance, last.ink.x1)
        if not self.is_script(run) or not self.main_pen:
            self.main_pen = self.pen
        for glyph in run.glyphs:
            if marks.is_fence(glyph) or marks.is_piece(glyph):
                self._add_fence(glyph.ink)
            elif glyph.family in marks.GROWING and marks.is_brace(glyph):
                self.braces.append(glyph.ink)
        if run.extension:
            self.extensions += len(run.glyphs)
        elif run.size > self.size * 1.12:
            self.size, self.baseline = run.size, run.baseline

    def is_script(self, run: Run) -> bool:
        """Whether the run is so small that it can only hang on something; text of body size never does."""
        return run.size < SMALL * min(self.em, self.body)

    def is_small(self, glyph: Glyph) -> bool:
        return glyph.size < SMALL * min(self.em, self.body)

    def _add_fence(self, ink: Box) -> None:
        """The pieces of one extensible fence stand on top of each other and count as one."""
        for position, fence in enumerate(self.fences):
            if abs(fence.x0 - ink.x0) < 3.5 and ink.y_overlap(fence) > -2:
                self.fences[position] = both(fence, ink)
                return
        self.fences.append(ink)


Tie = Callable[[Run, GrowingRow, Box, float, Sequence[Rule]], bool]


def tied(run: Run, row: GrowingRow, rules: Sequence[Rule]) -> bool:
    """Whether some structure holds the run on the row."""
    em = max(row.em, run.size)
    box = row.box
    if box is not None:
        for tie in TIES:  # each run is asked, and a generator takes longer
            if tie(run, row, box, em, rules):
                return True
    return False


def _fences_came_first(run: Run, row: GrowingRow, box: Box, em: float, rules: Sequence[Rule]) -> bool:
    if row.extensions != len(row.glyphs):
        return False
    return run.box.y_overlap(box) > -1.3 * em and run.box.x_overlap(box) > -2.5 * em


def _limit_came_first(run: Run, row: GrowingRow, box: Box, em: float, rules: Sequence[Rule]) -> bool:
    """TeX draws the limit above an operator before the operator itself.

    Office programs set operators half as large again as text, which is no limit by that.
    """
    operator = run.extension or marks.is_operator(run.first)
    if not operator or not 0 < row.size < SMALL * min(run.first.size, row.body):
        return False
    return run.box.x_overlap(box) > -em and abs(run.box.cy - row.glyphs[0].y) < 2.2 * em


def _label_came_first(run: Run, row: GrowingRow, box: Box, em: float, rules: Sequence[Rule]) -> bool:
    """TeX draws the label above a brace or an arrow before these; a brace begins far to the left."""
    if not 0 < row.size < SMALL * run.first.size or not -0.1 * em < box.y0 - run.box.y1 < 0.8 * em:
        return False
    if marks.is_brace(run.first):
        return run.box.x0 < box.cx
    return symbols.text_of(run.first) in ARROW_PIECES and run.box.x0 < box.x1 and run.box.x1 > box.x0


def _arrow_came_first(run: Run, row: GrowingRow, box: Box, em: float, rules: Sequence[Rule]) -> bool:
    """TeX draws an arrow over letters before these."""
    if not -0.1 * em < box.y0 - run.box.y1 < 0.5 * em or abs(run.box.x0 - box.x0) >= 0.5 * em:
        return False
    return all(symbols.text_of(glyph) in ARROW_PIECES for glyph in row.glyphs)


def _operator_and_limit_came_first(
    run: Run, row: GrowingRow, box: Box, em: float, rules: Sequence[Rule]
) -> bool:
    if not row.extensions or not 0 < row.size < SMALL * em:
        return False
    return run.box.y_overlap(box) > -0.2 * em and box.x0 - em < run.box.x0 < box.x1 + 3 * em


def _denominator(run: Run, row: GrowingRow, box: Box, em: float, rules: Sequence[Rule]) -> bool:
    """A bar covers the run and carries glyphs of the row."""
    for rule in rules:
        bar = rule.box
        if not (bar.x0 - 1.5 <= run.box.x0 and run.box.x1 <= bar.x1 + 1.5 and bar.width < LONGEST_BAR):
            continue
        if bar.width > SHORTEST_NOTE_RULE and NOTE_SIZES[0] < run.size / em < NOTE_SIZES[1]:
            continue
        drawn_between = row.glyphs[-1].index < rule.index < run.first.index
        if not -0.3 < rule.y - run.box.y1 < (DEEP_DENOMINATOR if drawn_between else 0.75) * em:
            continue
        above = [glyph for glyph in islice(reversed(row.glyphs), 60) if _stands_on(glyph, bar, em)]
        deep = rule.y - run.box.y1 > 0.75 * em
        if deep and is_worded(above):
            continue  # a heading that is underlined
        noted = bar.width > SHORTEST_NOTE_RULE or deep
        if above and not (noted and _is_text_above(above, row, bar, em, rules)):
            return True
    return False


def is_worded(glyphs: Sequence[Glyph]) -> bool:
    """Whether there are more upright letters among the glyphs than a formula has."""
    return sum(g.char.isalpha() and not symbols.is_math(g) for g in glyphs) > MOST_LETTERS * len(glyphs)


def _is_text_above(
    above: Sequence[Glyph], row: GrowingRow, bar: Box, em: float, rules: Sequence[Rule]
) -> bool:
    """Whether the row ends or goes by over a bar that parts notes; a numerator stands in its middle."""
    higher = [g for g in row.glyphs if bar.x0 - 2 <= g.ink.cx <= bar.x1 + 2 and g.ink.cy > bar.cy]
    over = [*above, *higher]
    centre = (min(glyph.ink.x0 for glyph in over) + max(glyph.ink.x1 for glyph in over)) / 2
    off_centre = OFF_CENTRE_OF_LONG if bar.width > LONG_BAR else OFF_CENTRE
    if abs(centre - bar.cx) > off_centre * bar.width:
        return True
    heights = [glyph.y for glyph in above if not marks.is_extension(glyph)]
    beyond = [
        glyph
        for glyph in row.glyphs
        if bar.x1 - 0.1 * em < glyph.ink.cx < bar.x1 + em and any(abs(glyph.y - y) < 0.3 for y in heights)
    ]
    return any(not any(_is_over(glyph, rule, bar) for rule in rules) for glyph in beyond)


def _is_over(glyph: Glyph, rule: Rule, bar: Box) -> bool:
    """Whether the glyph belongs to another fraction beside that of the bar."""
    other = rule.box
    return abs(other.cy - bar.cy) < 1 and other.x0 > bar.x1 and other.x0 - 2 <= glyph.ink.cx <= other.x1 + 2


def _stands_on(glyph: Glyph, bar: Box, em: float) -> bool:
    """Whether the glyph is near enough above the bar to be part of a numerator, unlike text above notes."""
    if not bar.x0 - 2 <= glyph.ink.cx <= bar.x1 + 2:
        return False
    tall = marks.is_extension(glyph) or glyph.ink.height > TALL * glyph.size
    height = glyph.ink.y0 if tall else glyph.y
    return -0.1 * em < height - bar.cy < 0.8 * em


def _inside_a_fence(run: Run, row: GrowingRow, box: Box, em: float, rules: Sequence[Rule]) -> bool:
    """A row of a matrix or of cases, or another piece of the fence itself."""
    for fence in row.fences:
        inside = fence.y0 - 0.3 * em <= run.box.cy <= fence.y1 + 0.3 * em
        if inside and fence.x0 - 2 < run.box.x0 < fence.x1 + 300:
            return True
        if marks.is_piece(run.first) and abs(run.box.x0 - fence.x0) < 3.5 and run.box.y_overlap(fence) > -3:
            return True
    return False


def _root_goes_on(run: Run, row: GrowingRow, box: Box, em: float, rules: Sequence[Rule]) -> bool:
    """A further piece of a tall radical sign, whose hook stands to the left of its stem."""
    if not marks.is_root(run.first) or not marks.is_root(row.glyphs[-1]):
        return False
    last = row.glyphs[-1].ink
    return run.first.ink.x_overlap(last) > 0 and run.first.ink.y_overlap(last) > -0.12 * em


def _limit_under_operator(run: Run, row: GrowingRow, box: Box, em: float, rules: Sequence[Rule]) -> bool:
    if not row.is_script(run):
        return False
    top, reach = run.box.y1, 0.7 * em
    near = [glyph for glyph in row.glyphs if 0 <= glyph.ink.y0 - top + 0.5 < reach]
    return any(
        run.box.x_overlap(glyph.ink) > -1
        and abs(run.box.cx - glyph.ink.cx) < 0.9 * em + 0.3 * run.box.width
        and (
            marks.is_operator(glyph)
            or marks.is_fence(glyph)
            or marks.is_brace(glyph)
            or symbols.text_of(glyph) in ARROW_HEADS
        )
        for glyph in near
    )


def _further_limit(run: Run, row: GrowingRow, box: Box, em: float, rules: Sequence[Rule]) -> bool:
    """Another line of small print under one that stands under an operator, as in \\substack."""
    if row.baseline is None or not row.is_script(run):
        return False
    above: list[Glyph] = []
    for glyph in reversed(row.glyphs):
        if not row.is_small(glyph) or glyph.y > row.baseline:
            break
        above.append(glyph)
    if not above or not any(marks.is_operator(glyph) for glyph in row.glyphs):
        return False
    limit = ink_of(above)
    under = -0.1 * em < limit.y0 - run.box.y1 < 0.5 * em and limit.y0 < row.baseline - 0.5 * em
    return under and abs(run.box.cx - limit.cx) < 0.9 * em + 0.3 * run.box.width


def _limit_under_word(run: Run, row: GrowingRow, box: Box, em: float, rules: Sequence[Rule]) -> bool:
    """Small print close under the end of the row: what stands under lim, max, argmin."""
    if row.baseline is None or not row.is_script(run):
        return False
    if run.box.x0 < box.x0 - 2 and (len(row.glyphs) > LONGEST_NAME or abs(run.box.cx - box.cx) > em):
        return False
    if row.baseline - run.box.y1 >= 0.6 * em or row.baseline - run.baseline >= 1.2 * row.size:
        return False
    if not _ends_with_name(row):
        return False
    return any(
        abs(glyph.y - row.baseline) < 0.5 and run.box.x_overlap(glyph.ink) > -0.5 * em
        for glyph in islice(reversed(row.glyphs), 14)
    )


def _ends_with_name(row: GrowingRow) -> bool:
    """Whether limits may stand under the last word of the row: it is known for it, or part of a formula."""
    letters: list[str] = []
    for glyph in reversed(row.glyphs):
        if row.is_small(glyph):
            continue  # limits that stand there already
        text = symbols.text_of(glyph)
        if not text.isalpha() and glyph.name not in ACCENTS_OF_NAMES:
            break
        letters.append(text)
    word = "".join(reversed(letters))
    return any(word.endswith(name) for name in LIMIT_ENDINGS) or any(map(symbols.is_math, row.glyphs))


def _script_of_script(run: Run, row: GrowingRow, box: Box, em: float, rules: Sequence[Rule]) -> bool:
    """Print too small for a script, right after one and below it, although the pen was elsewhere since."""
    if not row.is_script(run):
        return False
    return any(
        row.is_small(glyph)
        and run.size < SMALL * glyph.size
        and -0.1 * glyph.size < run.box.x0 - glyph.ink.x1 < 0.3 * glyph.size
        and 0 < glyph.y - run.baseline < 0.45 * glyph.size
        for glyph in islice(reversed(row.glyphs), 8)
    )


def _brace_under(run: Run, row: GrowingRow, box: Box, em: float, rules: Sequence[Rule]) -> bool:
    """A brace right under what the row holds; its pieces come after what it embraces."""
    if not marks.is_brace(run.first):
        return False
    within = box.x0 - 0.35 * em <= run.box.x0 and run.box.x1 <= box.x1 + em
    return within and -box.height < box.y0 - run.box.y1 < 0.8 * em


def _embraced(run: Run, row: GrowingRow, box: Box, em: float, rules: Sequence[Rule]) -> bool:
    """What stands right under a brace, which TeX draws before it."""
    return any(
        -0.1 * em < brace.y0 - run.box.y1 < 0.6 * em and run.box.x_overlap(brace) > -1 for brace in row.braces
    )


def _beside_a_stack(run: Run, row: GrowingRow, box: Box, em: float, rules: Sequence[Rule]) -> bool:
    """Something else beside rows that have something beside them."""
    stack = row.stack
    if stack is None or run.box.x0 < stack.x1 - 0.1 * em or run.box.x0 > box.x1 + FARTHEST_BESIDE * em:
        return False
    return stack.y0 - 0.3 * em < run.box.cy < stack.y1 + 0.3 * em


TIES: tuple[Tie, ...] = (
    _fences_came_first,
    _arrow_came_first,
    _limit_came_first,
    _label_came_first,
    _operator_and_limit_came_first,
    _denominator,
    _inside_a_fence,
    _root_goes_on,
    _limit_under_operator,
    _further_limit,
    _limit_under_word,
    _script_of_script,
    _brace_under,
    _embraced,
    _beside_a_stack,
)
