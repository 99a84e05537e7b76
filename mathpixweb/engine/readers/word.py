"""Word documents: pandoc knows their structure and their formulas (OMML)."""

from __future__ import annotations

from pathlib import Path

from mathpixweb.engine.flow.model import Flow
from mathpixweb.engine.readers import pandoc_trees
from mathpixweb.engine.readers.archives import Archive


def read(content: bytes) -> Flow:
    """Raises UnreadableDocument."""
    return pandoc_trees.read(content, "docx")


def read_path(path: Path) -> Flow:
    """Measures the archive first. Raises UnreadableDocument, EncryptedDocument."""
    with Archive(path):
        return read(path.read_bytes())
