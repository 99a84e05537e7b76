"""LaTeX formulas in the words that pandoc's mathematics knows.

Without these rewritings pandoc leaves a formula as its source, or drops the equation's number.
"""

from __future__ import annotations

import re

from mathpixweb.engine.writers.mmd_source import (
    NUMBERED,
    Formula,
    closing_brace,
    replace_commands,
)

INNER = {
    "align": "aligned",
    "alignat": "aligned",
    "flalign": "aligned",
    "eqnarray": "aligned",
    "gather": "gathered",
    "multline": "gathered",
    "equation": "",
}
SYMBOLS = {
    r"\AA": "Å",
    r"\S": "§",
    r"\P": "¶",
    r"\Varangle": "∢",
    r"\varangle": "∢",
    r"\varliminf": r"\underline{\lim}",
    r"\varlimsup": r"\overline{\lim}",
    r"\varinjlim": r"\underrightarrow{\lim}",
    r"\varprojlim": r"\underleftarrow{\lim}",
    r"\varsubsetneqq": "⫋",
    r"\varsupsetneqq": "⫌",
    r"\newline": r"\\",
}
SYMBOL = re.compile("|".join(re.escape(name) + r"(?![A-Za-z])" for name in SYMBOLS))
DROPPED = re.compile(r"\\(?:notag|nonumber)(?![A-Za-z])|\\label\s*\{[^{}]*\}|\\cline\s*\{[^{}]*\}")
WITHIN = re.compile(rf"\\(begin|end)\{{({NUMBERED})\*?\}}(\{{\d+\}})?")
ENVIRONMENT = re.compile(r"\\begin\{.*\\end\{[^{}]*\}|\\(?:substack|text)\s*\{[^{}]*\}", re.DOTALL)
LINE_END = r"\\"
ATOP = re.compile(r"\{([^{}]*?)\\atop(?![A-Za-z])([^{}]*)\}")
SPAN = re.compile(r"\\multi(?:column|row)\s*\{[^{}]*\}\s*\{[^{}]*\}\s*\{")


def portable(formula: Formula) -> str:
    """The formula with delimiters, for pandoc's reader of Markdown or LaTeX."""
    latex = _words(formula.latex)
    inner = INNER.get(formula.environment.rstrip("*"), "")
    if inner:
        latex = re.sub(r"^\s*\{\d+\}", "", latex) if "alignat" in formula.environment else latex
        latex = latex.replace("&=&", "&=") if "eqnarray" in formula.environment else latex
        latex = f"\\begin{{{inner}}}{latex}\\end{{{inner}}}"
    latex = re.sub(r"\n\s*\n", "\n", latex).strip()
    if not latex:
        return ""
    if LINE_END in ENVIRONMENT.sub("", latex):
        latex = f"\\begin{{gathered}}{latex}\\end{{gathered}}"
    return f"\\[{latex}\\]" if formula.display else f"\\({latex}\\)"


def _words(latex: str) -> str:
    latex = replace_commands(latex, "tag", lambda tag: rf"\qquad ({tag})")
    latex = DROPPED.sub("", latex)
    latex = SYMBOL.sub(lambda found: SYMBOLS[found[0]], latex)
    latex = WITHIN.sub(_environment, latex)
    latex = ATOP.sub(r"\\begin{array}{c}\1\\\\\2\\end{array}", latex)
    latex = replace_commands(latex, "longdiv", lambda number: rf"\overline{{){number}}}")
    latex = replace_commands(latex, "ce", _chemistry)
    return _spans(latex)


def _environment(found: re.Match[str]) -> str:
    inner = INNER[found[2]]
    return f"\\{found[1]}{{{inner}}}" if inner else ""


def _spans(latex: str) -> str:
    while found := SPAN.search(latex):
        end = closing_brace(latex, found.end())
        if not end:
            return latex
        latex = latex[: found.start()] + latex[found.end() : end - 1] + latex[end:]
    return latex


def _chemistry(formula: str) -> str:
    """A chemical formula of the simple kind: counts below, charges above, arrows between."""
    formula = formula.replace("<=>", r" \rightleftharpoons ").replace("->", r" \rightarrow ")
    formula = re.sub(r"\^\{?([0-9]*[+-])\}?|(?<=[A-Za-z0-9)\]])([+-])(?=\s|$)", r"^{\1\2}", formula)
    formula = re.sub(r"(?<=[A-Za-z)\]])(\d+)", r"_{\1}", formula)
    return rf"\mathrm{{{formula}}}"
