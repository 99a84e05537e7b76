"""LaTeX formulas in the words that pandoc's mathematics knows.

Without these rewritings pandoc leaves a formula as its source, or drops the equation's number.
"""

from __future__ import annotations

import re

from mathpixweb.engine.math.source import closing_brace, find_command, replace_commands
from mathpixweb.engine.writers.mmd.mmd_source import NUMBERED

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
    r"\longrightleftharpoons": r"\rightleftharpoons",
    r"\setminus": "∖",
    r"\dbinom": r"\binom",
    r"\tbinom": r"\binom",
    r"\mathds": r"\mathbb",
    r"\cr": r"\\",
}
SYMBOL = re.compile("|".join(re.escape(name) + r"(?![A-Za-z])" for name in SYMBOLS))
DROPPED = re.compile(r"\\(?:notag|nonumber)(?![A-Za-z])|\\label\s*\{[^{}]*\}|\\cline\s*\{[^{}]*\}")
WHOLE = re.compile(
    rf"\s*\\begin\{{(?P<name>(?:{NUMBERED})\*?)\}}(?P<rows>.*)\\end\{{(?P=name)\}}\s*", re.DOTALL
)
WITHIN = re.compile(rf"\\(begin|end)\{{({NUMBERED})\*?\}}(\{{\d+\}})?")
ENVIRONMENT = re.compile(r"\\begin\{.*\\end\{[^{}]*\}|\\(?:substack|text)\s*\{[^{}]*\}", re.DOTALL)
# What only TeX's page has an eye for: sizes, struts, spaces by measure.
LOOKS = re.compile(
    r"\\(?:tiny|scriptsize|footnotesize|small|normalsize|large|Large|LARGE|huge|Huge|strut|mathstrut"
    r"|hfill|hfil|noalign|null)(?![A-Za-z])|\\vphantom\s*\{[^{}]*\}|\\(?:rule|vspace)\*?\s*(?:\{[^{}]*\}){1,2}"
    r"|\\(?:hspace|mspace)\*?\s*\{\s*-[^{}]*\}"
)
ROW_SPACE = re.compile(r"(\\\\)\s*\[\s*-?[\d.]+\s*(?:mm|cm|pt|pc|ex|em|in|px|bp)\s*\]")
WIDE_SPACE = re.compile(r"\\hspace\*?\s*\{[^{}-]*\}")
BOLD_BOX = re.compile(r"\\mbox\s*\{\s*\\boldmath\s*\$([^${}]*(?:\{[^${}]*\}[^${}]*)*)\$\s*\}")
FONTS = {
    "rm": r"\mathrm",
    "bf": r"\mathbf",
    "it": r"\mathit",
    "cal": r"\mathcal",
    "sf": r"\mathsf",
    "tt": r"\mathtt",
    "frak": r"\mathfrak",
    "mit": r"\mathit",
}
SWITCH = re.compile(rf"\\({'|'.join(FONTS)})(?![A-Za-z])[ \t]*")
CELL_END = re.compile(r"(?<!\\)&|\\\\")
LINE_END = r"\\"
QUADS = "\u2003\u2003"  # two, as characters that stand within words
ATOP = re.compile(r"\{([^{}]*?)\\atop(?![A-Za-z])([^{}]*)\}")
SPAN = re.compile(r"\\multi(?:column|row)\s*\{[^{}]*\}\s*\{[^{}]*\}\s*\{")


def portable(latex: str) -> str:
    """The formula, without delimiters, for pandoc's reader of mathematics; its number stands beside it."""
    latex = _words(_without_environment(latex))
    latex = re.sub(r"\n\s*\n", "\n", latex).strip()
    if latex and LINE_END in ENVIRONMENT.sub("", latex):
        return f"\\begin{{gathered}}{latex}\\end{{gathered}}"
    return latex


def without_number(latex: str) -> tuple[str, str]:
    """The formula without its one number, and that; an empty number where there are none or several."""
    tag = find_command(latex, "tag")
    if tag is None or find_command(latex, "tag", tag.end) is not None:
        return latex, ""
    return latex[: tag.start].rstrip() + latex[tag.end :], tag.argument


def _without_environment(latex: str) -> str:
    """What LaTeX numbers cannot stand within other mathematics: there it is its unnumbered kin."""
    found = WHOLE.fullmatch(latex)
    if found is None:
        return latex
    name, rows = found["name"].rstrip("*"), found["rows"]
    rows = re.sub(r"^\s*\{\d+\}", "", rows) if name == "alignat" else rows
    rows = rows.replace("&=&", "&=") if name == "eqnarray" else rows
    inner = INNER[name]
    return f"\\begin{{{inner}}}{rows}\\end{{{inner}}}" if inner else rows


def _commanded_fonts(latex: str) -> str:
    """`{\\rm cubic}` as `{\\mathrm{cubic}}`: a switch holds to the end of its group, cell or formula."""
    while found := SWITCH.search(latex):
        end = closing_brace(latex, found.end())
        reach = end - 1 if end else len(latex)
        cell = CELL_END.search(latex, found.end(), reach)
        reach = cell.start() if cell and not end else reach
        held = latex[found.end() : reach].strip()
        switched = f"{FONTS[found[1]]}{{{held}}}" if held else ""
        latex = latex[: found.start()] + switched + latex[reach:]
    return latex


def _words(latex: str) -> str:
    latex = _commanded_fonts(latex)
    latex = replace_commands(latex, "tag", lambda tag: f"\\text{{{QUADS}({tag})}}")
    latex = ROW_SPACE.sub(r"\1", LOOKS.sub("", DROPPED.sub("", latex)))
    latex = BOLD_BOX.sub(r"\\boldsymbol{\1}", WIDE_SPACE.sub(r"\\quad ", latex))
    latex = replace_commands(latex, "smash", lambda content: f"{{{content}}}")
    latex = SYMBOL.sub(lambda found: SYMBOLS[found[0]], latex)
    latex = WITHIN.sub(_environment, latex)
    latex = ATOP.sub(r"\\begin{array}{c}\1\\\\\2\\end{array}", latex)
    latex = replace_commands(latex, "longdiv", lambda number: rf"\overline{{\text{{)}}{number}}}")
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
