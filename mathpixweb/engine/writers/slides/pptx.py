"""PowerPoint: slides from the headings, with native equations and tables, none fuller than it can be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mathpixweb.engine.writers.chosen import within
from mathpixweb.engine.writers.grids import grid
from mathpixweb.engine.writers.pictures import Images
from mathpixweb.engine.writers.programs.pandoc_tree import Node, nodes
from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.slides.slide_formulas import mend
from mathpixweb.engine.writers.slides.slide_looks import Looks, dress
from mathpixweb.engine.writers.slides.slide_tables import flat
from mathpixweb.engine.writers.slides.slides import CONTENT, Room, slides
from mathpixweb.engine.writers.structure.conversion import converted, portable_in
from mathpixweb.engine.writers.structure.documents import Shape, document, inside
from mathpixweb.engine.writers.structure.sources import embedded

MARGIN, SIZE = 48, 16  # pixels


def make(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A .pptx; raises RenderFailed."""
    size, margin = within(options, "fontSize", SIZE, 4, 200), within(options, "margin", MARGIN, 0, 200)
    looks = Looks.chosen(options, size=size, margin=margin)
    found = embedded(mmd, options, images, renderer)
    shown = document(found, Shape({"contents": _contents}, portable_in(found, renderer)))
    shown["blocks"] = slides(_abstract(shown) + flat(shown["blocks"]), Room.for_type(size, margin))
    shown["meta"].setdefault("title", {"t": "MetaInlines", "c": []})
    tables = [grid(table) for table in nodes(shown["blocks"], "Table")]
    made = converted(shown, "pptx", renderer, options=[f"--slide-level={CONTENT}"])
    return dress(mend(made, tables), looks)


def _abstract(document: Node) -> list[Node]:
    """The abstract as a part of the text, which it is not in pandoc's presentations."""
    abstract = document["meta"].pop("abstract", None)
    if abstract is None:
        return []
    content = abstract["c"]
    blocks = content if abstract["t"] == "MetaBlocks" else [{"t": "Para", "c": content}]
    return [{"t": "Header", "c": [1, ["", [], []], [{"t": "Str", "c": "Abstract"}]]}, *blocks]


def _contents(division: Node) -> list[Node]:
    """The table of contents, on a slide of its own."""
    entries = [inside(entry) for entry in inside(division) if ["level", "1"] in entry["c"][0][2]]
    return [
        {"t": "Header", "c": [1, ["", [], []], [{"t": "Str", "c": "Contents"}]]},
        {"t": "BulletList", "c": entries},
    ]
