"""The formats that can be asked for, and the options each of them has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from mathpixweb.engine.writers.archive import SAFE_NAME
from mathpixweb.engine.writers.latex.font_files import FONTS, SIZES
from mathpixweb.engine.writers.word.languages import LANGUAGES
from mathpixweb.providers.coercion import (
    OUT_OF_RANGE,
    Check,
    colour,
    flag,
    number_between,
    one_of,
    pair_of_texts,
    text,
)

UNKNOWN_FORMAT = "opts_unknown_format"

FORMATS = (
    "md",
    "docx",
    "tex.zip",
    "latex",
    "html",
    "pdf",
    "latex.pdf",
    "pptx",
    "xlsx",
    "md.zip",
    "mmd.zip",
    "html.zip",
    "mmd.overlay.pdf",
    "epub",
    "typst",
    "mmd",
)

LONGEST_MARGIN = 31680  # twips: 22 inches, the most that Word lays out


def _margins(value: object) -> object:
    sides = ("top", "right", "bottom", "left", "gutter")
    return _checked(value, dict.fromkeys(sides, number_between(0, LONGEST_MARGIN)))


def _tex_size(value: object) -> str:
    """`12pt`; a number means points as well."""
    size = f"{value}pt" if str(value).isdigit() else value
    return str(one_of(*SIZES)(size))


def _folder(value: object) -> str:
    if isinstance(value, str) and SAFE_NAME.fullmatch(value):
        return value
    raise PydanticCustomError(
        OUT_OF_RANGE,
        "must be a folder's name: letters, digits, '.', '_' and '-', and no '.' at its beginning",
    )


COMMON: dict[str, Check] = {"htmlTags": flag}
TEX: dict[str, Check] = {"fontSize": _tex_size, "font": one_of(*FONTS)}
PRINT: dict[str, Check] = {
    "text_color": colour,
    "background_color": colour,
    "custom_css": text,
    "footnote_compact_refs": flag,
}
MARKDOWN: dict[str, Check] = {
    "math_inline_delimiters": pair_of_texts,
    "math_display_delimiters": pair_of_texts,
    "escape_ampersand": flag,
    "escape_dollar": flag,
    "escape_hash": flag,
    "escape_percent": flag,
    "max_character_per_line": number_between(10, 100_000),
}
CHECKS: dict[str, dict[str, Check]] = {
    "docx": {
        "font": text,
        "fontSize": number_between(2, 3276),
        "language": one_of("auto", *LANGUAGES),
        "orientation": one_of("portrait", "landscape"),
        "margins": _margins,
    },
    "tex.zip": {**TEX, "imagesFolder": _folder, "load_external_fonts": flag},
    "latex": {**TEX, "imagesFolder": _folder},
    "latex.pdf": TEX,
    "pdf": {
        **PRINT,
        "fontSize": number_between(4, 200),
        "disable_footer": flag,
        "margin": number_between(40, 200),
        "resource_load_timeout_sec": number_between(0, 60),
    },
    "pptx": {**PRINT, "fontSize": number_between(4, 200), "margin": number_between(0, 200)},
    "typst": {
        "fontSize": number_between(4, 200),
        "text_color": colour,
        "background_color": colour,
        "disable_footer": flag,
        "margin": number_between(0, 400),
    },
    "md": MARKDOWN,
    "md.zip": MARKDOWN,
    "xlsx": {
        "singleSheet": flag,
        "mathOutputFormat": one_of("linearmath", "latex", "asciimath"),
        "maxColumnWidthChars": number_between(1, 255),
        "fontSize": number_between(1, 409),
        "zoomScale": number_between(10, 400),
    },
}


def wanted_formats(value: object) -> dict[str, bool]:
    """`{"docx": true, …}`: which formats are wanted and which not."""
    if not isinstance(value, Mapping):
        raise PydanticCustomError(OUT_OF_RANGE, 'must be an object such as {"docx": true}')
    _refuse_unknown(value)
    return {str(name): bool(_at(name, flag, wanted)) for name, wanted in value.items() if wanted is not None}


def options_by_format(value: object) -> dict[str, object]:
    """`{"docx": {"fontSize": "28"}, …}` with each option in its own type; unknown options are kept."""
    if not isinstance(value, Mapping):
        raise PydanticCustomError(OUT_OF_RANGE, "must be an object with one object for each format")
    _refuse_unknown(value)
    return {
        name: _at(name, _options_of(name), options) for name, options in value.items() if options is not None
    }


def _refuse_unknown(formats: Mapping[str, object]) -> None:
    if unknown := [name for name in formats if name not in FORMATS]:
        raise PydanticCustomError(UNKNOWN_FORMAT, "holds unknown formats", {"formats": unknown})


def _options_of(format_name: str) -> Check:
    return partial(_checked, checks=CHECKS.get(format_name, {}) | COMMON)


def _checked(options: object, checks: Mapping[str, Check]) -> dict[str, object]:
    if not isinstance(options, Mapping):
        raise PydanticCustomError(OUT_OF_RANGE, "must be an object")
    return {
        name: _at(name, checks[name], value) if name in checks else value
        for name, value in options.items()
        if value is not None
    }


def _at(name: str, check: Check, value: object) -> object:
    """The value checked; a refusal tells at which of many names it happened."""
    try:
        return check(value)
    except PydanticCustomError as refusal:
        inner = refusal.context or {}
        path = f"{name}.{inner['name']}" if "name" in inner else name
        context = {"name": path, "value": inner.get("value", value)}
        raise PydanticCustomError(refusal.type, refusal.message_template, context) from refusal


WantedFormats = Annotated[dict[str, bool], BeforeValidator(wanted_formats)]
OptionsByFormat = Annotated[dict[str, object], BeforeValidator(options_by_format)]
