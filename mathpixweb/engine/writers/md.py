"""Markdown for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers import archive, pandoc
from mathpixweb.engine.writers.molecules import SMILES, draw_structures
from mathpixweb.engine.writers.pandoc_source import for_pandoc, metadata
from mathpixweb.engine.writers.pictures import Album, Images, replace_pictures
from mathpixweb.engine.writers.renderer import Renderer

WRITER = "markdown_strict+pipe_tables+raw_html+backtick_code_blocks+footnotes+strikeout"
ESCAPES = {
    "escape_ampersand": ("&", True),
    "escape_dollar": ("$", True),
    "escape_hash": ("#", True),
    "escape_percent": ("%%", False),  # as Lua's patterns write it
}


def make(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """UTF-8 Markdown; its pictures stay where they are. Raises RenderFailed."""
    return _convert(SMILES.sub(lambda found: f"`{found[1].strip()}`", mmd), options)


def make_zip(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A zip archive with the Markdown and its pictures."""
    mmd, images = draw_structures(mmd, images)
    album = Album("images", images)
    text = _convert(replace_pictures(mmd, album.point), options)
    return archive.pack(name, [(f"{name}.md", text), *album.files()])


def _convert(mmd: str, options: Mapping[str, Any]) -> bytes:
    front, text = for_pandoc(mmd)
    return pandoc.convert(
        text,
        pandoc.reader_of(options),
        WRITER,
        filters=["mmd.lua", "md.lua"],
        metadata=metadata(front),
        options=[*_settings(options), *_width(options)],
    )


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
