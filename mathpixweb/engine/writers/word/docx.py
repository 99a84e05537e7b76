"""Word documents: native equations, tables and notes by pandoc, then page and type as asked for."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import docx

from mathpixweb.engine.writers.formulas import office_math
from mathpixweb.engine.writers.pictures import Images
from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.structure import nodes
from mathpixweb.engine.writers.structure.conversion import attempted, portable_in
from mathpixweb.engine.writers.structure.documents import Shape, document, inside, raw, shaped, styled
from mathpixweb.engine.writers.structure.nodes import Node
from mathpixweb.engine.writers.structure.sources import embedded
from mathpixweb.engine.writers.word import (
    docx_lists,
    docx_looks,
    docx_numbers,
    docx_pictures,
    docx_script,
    docx_sources,
    docx_tables,
)

NEW_PAGE: Final = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'


def make(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A .docx; raises RenderFailed."""
    found = embedded(mmd, options, images, renderer)
    found = replace(found, blocks=docx_lists.listed(found.blocks))
    divisions = {
        nodes.PAGE_BREAK: lambda _: [raw("openxml", NEW_PAGE)],
        "contents": _contents,
        "center": styled(docx_looks.CENTRED),
        "to-the-right": styled(docx_looks.RIGHT),
        "marked-item": styled(docx_looks.MARKED),
    }
    tree = document(found, Shape(divisions))
    numbered = tree["blocks"]
    tree["blocks"] = docx_pictures.measured(docx_numbers.beside(numbered), options)
    plain = shaped(tree, Shape(formula=portable_in(found, renderer)))
    written = attempted(docx_tables.without_widths(plain), "docx", renderer)
    made = docx.Document(io.BytesIO(written.content))
    docx_tables.draw_lines(made, tree["blocks"])
    office_math.mend(made.element.body)
    docx_sources.attach(made, {**tree, "blocks": numbered}, plain, written.unknown)
    docx_script.turn_leftwards(made)
    docx_looks.dress(made, options)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def _contents(division: Node) -> list[Node]:
    """The entries of a table of contents, each in the style of its level."""
    entries = []
    for entry in inside(division):
        level = dict(entry["c"][0][2]).get("level", "1")
        entries += styled(f"toc {level}")(entry)
    return entries
