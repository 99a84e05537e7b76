"""The source of Mathpix Markdown taken apart: code, formulas, words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

CODE = (
    r"^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|\\begin\{(?P<listing>lstlisting|verbatim)\}.*?\\end\{(?P=listing)\}"
    r"|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
)
NUMBERED = r"equation|align|gather|multline|alignat|flalign|eqnarray"
FORMULA = (
    r"(?<!\\)\\\[(?P<brackets>.*?)(?<!\\)\\\]"
    r"|(?<![\\$])\$\$(?P<dollars>.+?)(?<!\\)\$\$"
    r"|(?<!\\)\\\((?P<parens>.*?)(?<!\\)\\\)"
    r"|(?<![\\$])\$(?P<dollar>(?![\s$])(?:[^$\\\n]|\\.|\n(?!\s*\n))*?(?<!\s))\$(?!\d)"
    rf"|\\begin\{{(?P<env>(?:{NUMBERED})\*?)\}}(?P<rows>.*?)\\end\{{(?P=env)\}}"
)
PARTS = re.compile(f"{CODE}|{FORMULA}", re.DOTALL | re.MULTILINE)
HELD = re.compile("\ue000(\\d+)\ue001")  # stands for a part that must not be touched


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of the source: its LaTeX, whether it stands alone, and its environment if it has one."""

    latex: str
    display: bool
    environment: str = ""


def rewrite_formulas(mmd: str, rewrite: Callable[[Formula], str]) -> str:
    """`mmd` with each formula, delimiters and all, replaced by what `rewrite` returns; code stays."""

    def replace(found: re.Match[str]) -> str:
        formula = _formula(found)
        return rewrite(formula) if formula else found[0]

    return PARTS.sub(replace, mmd)


def rewrite_latex(mmd: str, rewrite: Callable[[str], str]) -> str:
    """`mmd` with each formula, in its delimiters, sent through `rewrite`; code stays."""
    return PARTS.sub(lambda found: rewrite(found[0]) if _formula(found) else found[0], mmd)


def _formula(found: re.Match[str]) -> Formula | None:
    if found["env"] is not None:
        return Formula(found["rows"], display=True, environment=found["env"])
    for group, display in (("brackets", True), ("dollars", True), ("parens", False), ("dollar", False)):
        if found[group] is not None:
            return Formula(found[group], display)
    return None


def rewrite_words(mmd: str, rewrite: Callable[[str], str], *, formulas_too: bool = False) -> str:
    """`mmd` with all but code (and, unless `formulas_too`, formulas) sent through `rewrite` in one piece."""
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        if formulas_too and _formula(found):
            return found[0]
        held.append(found[0])
        return f"\ue000{len(held) - 1}\ue001"

    words = rewrite(PARTS.sub(hold, mmd.replace("\ue000", "").replace("\ue001", "")))
    return HELD.sub(lambda found: held[int(found[1])], words)
