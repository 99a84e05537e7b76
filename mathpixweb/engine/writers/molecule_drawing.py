"""A program of its own, since anybody writes its input: structures drawn from the coordinates of RDKit.

Reads a JSON list of SMILES and writes one with a base64 PNG for each, or null for what is no structure.
"""

from __future__ import annotations

import base64
import io
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from rdkit import Chem, RDLogger
from rdkit.Chem import rdDepictor

LONGEST = 600  # characters
MOST_ATOMS = 250
DPI = 300
BOND = 62  # pixels: 15 points, as the journals' style sheets have it
LINE = 4
GAP = 11  # between the lines of a double bond
LETTERS = 42
MARGIN = 40
PAPER = 12  # pixels left around what is drawn
SCALE = BOND / 1.5  # RDKit's bonds are 1.5 long
SMALL = 0.68  # of a letter: counts and charges
LOWERED, RAISED = 0.28, -0.34  # of a letter, downwards

Point = tuple[float, float]
Runs = list[tuple[str, float]]  # texts, each with how far down it stands


@dataclass(frozen=True, slots=True)
class Label:
    """`symbol` stands on the atom, the hydrogens on the side that has no bonds."""

    symbol: str
    before: Runs
    after: Runs


@dataclass(frozen=True, slots=True)
class Structure:
    molecule: Chem.Mol
    points: list[Point]
    labels: list[Label | None]
    size: tuple[int, int]


def png(smiles: str) -> bytes | None:
    """The structure at 300 dpi; None when RDKit does not know it as one."""
    structure = _structure(smiles.strip())
    if structure is None:
        return None
    image = Image.new("L", structure.size, 255)
    draw = ImageDraw.Draw(image)
    for bond in structure.molecule.GetBonds():
        _draw_bond(draw, structure, bond)
    for point, label in zip(structure.points, structure.labels, strict=True):
        if label:
            _draw_label(draw, point, label)
    image = _trimmed(image)
    target = io.BytesIO()
    image.save(target, "PNG", dpi=(DPI, DPI), optimize=True)
    return target.getvalue()


def _trimmed(image: Image.Image) -> Image.Image:
    """The drawing with the same small margin on all sides."""
    ink = image.point(lambda level: 255 - level).getbbox() or (0, 0, *image.size)
    left, top, right, bottom = ink
    small = Image.new("L", (right - left + 2 * PAPER, bottom - top + 2 * PAPER), 255)
    small.paste(image.crop(ink), (PAPER, PAPER))
    return small


def _structure(smiles: str) -> Structure | None:
    molecule = Chem.MolFromSmiles(smiles) if 0 < len(smiles) <= LONGEST else None
    if molecule is None or not 0 < molecule.GetNumAtoms() <= MOST_ATOMS:
        return None
    Chem.Kekulize(molecule, clearAromaticFlags=True)
    rdDepictor.SetPreferCoordGen(True)
    rdDepictor.Compute2DCoords(molecule)
    Chem.WedgeMolBonds(molecule, molecule.GetConformer())
    places = [molecule.GetConformer().GetAtomPosition(i) for i in range(molecule.GetNumAtoms())]
    labels = [_label(atom, places) for atom in molecule.GetAtoms()]
    room = MARGIN + max(_length(label) for label in labels) * LETTERS // 2
    left, top = min(place.x for place in places), max(place.y for place in places)
    points = [(room + (p.x - left) * SCALE, room + (top - p.y) * SCALE) for p in places]
    size = (round(max(x for x, _ in points) + room), round(max(y for _, y in points) + room))
    return Structure(molecule, points, labels, size)


def _label(atom: Chem.Atom, places: list[Any]) -> Label | None:
    """What is written at an atom; nothing at a plain carbon within a chain."""
    charge, isotope = atom.GetFormalCharge(), atom.GetIsotope()
    if (
        atom.GetSymbol() == "C"
        and atom.GetDegree()
        and not (charge or isotope or atom.GetNumRadicalElectrons())
    ):
        return None
    hydrogens = _hydrogens(atom.GetTotalNumHs())
    sign = _sign(charge)
    weight: Runs = [(str(isotope), RAISED)] if isotope else []
    here = places[atom.GetIdx()]
    to_the_right = sum(places[other.GetIdx()].x - here.x for other in atom.GetNeighbors()) > 0.1
    symbol = atom.GetSymbol() if atom.GetAtomicNum() else "R"
    if to_the_right and hydrogens:
        return Label(symbol, hydrogens + weight, sign)
    return Label(symbol, weight, hydrogens + sign)


def _hydrogens(count: int) -> Runs:
    return [("H", 0.0), *([(str(count), LOWERED)] if count > 1 else [])] if count else []


def _sign(charge: int) -> Runs:
    amount = str(abs(charge)) if abs(charge) > 1 else ""
    return [(amount + ("+" if charge > 0 else "\N{EN DASH}"), RAISED)] if charge else []


def _length(label: Label | None) -> int:
    return 2 * sum(len(text) for text, _ in label.before + label.after) + 2 if label else 0


def _draw_label(draw: ImageDraw.ImageDraw, point: Point, label: Label) -> None:
    """The label with paper around it, which ends the bonds that come from below."""
    runs = [*_placed(point, label)]
    for place, text, down in runs:
        left, top, right, bottom = draw.textbbox(place, text, font=_font(down), anchor="lm")
        draw.rectangle((left - 4, top - 4, right + 4, bottom + 4), fill=255)
    for place, text, down in runs:
        draw.text(place, text, fill=0, font=_font(down), anchor="lm")


def _placed(point: Point, label: Label) -> Iterator[tuple[Point, str, float]]:
    x, y = point
    half = _font(0).getlength(label.symbol) / 2
    left = x - half - sum(_font(down).getlength(text) for text, down in label.before)
    yield (x - half, y), label.symbol, 0
    for start, runs in ((left, label.before), (x + half, label.after)):
        for text, down in runs:
            yield (start, y + down * LETTERS), text, down
            start += _font(down).getlength(text)


@cache
def _font(down: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(LETTERS * (SMALL if down else 1))
    if not isinstance(font, ImageFont.FreeTypeFont):
        sys.exit("Pillow has no FreeType here, which structures are written with.")
    return font


def _draw_bond(draw: ImageDraw.ImageDraw, structure: Structure, bond: Chem.Bond) -> None:
    start, end = (structure.points[i] for i in (bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()))
    direction, kind = bond.GetBondDir(), bond.GetBondTypeAsDouble()
    if direction == Chem.BondDir.BEGINWEDGE:
        draw.polygon([start, *_beside(end, start, end, GAP * 0.8)], fill=0)
    elif direction == Chem.BondDir.BEGINDASH:
        _draw_dashes(draw, start, end)
    elif kind == 2 and bond.IsInRing():
        draw.line([start, end], fill=0, width=LINE)
        draw.line(_inner(structure, bond, start, end), fill=0, width=LINE)
    else:
        for offset in {1: (0,), 2: (-GAP / 2, GAP / 2), 3: (-GAP, 0, GAP)}.get(round(kind), (0,)):
            draw.line(_shifted(start, end, offset), fill=0, width=LINE)


def _draw_dashes(draw: ImageDraw.ImageDraw, start: Point, end: Point) -> None:
    for step in range(1, 8):
        share = step / 7
        at = (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
        draw.line(_beside(at, start, end, GAP * 0.8 * share), fill=0, width=LINE - 1)


def _normal(start: Point, end: Point) -> Point:
    length = math.dist(start, end) or 1.0
    return (start[1] - end[1]) / length, (end[0] - start[0]) / length


def _beside(at: Point, start: Point, end: Point, offset: float) -> list[Point]:
    nx, ny = _normal(start, end)
    return [(at[0] + nx * offset, at[1] + ny * offset), (at[0] - nx * offset, at[1] - ny * offset)]


def _shifted(start: Point, end: Point, offset: float, shorten: float = 0) -> list[Point]:
    nx, ny = _normal(start, end)
    dx, dy = (end[0] - start[0]) * shorten, (end[1] - start[1]) * shorten
    return [
        (start[0] + nx * offset + dx, start[1] + ny * offset + dy),
        (end[0] + nx * offset - dx, end[1] + ny * offset - dy),
    ]


def _inner(structure: Structure, bond: Chem.Bond, start: Point, end: Point) -> list[Point]:
    """The second line of a ring's double bond, on the side of the ring's middle."""
    rings = [ring for ring in structure.molecule.GetRingInfo().BondRings() if bond.GetIdx() in ring]
    ring = min(rings, key=len)
    corners = [structure.molecule.GetBondWithIdx(i).GetBeginAtomIdx() for i in ring]
    middle = [sum(structure.points[i][axis] for i in corners) / len(corners) for axis in (0, 1)]
    nx, ny = _normal(start, end)
    side = (middle[0] - start[0]) * nx + (middle[1] - start[1]) * ny
    return _shifted(start, end, math.copysign(GAP, side), shorten=0.12)


def main() -> None:
    RDLogger.DisableLog("rdApp.*")  # type: ignore[attr-defined]
    pictures = [png(smiles) for smiles in json.load(sys.stdin)]
    json.dump([base64.b64encode(picture).decode() if picture else None for picture in pictures], sys.stdout)


if __name__ == "__main__":
    main()
