"""Markdown for other programs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers import archive
from mathpixweb.engine.writers.chosen import flag
from mathpixweb.engine.writers.pictures import Album, Images
from mathpixweb.engine.writers.programs import pandoc
from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.structure import nodes
from mathpixweb.engine.writers.structure.documents import Shape, document, inside
from mathpixweb.engine.writers.structure.nodes import Node
from mathpixweb.engine.writers.structure.reading import Structure, structure
from mathpixweb.engine.writers.structure.sources import beside

WRITER = "markdown_strict+pipe_tables+raw_html+backtick_code_blocks+footnotes+strikeout+startnum"
EQUATION = re.compile(r"\\begin\{equation\*\}(.*)\\end\{equation\*\}", re.DOTALL)
ESCAPES = {
    "escape_ampersand": ("&", True),
    "escape_dollar": ("$", True),
    "escape_hash": ("#", True),
    "escape_percent": ("%%", False),  # as Lua's patterns write it
}


def make(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """UTF-8 Markdown; its pictures stay where they are. Raises RenderFailed."""
    found = structure(
        mmd,
        renderer,
        place=lambda url: url,
        draw=lambda sources: {},
        html_tags=flag(options, "htmlTags", True),
        typographer=False,
    )
    return _written(found, options)


def make_zip(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A zip archive with the Markdown and its pictures."""
    album = Album("images", images)
    text = _written(beside(mmd, options, album, renderer, typographer=False), options)
    return archive.pack(name, [(f"{name}.md", text), *album.files()])


def _written(found: Structure, options: Mapping[str, Any]) -> bytes:
    tree = document(found, Shape({"contents": _contents}, _formula, places=False))
    tree["blocks"] = [_lowered(block) for block in tree["blocks"]]
    return pandoc.convert(
        json.dumps(tree),
        "json",
        WRITER,
        filters=["md.lua"],
        options=[*_settings(options), *_width(options)],
    )


def _formula(latex: str, display: bool) -> str:
    """As programs that show Markdown want it: between its delimiters they need no environment of one row."""
    found = EQUATION.fullmatch(latex)
    return (found[1] if found else latex).strip()


def _lowered(block: Node) -> Node:
    """Below the document's title, which is the only heading of the first level."""
    if block["t"] != "Header" or nodes.SECTION not in block["c"][1][1]:
        return block
    level, attributes, content = block["c"]
    return {"t": "Header", "c": [level + 1, attributes, content]}


def _contents(division: Node) -> list[Node]:
    """The table of contents as a list within lists."""
    entries = [(int(dict(entry["c"][0][2])["level"]), inside(entry)) for entry in inside(division)]
    return [_list(entries)] if entries else []


def _list(entries: list[tuple[int, list[Node]]]) -> Node:
    items: list[list[Node]] = []
    top = min(level for level, _ in entries)
    below: list[tuple[int, list[Node]]] = []
    for level, blocks in entries:
        if level > top and items:
            below.append((level, blocks))
            continue
        if below:
            items[-1].append(_list(below))
            below = []
        items.append([{"t": "Plain", "c": block["c"]} for block in blocks])
    if below:
        items[-1].append(_list(below))
    return {"t": "BulletList", "c": items}


def _settings(options: Mapping[str, Any]) -> list[str]:
    inline = _delimiters(options, "math_inline_delimiters", ("$", "$"))
    display = _delimiters(options, "math_display_delimiters", ("$$", "$$"))
    escaped = "".join(char for name, (char, default) in ESCAPES.items() if options.get(name, default))
    settings = {
        "inline-open": inline[0],
        "inline-close": inline[1],
        "display-open": display[0],
        "display-close": display[1],
        "escape": f"[{escaped}]" if escaped else "",
    }
    return [f"--metadata=md-{name}={value}" for name, value in settings.items()]


def _delimiters(options: Mapping[str, Any], name: str, default: tuple[str, str]) -> tuple[str, str]:
    pair = options.get(name) or default
    if len(pair) != 2 or not all(isinstance(part, str) and part for part in pair):
        raise RenderFailed(f"{name} must be two texts.")
    return pair[0], pair[1]


def _width(options: Mapping[str, Any]) -> list[str]:
    columns = options.get("max_character_per_line")
    return ["--wrap=auto", f"--columns={int(columns)}"] if columns else ["--wrap=none"]
