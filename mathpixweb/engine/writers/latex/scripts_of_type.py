"""Scripts that a Latin typeface lacks: a command sets each run of such letters in one that has them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mathpixweb.engine.writers.mmd.mmd_source import CODE


@dataclass(frozen=True, slots=True)
class Script:
    """`fonts` in the order in which they are tried; `letters` for a class of a regular expression."""

    command: str
    letters: str
    fonts: tuple[str, ...]
    leftwards: bool = False


SCRIPTS = (
    Script(
        "setHan",
        "\u2e80-\u2fdf\u3000-\u30ff\u3100-\u31ff\u3200-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff",
        ("Noto Serif CJK SC", "Noto Sans CJK SC", "Source Han Serif SC", "WenQuanYi Zen Hei", "FandolSong"),
    ),
    Script(
        "setArabic",
        "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
        ("Noto Naskh Arabic", "Noto Sans Arabic", "Amiri", "DejaVu Sans"),
        leftwards=True,
    ),
    Script(
        "setHebrew",
        "\u0590-\u05ff\ufb1d-\ufb4f",
        ("Noto Serif Hebrew", "Noto Sans Hebrew", "DejaVu Sans"),
        leftwards=True,
    ),
    Script("setDevanagari", "\u0900-\u097f\ua8e0-\ua8ff", ("Noto Serif Devanagari", "Noto Sans Devanagari")),
    Script("setBengali", "\u0980-\u09ff", ("Noto Serif Bengali", "Noto Sans Bengali")),
    Script("setTamil", "\u0b80-\u0bff", ("Noto Serif Tamil", "Noto Sans Tamil")),
    Script("setTelugu", "\u0c00-\u0c7f", ("Noto Serif Telugu", "Noto Sans Telugu")),
    Script("setThai", "\u0e00-\u0e7f", ("Noto Serif Thai", "Noto Sans Thai")),
    Script("setGeorgian", "\u10a0-\u10ff", ("Noto Serif Georgian", "Noto Sans Georgian", "DejaVu Serif")),
    Script("setArmenian", "\u0530-\u058f", ("Noto Serif Armenian", "Noto Sans Armenian", "DejaVu Serif")),
)
RUNS = {script: re.compile(rf"[{script.letters}]+(?:[ ]+[{script.letters}]+)*") for script in SCRIPTS}
VERBATIM = re.compile(CODE, re.DOTALL | re.MULTILINE)


def set_scripts(latex: str) -> str:
    """`latex` with each run of another script inside of its command; code stays."""
    pieces: list[str] = []
    position = 0
    for code in VERBATIM.finditer(latex):
        pieces += [_set(latex[position : code.start()]), code[0]]
        position = code.end()
    return "".join([*pieces, _set(latex[position:])])


def definitions(latex: str) -> str:
    """LaTeX that defines the commands which `latex` uses."""
    return "\n".join(_definition(script) for script in SCRIPTS if f"\\{script.command}{{" in latex)


def _set(latex: str) -> str:
    for script, run in RUNS.items():
        latex = run.sub(lambda found, name=script.command: f"\\{name}{{{found[0]}}}", latex)  # type: ignore[misc]
    return latex


def _definition(script: Script) -> str:
    family = f"\\{script.command}family"
    choice = "".join(
        f"\\IfFontExistsTF{{{font}}}{{\\newfontfamily{family}{{{font}}}}}{{" for font in script.fonts
    )
    fonts = f"{choice}\\newcommand{{{family}}}{{}}{'}' * len(script.fonts)}"
    text = f"{family}\\beginR #1\\endR" if script.leftwards else f"{family} #1"
    start = "\\TeXXeTstate=1 " if script.leftwards else ""
    either = f"\\ifmmode\\text{{{text}}}\\else{{{text}}}\\fi"
    return f"{start}{fonts}\n\\DeclareRobustCommand{{\\{script.command}}}[1]{{{either}}}"
