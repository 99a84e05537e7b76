"""What is to be found in a typeset formula: the symbols the parser itself makes of its glyphs.

The engine's own composition joins pieces of fences, \\not and its relation, arrows of several parts; so the
recognizer's classes are by construction the parser's symbols.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.math.composition import items_of
from mathpixweb.engine.math.items import Item
from mathpixweb.engine.math.profile import PDF
from mathpixweb.engine.math.symbols import Kind, Symbol, symbol_of
from mathpixweb.engine.math.tree import Atom, Word
from mathpixweb.engine.model import Glyph, Rule
from mathpixweb.engine.readers.families import family_of
from training.printed.dvi import Mark, PageOfMarks
from training.printed.outlines import DENSITY, NoOutline, outline

TIPS = 4  # glyphs of which TeX draws a horizontal brace
THICKEST = 1.6  # points of a line; what is thicker is a black box
# Faces that cannot be told apart in a picture, or need not be.
_FACES = {"sc": "rm"}
_BOLD = r"\boldsymbol{%s}"
# OpenType fonts have characters of their own for these letters; other fonts lend those of text.
_STYLED = re.compile(r"\\math(?P<face>bf|sf|tt)\{(?P<letter>[A-Za-z])\}$")


@dataclass(frozen=True, slots=True)
class Label:
    """A symbol with its ink, in points, y downwards."""

    symbol: Symbol
    box: Box
    baseline: float
    size: float


class Unlabelled(Exception):
    """Something in the formula is no symbol of the parser's."""


def labels_of(page: PageOfMarks) -> tuple[list[Label], list[Box]]:
    """Symbols and rules (y downwards) of a page. Raises Unlabelled."""
    glyphs = [glyph for index, mark in enumerate(page.marks) if (glyph := _glyph(index, mark)) is not None]
    rules = [Rule(0, Box(x, -y - height, x + width, -y)) for x, y, width, height in page.rules]
    if any(min(rule.box.width, rule.box.height) > THICKEST for rule in rules):
        raise Unlabelled("a black box")
    for glyph in glyphs:
        if symbol_of(glyph).kind is Kind.UNKNOWN:
            raise Unlabelled(f"{glyph.font} {glyph.name} {glyph.char}")
    items, bars = _with_braces(items_of(glyphs, PDF), rules)
    return [_label(item) for item in items], [_downwards(rule.box) for rule in bars]


def _glyph(index: int, mark: Mark) -> Glyph | None:
    try:
        drawn = outline(mark.font, mark.code)
    except NoOutline as missing:
        raise Unlabelled(f"no outline of {mark.font.name} {mark.code}") from missing
    if not drawn.ink.size:
        return None
    x0, top = mark.x + drawn.left / DENSITY, -mark.y + drawn.top / DENSITY
    height, width = drawn.ink.shape
    ink = Box(x0, top - height / DENSITY, x0 + width / DENSITY, top)
    family = family_of(drawn.base_font)
    place = (mark.font.size, mark.x, -mark.y, drawn.advance, ink)
    return Glyph(index, drawn.name, drawn.char, drawn.base_font, family, *place)


def _with_braces(items: Sequence[Item], rules: Sequence[Rule]) -> tuple[list[Item], list[Rule]]:
    """Each horizontal brace as one item: TeX draws four tips with rules between, OpenType touching pieces."""
    tips = sorted(
        (item for item in items if item.role == Kind.HBRACE), key=lambda item: (item.y or 0, item.box.x0)
    )
    others = [item for item in items if item.role != Kind.HBRACE]
    bars = list(rules)
    while tips:
        whole = tips[0].latex in ("over", "under")
        brace = [tip for tip in tips if tip.latex == tips[0].latex][:1] if whole else tips[:TIPS]
        if not whole and len(brace) != TIPS:
            raise Unlabelled("half a brace")
        tips = [tip for tip in tips if tip not in brace]
        box = union(tip.box for tip in brace)
        bars = [bar for bar in bars if not (box.contains_point(bar.box.cx, bar.box.cy))]
        name = brace[0].latex if whole else "over" if brace[0].latex.startswith("down") else "under"
        brace[0].node, brace[0].box = Atom(name, Kind.HBRACE), box
        others.append(brace[0])
    return others, bars


def _label(item: Item) -> Label:
    symbol = _symbol(item)
    size = item.size or 10.0
    told = item.y is not None and symbol.kind not in (Kind.ACCENT, Kind.HBRACE, Kind.RAD)
    baseline = -(item.y or 0.0) if told else -item.box.y0
    return Label(symbol, _downwards(item.box), baseline, size)


def _symbol(item: Item) -> Symbol:
    node = item.node
    if isinstance(node, Word):
        return _lettered(node.text, item.face)
    if not isinstance(node, Atom) or node.kind in (Kind.PIECE, Kind.PART, Kind.UNKNOWN):
        raise Unlabelled(item.role)
    styled = _STYLED.match(node.latex)
    if styled and node.kind is Kind.LETTER:
        return Symbol(styled["letter"], Kind.ROMAN, styled["face"])
    return Symbol(node.latex, node.kind)


def _lettered(text: str, face: str) -> Symbol:
    """Italic letters of a text font look like variables; whether they make words is for the parser."""
    if len(text) == 1 and face in ("it", "var"):
        return Symbol(text, Kind.LETTER)
    if len(text) == 1 and face in ("bi", "boldvar"):
        return Symbol(_BOLD % text, Kind.LETTER)
    return Symbol(text, Kind.ROMAN, {"var": "it", "boldvar": "bi"}.get(face, _FACES.get(face, face)))


def _downwards(box: Box) -> Box:
    return Box(box.x0, -box.y1, box.x1, -box.y0)
