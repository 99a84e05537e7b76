"""`python -m training.molecules.measure --fonts FOLDER …`: how well drawings by RDKit are read."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from mathpixweb.engine.chemistry import reading
from training.molecules import drawings

FACES = ("Arimo-Regular", "Tinos-Regular", "Telex-Regular", "DejaVuSans", "OpenSans-Regular", "Arimo-Bold")


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.molecules.measure", description=__doc__)
    parser.add_argument("--fonts", type=Path, nargs="+", required=True, help="folders of TTF files")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--failures", action="store_true", help="tell each drawing that is not read exactly")
    asked = parser.parse_args(arguments)
    found = [path for folder in asked.fonts for path in folder.rglob("*.ttf") if path.stem in FACES]
    chance, right = random.Random(asked.seed), defaultdict(list)
    started = time.process_time()
    for number, molecule in enumerate(drawings.molecules(asked.count, asked.seed)):
        drawn = drawings.drawn(molecule, sorted(found), chance)
        read = reading.read(drawn.gray)
        smiles = read.smiles if read else ""
        for group in ("all", *drawn.style.split(", ")):
            right[group].append(smiles == drawn.smiles)
        if asked.failures and smiles != drawn.smiles:
            print(number, drawn.style, drawn.smiles, smiles, sep="\t")
    for group, outcomes in sorted(right.items()):
        print(f"{group}: {sum(outcomes) / len(outcomes):.3f} exact of {len(outcomes)}")
    print(f"{(time.process_time() - started) / asked.count:.3f} CPU s a drawing")


if __name__ == "__main__":
    main(sys.argv[1:])
