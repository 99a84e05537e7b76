"""What pandoc makes of Office mathematics and MathML, in the commands that it stands for.

pandoc stacks signs where LaTeX has an accent (`\\overset{\\sim}{x}`), and leaves some characters as they are.
"""

from __future__ import annotations

import re
from typing import Final

from mathpixweb.engine.math.symbols import command_of

OPENS, CLOSES = "\ue012", "\ue013"  # around upright letters, put there before pandoc reads
UPRIGHT: Final = re.compile(f"{OPENS}\\s*((?:[A-Za-z0-9]\\s*)+){CLOSES}")
PARTED: Final = re.compile(rf"{CLOSES}\s*{OPENS}")
DEEPEST: Final = 8  # groups and stacks within each other
GROUP: Final = r"\{(" + r"(?:[^{}]|\{" * DEEPEST + "[^{}]*" + r"\})*" * DEEPEST + r")\}"
ACCENTS: Final = {
    r"\sim": r"\tilde",
    "~": r"\tilde",
    "˙": r"\dot",
    "\u0307": r"\dot",
    "\u0308": r"\ddot",
    "¨": r"\ddot",
    r"\rightarrow": r"\vec",
    r"\leftarrow": r"\overleftarrow",
    r"\leftrightarrow": r"\overleftrightarrow",
    r"\overleftrightarrow{}": r"\overleftrightarrow",
    "^": r"\hat",
    "ˆ": r"\hat",
    r"\hat{}": r"\hat",
    "ˇ": r"\check",
    "˘": r"\breve",
    "´": r"\acute",
    "`": r"\grave",
    "―": r"\overline",
    "¯": r"\bar",
    "‾": r"\overline",
    "_": r"\underline",
}
OVER: Final = re.compile(rf"\\overset{GROUP}{GROUP}")
UNDER: Final = re.compile(rf"\\underset{GROUP}{GROUP}")
BRACE: Final = re.compile(rf"\\(under|over)brace{GROUP}")
LIMITED: Final = re.compile(
    r"\\(?:lim|max|min|sup|inf|limsup|liminf|det|gcd|Pr|injlim|projlim|sum|prod|coprod|bigcup|bigcap|bigvee|bigwedge"
    r"|bigoplus|bigotimes)|\\operatorname\*?\{[^{}]*\}"
)
ARROW: Final = re.compile(r"\\(?:long)?(left|right|leftright)arrow")
PRIMES: Final = re.compile(r"\^\{('+)\}")
STARRED: Final = re.compile(r"(\\(?!operatorname)[A-Za-z]+)\*")
CHARACTER: Final = re.compile(r"[^\x00-\x7f]")
CHARACTERS: Final = {
    "▫": r"\square",
    "⌞": r"\llcorner",
    "⌟": r"\lrcorner",
    "℧": r"\mho",
    "∰": r"\oiiint",
    "⫫": r"\Perp",
    "Å": r"\AA",
    "⫋": r"\varsubsetneqq",
    "⫌": r"\varsupsetneqq",
    "⟸": r"\Longleftarrow",
    "ℏ": r"\hbar",
}
RENAMED: Final = {
    r"\smallsetminus": r"\setminus",
    r"\hslash": r"\hbar",
    r"\bigtriangleup": r"\triangle",
    r"\vartriangleleft": r"\triangleleft",
    r"\vartriangleright": r"\triangleright",
}
NO_BAR: Final = re.compile(r"""linethickness\s*=\s*["']\s*0(?:\.0*)?(?:px|ex|%|in|cm|mm)?\s*["']""")
NAME: Final = re.compile(r"\\[A-Za-z]+")


def barless(mathml: str) -> str:
    """MathML whose fractions without a bar, as in binomials, are such to pandoc."""
    return NO_BAR.sub('linethickness="0pt"', mathml)


def renamed(latex: str) -> str:
    """The formula with LaTeX's accents, braces with words, limits and signs by their names."""
    latex = UPRIGHT.sub(_upright, PARTED.sub("", latex)).replace(OPENS, "").replace(CLOSES, "")
    latex = NAME.sub(lambda found: RENAMED.get(found[0], found[0]), latex)
    latex = PRIMES.sub(lambda found: "^{" + (r"\prime " * len(found[1])).rstrip() + "}", latex)
    for _ in range(DEEPEST):
        stacked = UNDER.sub(_under, OVER.sub(_over, latex))
        if stacked == latex:
            break
        latex = stacked
    latex = STARRED.sub(r"\1 *", latex)
    return CHARACTER.sub(_character, latex)


def _upright(found: re.Match[str]) -> str:
    said = "".join(found[1].split())
    return rf"\operatorname{{{said}}}" if len(said) > 1 else rf"\mathrm{{{said}}}"


def _over(found: re.Match[str]) -> str:
    above, below = found[1].strip(), found[2].strip()
    brace = BRACE.fullmatch(below)
    if brace and brace[1] == "over":
        return rf"{below}^{{{above}}}"
    if LIMITED.fullmatch(_base(below)):
        return rf"{below}^{{{above}}}"
    arrow = ARROW.fullmatch(below)
    if arrow and above not in ACCENTS:
        return rf"\x{arrow[1]}arrow{{{above}}}"
    accent = ACCENTS.get(above)
    return rf"{accent}{{{below}}}" if accent else found[0]


def _under(found: re.Match[str]) -> str:
    below, above = found[1].strip(), found[2].strip()
    brace = BRACE.fullmatch(above)
    if brace and brace[1] == "under":
        return rf"{above}_{{{below}}}"
    if LIMITED.fullmatch(above):
        return above.replace(r"\operatorname{", r"\operatorname*{") + f"_{{{below}}}"
    arrow = re.fullmatch(rf"\\x(\w+){GROUP}", above)
    return rf"\x{arrow[1]}[{below}]{{{arrow[2]}}}" if arrow else found[0]


def _base(latex: str) -> str:
    """A command without its lower limit."""
    return re.sub(rf"_{GROUP}$", "", latex)


def _character(found: re.Match[str]) -> str:
    command = CHARACTERS.get(found[0]) or command_of(found[0])
    return f"{command} " if command[:1] == "\\" else command or found[0]
