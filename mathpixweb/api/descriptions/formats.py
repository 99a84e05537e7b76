"""Options of formats, those of one format before those of all."""

from __future__ import annotations

from typing import Any, Final

from mathpixweb.api.descriptions.told import FLAG, NUMBER, PAIR, TEXT, Told, any_of, between, of
from mathpixweb.engine.writers.latex.font_files import FONTS, SIZES
from mathpixweb.providers.format_options import CHECKS, COMMON, FORMATS

OFF: Final = {**FLAG, "default": False}
_POINTS = {**TEXT, "enum": list(SIZES), "default": "10pt"}
_FONT = {**TEXT, "enum": list(FONTS), "default": "CMU Serif"}

OF_FORMATS: Final[dict[str, Told]] = {
    "htmlTags": Told("Whether HTML in the text is formatting.", {**FLAG, "default": True}),
    "docx.font": Told("The font of the text.", {**TEXT, "default": "Georgia"}),
    "docx.fontSize": Told("Its size in half points.", {**NUMBER, **between(2, 3276), "default": 22}),
    "language": Told("The language in which spelling is checked.", {**TEXT, "default": "auto"}),
    "orientation": Told("How the paper lies.", any_of(("portrait", "landscape"), default="portrait")),
    "margins": Told(
        "top, right, bottom, left and gutter, in twentieths of a point.",
        {
            "type": "object",
            "default": {"top": 1440, "right": 1800, "bottom": 1440, "left": 1800, "gutter": 0},
        },
    ),
    "tex.zip.fontSize": Told("The size of the text.", _POINTS),
    "latex.fontSize": Told("The size of the text.", _POINTS),
    "latex.pdf.fontSize": Told("The size of the text.", _POINTS),
    "font": Told("The font of the text.", _FONT),
    "imagesFolder": Told("The folder of the pictures.", {**TEXT, "default": "images"}),
    "load_external_fonts": Told("Put the fonts into the archive.", OFF),
    "fontSize": Told("The size of the text in pixels.", {**NUMBER, **between(4, 200), "default": 17}),
    "pptx.fontSize": Told("The size of the text in pixels.", {**NUMBER, **between(4, 200), "default": 16}),
    "typst.fontSize": Told("The size of the text in pixels.", {**NUMBER, **between(4, 200), "default": 14}),
    "xlsx.fontSize": Told("The size of the text in points.", {**NUMBER, **between(1, 409), "default": 11}),
    "margin": Told("White around the text in pixels.", {**NUMBER, **between(40, 200), "default": 70}),
    "pptx.margin": Told("White around the text in pixels.", {**NUMBER, **between(0, 200), "default": 48}),
    "typst.margin": Told("White around the text in pixels.", {**NUMBER, **between(0, 400), "default": 70}),
    "text_color": Told("The colour of the text, such as #1E2029.", TEXT),
    "background_color": Told("The colour of the paper.", TEXT),
    "custom_css": Told("More style, as CSS.", TEXT),
    "footnote_compact_refs": Told("Write references to footnotes close together.", OFF),
    "disable_footer": Told("Leave out the page numbers.", OFF),
    "resource_load_timeout_sec": Told(
        "The seconds that pictures may take to come.", {**NUMBER, **between(0, 60), "default": 60}
    ),
    "math_inline_delimiters": Told(
        "What opens and closes inline mathematics.", {"type": "array", **PAIR, "default": ["$", "$"]}
    ),
    "math_display_delimiters": Told(
        "What opens and closes displayed mathematics.", {"type": "array", **PAIR, "default": ["$$", "$$"]}
    ),
    "escape_ampersand": Told("Write \\& for &.", {**FLAG, "default": True}),
    "escape_dollar": Told("Write \\$ for $.", {**FLAG, "default": True}),
    "escape_hash": Told("Write \\# for #.", {**FLAG, "default": True}),
    "escape_percent": Told("Write \\% for %.", {**FLAG, "default": False}),
    "max_character_per_line": Told("Break lines that are longer.", {"type": "integer", "minimum": 10}),
    "singleSheet": Told("Put all tables on one sheet.", OFF),
    "mathOutputFormat": Told(
        "How formulas are written.", any_of(("linearmath", "latex", "asciimath"), default="linearmath")
    ),
    "maxColumnWidthChars": Told("How wide columns become.", {**NUMBER, **between(1, 255), "default": 255}),
    "zoomScale": Told(
        "The zoom at which sheets open, in percent.", {**NUMBER, **between(10, 400), "default": 100}
    ),
}


def conversion_options() -> dict[str, Any]:
    """The options of each format, as a schema."""
    return {"type": "object", "properties": {name: _of_format(name) for name in FORMATS}}


def _of_format(name: str) -> dict[str, Any]:
    told = {option: of(OF_FORMATS, name, option) for option in COMMON | CHECKS.get(name, {})}
    shapes = {option: {"description": each.text, **each.schema} for option, each in told.items()}
    return {"type": "object", "description": f"Options of {name}.", "properties": shapes}
