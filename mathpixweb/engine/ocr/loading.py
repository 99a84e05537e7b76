"""What nearly all pictures are read by, made ready at once: processes that are forked afterwards share it."""

from __future__ import annotations

from PIL import Image

from mathpixweb.engine.ocr import line_network, looking, networks, tesseract


def load() -> None:
    """Once per process; what few pictures need is loaded for those."""
    Image.init()
    networks.session(networks.FINDER)
    line_network.load()
    looking.load()
    tesseract.languages()
