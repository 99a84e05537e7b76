"""EPUB books: chapters at the headings, formulas as MathML, pictures inside."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from mathpixweb.engine.writers import pandoc, webpage
from mathpixweb.engine.writers.molecules import draw_structures
from mathpixweb.engine.writers.pandoc_source import for_pandoc, metadata
from mathpixweb.engine.writers.pictures import Images, embed
from mathpixweb.engine.writers.renderer import Renderer

STYLES = """
body { line-height: 1.5; }
h1, h2, h3, h4 { line-height: 1.25; break-after: avoid; }
table { border-collapse: collapse; margin: 1em auto; }
th, td { padding: 0.25em 0.6em; border: 1px solid #999; }
figure, figcaption, caption { margin: 1em 0; text-align: center; }
img { max-width: 100%; }
pre { white-space: pre-wrap; }
"""


def make(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """An .epub of version 3; raises RenderFailed."""
    front, text = for_pandoc(embed(*draw_structures(mmd, images)))
    told = {"title": webpage.title_of(mmd) or name, "lang": "en", "identifier": name}
    made = pandoc.convert(
        text,
        pandoc.reader_of(options),
        "epub3",
        filters=["mmd.lua"],
        metadata=metadata(front) | told,
        options=["--mathml", "--toc", "--split-level=1", "--syntax-highlighting=none"],
    )
    return _styled(made)


def _styled(book: bytes) -> bytes:
    """The book with our rules; in its sandbox pandoc takes no style sheet."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            content = STYLES.encode() if entry.filename.endswith("stylesheet1.css") else old.read(entry)
            new.writestr(entry, content, compress_type=entry.compress_type)
    return target.getvalue()
