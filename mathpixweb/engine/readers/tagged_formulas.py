"""Formulas that a tagged PDF brings along: MathML, or the LaTeX that they were made of.

What is brought counts only where it is what is printed: somebody may have tagged one formula with another's
source, or described it in words. So the letters and digits of both are compared.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from lxml import etree
from pdfminer.pdftypes import resolve1

from mathpixweb.engine.errors import UnreadableDocument
from mathpixweb.engine.math import latex, mathml, symbols
from mathpixweb.engine.model import Enclosed, Glyph, Source, SourceRow
from mathpixweb.engine.readers import enclosing, markup_trees, source_latex, structure_tree
from mathpixweb.engine.readers.marked_content import Marked, text
from mathpixweb.engine.readers.streams import content_of
from mathpixweb.engine.readers.structure_tree import Formula, StructureTree

ALIKE: Final = 0.8  # of the letters and digits are in both; \\mathbb and the like may be told otherwise
LARGEST_FILE: Final = 1_000_000  # bytes; the longest display has some ten thousand
MATHML: Final = "application/mathml+xml"
TEX: Final = ("application/x-tex", "application/x-latex", "text/x-tex")
# In the bytes of files that may bring formulas along. Word describes its formulas in words only.
_SIGNS: Final = (b"mathml", b"MathML", b"x-tex", b"TeX")
_LONGEST: Final = max(map(len, _SIGNS))
_PIECE: Final = 1 << 20  # bytes that are looked through at once
_ELEMENT: Final = re.compile(r"[A-Za-z][A-Za-z-]*")
_LEAVES: Final = ("mi", "mn", "mo", "mtext", "ms")
_VARIANTS: Final = str.maketrans("ϵϕϑϱϖς∆Ω", "εφθρπσΔΩ")


def may_have(file: BinaryIO) -> bool:
    """Whether it is worth looking for formulas in the structure of a file."""
    file.seek(0)
    before = b""
    while piece := file.read(_PIECE):
        if any(sign in before + piece for sign in _SIGNS):
            return True
        before = piece[-_LONGEST:]
    return False


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a file may mean by a formula. `texts` are what it shows, without its number and with it."""

    source: Source
    texts: tuple[str, ...]


def found(
    glyphs: Sequence[Glyph], marked: Sequence[Marked], tree: StructureTree | None, key: Any
) -> Iterator[Enclosed]:
    """The formulas of a page whose glyphs come as they are drawn; `key` is the page's in the tree."""
    for inside, candidates in _formulas(tree, key, marked, glyphs):
        candidate = next((each for each in candidates if _agrees(each, inside)), None)
        if candidate is not None and not all(glyph.family == "tt" for glyph in inside):
            yield from enclosing.around(candidate.source, inside, glyphs)


def _formulas(
    tree: StructureTree | None, key: Any, marked: Sequence[Marked], glyphs: Sequence[Glyph]
) -> Iterator[tuple[list[Glyph], Iterator[Candidate]]]:
    """What is drawn of each formula, and what the file may mean by it."""
    at = [glyph.index for glyph in glyphs]
    by_number: dict[int, list[Glyph]] = {}
    said: list[tuple[list[Glyph], str]] = []
    for mark in marked:
        inside = list(glyphs[bisect_right(at, mark.start) : bisect_right(at, mark.end)])
        if mark.number is not None:
            by_number.setdefault(mark.number, []).extend(inside)
        if mark.said and inside:
            said.append((inside, mark.said))
    for formula in tree.formulas(key) if tree is not None else ():
        inside = [glyph for number in sorted(formula.marks) for glyph in by_number.get(number, ())]
        if inside:
            yield inside, _candidates(formula, by_number)
    yield from ((inside, _told(words)) for inside, words in said)


def _candidates(formula: Formula, by_number: Mapping[int, Sequence[Glyph]]) -> Iterator[Candidate]:
    """The most certain first."""
    attached = list(structure_tree.files(formula.element))
    for kind, stream in attached:
        if kind == MATHML and len(stream.rawdata or b"") < LARGEST_FILE:
            yield from _of_xml(content_of(stream, LARGEST_FILE))
    element = _mathml_in(formula.element, by_number)
    if element is not None:
        yield from _of_mathml(element)
    for kind, stream in attached:
        if kind in TEX:
            yield from _of_latex(content_of(stream, LARGEST_FILE).decode("utf-8", errors="replace"))
    for entry in ("ActualText", "Alt"):
        said = resolve1(formula.element.get(entry))
        if isinstance(said, bytes):
            yield from _told(text(said))


def _told(said: str) -> Iterator[Candidate]:
    """What stands for a formula in words, if the words are MathML or LaTeX."""
    if said.lstrip().startswith(("<math", "<m:math", "<mml:math")):
        yield from _of_xml(said.encode())
    elif source_latex.is_latex(said):
        yield from _of_latex(said)


def _of_xml(content: bytes) -> Iterator[Candidate]:
    try:
        yield from _of_mathml(markup_trees.xml(content))
    except UnreadableDocument:
        return


def _of_mathml(element: Any) -> Iterator[Candidate]:
    try:
        whole = latex.write(mathml.read(element))
        cells = tuple(tuple(map(latex.write, row)) for row in mathml.rows_of(element))
    except mathml.TooLarge:
        return
    if whole:
        rows = tuple(SourceRow(row, "") for row in cells or ((whole,),))
        source = Source(whole, rows, element.get("display") == "block" or None)
        yield Candidate(source, (mathml.text_of(element), "".join(element.itertext())))


def _of_latex(said: str) -> Iterator[Candidate]:
    source = source_latex.source(said)
    if source is not None:
        yield Candidate(source, (source_latex.text_of(said),))


def _mathml_in(element: Mapping[str, Any], by_number: Mapping[int, Sequence[Glyph]]) -> Any:
    """The `math` element that the structure below an element spells out, None if there is none."""
    if structure_tree.name_of(element.get("S")) == "math":
        return _spelled(element, by_number, 0)
    inside = [child for child in structure_tree.children(element) if isinstance(child, Mapping)]
    return next(
        (_spelled(e, by_number, 0) for e in inside if structure_tree.name_of(e.get("S")) == "math"), None
    )


def _spelled(element: Mapping[str, Any], by_number: Mapping[int, Sequence[Glyph]], depth: int) -> Any:
    """An element of the structure as one of MathML, with the characters that are drawn for it."""
    name = structure_tree.name_of(element.get("S"))
    made = etree.Element(name if _ELEMENT.fullmatch(name) else "mrow")
    for key, value in structure_tree.attributes(element).items():
        if _ELEMENT.fullmatch(key) and value.isprintable():
            made.set(key, value)
    said = resolve1(element.get("ActualText"))
    if isinstance(said, bytes):
        made.text = _printable(text(said))
        return made
    for child in structure_tree.children(element) if depth < structure_tree.DEEPEST else ():
        if isinstance(child, int):
            read = "".join(map(symbols.text_of, by_number.get(child, ())))
            made.text = (made.text or "") + _printable(read)
        elif made.tag in _LEAVES:
            made.text = (made.text or "") + "".join(_spelled(child, by_number, depth + 1).itertext())
        else:
            made.append(_spelled(child, by_number, depth + 1))
    return made


def _printable(said: str) -> str:
    return "".join(char for char in said if char.isprintable() or char.isspace())


def _agrees(candidate: Candidate, glyphs: Sequence[Glyph]) -> bool:
    """Whether the formula is what is printed."""
    printed = _letters("".join(map(symbols.text_of, glyphs)))
    return any(_is_alike(_letters(told), printed) for told in candidate.texts)


def _letters(said: str) -> Counter[str]:
    """The letters and digits, whatever type they are set in; variants of Greek letters are one."""
    plain = unicodedata.normalize("NFKC", said).translate(_VARIANTS)
    return Counter(char for char in plain if char.isalnum())


def _is_alike(told: Counter[str], printed: Counter[str]) -> bool:
    most = max(told.total(), printed.total())
    return most > 0 and (told & printed).total() >= ALIKE * most
