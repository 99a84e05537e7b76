"""Chemical structures, which Mathpix Markdown writes as `<smiles>…</smiles>`, as pictures."""

from __future__ import annotations

import base64
import html
import json
import re
import tempfile
from pathlib import Path

from mathpixweb.engine.writers import bounded
from mathpixweb.engine.writers.mmd_source import rewrite_words
from mathpixweb.engine.writers.pictures import Images

SMILES = re.compile(r"<smiles[^>]*>(.*?)</smiles>", re.DOTALL)
PLACE = "structure-{}.png"
DRAWING = Path(__file__).with_name("molecule_drawing.py")
SECONDS = 30
MEMORY = 2 << 30


def draw_structures(mmd: str, images: Images) -> tuple[str, Images]:
    """`mmd` with a picture for each structure, and `images` that know these; what is none stays as code."""
    sources = list(dict.fromkeys(_source(found[1]) for found in SMILES.finditer(mmd)))
    if not sources:
        return mmd, images
    drawn = _draw(sources)
    places = {source: PLACE.format(number) for number, source in enumerate(drawn, start=1)}

    def stand_in(found: re.Match[str]) -> str:
        place = places.get(_source(found[1]))
        return f"\\includegraphics{{{place}}}" if place else f"`{_source(found[1])}`"

    own = {places[source]: picture for source, picture in drawn.items()}
    return (
        rewrite_words(mmd, lambda words: SMILES.sub(stand_in, words)),
        lambda url: own[url] if url in own else images(url),
    )


def _source(text: str) -> str:
    return html.unescape(text).strip()


def _draw(sources: list[str]) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="molecules-") as folder:
        asked = json.dumps(sources).encode()
        answer = bounded.python(DRAWING, asked, Path(folder), SECONDS, memory=MEMORY)
    pictures = zip(sources, json.loads(answer), strict=True)
    return {source: base64.b64decode(picture) for source, picture in pictures if picture}
