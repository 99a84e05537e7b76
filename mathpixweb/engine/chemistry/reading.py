"""A drawing of a molecule read: from pixels to SMILES."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mathpixweb.engine.chemistry import (
    assembly,
    hashes,
    iodine,
    labels,
    likeness,
    lines,
    linework,
    marks,
    structure,
    touching,
)
from mathpixweb.engine.chemistry import strokes as stroke_finding
from mathpixweb.engine.chemistry.linework import Ink
from mathpixweb.engine.model import Molecule

MOST_PIECES: Final = 900  # more are a page of text, a plot or a photograph
MOST_STROKES: Final = 600
DARKEST: Final = 0.2  # share of the ink


def read(gray: Ink) -> Molecule | None:
    """The molecule drawn dark on white in the picture; None if that is none."""
    work = linework.prepare(gray)
    if work is None:
        return None
    pieces = marks.pieces_of(work)
    if len(pieces.all) > MOST_PIECES or work.mask.mean() > DARKEST:
        return None
    bars = hashes.bars_of(pieces, work.thickness)
    rows = hashes.find(bars, (), work.thickness, hashes.CLEARLY)
    taken = [number for row in rows for number in row.pieces]
    found = marks.find(work, pieces, taken)
    taken += [number for mark in found for number in mark.pieces]
    more = hashes.find(bars, taken, work.thickness)
    taken += [number for row in more for number in row.pieces]
    rows += more
    mask = pieces.without(taken)
    drawn = stroke_finding.find(mask, work.thickness)
    if met := touching.find(work, mask, drawn.strokes, marks.usual_height(found)):
        found += met
        drawn = stroke_finding.find(touching.without(mask, met, work.thickness), work.thickness)
    upright, lone = iodine.part(drawn.strokes, marks.usual_height(found), drawn.bond, work.thickness)
    found += upright
    strokes = [*lone, *(row.stroke for row in rows)]
    if not likeness.FEWEST_BONDS <= len(strokes) <= MOST_STROKES:
        return None
    gathered = labels.gather(found, marks.usual_height(found))
    bonds = lines.pair(strokes, drawn.bond)
    skeleton = assembly.assemble(bonds, gathered, drawn.circles, drawn.bond)
    if not likeness.is_molecule(skeleton, strokes, drawn.bond):
        return None
    made = structure.structure_of(skeleton, drawn.bond)
    if made is None:
        return None
    signs = likeness.signs(skeleton, strokes, drawn.bond, made)
    return replace(made.molecule, confidence=signs.confidence())
