"""LaTeX in the text of web pages and books, which scripts would typeset: environments become formulas."""

from __future__ import annotations

import re
from typing import Any, Final

# Added to pandoc's readers of HTML. Dollars are left alone: in most pages they are prices.
EXTENSIONS: Final = "+tex_math_single_backslash+raw_tex"
_ENVIRONMENT = re.compile(
    r"\s*\\begin\{(?P<name>(?:align|alignat|eqnarray|equation|flalign|gather|multline|displaymath)\*?)\}"
    r"(?P<body>.*)\\end\{(?P=name)\}\s*",
    re.DOTALL,
)
_LABEL = re.compile(r"\\label\{[^{}]*\}")
_ROWS: Final = {"gather": "gathered", "multline": "gathered", "equation": "", "displaymath": ""}


def resolved(part: Any) -> Any:
    """The part of pandoc's tree with raw LaTeX as formulas, or as the words that it was in the page."""
    if isinstance(part, list):
        return [resolved(each) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("t") in ("RawInline", "RawBlock") and part["c"][0] in ("tex", "latex"):
        inline = _inline(part["c"][1])
        return inline if part["t"] == "RawInline" else {"t": "Para", "c": [inline]}
    return {name: resolved(value) for name, value in part.items()}


def _inline(latex: str) -> Any:
    found = _ENVIRONMENT.fullmatch(latex)
    if found is None:
        return {"t": "Str", "c": latex}
    name = found["name"].rstrip("*")
    body = _LABEL.sub("", found["body"]).strip()
    if name == "alignat":
        body = re.sub(r"^\{\d+\}\s*", "", body)
    rows = _ROWS.get(name, "aligned")
    shown = f"\\begin{{{rows}}}\n{body}\n\\end{{{rows}}}" if rows else body
    return {"t": "Math", "c": [{"t": "DisplayMath"}, shown]}
