"""A program of its own: `document.typ` in the working directory as `document.pdf`.

A formula that Typst does not understand is shown as its source, in both files, so that the rest can be read.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import typst

SOURCE, PDF = Path("document.typ"), Path("document.pdf")
RAW = re.compile(r"```.*?```|`[^`]*`|\"(?:[^\"\\]|\\.)*\"|\\.|(?P<math>\$(?:\\.|[^$\\])+\$)", re.DOTALL)
REMAINDER = 4000  # formulas; a longer document is compiled once only


def compiled(source: str) -> bytes:
    return bytes(typst.compile(source.encode(), format="pdf"))


def legible(source: str) -> str:
    """The source with each formula that does not compile in quotation marks, as it stands."""
    known: dict[str, bool] = {}

    def check(found: re.Match[str]) -> str:
        formula = found["math"]
        if formula is None:
            return found[0]
        if formula not in known and len(known) < REMAINDER:
            known[formula] = _compiles(formula)
        return formula if known.get(formula, True) else f"#raw({_quoted(formula.strip('$ '))})"

    return RAW.sub(check, source)


def _compiles(formula: str) -> bool:
    try:
        compiled(formula)
    except typst.TypstError:
        return False
    return True


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main() -> None:
    source = SOURCE.read_text()
    try:
        try:
            pdf = compiled(source)
        except typst.TypstError:
            source = legible(source)
            pdf = compiled(source)
            SOURCE.write_text(source)
    except typst.TypstError as error:
        sys.exit(f"Typst could not set the text: {' '.join(str(error).split())[:300]}")
    PDF.write_bytes(pdf)


if __name__ == "__main__":
    main()
