"""Displayed mathematics: rows of one display in the environment that shows them."""

from __future__ import annotations

from collections.abc import Sequence

from mathpixweb.engine.model import Block, Formula, Line, Options
from mathpixweb.engine.writers.mmd import markup

GAP = "\n\n"


def display_rows(block: Block, options: Options) -> list[str]:
    """The share of each row in the display, joined they are the whole."""
    rows = [_row(line, options) for line in block.lines]
    before, after = _around(block.lines, options)
    shares = [row + " \\\\\n" for row in rows[:-1]] + rows[-1:]
    if shares:
        shares[0] = GAP + before + shares[0]
        shares[-1] += after
    return shares


def _row(line: Line, options: Options) -> str:
    formulas = [span for span in line.spans if isinstance(span, Formula)]
    tag = next((formula.tag for formula in formulas if formula.tag), None)
    cells = " & ".join(markup.latex(formula, options) for formula in formulas)
    return cells + (rf" \tag{{{tag}}}" if tag and options.include_equation_tags else "")


def _around(lines: Sequence[Line], options: Options) -> tuple[str, str]:
    """What stands before the first and after the last row."""
    left, right = options.math_display_delimiters
    opening, closing = f"{left}\n", f"\n{right}"
    if len(lines) < 2:
        return opening, closing
    columns = max(len(line.spans) for line in lines)
    tags = options.include_equation_tags and any(
        isinstance(span, Formula) and span.tag for line in lines for span in line.spans
    )
    if tags:  # a tag is an error inside aligned
        name = "align*" if columns > 1 else "gather*"
        return f"\\begin{{{name}}}\n", f"\n\\end{{{name}}}"
    begin, end = _environment(columns, options)
    return opening + begin + "\n", "\n" + end + closing


def _environment(columns: int, options: Options) -> tuple[str, str]:
    if options.idiomatic_eqn_arrays or options.include_equation_tags:
        name = "aligned" if columns > 1 else "gathered"
        return f"\\begin{{{name}}}", f"\\end{{{name}}}"
    alignment = ("rl" * columns)[:columns] if columns > 1 else "c"
    return f"\\begin{{array}}{{{alignment}}}", "\\end{array}"
