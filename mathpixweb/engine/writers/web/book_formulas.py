"""Formulas of books as the MathML that web pages have, with numbers at the right and strokes by CSS."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from mathpixweb.engine.writers.programs.pandoc_tree import Node, nodes
from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.web.html import FORMULA
from mathpixweb.engine.writers.web.mathml_core import NAMESPACE, core
from mathpixweb.engine.writers.web.sanitising import sanitise

SHEET: Final = Path(__file__).parents[4] / "static" / "css" / "mmd.css"
RULES: Final = re.compile(r"/\* MathML, in books too \*/(.*?)/\* end of MathML \*/", re.DOTALL)
BLANK_LINES: Final = re.compile(r"\n\s*\n")
UNWANTED: Final = re.compile(r' (?:data-[\w-]+|style|id)="[^"]*"')  # MathJax notes; what may be twice
TOGETHER: Final = 200  # formulas in one request

Formula = tuple[str, bool]  # its LaTeX and whether it is displayed


def styles() -> str:
    """The rules of web pages for what is in a formula."""
    [rules] = RULES.findall(SHEET.read_text())
    return str(rules).replace(".mmd ", "")


def drawn(blocks: list[Node], renderer: Renderer) -> list[Node]:
    """The blocks with MathML in the place of each formula that is TeX; headings stay. Raises RenderFailed."""
    asked = list(dict.fromkeys(_formula(node) for node in _formulas(blocks)))
    known: dict[Formula, str] = {}
    for start in range(0, len(asked), TOGETHER):
        known |= _rendered(asked[start : start + TOGETHER], renderer)
    made: list[Node] = _with(blocks, known)
    return made


def _formulas(part: Any) -> list[Node]:
    return [node for node in nodes(part, "Math") if node["c"][1].strip()]


def _formula(node: Node) -> Formula:
    kind, latex = node["c"]
    return latex, kind["t"] == "DisplayMath"


def _rendered(formulas: Sequence[Formula], renderer: Renderer) -> Mapping[Formula, str]:
    page = renderer.html("\n\n".join(_source(latex, display) for latex, display in formulas))
    found = list(FORMULA.finditer(page))
    if len(found) != len(formulas):
        return {}
    return {
        formula: markup
        for formula, each in zip(formulas, found, strict=True)
        if each["mathml"] and (markup := _markup(each["mathml"], *formula))
    }


def _source(latex: str, display: bool) -> str:
    latex = BLANK_LINES.sub("\n", latex).strip()
    if not display:
        return f"\\({latex}\\)"
    return latex if latex.startswith(r"\begin{") and latex.count(r"\begin{") == 1 else f"\\[\n{latex}\n\\]"


def _markup(mathml: str, latex: str, display: bool) -> str:
    try:
        made = core(mathml)
    except ElementTree.ParseError:
        return ""
    shown = ' display="block"' if display else ""
    safe = UNWANTED.sub("", sanitise(made)).replace("&nbsp;", "\u00a0")  # XHTML has no names for blanks
    inside = safe.partition(">")[2].removesuffix("</math>")
    told = f'<annotation encoding="application/x-tex">{escape(latex)}</annotation>'
    return (
        f'<math{NAMESPACE}{shown} alttext="{escape(latex)}">'
        f"<semantics><mrow>{inside}</mrow>{told}</semantics></math>"
    )


def _with(part: Any, known: Mapping[Formula, str]) -> Any:
    if isinstance(part, list):
        return [_with(each, known) for each in part]
    if not isinstance(part, dict) or part.get("t") == "Header":
        return part
    if part.get("t") == "Math":
        markup = known.get(_formula(part))
        return {"t": "RawInline", "c": ["html", markup]} if markup else part
    return {name: _with(value, known) for name, value in part.items()}
