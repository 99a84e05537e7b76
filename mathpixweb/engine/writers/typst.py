"""Typst: one source file with its pictures inside, compiled once to be sure that it can be."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mathpixweb.engine.writers import bounded, pandoc
from mathpixweb.engine.writers.chosen import flag, within
from mathpixweb.engine.writers.colours import hexadecimal
from mathpixweb.engine.writers.mmd_source import Formula
from mathpixweb.engine.writers.molecules import draw_structures
from mathpixweb.engine.writers.pandoc_source import for_pandoc, metadata
from mathpixweb.engine.writers.pictures import Album, Images, data_url, measured, replace_pictures
from mathpixweb.engine.writers.portable_math import portable
from mathpixweb.engine.writers.renderer import Renderer

SECONDS = 60
MEMORY = 2 << 30
TEMPLATE = Path(__file__).with_name("typst.template")
COMPILER = Path(__file__).with_name("typst_compiler.py")
NEGATIVE = re.compile(r"\bstart: -\d+")  # Typst's lists count from nought
FORMULA = re.compile(r"(?<!\\)\$(?:\\.|[^$\\])+\$", re.DOTALL)
RENAMED = (
    (re.compile(r"(?<![\w.\"])sect(?![\w\"])"), "inter"),
    (re.compile(r"(?<=[a-z])\.circle(?!\w)"), ".o"),
    (re.compile(r"(?<![\w.])bracket\.([lr])\.double"), r"bracket.\1.stroked"),
)
PICTURE = re.compile(r'image\("\./images/([^"]+)"')
NORM = re.compile(r"\\\|((?:[^\\|]|\\(?!\|))+?)\\\|")  # with a script after it Typst puts that under the bar
# Typst reads no base64; an SVG may hold a picture in it.
DRAWING = "#let {name} = bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'>"
DRAWING += "<image width='{width}' height='{height}' href='{data}'/></svg>\")"


def make(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A .typ file in UTF-8; raises RenderFailed."""
    return _made(mmd, options, images)[0]


def make_pdf(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A PDF file with the options that the format `pdf` has, except custom_css; raises RenderFailed."""
    return _made(mmd, options, images)[1]


def formula(latex: str, *, display: bool) -> str:
    """One formula with its dollars; empty where pandoc does not know one of its commands."""
    text = portable(Formula(latex, display))
    made = pandoc.convert(NORM.sub(r"\\left\\|\1\\right\\|", text), pandoc.MMD, "typst").decode().strip()
    return FORMULA.sub(_current, made) if FORMULA.fullmatch(made) else ""


def _made(mmd: str, options: Mapping[str, Any], images: Images) -> tuple[bytes, bytes]:
    source = _source(mmd, options, images)
    with tempfile.TemporaryDirectory(prefix="typst-") as name:
        folder = Path(name)
        (folder / "document.typ").write_text(source)
        bounded.python(COMPILER, b"", folder, SECONDS, memory=MEMORY)
        return (folder / "document.typ").read_bytes(), (folder / "document.pdf").read_bytes()


def _source(mmd: str, options: Mapping[str, Any], images: Images) -> str:
    mmd, images = draw_structures(mmd, images)
    album = Album("images", images)
    front, text = for_pandoc(replace_pictures(mmd, album.point))
    text = NORM.sub(r"\\left\\|\1\\right\\|", text)
    made = pandoc.convert(
        text,
        pandoc.reader_of(options),
        "typst-citations",
        filters=["mmd.lua"],
        metadata=metadata(front),
        template=TEMPLATE.read_text(),
        options=[
            "--syntax-highlighting=none",
            *(f"--variable={n}={v}" for n, v in _variables(options).items()),
        ],
    ).decode()
    names = {path: f"picture-{number}" for number, path in enumerate(album.pictures, start=1)}
    drawings = [_drawing(names[path], picture) for path, picture in album.pictures.items()]
    made = PICTURE.sub(lambda found: f'image({names[found[1]]}, format: "svg"', made)
    made = NEGATIVE.sub("start: 0", FORMULA.sub(_current, made))
    return made.replace(DEFINITIONS, "\n".join(drawings), 1)


DEFINITIONS = "// pictures"


def _current(found: re.Match[str]) -> str:
    """The formula with the names that Typst's symbols have today; pandoc knows those of earlier versions."""
    formula = found[0]
    for old, new in RENAMED:
        formula = old.sub(new, formula)
    return formula


def _variables(options: Mapping[str, Any]) -> dict[str, str]:
    paper = options.get("background_color")
    return {
        "definitions": DEFINITIONS,
        "ink": "#" + hexadecimal(options.get("text_color") or "#1E2029", "text_color"),
        "paper": f'rgb("#{hexadecimal(paper, "background_color")}")' if paper else "none",
        "size": f"{within(options, 'fontSize', 14, 4, 200) * 0.75:g}pt",  # as CSS counts pixels
        "margin": f"{within(options, 'margin', 70, 0, 400) * 0.75:g}pt",
        "numbering": "none" if flag(options, "disable_footer", False) else '"1"',
    }


def _drawing(name: str, picture: bytes) -> str:
    width, height = measured(picture)
    return DRAWING.format(name=name, width=width, height=height, data=data_url(picture))
