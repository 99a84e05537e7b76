"""Formulas that a text has as MathML or AsciiMath, translated to LaTeX all at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.math.texmath import barless, renamed
from mathpixweb.engine.writers.mmd.mmd_source import rewrite_words
from mathpixweb.engine.writers.programs import pandoc, pandoc_tree
from mathpixweb.engine.writers.programs.renderer import Renderer

FOREIGN = re.compile(
    r"(?P<mathml><math\b[^>]*>.*?</math>)|(?P<ascii><ascii\b[^>]*>.*?</ascii>)", re.DOTALL | re.IGNORECASE
)
DISPLAYED = re.compile(r"<math\b[^>]*\bdisplay\s*=\s*[\"']block[\"']", re.IGNORECASE)


def as_latex(mmd: str, renderer: Renderer) -> str:
    """`mmd` with LaTeX instead of each formula in another language. Raises RenderFailed."""
    if not FOREIGN.search(mmd):
        return mmd
    found: list[str] = []
    rewrite_words(mmd, lambda words: _noted(words, found))
    known = dict(zip(found, latex_of(list(_in_mathml(found, renderer))), strict=True))

    def replaced(formula: re.Match[str]) -> str:
        latex = known[formula[0]]
        if not latex:
            return formula[0]
        return f"\n\n\\[\n{latex}\n\\]\n\n" if DISPLAYED.match(formula[0]) else f"\\( {latex} \\)"

    return rewrite_words(mmd, lambda words: FOREIGN.sub(replaced, words))


def _noted(words: str, found: list[str]) -> str:
    found += [formula[0] for formula in FOREIGN.finditer(words) if formula[0] not in found]
    return words


def _in_mathml(formulas: list[str], renderer: Renderer) -> Iterator[str]:
    for formula in formulas:
        if formula[:5].lower() == "<math":
            yield formula
        else:
            yield mathml_of(formula, renderer) or "<math></math>"


def mathml_of(mmd: str, renderer: Renderer) -> str:
    """The MathML of the first formula of a text; empty where there is none."""
    try:
        rendered = renderer.data(mmd, {"include_mathml": True})
    except RenderFailed:
        return ""
    return next((piece["value"] for piece in rendered.data if piece["type"] == "mathml"), "")


def latex_of(formulas: list[str]) -> list[str]:
    """The LaTeX of `<math>` elements, without delimiters; empty for what is none. Raises RenderFailed."""
    if not formulas:
        return []
    page = "".join(f"<p>={barless(formula)}</p>" for formula in formulas)
    tree = json.loads(pandoc.convert(page, "html", "json"))
    said = [
        renamed("".join(node["c"][1] for node in pandoc_tree.nodes(block, "Math")))
        for block in tree["blocks"]
    ]
    return (said + [""] * len(formulas))[: len(formulas)]
