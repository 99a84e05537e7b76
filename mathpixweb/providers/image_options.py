"""What can be asked of v3/text, v3/strokes and v3/latex, with the reference's defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from mathpixweb.providers.coercion import OUT_OF_RANGE, Delimiters, Flag, listed, number, number_between
from mathpixweb.providers.format_options import UNKNOWN_FORMAT
from mathpixweb.providers.options import (
    BAD_CALLBACK,
    CONFLICT,
    UNKNOWN_OCR,
    Alphabets,
    Asked,
    AskedType,
    Metadata,
    validated,
)

TEXT_FORMATS = ("text", "data", "html", "latex_styled")
LATEX_FORMATS = (
    "text",
    "text_display",
    "latex_normal",
    "latex_simplified",
    "latex_styled",
    "latex_list",
    "mathml",
    "asciimath",
    "wolfram",
)
TRANSFORMS = ("rm_spaces", "rm_newlines", "rm_fonts", "rm_style_syms", "rm_text", "long_frac")
OCR = ("math", "text")
INLINE, DISPLAY = ["\\(", "\\)"], ["\\[", "\\]"]
MOST_TAGS = 100
LONGEST_TAG = 255  # characters
LARGEST_SIDE = 1_000_000  # pixels
MOST_HEADERS = 10
HEADER_BYTES = 4096
OWN_HEADERS = ("host", "content-length", "content-type", "transfer-encoding", "connection")


def _tags(value: object) -> list[str]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or len(value) > MOST_TAGS:
        raise PydanticCustomError(OUT_OF_RANGE, f"must be a list of at most {MOST_TAGS} texts")
    tags = [str(tag) for tag in value if isinstance(tag, str | int | float) and not isinstance(tag, bool)]
    if len(tags) < len(value) or any(len(tag) > LONGEST_TAG for tag in tags):
        raise PydanticCustomError(OUT_OF_RANGE, f"must hold texts of at most {LONGEST_TAG} characters")
    return list(dict.fromkeys(tags))


def _formats_among(known: Sequence[str]) -> BeforeValidator:
    def check(value: object) -> list[str]:
        if not isinstance(value, list):
            raise PydanticCustomError(OUT_OF_RANGE, 'must be a list such as ["text", "data"]')
        if unknown := [str(name) for name in value if name not in known]:
            raise PydanticCustomError(UNKNOWN_FORMAT, "unknown", {"formats": unknown})
        return list(dict.fromkeys(value))

    return BeforeValidator(check)


def _ocr(value: object) -> list[str]:
    asked = [value] if isinstance(value, str) else value
    if isinstance(asked, list) and asked and all(name in OCR for name in asked):
        return asked
    raise PydanticCustomError(UNKNOWN_OCR, f"Option ocr takes {listed(OCR)}", {"detail": {"ocr": asked}})


def _transforms(value: object) -> list[str]:
    if isinstance(value, list) and all(name in TRANSFORMS for name in value):
        return value
    raise PydanticCustomError(OUT_OF_RANGE, f"must be a list of {listed(TRANSFORMS)}")


def _bad_callback(sentence: str, **detail: object) -> PydanticCustomError:
    return PydanticCustomError(BAD_CALLBACK, sentence, {"detail": detail})


def _callback(value: object) -> dict[str, object]:
    if not isinstance(value, Mapping):
        raise _bad_callback('callback must be an object such as {"post": "https://…"}')
    post, reply, body, headers = (value.get(name) for name in ("post", "reply", "body", "headers"))
    if not isinstance(post, str) or urlsplit(post.strip()).scheme not in ("http", "https"):
        raise _bad_callback("callback.post must be an http or https address", post=str(post)[:200])
    for name, given in (("reply", reply), ("body", body)):
        if given is not None and not isinstance(given, Mapping):
            raise _bad_callback(f"callback.{name} must be an object", **{name: str(given)[:200]})
    return {
        "post": post.strip(),
        **({"reply": reply} if reply is not None else {}),
        **({"body": body} if body is not None else {}),
        **({"headers": _headers(headers)} if headers else {}),
    }


def _headers(value: object) -> dict[str, str]:
    """Names and values that can be sent as they are, without a line break that would smuggle in others."""
    if not isinstance(value, Mapping) or len(value) > MOST_HEADERS:
        raise _bad_callback(f"callback.headers must be an object of at most {MOST_HEADERS} headers")
    headers = {str(name): str(text) for name, text in value.items()}
    whole = "".join(name + text for name, text in headers.items())
    if not whole.isascii() or not whole.isprintable() or len(whole) > HEADER_BYTES:
        raise _bad_callback(f"callback.headers must be printable ASCII of at most {HEADER_BYTES} bytes")
    for name in headers:
        if not name.replace("-", "").replace("_", "").isalnum() or name.lower() in OWN_HEADERS:
            raise _bad_callback(f"callback.headers cannot hold {name[:50]!r}")
    return headers


def _pixels(least: int) -> BeforeValidator:
    def check(value: object) -> int:
        found = number(value)
        if not least <= found <= LARGEST_SIDE:
            raise PydanticCustomError(OUT_OF_RANGE, f"must be between {least} and {LARGEST_SIDE}")
        return round(found)

    return BeforeValidator(check)


Share = Annotated[float, BeforeValidator(number_between(0, 1))]
Beam = Annotated[int, BeforeValidator(number_between(1, 5))]
CallbackObject = Annotated[dict[str, object], BeforeValidator(_callback)]


class Region(Asked):
    top_left_x: Annotated[int, _pixels(0)] = 0
    top_left_y: Annotated[int, _pixels(0)] = 0
    width: Annotated[int, _pixels(1)]
    height: Annotated[int, _pixels(1)]


class DataOptions(Asked):
    include_svg: Flag = False
    include_table_html: Flag = False
    include_latex: Flag = False
    include_tsv: Flag = False
    include_asciimath: Flag = False
    include_mathml: Flag = False


class ImageOptions(Asked):
    """What v3/text and v3/latex have in common."""

    src: str = ""
    metadata: Metadata = Metadata()
    tags: Annotated[list[str], BeforeValidator(_tags)] = []
    is_async: Flag = Field(default=False, alias="async")
    callback: CallbackObject | None = None
    region: Region | None = None
    include_detected_alphabets: Flag = False
    enable_blue_hsv_filter: Flag = False
    confidence_threshold: Share | None = None
    auto_rotate_confidence_threshold: Share = 0.99


class TextOptions(ImageOptions):
    formats: Annotated[list[str], _formats_among(TEXT_FORMATS)] | None = None
    data_options: DataOptions = DataOptions()
    alphabets_allowed: Alphabets = {}
    confidence_rate_threshold: Share = 0.75
    include_equation_tags: Flag = False
    include_line_data: Flag = False
    include_word_data: Flag = False
    include_smiles: Flag = False
    include_inchi: Flag = False
    include_geometry_data: Flag = False
    include_diagram_text: Flag = False
    include_page_info: Flag = True
    rm_spaces: Flag = True
    rm_fonts: Flag = False
    idiomatic_eqn_arrays: Flag = False
    idiomatic_braces: Flag = False
    numbers_default_to_math: Flag = False
    math_fonts_default_to_math: Flag = False
    math_inline_delimiters: Delimiters = INLINE
    math_display_delimiters: Delimiters = DISPLAY
    enable_spell_check: Flag = False
    enable_tables_fallback: Flag = False
    fullwidth_punctuation: Flag | None = None
    disable_itemize: Flag = False
    disable_lstlisting: Flag = False
    enable_document_layout: Flag = False
    strokes_session_id: str = ""

    @model_validator(mode="after")
    def _segment_in_one_way(self) -> Self:
        for other in ("include_line_data", "enable_document_layout"):
            if self.include_word_data and getattr(self, other):
                names = [other, "include_word_data"]
                raise PydanticCustomError(CONFLICT, "exclude each other", {"names": names})
        return self


class FormatOptions(Asked):
    transforms: Annotated[list[str], BeforeValidator(_transforms)] = []
    math_delims: Delimiters = INLINE
    displaymath_delims: Delimiters = DISPLAY


class LatexOptions(ImageOptions):
    formats: Annotated[list[str], _formats_among(LATEX_FORMATS)] | None = None
    ocr: Annotated[list[str], BeforeValidator(_ocr)] = ["math"]
    format_options: dict[str, FormatOptions] = {}
    skip_recrop: Flag = False
    beam_size: Beam = 1
    n_best: Annotated[int, BeforeValidator(number_between(1, 5))] | None = None

    @model_validator(mode="after")
    def _known_formats(self) -> Self:
        if unknown := [name for name in self.format_options if name not in LATEX_FORMATS]:
            raise PydanticCustomError(UNKNOWN_FORMAT, "unknown", {"formats": unknown})
        if self.n_best is not None and self.n_best > self.beam_size:
            context = {"name": "n_best", "value": self.n_best}
            raise PydanticCustomError(OUT_OF_RANGE, "must not be larger than beam_size", context)
        return self


def as_said(asked: AskedType) -> dict[str, object]:
    """The request's arguments as they are kept and listed: nothing added, the image or drawing left out."""
    return asked.model_dump(by_alias=True, exclude_unset=True, exclude_none=True, exclude={"src", "strokes"})


def for_reading(asked: ImageOptions) -> dict[str, object]:
    """What the reader is told: everything, defaults too. Delimiters are put in when the answer is written."""
    kept_back = {
        "src",
        "strokes",
        "callback",
        "tags",
        "metadata",
        "math_inline_delimiters",
        "math_display_delimiters",
    }
    return asked.model_dump(exclude=kept_back, exclude_none=True)


def text_options(raw: Mapping[str, object]) -> TextOptions:
    """Raises ProviderError in the contract's words."""
    return validated(TextOptions, raw)


def latex_options(raw: Mapping[str, object]) -> LatexOptions:
    """Raises ProviderError in the contract's words."""
    return validated(LatexOptions, raw)
