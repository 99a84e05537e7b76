"""Chemical equations of LaTeX's mhchem as the plain LaTeX that other programs know.

The renderer has mhchem's own grammar; what it writes has struts and overlaps that only TeX understands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mathpixweb.engine.math.source import find_command, replace_commands
from mathpixweb.engine.writers.programs.renderer import Renderer

COMMANDS = ("ce", "pu")
SIGNS = {"+": "+", "-": "−"}
BEFORE = re.compile(
    r"\{\\vphantom\{A\}\}\^\{\\hphantom\{(?P<above>.*?)\}\}_\{\\hphantom\{(?P<below>.*?)\}\}\\mkern-1\.5mu"
    r"\{\\vphantom\{A\}\}\^\{\\smash\[t\]\{\\vphantom\{2\}\}\\llap\{(?P=above)\}\}"
    r"_\{\\vphantom\{2\}\\llap\{\\smash\[t\]\{(?P=below)\}\}\}"
)
STRUTS = re.compile(
    r"\{\\vphantom\{[^{}]*\}\}|\\vphantom\{[^{}]*\}|\\mkern-?[\d.]+mu|\\mathchoice(?:\{[^{}]*\}){4}"
)
SKIP = re.compile(r"\\mskip\s*[\d.]+mu")
BRACED = ("smash", "llap", "rlap", "mathrel", "mathbin", "mathord")
CHARGE = re.compile(r"\^\{(\d*)([+-])\}")
EMPTY = re.compile(r"(?<![\\_^A-Za-z}\]])\{\}")


def equations(formulas: Iterable[str]) -> list[str]:
    """The chemical equations within formulas, each once, with their command."""
    found: dict[str, None] = {}
    for latex in formulas:
        for name in COMMANDS:
            position = 0
            while command := find_command(latex, name, position):
                found[f"\\{name}{{{command.argument}}}"] = None
                position = command.end
    return list(found)


def known(formulas: Iterable[str], renderer: Renderer) -> dict[str, str]:
    """The plain LaTeX of each chemical equation within the formulas. Raises RenderFailed."""
    asked = equations(formulas)
    if not asked:
        return {}
    return {equation: plain(latex) for equation, latex in zip(asked, renderer.chemistry(asked), strict=True)}


def replaced(latex: str, equations: dict[str, str]) -> str:
    """The formula with plain LaTeX for its chemical equations; one that is unknown is upright."""
    for name in COMMANDS:
        latex = replace_commands(latex, name, lambda said, name=name: _one(name, said, equations))  # type: ignore[misc]
    return latex


def _one(name: str, said: str, equations: dict[str, str]) -> str:
    return equations.get(f"\\{name}{{{said}}}") or rf"\mathrm{{{said}}}"


def plain(latex: str) -> str:
    """What mhchem's grammar writes, without what is there for TeX's eyes only."""
    latex = BEFORE.sub(r"{}^{\g<above>}_{\g<below>}", latex)
    latex = SKIP.sub(r"\\,", STRUTS.sub("", latex))
    for name in BRACED:
        latex = replace_commands(latex, name, lambda inner: inner)
    latex = CHARGE.sub(
        lambda found: rf"^{{\text{{{found[1]}{SIGNS[found[2]]}}}}}", EMPTY.sub("", latex).strip()
    )
    return " ".join(latex.split())
