"""Rows that Word aligns under each other as one formula, which pandoc takes for several."""

from __future__ import annotations

from typing import Any

from mathpixweb.engine.readers.upright_math import M
from mathpixweb.engine.readers.word_numbering import W


def join(part: Any) -> bool:
    """Makes one formula of those that are the lines of a display; tells whether there were any."""
    joined = False
    for shown in part.iter(M + "oMathPara"):
        formulas = shown.findall(M + "oMath")
        if len(formulas) > 1 and all(map(_ends_line, formulas[:-1])):
            _put(shown, formulas)
            joined = True
    return joined


def _ends_line(formula: Any) -> bool:
    return len(formula) > 0 and formula[-1].find(f".//{W}br") is not None


def _put(shown: Any, formulas: list[Any]) -> None:
    array = shown.makeelement(M + "eqArr")
    for formula in formulas:
        row = shown.makeelement(M + "e")
        for each in list(formula):
            if each.find(f".//{W}br") is not None and not _said(each):
                continue
            if each.find(f"{M}rPr/{M}aln") is not None:
                row.append(_mark(shown))
            row.append(each)
        array.append(row)
    whole = shown.makeelement(M + "oMath")
    whole.append(array)
    shown.replace(formulas[0], whole)
    for formula in formulas[1:]:
        shown.remove(formula)


def _mark(shown: Any) -> Any:
    run, text = shown.makeelement(M + "r"), shown.makeelement(M + "t")
    text.text = "&"
    run.append(text)
    return run


def _said(part: Any) -> str:
    return "".join(text.text or "" for text in part.iter(M + "t"))
