"""`python -m training.molecules --fonts FOLDER …`: the network that names letters, from fonts alone."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from mathpixweb.engine.chemistry.letters import MODEL
from training.molecules import glyphs, learning

log = logging.getLogger("molecules")
HELD_OUT = 9  # every ninth font is for measuring only


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.molecules", description=__doc__)
    parser.add_argument("--fonts", type=Path, nargs="+", required=True, help="folders of TTF and OTF files")
    parser.add_argument("--minutes", type=float, default=12.0, help="of one core's time")
    parser.add_argument("--seed", type=int, default=8)
    asked = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    paths = glyphs.fonts(asked.fonts)
    held_out = paths[::HELD_OUT]
    net = learning.train([path for path in paths if path not in held_out], asked.minutes, asked.seed)
    log.info("%.4f right in fonts that were not seen", learning.measure(net, held_out, asked.seed + 1))
    learning.export(net, MODEL)


if __name__ == "__main__":
    main(sys.argv[1:])
