"""Accents over letters and over whole expressions."""

from __future__ import annotations

import unicodedata

from mathpixweb.engine.geometry import union
from mathpixweb.engine.math.items import Item, Region, group, main_baseline, row_size
from mathpixweb.engine.math.symbols import WIDE_ACCENT, Kind
from mathpixweb.engine.math.tree import Accent, Atom, Word

# What an accent is when nothing stands under it.
_ALONE = {
    r"\tilde": Atom(r"\sim", Kind.REL),
    r"\hat": Atom(r"\wedge", Kind.BIN),
    r"\bar": Atom("-", Kind.BIN),
    r"\dot": Atom(r"\cdot", Kind.BIN),
    r"\vec": Atom(r"\rightarrow", Kind.REL),
    r"\acute": Atom("'", Kind.PRIME),
    r"\grave": Atom("`", Kind.ORD),
}
_ARROWS = {
    r"\rightarrow": r"\overrightarrow",
    r"\longrightarrow": r"\overrightarrow",
    r"\leftarrow": r"\overleftarrow",
    r"\longleftarrow": r"\overleftarrow",
    r"\leftrightarrow": r"\overleftrightarrow",
    r"\longleftrightarrow": r"\overleftrightarrow",
}
# The accents of written languages, as characters that combine.
_WRITTEN = {
    r"\acute": "\u0301",
    r"\grave": "\u0300",
    r"\hat": "\u0302",
    r"\ddot": "\u0308",
    r"\tilde": "\u0303",
    r"\mathring": "\u030a",
    r"\check": "\u030c",
}
_KEYED = ("~", "asciitilde")  # office programs set the keyboard's tilde over letters
ARROW_GAP = 0.35  # em of white between what stands under an arrow and the arrow
ARROW_OVERHANG = 0.25


def resolve(region: Region) -> None:
    """Put each accent and its base together, narrow accents first."""
    for arrow in [item for item in region.items if item.latex in _ARROWS]:
        _resolve_arrow(region, arrow)
    for tilde in [item for item in region.items if item.name in _KEYED and item.latex == r"\sim"]:
        if _bases(region, tilde, False):
            tilde.node, tilde.role = Atom(r"\tilde", Kind.ACCENT), str(Kind.ACCENT)
    accents = sorted((i for i in region.items if i.role == Kind.ACCENT), key=lambda item: item.box.width)
    for accent in accents:
        wide = "wide" in accent.name or _spans_several(region, accent)
        bases = _bases(region, accent, wide)
        if not bases:
            _stand_alone(accent)
            continue
        if not wide:
            bases = [min(bases, key=lambda item: abs(item.box.cx - accent.box.cx))]
            if _is_of_a_word(region, bases[0], accent):
                _write_on(region, bases[0], accent)
                continue
        size = row_size(bases, region.profile)
        baseline = main_baseline(bases, size, region.profile)
        command = WIDE_ACCENT.get(accent.latex, accent.latex) if wide else accent.latex
        crossed = command == r"\bar" and _is_letter_h(bases[0]) and accent.box.y0 < bases[0].box.y1
        node = Atom(r"\hbar", Kind.LETTER) if crossed else Accent(command, region.read(bases, []))
        region.take([accent, *bases])
        y = bases[0].y if baseline is None else baseline
        region.put(group(node, [*bases, accent], size=size, y=y, role="group"))


def _is_letter_h(item: Item) -> bool:
    return item.latex == "h" or (isinstance(item.node, Word) and item.node.text == "h")


def _resolve_arrow(region: Region, arrow: Item) -> None:
    """TeX makes the arrow over several letters of pieces of ordinary arrows."""
    size = arrow.size or 10.0
    under = [
        item
        for item in region.items
        if item is not arrow
        and arrow.box.x0 - ARROW_OVERHANG * size <= item.box.x0
        and item.box.x1 <= arrow.box.x1 + ARROW_OVERHANG * size
        and arrow.box.y0 - 1.6 * size < item.box.cy < arrow.box.cy
    ]
    if not under:
        return
    box = union(item.box for item in under)
    near = -0.05 * size < arrow.box.y0 - box.y1 < ARROW_GAP * size
    above = [
        item
        for item in region.items
        if arrow.box.y1 < item.box.cy < arrow.box.y1 + size and arrow.box.x0 < item.box.cx < arrow.box.x1
    ]
    if (
        not near
        or above
        or abs(box.x0 - arrow.box.x0) > 0.4 * size
        or abs(box.x1 - arrow.box.x1) > 0.4 * size
    ):
        return
    baseline = main_baseline(under, row_size(under, region.profile), region.profile)
    node = Accent(_ARROWS[arrow.latex], region.read(under, []))
    region.take([arrow, *under])
    region.put(group(node, [*under, arrow], size=row_size(under, region.profile), y=baseline))


def _is_of_a_word(region: Region, base: Item, accent: Item) -> bool:
    """Whether the accent is that of a letter of a word, as the Spanish write over lim, not of a vector."""
    if accent.latex not in _WRITTEN or not (base.role == Kind.ROMAN or base.latex == r"\imath"):
        return False
    near = 0.05 * (base.size or 10.0)
    return any(
        item is not base
        and item.role == Kind.ROMAN
        and item.y == base.y
        and min(abs(item.left - base.end), abs(base.left - item.end)) < near
        for item in region.items
    )


def _write_on(region: Region, base: Item, accent: Item) -> None:
    """The letter with the accent as one letter."""
    letter = base.node.text if isinstance(base.node, Word) else "i"
    text = unicodedata.normalize("NFC", letter + _WRITTEN[accent.latex])
    region.take([accent, base])
    written = Item(
        Word(text, base.face or "rm"),
        str(Kind.ROMAN),
        union([base.box, accent.box]),
        base.size,
        base.y,
        base.end,
        base.index,
        face=base.face or "rm",
        name=text,
        start=base.start,
    )
    region.put(written)


def _bases(region: Region, accent: Item, wide: bool) -> list[Item]:
    size = accent.size or 10.0
    under = [
        item
        for item in region.items
        if item is not accent
        and item.role not in ("fence", "op", "int", "accent")
        and item.box.y0 < accent.box.y0
        and item.box.y1 < accent.box.y1 + 0.15 * size
        and abs(item.box.y1 - accent.box.y0) < region.profile.accent_gap * size
    ]
    if wide:
        return [i for i in under if accent.box.x0 - 0.6 <= i.box.cx <= accent.box.x1 + 0.6] or under[:1]
    return [
        item
        for item in under
        if item.box.x0 - 0.25 * size <= accent.box.cx <= item.box.x1 + 0.35 * size
        and (item.size is None or item.size > 0.8 * size)
    ]


def _spans_several(region: Region, accent: Item) -> bool:
    """OpenType fonts have one name for narrow and wide accents."""
    covered = [i for i in _bases(region, accent, True) if accent.box.x0 < i.box.cx < accent.box.x1]
    return accent.box.width > 0.6 * (accent.size or 10.0) and len(covered) > 1


def _stand_alone(accent: Item) -> None:
    accent.node = _ALONE.get(accent.latex, accent.node)
    accent.role = str(accent.node.kind) if isinstance(accent.node, Atom) else accent.role
    if accent.role == Kind.ACCENT:
        accent.node, accent.role = Atom("", Kind.ORD), str(Kind.ORD)
