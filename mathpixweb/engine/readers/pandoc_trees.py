"""Files that pandoc reads, as its tree of blocks and the pictures that came with them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from mathpixweb.engine.errors import RenderFailed, UnreadableDocument
from mathpixweb.engine.flow.model import Flow, Node
from mathpixweb.engine.writers.programs import bounded, pandoc

SECONDS: Final = 120.0
MOST_PICTURES: Final = 2_000
LARGEST_PICTURE: Final = 64 << 20  # bytes
MEDIA: Final = "media"


def read(content: bytes, reader: str) -> Flow:
    """The document in the format `reader`. Raises UnreadableDocument.

    pandoc's sandbox fetches nothing that the document names; what it unpacks lands in a folder of its own.
    """
    with tempfile.TemporaryDirectory(prefix="reading-") as name:
        folder = Path(name)
        (folder / "source").write_bytes(content)
        command = [pandoc.executable(), "+RTS", f"-M{pandoc.MEMORY}", "-RTS", "--sandbox", "-f", reader]
        command += ["-t", "json", f"--extract-media={MEDIA}", "source"]
        try:
            made = bounded.run(command, b"", folder, SECONDS)
        except RenderFailed as failed:
            raise UnreadableDocument(_reason(str(failed))) from failed
        tree = json.loads(made)
        return Flow((*_front(tree["meta"]), *tree["blocks"]), dict(_pictures(folder)))


def _reason(complaint: str) -> str:
    if "took longer" in complaint:
        return f"It is too large to be read within {SECONDS:g} seconds."
    return "It is damaged, or not quite what it claims to be."


def _pictures(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files that were unpacked, by the names that they have in the tree; no links are followed."""
    for count, path in enumerate(sorted((folder / MEDIA).rglob("*"))):
        if count >= MOST_PICTURES:
            return
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST_PICTURE:
            yield str(path.relative_to(folder)), path.read_bytes()


def _front(meta: dict[str, Any]) -> Iterator[Node]:
    """Title and authors, which are no blocks in pandoc's tree."""
    if title := _inlines(meta.get("title")):
        if subtitle := _inlines(meta.get("subtitle")):
            title = [*title, {"t": "Str", "c": ":"}, {"t": "Space"}, *subtitle]
        yield {"t": "Title", "c": title}
    authors = meta.get("author")
    each = authors["c"] if authors and authors["t"] == "MetaList" else [authors]
    if names := [name for author in each if (name := _inlines(author))]:
        yield {"t": "Authors", "c": names}
    abstract = meta.get("abstract")
    if abstract and abstract["t"] == "MetaBlocks":
        yield from abstract["c"]


def _inlines(value: Any) -> list[Node]:
    if not value:
        return []
    if value["t"] == "MetaInlines":
        return list(value["c"])
    return [{"t": "Str", "c": value["c"]}] if value["t"] == "MetaString" else []
