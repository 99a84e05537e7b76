"""Texts for the writers of documents: taken apart, their pictures at hand, their structures drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mathpixweb.engine.writers.chosen import flag
from mathpixweb.engine.writers.molecules import drawn
from mathpixweb.engine.writers.pictures import Album, Images, data_url
from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.structure.reading import Structure, structure


def embedded(mmd: str, options: Mapping[str, Any], images: Images, renderer: Renderer) -> Structure:
    """The text with its pictures inside, as data URLs. Raises RenderFailed."""

    def place(url: str) -> str | None:
        picture = images(url)
        return None if picture is None else data_url(picture)

    def draw(sources: list[str]) -> Mapping[str, str]:
        return {source: data_url(picture) for source, picture in drawn(sources).items()}

    return structure(mmd, renderer, place, draw, html_tags=flag(options, "htmlTags", True))


def beside(
    mmd: str, options: Mapping[str, Any], album: Album, renderer: Renderer, *, typographer: bool = True
) -> Structure:
    """The text with its pictures in an album. Raises RenderFailed."""

    def draw(sources: list[str]) -> Mapping[str, str]:
        pictures = drawn(sources)
        return {
            source: album.keep(f"structure-{n}.png", pictures[source]) for n, source in enumerate(pictures, 1)
        }

    return structure(
        mmd, renderer, album.place, draw, html_tags=flag(options, "htmlTags", True), typographer=typographer
    )
