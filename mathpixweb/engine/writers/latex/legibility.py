"""Formulas that are no LaTeX: found by the renderer before a stricter program stumbles over them."""

from __future__ import annotations

import re
from html import unescape

from mathpixweb.engine.writers.formulas.dialect_math import understood_formula
from mathpixweb.engine.writers.mmd.mmd_source import rewrite_latex
from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.web.html import FORMULA

TABULAR = re.compile(
    r"\\(?:multicolumn|multirow|cline|cmidrule)\b"
)  # LaTeX knows them in arrays, MathJax does not


def illegible(mmd: str, renderer: Renderer) -> frozenset[str]:
    """The sources of the formulas in `mmd` that MathJax refuses, by `shape` and in its words."""
    page = renderer.html(rewrite_latex(mmd, understood_formula))
    bad = (found["bad"] for found in FORMULA.finditer(page) if found["bad"])
    return frozenset(shape(unescape(latex)) for latex in bad if not TABULAR.search(latex))


def shape(latex: str) -> str:
    """A formula in MathJax's words, without its blanks, which programs change on the way."""
    return "".join(understood_formula(latex).split())
