"""Upright letters of Office mathematics, which pandoc takes for variables: `vec(A)`, the `d` of `dx`.

They are put between two marks, which LaTeX's command takes the place of when pandoc is done.
"""

from __future__ import annotations

import re
from typing import Any, Final

from mathpixweb.engine.math.texmath import CLOSES, OPENS

M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
LETTERS: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*")
KNOWN: Final = frozenset(
    re.findall(
        r"\w+",
        """arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup
        ln log max min Pr sec sin sinh sup tan tanh mod""",
    )
)


def mark(body: Any) -> bool:
    """Puts the marks into the formulas of a Word document; tells whether there were any upright letters."""
    marked = False
    for run in body.iter(M + "r"):
        if not _is_upright(run.find(M + "rPr")):
            continue
        for text in run.findall(M + "t"):
            said = (text.text or "").strip()
            if LETTERS.fullmatch(said) and said not in KNOWN:
                text.text = f"{OPENS}{said}{CLOSES}"
                marked = True
    return marked


def _is_upright(properties: Any | None) -> bool:
    """Plain Roman letters, and no words; letters of other alphabets (script, Fraktur) are plain, too."""
    if properties is None or properties.find(M + "nor") is not None:
        return False
    style, script = properties.find(M + "sty"), properties.find(M + "scr")
    is_roman = script is None or script.get(M + "val") == "roman"
    return style is not None and style.get(M + "val") == "p" and is_roman
