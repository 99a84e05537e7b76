"""PowerPoint: slides from the headings, with native equations and tables, none fuller than it can be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mathpixweb.engine.writers import pandoc
from mathpixweb.engine.writers.chosen import within
from mathpixweb.engine.writers.grids import grid
from mathpixweb.engine.writers.pandoc_tree import Node, nodes, tree
from mathpixweb.engine.writers.pictures import Images
from mathpixweb.engine.writers.renderer import Renderer
from mathpixweb.engine.writers.slide_formulas import mend
from mathpixweb.engine.writers.slide_looks import Looks, dress
from mathpixweb.engine.writers.slides import Room, slides

MARGIN, SIZE = 48, 16  # pixels


def make(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A .pptx; raises RenderFailed."""
    size, margin = within(options, "fontSize", SIZE, 4, 200), within(options, "margin", MARGIN, 0, 200)
    looks = Looks.chosen(options, size=size, margin=margin)
    document = tree(mmd, options, images)
    document["blocks"] = slides(_abstract(document) + document["blocks"], Room.for_type(size, margin))
    document["meta"].setdefault("title", {"t": "MetaInlines", "c": []})
    tables = [grid(table) for table in nodes(document["blocks"], "Table")]
    made = pandoc.convert(json.dumps(document), "json", "pptx", options=["--slide-level=1"])
    return dress(mend(made, tables), looks)


def _abstract(document: Node) -> list[Node]:
    """The abstract as a part of the text, which it is not in pandoc's presentations."""
    abstract = document["meta"].pop("abstract", None)
    if abstract is None:
        return []
    content = abstract["c"]
    blocks = content if abstract["t"] == "MetaBlocks" else [{"t": "Para", "c": content}]
    return [{"t": "Header", "c": [1, ["", [], []], [{"t": "Str", "c": "Abstract"}]]}, *blocks]
