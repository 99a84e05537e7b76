"""Drawings of single symbols by people, by class; y grows downwards.

Every source is split by a hash: one writer of so many is for measuring only.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr.ink_alphabet import INDEX
from mathpixweb.engine.ocr.ink_features import LARGEST_GROUP
from training.ink import omniglot, unipen

Stroke = NDArray[np.float32]
Drawing = list[Stroke]

HELD_OUT = 10
MANY = 20  # classes drawn by one writer, to write a formula with them
# Names of the data set that are not the command itself, and shapes that are one class.
_DETEXIFY = {
    "sqrt-lbrace-rbrace": r"\sqrt",
    "parallel": r"\|",
    "shortparallel": r"\|",
    "textuparrow": r"\uparrow",
    "textdownarrow": r"\downarrow",
    "surd": r"\sqrt",
    "lbrace": r"\{",
    "rbrace": r"\}",
    "lbracket": "[",
    "rbracket": "]",
    "textbraceleft": r"\{",
    "textbraceright": r"\}",
    "textbar": "|",
    "mid": "|",
    "textless": "<",
    "textgreater": ">",
    "slash": "/",
    "percent": r"\%",
    "mathdollar": r"\$",
    "dollar": r"\$",
    "hash": r"\#",
    "ampersand": r"\&",
    "colon": ":",
    "cdot": ".",
    "ldotp": ".",
    "cdotp": ".",
    "centerdot": ".",
    "textperiodcentered": ".",
    "ldots": r"\ldots",
    "cdots": r"\ldots",
    "dots": r"\ldots",
    "dotsb": r"\ldots",
    "dotsc": r"\ldots",
    "textellipsis": r"\ldots",
    "mathellipsis": r"\ldots",
    "textasteriskcentered": "*",
    "ast": "*",
    "textbackslash": r"\setminus",
    "backslash": r"\setminus",
    "smallsetminus": r"\setminus",
    "textendash": "-",
    "textemdash": "-",
    "textminus": "-",
    "leqslant": r"\leq",
    "geqslant": r"\geq",
    "Sigma": r"\sum",
    "Pi": r"\prod",
    "Lambda": r"\wedge",
    "triangle": r"\Delta",
    "vartriangle": r"\Delta",
    "varnothing": r"\emptyset",
    "longrightarrow": r"\rightarrow",
    "longleftarrow": r"\leftarrow",
    "Longrightarrow": r"\Rightarrow",
    "Longleftarrow": r"\Leftarrow",
    "longmapsto": r"\mapsto",
    "longleftrightarrow": r"\leftrightarrow",
    "Longleftrightarrow": r"\Leftrightarrow",
    "textasciicircum": r"\wedge",
    "bigwedge": r"\wedge",
    "bigvee": r"\vee",
    "langle": "<",
    "rangle": ">",
    "textlangle": "<",
    "textrangle": ">",
    "textquoteright": r"\prime",
    "textquotesingle": r"\prime",
    "quotesinglbase": ",",
    "dag": r"\dagger",
    "hslash": r"\hbar",
    "varkappa": r"\kappa",
    "textopenbullet": r"\circ",
    "degree": r"\circ",
    "bigoplus": r"\oplus",
    "bigotimes": r"\otimes",
    "vartheta": r"\theta",
    "thicksim": r"\sim",
    "textasciitilde": r"\sim",
    "thickapprox": r"\approx",
    "varpropto": r"\propto",
    "bot": r"\perp",
    "textmu": r"\mu",
    "measuredangle": r"\angle",
    "textdiv": r"\div",
    "texttimes": r"\times",
    "textpm": r"\pm",
    "textdollar": r"\$",
}
_UNIPEN = {
    **{char: "\\" + char for char in "%$#&{}"},
    "\\": r"\setminus",
    "^": r"\wedge",
    "~": r"\sim",
    "'": r"\prime",
    "_": "-",
}
_PACKAGES = frozenset({"latex2e", "amssymb", "amsmath", "textcomp", "gensymb"})


@dataclass(slots=True)
class Bank:
    """Drawings by class; `writers` has those of people who drew many classes, by writer and class."""

    all: dict[str, list[Drawing]] = field(default_factory=dict)
    writers: dict[str, dict[str, list[Drawing]]] = field(default_factory=dict)

    def add(self, latex: str, drawing: Drawing, writer: str = "") -> None:
        if latex in INDEX and 0 < len(drawing) <= LARGEST_GROUP:
            self.all.setdefault(latex, []).append(drawing)
            if writer:
                self.writers.setdefault(writer, {}).setdefault(latex, []).append(drawing)


def collect(folder: Path, *, held_out: bool = False) -> Bank:
    """All drawings of the part for training, or of the other one; a writer is in one of them."""
    bank = Bank()
    for source, latex, drawing in _drawn(folder):
        if (zlib.crc32(source.encode()) % HELD_OUT == 0) == held_out:
            bank.add(latex, drawing, source if source.startswith("unipen") else "")
    bank.writers = {who: known for who, known in bank.writers.items() if len(known) >= MANY}
    return bank


def _drawn(folder: Path) -> Iterator[tuple[str, str, Drawing]]:
    """Who drew it, or which drawing it is, LaTeX and strokes."""
    yield from _detexify(folder / "ink_symbols.jsonl.gz")
    yield from omniglot.drawings(folder / "strokes_background_small1.zip")
    for writer, char, drawing in unipen.drawings(folder / "unipen"):
        yield f"unipen {writer}", _UNIPEN.get(char, char), drawing


def _detexify(path: Path) -> Iterator[tuple[str, str, Drawing]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            package, name = row["symbol"].split(":")[1:3]
            if package == "dsfont" and len(name) == len("mathds-lbrace-R-rbrace"):
                latex = rf"\mathbb{{{name[14]}}}"
            elif package not in _PACKAGES:
                continue
            else:
                latex = _DETEXIFY.get(name, "\\" + name)
            yield (
                f"detexify {number}",
                latex,
                [np.array(stroke, np.float32) for stroke in row["strokes"] if stroke],
            )
