"""What strokes and nearly all pictures are read by, made ready at once: processes forked later share it."""

from __future__ import annotations

from PIL import Image

from mathpixweb.engine.ocr import ink_network, ink_usage, line_network, looking, networks, tesseract


def load() -> None:
    """Once per process; what few pictures need is loaded for those."""
    Image.init()
    networks.session(networks.FINDER)
    line_network.load()
    looking.load()
    ink_network.load()
    ink_usage.usage()
    tesseract.languages()
