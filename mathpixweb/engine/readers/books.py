"""EPUB books: chapters in XHTML, formulas in MathML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mathpixweb.engine.errors import EncryptedDocument, UnreadableDocument
from mathpixweb.engine.flow import raw_latex
from mathpixweb.engine.flow.model import PAGE_BREAK, Flow, Node
from mathpixweb.engine.math.texmath import barless
from mathpixweb.engine.readers import markup_trees, pandoc_trees
from mathpixweb.engine.readers.archives import Archive, repacked

CONTAINER: Final = "META-INF/container.xml"
ENCRYPTION: Final = "META-INF/encryption.xml"
# Fonts made useless outside of their book: the text is open all the same.
OBFUSCATIONS: Final = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
LOCKED: Final = (
    "This book is locked by its seller (DRM), so nobody but its reading program can open it. "
    "Ask the seller for a copy without the lock."
)
_CHAPTER = re.compile(r"[^#]+\.x?html?", re.IGNORECASE)


def read_path(path: Path) -> Flow:
    """Raises EncryptedDocument for a locked book, UnreadableDocument."""
    with Archive(path) as archive:
        _check(archive)
        mended = dict(_mended(archive))
    flow = pandoc_trees.read(repacked(path.read_bytes(), mended), f"epub{raw_latex.EXTENSIONS}")
    return Flow(tuple(_chapters(raw_latex.resolved(list(flow.blocks)))), flow.pictures)


def _mended(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """The chapters with fractions that pandoc would misread."""
    for name in sorted(archive.names):
        if _CHAPTER.fullmatch(name):
            content = archive.read(name)
            if b"linethickness" in content:
                yield name, barless(content.decode(errors="surrogateescape")).encode(errors="surrogateescape")


def _check(archive: Archive) -> None:
    if CONTAINER not in archive.names:
        raise UnreadableDocument("It lacks the list of what is in it.")
    markup_trees.xml(archive.read(CONTAINER))
    if ENCRYPTION not in archive.names:
        return
    methods = markup_trees.xml(archive.read(ENCRYPTION)).iter("{*}EncryptionMethod")
    if any(method.get("Algorithm") not in OBFUSCATIONS for method in methods):
        raise EncryptedDocument(LOCKED)


def _chapters(blocks: list[Node]) -> Iterator[Node]:
    """The blocks, with a break where each file of the book begins: pandoc leaves an empty anchor there."""
    for block in blocks:
        yield PAGE_BREAK if _is_anchor(block) else block


def _is_anchor(block: Node) -> bool:
    if block["t"] != "Para" or len(block["c"]) != 1 or block["c"][0]["t"] != "Span":
        return False
    (identifier, _, _), inside = block["c"][0]["c"]
    return not inside and bool(_CHAPTER.fullmatch(identifier))
