"""Typst: one source file with its pictures inside, compiled once to be sure that it can be."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers.chosen import flag, within
from mathpixweb.engine.writers.colours import hexadecimal
from mathpixweb.engine.writers.formulas import bars
from mathpixweb.engine.writers.formulas.portable_math import portable, without_number
from mathpixweb.engine.writers.pictures import Album, Images, data_url, measured
from mathpixweb.engine.writers.programs import bounded, pandoc
from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.structure import nodes
from mathpixweb.engine.writers.structure.conversion import converted, portable_in
from mathpixweb.engine.writers.structure.documents import Shape, Special, document, inside, raw
from mathpixweb.engine.writers.structure.nodes import Node
from mathpixweb.engine.writers.structure.places import certain
from mathpixweb.engine.writers.structure.sources import beside

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
# Typst reads no base64; an SVG may hold a picture in it.
DRAWING = "#let {name} = bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'>"
DRAWING += "<image width='{width}' height='{height}' href='{data}'/></svg>\")"


def make(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A .typ file in UTF-8; raises RenderFailed."""
    return _made(mmd, options, images, renderer)[0]


def make_pdf(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A PDF file with the options that the format `pdf` has, except custom_css; raises RenderFailed."""
    return _made(mmd, options, images, renderer)[1]


def formula(latex: str, *, display: bool) -> str:
    """One formula with its dollars; empty where pandoc does not know one of its commands."""
    text = bars.paired(portable(latex))
    shown = f"\\[{text}\\]" if display else f"\\({text}\\)"
    made = pandoc.convert(shown, pandoc.MMD, "typst").decode().strip()
    return FORMULA.sub(_current, made) if FORMULA.fullmatch(made) else ""


def _made(mmd: str, options: Mapping[str, Any], images: Images, renderer: Renderer) -> tuple[bytes, bytes]:
    try:
        return _compiled(_source(mmd, options, images, renderer))
    except RenderFailed:  # a place may be where Typst has none
        return _compiled(_source(mmd, options, images, renderer, places=False))


def _compiled(source: str) -> tuple[bytes, bytes]:
    with tempfile.TemporaryDirectory(prefix="typst-") as name:
        folder = Path(name)
        (folder / "document.typ").write_text(source)
        bounded.python(COMPILER, b"", folder, SECONDS, memory=MEMORY)
        return (folder / "document.typ").read_bytes(), (folder / "document.pdf").read_bytes()


def _source(
    mmd: str, options: Mapping[str, Any], images: Images, renderer: Renderer, *, places: bool = True
) -> str:
    album = Album("images", images)
    found = beside(mmd, options, album, renderer)
    told = replace(found, blocks=_numbered(found.blocks))
    tree = document(told, Shape(DIVISIONS, portable_in(found, renderer), places))
    made = converted(
        _placed(certain(tree)),
        "typst-citations",
        renderer,
        template=TEMPLATE.read_text(),
        options=[
            "--syntax-highlighting=none",
            "--wrap=none",
            *(f"--variable={n}={v}" for n, v in _variables(options).items()),
        ],
    ).decode()
    names = {path: f"picture-{number}" for number, path in enumerate(album.pictures, start=1)}
    drawings = [_drawing(names[path], picture) for path, picture in album.pictures.items()]
    made = PICTURE.sub(lambda found: f'image({names[found[1]]}, format: "svg"', made)
    made = NEGATIVE.sub("start: 0", FORMULA.sub(_current, made))
    return made.replace(DEFINITIONS, "\n".join(drawings), 1)


DEFINITIONS = "// pictures"


def _numbered(part: Any) -> Any:
    """Displays with one number have it where Typst has numbers of its own."""
    if isinstance(part, list):
        return [_numbered(each) for each in part]
    if not isinstance(part, dict):
        return part
    content: Any = part.get("c")
    if part["t"] == "Para" and len(content) == 1 and content[0]["t"] == "Math":
        latex, number = without_number(content[0]["c"][1])
        if number:
            shown = nodes.math(latex, display=True)
            return nodes.paragraph([_code("#numbered[("), *_tag(number), _code(")]["), shown, _code("]")])
    return {name: _numbered(value) for name, value in part.items()}


def _tag(number: str) -> list[Node]:
    """A number may have formulas in it."""
    pieces = enumerate(re.split(r"\$([^$]+)\$", number))
    return [nodes.math(piece) if odd % 2 else nodes.string(piece) for odd, piece in pieces if piece]


def _code(text: str) -> Node:
    return {"t": "RawInline", "c": ["typst", text]}


def _placed(part: Any) -> Any:
    """A place is a mark before its blocks: around them it would be no wider than they are."""
    if isinstance(part, list):
        return [each for one in part for each in _marked(one)]
    if not isinstance(part, dict):
        return part
    return {name: _placed(value) for name, value in part.items()}


def _marked(part: Any) -> list[Any]:
    if isinstance(part, dict) and part.get("t") == "Div":
        (name, classes, _), blocks = part["c"]
        if name and not classes:
            return [
                raw("typst", f"#metadata(none)#label({json.dumps(name, ensure_ascii=False)})"),
                *_placed(blocks),
            ]
    return [_placed(part)]


def _within(before: str) -> Special:
    """The blocks of a division between the brackets of a function."""
    return lambda division: [raw("typst", f"{before}["), *inside(division), raw("typst", "]")]


def _raw(text: str) -> Special:
    return lambda _: [raw("typst", text)]


DIVISIONS: dict[str, Special] = {
    nodes.PAGE_BREAK: _raw("#pagebreak(weak: true)"),
    "contents": _raw("#outline(title: none)"),
    "center": _within("#align(center)"),
    "to-the-right": _within("#align(right)"),
    "marked-item": _within("#pad(left: 1em)"),
}


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
