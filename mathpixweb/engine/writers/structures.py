"""Chemical structures in Mathpix Markdown: `<smiles>…</smiles>`, with InChI as attributes on request."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import quoteattr

from mathpixweb.engine.model import Molecule, Options

_SYMBOL: Final = re.compile(r"\[[^\]]*\]|Br|Cl|[A-Za-z*]|[=#]")


def written(molecule: Molecule, options: Options) -> str:
    """Empty if structures are not asked for."""
    if not options.include_smiles:
        return ""
    smiles = molecule.smiles if options.isomeric_smiles else molecule.flat_smiles
    return f"<smiles{_attributes(molecule) if options.include_inchi else ''}>{smiles}</smiles>"


def _attributes(molecule: Molecule) -> str:
    named = (("inchi", molecule.inchi), ("inchi_key", molecule.inchi_key))
    return "".join(f" {name}={quoteattr(value)}" for name, value in named if value)


def size(molecule: Molecule) -> int:
    """How many atoms and drawn bonds it has, about."""
    return max(1, len(_SYMBOL.findall(molecule.smiles)))
