"""Thousands of formulas a second: one run of TeX ships each formula on a page of its own."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from training.printed.fonts import FontSet

_DOCUMENT = r"""\documentclass[10pt]{article}
\usepackage{amsmath}%(ams)s
%(preamble)s
\providecommand\degree{^\circ}\providecommand\square{\Box}
\newbox\formula\nofiles\batchmode\errorcontextlines=0
%% the paragraph of nothing lets TeX forget its errors: after a hundred it would give up
\def\F#1#2{\typeout{@@#1}\setbox\formula\hbox{#2}\count0=#1\relax\RawShipout\vbox{\copy\formula}%%
\setbox\formula\vbox{\noindent\hbox{}\par}}
\begin{document}
%(formulas)s
\end{document}
"""
_AMS = r"\usepackage{amssymb,amsfonts,mathrsfs}"
# These bring the symbols of amssymb themselves and clash with it.
_OWN_SYMBOLS = ("stix", "newtxmath", "newpxmath", "unicode-math", "mathdesign", "kpfonts", "fourier", "arev")
LONGEST_RUN = 1800  # seconds


def typeset(folder: Path, name: str, fonts: FontSet, formulas: Sequence[str]) -> tuple[Path, set[int]]:
    """The file of pages (DVI or XDV) numbered as `formulas`, and the numbers TeX complained about."""
    folder.mkdir(parents=True, exist_ok=True)
    own = any(package in fonts.preamble for package in _OWN_SYMBOLS)
    body = "\n".join(rf"\F{{{number}}}{{${latex}$}}" for number, latex in enumerate(formulas))
    source = folder / f"{name}.tex"
    source.write_text(
        _DOCUMENT % {"ams": "" if own else _AMS, "preamble": fonts.preamble, "formulas": body},
        encoding="utf-8",
    )
    command = [
        fonts.engine,
        "-interaction=batchmode",
        *(["-no-pdf"] if fonts.engine == "xelatex" else []),
        source.name,
    ]
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False, timeout=LONGEST_RUN)
    bad = _complaints((folder / f"{name}.log").read_text(errors="replace"))
    if fonts.engine == "xelatex":
        return folder / f"{name}.xdv", bad
    # dvicopy resolves virtual fonts into the real ones
    subprocess.run(
        ["dvicopy", f"{name}.dvi", f"{name}.flat.dvi"], cwd=folder, stdout=subprocess.DEVNULL, check=False
    )
    return folder / f"{name}.flat.dvi", bad


def _complaints(log: str) -> set[int]:
    bad: set[int] = set()
    current = -1
    for line in log.splitlines():
        if line.startswith("@@") and line[2:].isdigit():
            current = int(line[2:])
        elif re.match(r"! |Missing character", line):
            bad.add(current)
    return bad
