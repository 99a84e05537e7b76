"""Chemical structures, which Mathpix Markdown writes as `<smiles>…</smiles>`, as pictures."""

from __future__ import annotations

import base64
import html
import json
import re
import tempfile
from pathlib import Path

from mathpixweb.engine.writers.mmd.mmd_source import rewrite_words
from mathpixweb.engine.writers.pictures import Images
from mathpixweb.engine.writers.programs import bounded

SMILES = re.compile(r"<smiles[^>]*>(.*?)</smiles>", re.DOTALL)
BLOCK = re.compile(r"^(`{3,}|~{3,})smiles[ \t]*\n(.*?)\n\1[ \t]*$", re.DOTALL | re.MULTILINE)
PLACE = "structure-{}.png"
DRAWING = Path(__file__).with_name("molecule_drawing.py")
SECONDS = 30
MEMORY = 2 << 30


def draw_structures(mmd: str, images: Images) -> tuple[str, Images]:
    """`mmd` with a picture for each structure, and `images` that know these; what is none stays as code."""
    mmd = BLOCK.sub(r"\n<smiles>\2</smiles>\n", mmd)
    sources = list(dict.fromkeys(_source(found[1]) for found in SMILES.finditer(mmd)))
    if not sources:
        return mmd, images
    pictures = drawn(sources)
    places = {source: PLACE.format(number) for number, source in enumerate(pictures, start=1)}

    def stand_in(found: re.Match[str]) -> str:
        place = places.get(_source(found[1]))
        return f"\\includegraphics{{{place}}}" if place else f"`{_source(found[1])}`"

    own = {places[source]: picture for source, picture in pictures.items()}
    return (
        rewrite_words(mmd, lambda words: SMILES.sub(stand_in, words)),
        lambda url: own[url] if url in own else images(url),
    )


def _source(text: str) -> str:
    return html.unescape(text).strip()


def drawn(sources: list[str]) -> dict[str, bytes]:
    """The drawing of each that is a structure, as PNG. Raises RenderFailed."""
    with tempfile.TemporaryDirectory(prefix="molecules-") as folder:
        asked = json.dumps(sources).encode()
        answer = bounded.python(DRAWING, asked, Path(folder), SECONDS, memory=MEMORY)
    pictures = zip(sources, json.loads(answer), strict=True)
    return {source: base64.b64decode(picture) for source, picture in pictures if picture}
