"""What training does, which needs more packages than telling what it is."""

from __future__ import annotations

import argparse
import logging
from typing import Final

from mathpixweb.engine.chemistry.letters import MODEL
from training.molecules import glyphs, learning

log = logging.getLogger("molecules")
HELD_OUT: Final = 9  # every ninth font is for measuring only


def learn(asked: argparse.Namespace) -> None:
    """Trains, measures and exports."""
    paths = glyphs.fonts(asked.fonts)
    held_out = paths[::HELD_OUT]
    net = learning.train([path for path in paths if path not in held_out], asked.minutes, asked.seed)
    log.info("%.4f right in fonts that were not seen", learning.measure(net, held_out, asked.seed + 1))
    learning.export(net, MODEL)
