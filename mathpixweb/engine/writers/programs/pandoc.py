"""pandoc, in its sandbox: it opens no file and no address that a document names."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypandoc

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers.chosen import flag
from mathpixweb.engine.writers.programs import bounded

SECONDS = 60.0
MEMORY = "2g"
FILTERS = Path(__file__).parent
LOG, UNKNOWN = "log.json", "CouldNotConvertTeXMath"

# Mathpix Markdown is Markdown and LaTeX in one text; pandoc's further inventions would misread it.
MMD = (
    "markdown+tex_math_single_backslash+raw_tex+lists_without_preceding_blankline"
    "-yaml_metadata_block-pandoc_title_block-implicit_figures-citations-example_lists-fancy_lists-smart"
    "-simple_tables-multiline_tables-grid_tables-line_blocks-definition_lists-fenced_divs-bracketed_spans-raw_attribute"
)


def reader_of(options: Mapping[str, Any]) -> str:
    """The reader, with HTML in the text or without."""
    return MMD if flag(options, "htmlTags", True) else MMD + "-raw_html-native_divs-native_spans"


def convert(
    text: str,
    reader: str,
    writer: str,
    *,
    filters: Sequence[str] = (),
    metadata: Mapping[str, object] | None = None,
    template: str | None = None,
    options: Sequence[str] = (),
    seconds: float = SECONDS,
) -> bytes:
    """`text` in the format `writer`. `filters` are Lua files of this folder; raises RenderFailed."""
    how = {"filters": filters, "metadata": metadata, "template": template, "options": options}
    return attempt(text, reader, writer, seconds=seconds, **how).content  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Made:
    """What came out, and the formulas that stand in it as their source."""

    content: bytes
    unknown: tuple[str, ...]


def attempt(
    text: str,
    reader: str,
    writer: str,
    *,
    filters: Sequence[str] = (),
    metadata: Mapping[str, object] | None = None,
    template: str | None = None,
    options: Sequence[str] = (),
    seconds: float = SECONDS,
) -> Made:
    """As `convert`, and tells which formulas were not understood. Raises RenderFailed."""
    with tempfile.TemporaryDirectory(prefix="pandoc-") as name:
        folder = Path(name)
        command = [executable(), "+RTS", f"-M{MEMORY}", "-RTS", "--sandbox", "-f", reader, "-t", writer]
        command += [f"--lua-filter={FILTERS / name}" for name in filters]
        if metadata:
            (folder / "metadata.json").write_text(json.dumps(metadata))
            command.append("--metadata-file=metadata.json")
        if template is not None:
            (folder / "template").write_text(template)
            command.append("--template=template")
        command += [*options, "--quiet", f"--log={LOG}", "-o", "-"]
        made = bounded.run(command, text.encode(), folder, seconds)
        return Made(made, _unknown(folder / LOG))


def _unknown(log: Path) -> tuple[str, ...]:
    told = json.loads(log.read_text()) if log.exists() else []
    return tuple(dict.fromkeys(each["contents"] for each in told if each["type"] == UNKNOWN))


def executable() -> str:
    """Its path; raises RenderFailed."""
    try:
        return str(pypandoc.get_pandoc_path())
    except OSError as error:
        raise RenderFailed("pandoc is not installed.") from error
