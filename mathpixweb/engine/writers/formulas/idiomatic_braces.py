r"""`x^2` instead of `x^{2}`: scripts of one letter or digit need no braces."""

from __future__ import annotations

import re

from mathpixweb.engine.writers.mmd.delimiters import DISPLAY, INLINE
from mathpixweb.engine.writers.mmd.mmd_source import Formula, rewrite_formulas

# a command needs its braces: `x^{\pi}y` would become the unknown `\piy`
NEEDLESS = re.compile(r"(?<!\\)([_^])\s*\{\s*([A-Za-z0-9])\s*\}")


def in_latex(latex: str) -> str:
    return NEEDLESS.sub(r"\1\2", latex)


def in_mmd(mmd: str) -> str:
    """In formulas only; words keep their braces."""

    def shortened(formula: Formula) -> str:
        latex = in_latex(formula.latex)
        if formula.environment:
            return f"\\begin{{{formula.environment}}}{latex}\\end{{{formula.environment}}}"
        opening, closing = DISPLAY if formula.display else INLINE
        return f"{opening}{latex}{closing}"

    return rewrite_formulas(mmd, shortened)
