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


class Compiler:
    """Reads the machine's fonts once."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(SOURCE.read_bytes())

    def pdf(self, source: str) -> bytes:
        made = self._compiler.compile(source.encode(), format="pdf")
        if not isinstance(made, bytes):
            sys.exit("Typst made no PDF file.")
        return made

    def illegible(self, formulas: list[str]) -> set[str]:
        """Those that do not compile, found by halving the list for as long as one is in it."""
        try:
            self.pdf("\n\n".join(formulas))
        except typst.TypstError:
            if len(formulas) == 1:
                return set(formulas)
            middle = len(formulas) // 2
            return self.illegible(formulas[:middle]) | self.illegible(formulas[middle:])
        return set()


def legible(source: str, compiler: Compiler) -> str:
    """The source with each formula that does not compile as it stands."""
    formulas = dict.fromkeys(found["math"] for found in RAW.finditer(source) if found["math"])
    bad = compiler.illegible([*formulas]) if formulas else set()

    def show(found: re.Match[str]) -> str:
        formula = found["math"]
        return f"#raw({_quoted(formula.strip('$ '))})" if formula in bad else found[0]

    return RAW.sub(show, source)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main() -> None:
    source, compiler = SOURCE.read_text(), Compiler()
    try:
        try:
            pdf = compiler.pdf(source)
        except typst.TypstError:
            source = legible(source, compiler)
            pdf = compiler.pdf(source)
            SOURCE.write_text(source)
    except typst.TypstError as error:
        sys.exit(f"Typst could not set the text: {' '.join(str(error).split())[:300]}")
    PDF.write_bytes(pdf)


if __name__ == "__main__":
    main()
