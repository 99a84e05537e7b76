"""References to pictures in Mathpix Markdown, and the pictures they stand for."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from PIL import Image

from mathpixweb.engine.writers.mmd.mmd_source import rewrite_words

Images = Callable[[str], bytes | None]

REFERENCE = re.compile(
    r"\\includegraphics\s*(?P<options>\[[^\]]*\])?\s*\{(?P<latex>[^{}\s]+)\}"
    r"|!\[(?P<alt>(?:[^\[\]\\]|\\.)*)\]\(\s*<?(?P<markdown>[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)>?"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)(?P<attributes>\{[^}\n]*\})?"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture as the source names it: where it is, and what it is to be called when it cannot be shown."""

    url: str
    alt: str = ""
    options: str = ""
    latex: bool = True

    def pointing_to(self, url: str) -> str:
        if self.latex:
            return f"\\includegraphics{self.options}{{{url}}}"
        return f"![{self.alt}]({url}){self.options}"

    def as_link(self) -> str:
        """A link instead of the picture where the web has it, else its description only."""
        if not self.url.startswith(("https://", "http://")):
            return self.alt
        if self.latex:
            return f"\\href{{{self.url}}}{{Picture}}"
        return f"[{self.alt or 'Picture'}]({self.url})"


def replace_pictures(mmd: str, replace: Callable[[Reference], str]) -> str:
    """`mmd` with each reference to a picture outside of code replaced by what `replace` returns."""

    def one(found: re.Match[str]) -> str:
        if found["latex"] is not None:
            return replace(Reference(found["latex"], options=found["options"] or ""))
        attributes = found["attributes"] or ""
        return replace(Reference(found["markdown"], found["alt"], attributes, latex=False))

    return rewrite_words(mmd, lambda words: REFERENCE.sub(one, words), formulas_too=True)


def data_url(picture: bytes) -> str:
    return f"data:image/{_kind(picture)};base64,{base64.b64encode(picture).decode()}"


def _kind(picture: bytes) -> str:
    """Figures are JPEG, drawings of ours PNG."""
    return "png" if picture.startswith(b"\x89PNG") else "jpeg"


@dataclass(slots=True)
class Album:
    """Pictures collected under file names of their own, each once."""

    folder: str
    images: Images
    pictures: dict[str, bytes] = field(default_factory=dict)
    places: dict[str, str | None] = field(default_factory=dict)

    def place(self, url: str) -> str | None:
        """The path of the picture inside the archive, or None when there is no such picture."""
        if url not in self.places:
            picture = self.images(url)
            self.places[url] = None if picture is None else self.keep(url, picture)
        return self.places[url]

    def point(self, reference: Reference) -> str:
        place = self.place(reference.url)
        return reference.as_link() if place is None else reference.pointing_to(place)

    def files(self) -> Iterator[tuple[str, bytes]]:
        for name, picture in self.pictures.items():
            yield f"{self.folder}/{name}", picture

    def keep(self, url: str, picture: bytes) -> str:
        """The path of a picture that is called like the last part of `url`."""
        stem = (
            re.sub(r"[^A-Za-z0-9_-]+", "-", PurePosixPath(urlsplit(url).path).stem)[:80].strip("-") or "image"
        )
        ending = "png" if _kind(picture) == "png" else "jpg"
        name, number = f"{stem}.{ending}", 1
        while name in self.pictures:
            number += 1
            name = f"{stem}-{number}.{ending}"
        self.pictures[name] = picture
        return f"./{self.folder}/{name}"


def measured(picture: bytes) -> tuple[int, int]:
    """Width and height in CSS pixels: those of the picture, unless it knows its resolution."""
    with Image.open(io.BytesIO(picture)) as image:
        dpi = float(image.info.get("dpi", (96, 96))[0]) if _kind(picture) == "png" else 96.0
        return round(image.width * 96 / dpi), round(image.height * 96 / dpi)
