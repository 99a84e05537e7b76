"""Mathpix Markdown with the delimiters that the caller wants around formulas."""

from __future__ import annotations

from collections.abc import Sequence

from mathpixweb.engine.writers.mmd.mmd_source import Formula, rewrite_formulas

INLINE, DISPLAY = ("\\(", "\\)"), ("\\[", "\\]")


def replaced(mmd: str, inline: Sequence[str], display: Sequence[str], *, close: bool = True) -> str:
    r"""`\( x \)` with other delimiters; `close` drops the space inside them, as in `$x$`."""
    if (tuple(inline), tuple(display)) == (INLINE, DISPLAY):
        return mmd

    def delimited(formula: Formula) -> str:
        if formula.environment:
            return f"\\begin{{{formula.environment}}}{formula.latex}\\end{{{formula.environment}}}"
        opening, closing = display if formula.display else inline
        tight = close and not formula.display and (opening, closing) != INLINE
        return f"{opening}{formula.latex.strip() if tight else formula.latex}{closing}"

    return rewrite_formulas(mmd, delimited)


def formulas(mmd: str) -> list[str]:
    """The LaTeX of each formula, in order."""
    found: list[str] = []

    def note(formula: Formula) -> str:
        found.append(formula.latex.strip())
        return ""

    rewrite_formulas(mmd, note)
    return found


def displayed(mmd: str) -> str:
    """Formulas that have a line of their own in block mode."""
    return "\n".join(_displayed(line) for line in mmd.split("\n"))


def _displayed(line: str) -> str:
    inner = line.strip()
    if not (inner.startswith("\\(") and inner.endswith("\\)")) or len(formulas(inner)) != 1:
        return line
    return f"\\[\n{inner[2:-2].strip()}\n\\]"
