"""Mathpix Markdown with its pictures beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mathpixweb.engine.writers import archive
from mathpixweb.engine.writers.pictures import Album, Images, Reference, replace_pictures
from mathpixweb.engine.writers.programs.renderer import Renderer


def make_zip(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A zip archive with `<name>.mmd`; a picture that is not to be had keeps its address."""
    album = Album("images", images)

    def point(reference: Reference) -> str:
        return reference.pointing_to(album.place(reference.url) or reference.url)

    text = replace_pictures(mmd, point)
    return archive.pack(name, [(f"{name}.mmd", text.encode()), *album.files()])
