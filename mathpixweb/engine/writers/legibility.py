"""Formulas that are no LaTeX: found by the renderer before a stricter program stumbles over them."""

from __future__ import annotations

from html import unescape

from mathpixweb.engine.writers.html import FORMULA
from mathpixweb.engine.writers.renderer import Renderer


def illegible(mmd: str, renderer: Renderer) -> frozenset[str]:
    """The sources of the formulas in `mmd` that MathJax refuses, by `shape`."""
    rendered = renderer.html(mmd)
    return frozenset(shape(unescape(found["bad"])) for found in FORMULA.finditer(rendered) if found["bad"])


def shape(latex: str) -> str:
    """A formula without its blanks, which programs change on the way."""
    return "".join(latex.split())
