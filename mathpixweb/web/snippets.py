"""What a page says around a hit: words, and formulas as they look instead of their LaTeX."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from mathpixweb.documents.models import Page
from mathpixweb.documents.search import search

BEFORE, AFTER = 70, 170  # characters of the page around the hit
LONGEST_FORMULA = 160  # characters of LaTeX; a longer one that is not the hit is left out
NEAR = (
    3000  # characters of the source on either side of the hit that are looked at, so that formulas are whole
)

FORMULA = re.compile(
    r"\\\((?P<round>.{1,2000}?)\\\)|\\\[(?P<square>.{1,2000}?)\\\]|\$\$(?P<double>.{1,2000}?)\$\$|(?<![\\$])\$(?P<single>[^$\n]{1,500})\$",
    re.DOTALL,
)
RENDERED = re.compile(r'<math\b[^>]*?\bdata-latex="([^"]*)"[^>]*>.*?</math>', re.DOTALL)
PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)|\\includegraphics(?:\[[^\]]*\])?\{[^}]*\}")
COMMAND = re.compile(
    r"\\(?:begin|end|captionsetup)\{[^}]*\}(?:\{[^}]*\})*|\\[A-Za-z]+\*?|\\\\|\\(?=[^\w\s])|[{}]|^#+ ",
    re.MULTILINE,
)
SPACE = re.compile(r"\s+")
BROKEN_START, BROKEN_END = re.compile(r"^\S{0,30}(?=\s)"), re.compile(r"(?<=\s)\S{0,30}$")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or a formula: then `math` is its MathML, empty when the page was never rendered."""

    text: str
    math: str = ""
    found: bool = False
    formula: bool = False

    @property
    def shown(self) -> SafeString:
        """Made here, since a list of hits has hundreds of pieces, each of which costs a template much."""
        text = escape(self.text)
        inner = self.math or (f"<code>{text}</code>" if self.formula else text)
        return mark_safe(f"<mark>{inner}</mark>" if self.found else inner)  # noqa: S308 - MathML of our own, text escaped


LEFT_OUT = Piece(" … ")


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of the source with its place in it."""

    start: int
    end: int
    text: str
    formula: bool


def around(page: Page, question: str) -> list[Piece]:
    """The hit with what stands around it; how the page begins when there is none."""
    place = search.place(page.mmd, question)
    start, end = place or (0, 0)
    rendered = {html.unescape(found[1]): _inline(found[0]) for found in RENDERED.finditer(page.html)}
    pieces = list(_pieces(_parts(page.mmd, start, end), start, end, rendered))
    whole = [LEFT_OUT] * (start > BEFORE) + pieces + [LEFT_OUT] * (len(page.mmd) > end + AFTER)
    return [piece for piece, before in zip(whole, [None, *whole], strict=False) if piece != before]


def _inline(math: str) -> str:
    return math.replace(' display="block"', "", 1)


def _parts(source: str, start: int, end: int) -> Iterator[_Part]:
    """The source near the hit, from the beginning of a paragraph on, as words and formulas in turn."""
    near = max(0, start - NEAR)
    at = max(source.rfind("\n\n", near - NEAR, near), 0) if near else 0
    source = source[: end + NEAR]
    for found in FORMULA.finditer(source, at):
        yield _Part(at, found.start(), source[at : found.start()], False)
        latex = found[found.lastgroup or 0].strip()
        yield _Part(found.start(), found.end(), latex, True)
        at = found.end()
    yield _Part(at, len(source), source[at:], False)


def _pieces(parts: Iterable[_Part], start: int, end: int, rendered: Mapping[str, str]) -> Iterator[Piece]:
    for part in parts:
        if part.end <= start - BEFORE or part.start >= end + AFTER:
            continue
        hit = part.start < end and start < part.end
        if not part.formula:
            yield from _words(part, start, end)
        elif hit or len(part.text) <= LONGEST_FORMULA:
            yield Piece(part.text, rendered.get(part.text, ""), hit, formula=True)
        else:
            yield LEFT_OUT


def _words(part: _Part, start: int, end: int) -> Iterator[Piece]:
    """The words in reach, with the hit among them as a piece of its own."""
    first, last = max(part.start, start - BEFORE), min(part.end, end + AFTER)
    cuts = sorted({first, min(max(start, first), last), min(max(end, first), last), last})
    for left, right in pairwise(cuts):
        inside = start <= left and right <= end and start < end
        text = part.text[left - part.start : right - part.start]
        if left == first > part.start:
            text = BROKEN_START.sub("", text)
        if right == last < part.end:
            text = BROKEN_END.sub("", text)
        if text := _readable(text):
            yield Piece(text, found=inside)


def _readable(source: str) -> str:
    """Words without the commands that arrange them."""
    return SPACE.sub(" ", COMMAND.sub(" ", PICTURE.sub(" ", source)).replace("&", " "))
