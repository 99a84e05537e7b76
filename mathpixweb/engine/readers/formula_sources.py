"""Formulas of Word documents that were made here and bring their LaTeX along."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from mathpixweb.engine.flow.model import Node
from mathpixweb.engine.flow.tidying import AS_WRITTEN
from mathpixweb.engine.readers.upright_math import M
from mathpixweb.engine.writers.word.docx_sources import key_of

OPENS, CLOSES = "\ue014", "\ue015"  # around the number of a formula, while pandoc reads
MARK: Final = re.compile(f"{OPENS}\\s*([0-9\\s]+?)\\s*{CLOSES}")


def stand_in(parts: Iterable[Any], known: Mapping[str, list[str]]) -> list[str]:
    """Puts a number into the place of each formula whose LaTeX is known; the LaTeX by these numbers."""
    formulas = [each for part in parts for each in part.iter(M + "oMath")] if known else []
    keys = [key_of(formula) for formula in formulas]
    counts, met = Counter(keys), Counter[str]()
    latex: list[str] = []
    for formula, key in zip(formulas, keys, strict=True):
        sources = known.get(key)
        if not sources:
            continue
        # Formulas that look alike are told apart by their order, as long as none has come or gone.
        source = sources[met[key]] if len(sources) == counts[key] else sources[0]
        met[key] += 1
        _put(formula, f"{OPENS}{len(latex)}{CLOSES}")
        latex.append(source)
    return latex


def _put(formula: Any, text: str) -> None:
    for child in list(formula):
        formula.remove(child)
    run = formula.makeelement(M + "r")
    run.append(formula.makeelement(M + "t"))
    run[0].text = text
    formula.append(run)


def restored(part: Any, latex: list[str]) -> Any:
    """A part of pandoc's tree with the LaTeX in the place of the numbers."""
    if isinstance(part, list | tuple):
        return [restored(each, latex) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("t") == "Math":
        found = MARK.search(part["c"][1])
        number = int("".join(found[1].split())) if found else -1
        if not 0 <= number < len(latex):
            return part
        told: Node = {"t": "Math", "c": [part["c"][0], AS_WRITTEN + latex[number]]}
        return told
    return {name: restored(value, latex) for name, value in part.items()}
