"""`python -m training.molecules --fonts FOLDER …`: the network that names letters, from fonts alone."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from mathpixweb.engine.deferred import Deferred

LEARN = Deferred("training.molecules.steps:learn")


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.molecules", description=__doc__)
    parser.add_argument("--fonts", type=Path, nargs="+", required=True, help="folders of TTF and OTF files")
    parser.add_argument("--minutes", type=float, default=12.0, help="of one core's time")
    parser.add_argument("--seed", type=int, default=8)
    asked = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    LEARN(asked)


if __name__ == "__main__":
    main(sys.argv[1:])
