"""Commands of LaTeX's packages in formulas that the renderer does not know, in commands that it knows."""

from __future__ import annotations

import re
from typing import Final

from mathpixweb.engine.math.source import replace_commands

RENAMED: Final = {
    "bm": r"\boldsymbol",
    "dag": r"\dagger",
    "ddag": r"\ddagger",
    "underbar": r"\underline",
    "overbracket": r"\overbrace",
    "underbracket": r"\underbrace",
    "degree": "°",
    "copyright": "©",
    "P": "¶",
    "coloneqq": "≔",
    "eqqcolon": "≕",
    "iddots": "⋰",
    "nobreak": "",
    "allowbreak": "",
}
NAME: Final = re.compile(rf"\\(?:({'|'.join(RENAMED)})(?![A-Za-z])|(hspace)\*)")
STATES: Final = {
    "bra": r"\langle {}|",
    "ket": r"|{}\rangle",
    "braket": r"\langle {}\rangle",
    "Bra": r"\left\langle {}\right|",
    "Ket": r"\left|{}\right\rangle",
    "Braket": r"\left\langle {}\right\rangle",
}
ARROWS: Final = {
    "xRightarrow": r"\Longrightarrow",
    "xLeftarrow": r"\Longleftarrow",
    "xLeftrightarrow": r"\Longleftrightarrow",
    "xhookrightarrow": r"\hookrightarrow",
    "xhookleftarrow": r"\hookleftarrow",
    "xmapsto": r"\longmapsto",
}
GROUP: Final = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
ARROW: Final = re.compile(rf"\\({'|'.join(ARROWS)})\s*(?:\[([^\[\]]*)\])?\s*{GROUP}")


def understood_formula(latex: str) -> str:
    """The formula, with or without its delimiters, in the words of the renderer."""
    latex = NAME.sub(lambda found: rf"\{found[2]}" if found[2] else RENAMED[found[1]], latex)
    for name, form in STATES.items():
        latex = replace_commands(latex, name, lambda said, form=form: form.replace("{}", said))  # type: ignore[misc]
    return ARROW.sub(_arrow, latex)


def _arrow(found: re.Match[str]) -> str:
    arrow = rf"\overset{{{found[3]}}}{{{ARROWS[found[1]]}}}"
    return rf"\underset{{{found[2]}}}{{{arrow}}}" if found[2] else arrow
