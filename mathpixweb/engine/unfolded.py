"""Files that are no PDF, unfolded once into a folder beside them: a leaf a page, the pictures, and a drawing.

The folder can always be made anew from the file, and reading a page only takes the page out of it.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from mathpixweb.engine import kinds
from mathpixweb.engine.deferred import Deferred
from mathpixweb.engine.drawings import DRAWING, folder
from mathpixweb.engine.errors import EmptyDocument, EngineError, PageFailed
from mathpixweb.engine.flow import paging, placing
from mathpixweb.engine.flow.model import Flow, Leaf, Node, Place, Slides
from mathpixweb.engine.kinds import Kind
from mathpixweb.engine.readers import drawn, files, pictures, soffice
from mathpixweb.engine.readers.pictures import Picture
from mathpixweb.engine.writers.programs import pandoc_tree
from mathpixweb.engine.writers.programs.programs import LIBREOFFICE

CONTENTS, LEAVES, PICTURES = "contents.json", "leaves", "pictures"
MOST_PICTURES: Final = 2_000

_djvu_as_pdf: Final = Deferred("mathpixweb.engine.readers.djvu:as_pdf")  # with all that writes PDF


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in the folder. `sizes` are the pictures' widths and heights by their numbers."""

    kind: str
    page_count: int
    is_drawn: bool
    names: Mapping[str, int]
    sizes: Mapping[int, tuple[int, int]]


def contents(path: Path, kind: Kind) -> Contents:
    """What the file at `path` unfolds to; does so if it was not done. Raises EngineError."""
    listed = folder(path) / CONTENTS
    if not listed.is_file():
        _unfold(path, kind)
    known = json.loads(listed.read_text())
    sizes = {int(number): (size[0], size[1]) for number, size in known["sizes"].items()}
    return Contents(known["kind"], known["page_count"], known["is_drawn"], known["names"], sizes)


def leaf(path: Path, number: int) -> Leaf:
    """Page `number`, from 1. Raises PageFailed."""
    try:
        known = json.loads((folder(path) / LEAVES / f"{number}.json").read_text())
    except (OSError, ValueError) as error:
        raise PageFailed(f"There is no page {number}.") from error
    places = tuple(Place(**place) if place else None for place in known["places"])
    return Leaf(tuple(known["blocks"]), places, known["width"], known["height"])


def picture(path: Path, number: int) -> bytes:
    """A picture as JPEG. Raises PageFailed."""
    try:
        return (folder(path) / PICTURES / f"{number}.jpg").read_bytes()
    except OSError as error:
        raise PageFailed("A picture of this page is missing.") from error


def _unfold(path: Path, kind: Kind) -> None:
    """Into a draft, which takes its place when it is whole."""
    draft = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        known = _drawn_only(path, draft, kind) if kind == kinds.DJVU else _read(path, draft, kind)
        (draft / CONTENTS).write_text(json.dumps(asdict(known)))
        shutil.rmtree(folder(path), ignore_errors=True)
        draft.rename(folder(path))
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _drawn_only(path: Path, draft: Path, kind: Kind) -> Contents:
    (draft / DRAWING).write_bytes(_djvu_as_pdf(path))
    return Contents(kind.name, 0, True, {}, {})


def _read(path: Path, draft: Path, kind: Kind) -> Contents:
    way = files.way(kind)
    text = way.read(path)
    pdf = _drawing(path, kind) if way.office and LIBREOFFICE.path() else None
    leaves = _leaves(text, pdf)
    if not any(each.blocks for each in leaves):
        raise EmptyDocument("There is nothing in it to read.")
    if pdf is not None:
        (draft / DRAWING).write_bytes(pdf)
    (draft / LEAVES).mkdir()
    for number, each in enumerate(leaves, 1):
        (draft / LEAVES / f"{number}.json").write_text(json.dumps(_stored(each)))
    names, sizes = _keep_pictures(draft, text.pictures, leaves)
    return Contents(kind.name, len(leaves), pdf is not None, names, sizes)


def _drawing(path: Path, kind: Kind) -> bytes | None:
    """The file as LibreOffice shows it; one that it cannot show can be read all the same."""
    try:
        return soffice.converted(path, kind.extension, "pdf")
    except EngineError:
        return None


def _leaves(text: Flow | Slides, pdf: bytes | None) -> tuple[Leaf, ...]:
    if isinstance(text, Slides):
        return text.leaves
    return paging.leaves(text.blocks) if pdf is None else placing.leaves(text.blocks, drawn.pages(pdf))


def _stored(each: Leaf) -> dict[str, Any]:
    places = [place and asdict(place) for place in (each.places or (None,) * len(each.blocks))]
    return {"blocks": each.blocks, "places": places, "width": each.width, "height": each.height}


def _keep_pictures(
    draft: Path, found: Mapping[str, bytes], leaves: tuple[Leaf, ...]
) -> tuple[dict[str, int], dict[int, tuple[int, int]]]:
    """Stores the pictures that the text names; their numbers by name, and their sizes by number."""
    (draft / PICTURES).mkdir()
    names: dict[str, int] = {}
    sizes: dict[int, tuple[int, int]] = {}
    for name in _named(leaves):
        if name in names or name not in found or len(names) >= MOST_PICTURES:
            continue
        taken: Picture | None = pictures.taken(found[name])
        if taken is not None:
            number = names[name] = len(names) + 1
            sizes[number] = (taken.width, taken.height)
            (draft / PICTURES / f"{number}.jpg").write_bytes(taken.jpeg)
    return names, sizes


def _named(leaves: tuple[Leaf, ...]) -> list[str]:
    blocks: list[Node] = [block for each in leaves for block in each.blocks]
    return [image["c"][2][0] for block in blocks for image in pandoc_tree.nodes(block, "Image")]
