"""What can be asked for, in the names and types of v3/pdf and v3/converter; unknown keys are kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from mathpixweb.providers import page_ranges
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.coercion import NOT_A_NUMBER, OUT_OF_RANGE, Delimiters, Flag, flag
from mathpixweb.providers.format_options import UNKNOWN_FORMAT, OptionsByFormat, WantedFormats, wanted_formats

CONFLICT = "opts_conflict"
BAD_CALLBACK = "opts_bad_callback"
UNKNOWN_OCR = "opts_unknown_ocr"
MISSING = "missing"  # as pydantic calls it
OWN_REFUSALS = (NOT_A_NUMBER, OUT_OF_RANGE)
SECTION_NUMBERING = ("auto_number_sections", "remove_section_numbering", "preserve_section_numbering")
LONGEST_VALUE = 100  # characters of a refused value that are repeated in the answer


def _page_ranges(value: object) -> str:
    """The ranges as text; a lone number is a page."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise PydanticCustomError(OUT_OF_RANGE, 'must be a text such as "2,4-6"')
    try:
        page_ranges.parse(str(value))
    except page_ranges.PageRangesError as error:
        raise PydanticCustomError(OUT_OF_RANGE, "{reason}", {"reason": str(error)}) from error
    return str(value).strip()


def _flags(value: object) -> dict[str, bool]:
    if not isinstance(value, Mapping):
        raise PydanticCustomError(OUT_OF_RANGE, 'must be an object such as {"en": true}')
    return {str(name): flag(wanted) for name, wanted in value.items()}


Alphabets = Annotated[dict[str, bool], BeforeValidator(_flags)]


def _mmd(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value
    raise PydanticCustomError(OUT_OF_RANGE, "must be the Mathpix Markdown to convert")


def _some_format(value: object) -> dict[str, bool]:
    wanted = wanted_formats(value)
    if any(wanted.values()):
        return wanted
    raise PydanticCustomError(OUT_OF_RANGE, 'must name at least one format, such as {"docx": true}')


class Asked(BaseModel):
    """Options in which null means "not said"."""

    model_config = ConfigDict(extra="allow")

    @model_validator(mode="before")
    @classmethod
    def _leave_out_null(cls, given: object) -> object:
        return {k: v for k, v in given.items() if v is not None} if isinstance(given, Mapping) else given


AskedType = TypeVar("AskedType", bound=Asked)


class Metadata(Asked):
    improve_mathpix: Flag = True


def private(options: Mapping[str, object]) -> bool:
    """Whether checked options say that what is sent is to be in no list, and kept no longer than needed."""
    metadata = options.get("metadata")
    return isinstance(metadata, Mapping) and metadata.get("improve_mathpix") is False


class PdfOptions(Asked):
    url: str = ""
    streaming: Flag = False
    metadata: Metadata = Metadata()
    alphabets_allowed: Alphabets = {}
    rm_spaces: Flag = True
    rm_fonts: Flag = False
    idiomatic_eqn_arrays: Flag = False
    include_equation_tags: Flag = False
    include_smiles: Flag = True
    include_chemistry_as_image: Flag = False
    include_diagram_text: Flag = False
    include_page_info: Flag = False
    include_page_breaks: Flag = False
    include_hyperlinks: Flag = False
    numbers_default_to_math: Flag = False
    math_inline_delimiters: Delimiters = ["\\(", "\\)"]
    math_display_delimiters: Delimiters = ["\\[", "\\]"]
    page_ranges: Annotated[str, BeforeValidator(_page_ranges)] = ""
    enable_spell_check: Flag = False
    auto_number_sections: Flag = False
    remove_section_numbering: Flag = False
    preserve_section_numbering: Flag = True
    enable_tables_fallback: Flag = False
    fullwidth_punctuation: Flag | None = None
    disable_itemize: Flag = False
    disable_lstlisting: Flag = False
    conversion_formats: WantedFormats = {}
    conversion_options: OptionsByFormat = {}

    @model_validator(mode="after")
    def _number_sections_in_one_way(self) -> Self:
        asked = [name for name in SECTION_NUMBERING if name in self.model_fields_set and getattr(self, name)]
        if len(asked) > 1:
            raise PydanticCustomError(CONFLICT, "exclude each other", {"names": asked})
        return self


class ConverterOptions(Asked):
    """`formats` are kept as `conversion_formats`, the name that they have everywhere else."""

    mmd: Annotated[str, BeforeValidator(_mmd)] = Field(default="", validate_default=True)
    conversion_formats: Annotated[dict[str, bool], BeforeValidator(_some_format)] = Field(
        default={}, alias="formats"
    )
    conversion_options: OptionsByFormat = {}
    metadata: Metadata = Metadata()


def validated(model: type[AskedType], raw: Mapping[str, object]) -> AskedType:
    """What was asked, each option in its own type. Raises ProviderError in the contract's words."""
    try:
        return model.model_validate(dict(raw))
    except ValidationError as refusal:
        raise _in_the_contracts_words(refusal.errors()[0]) from refusal


def parse(raw: Mapping[str, object]) -> dict[str, object]:
    """What was asked of a PDF, nothing added. Raises ProviderError."""
    return validated(PdfOptions, raw).model_dump(exclude_unset=True, exclude_none=True)


def parse_conversion(raw: Mapping[str, object]) -> dict[str, object]:
    """What was asked of the converter: `mmd` and one or more `conversion_formats`. Raises ProviderError."""
    raw = {"formats": {}, **{name: value for name, value in raw.items() if name != "conversion_formats"}}
    return validated(ConverterOptions, raw).model_dump(exclude_unset=True, exclude_none=True)


def page_numbers(ranges: str, page_count: int) -> list[int]:
    """The pages meant, in the order asked for; all of them when nothing is asked.

    Raises ProviderError when the document has none of them.
    """
    try:
        parsed = page_ranges.parse(ranges)
    except page_ranges.PageRangesError as error:
        raise ProviderError(OUT_OF_RANGE, str(error), name="page_ranges", value=ranges) from error
    if not parsed:
        return list(range(1, page_count + 1))
    if numbers := page_ranges.select(parsed, page_count):
        return numbers
    message = f"The document has {page_count} pages; {ranges} names none of them."
    raise ProviderError(OUT_OF_RANGE, message, name="page_ranges", value=ranges)


def _in_the_contracts_words(refusal: ErrorDetails) -> ProviderError:
    context = refusal.get("ctx", {})
    if refusal["type"] in (BAD_CALLBACK, UNKNOWN_OCR):
        return ProviderError(refusal["type"], refusal["msg"], **context["detail"])
    if refusal["type"] == UNKNOWN_FORMAT:
        formats = [str(_shortened(name)) for name in context["formats"]]
        return ProviderError(
            UNKNOWN_FORMAT, f"Unknown format option(s): {', '.join(formats)}", formats=formats
        )
    if refusal["type"] == CONFLICT:
        names = context["names"]
        return ProviderError(
            CONFLICT, f"{' and '.join(names)} exclude each other; set only one.", names=names
        )
    name = ".".join(
        str(step) for step in (*refusal["loc"], *([context["name"]] if "name" in context else []))
    )
    value = "" if refusal["type"] == MISSING else _shortened(context.get("value", refusal["input"]))
    error_id = refusal["type"] if refusal["type"] in OWN_REFUSALS else OUT_OF_RANGE
    return ProviderError(error_id, _sentence(refusal, name), name=name, value=value)


def _sentence(refusal: ErrorDetails, name: str) -> str:
    if "reason" in refusal.get("ctx", {}):
        return refusal["msg"]
    if refusal["type"] == MISSING:
        return f"Option {name} is missing."
    return f"Option {name} {refusal['msg'] if refusal['type'] in OWN_REFUSALS else 'has the wrong type'}."


def _shortened(value: object) -> object:
    """The value as it was sent, or the beginning of it as text."""
    if isinstance(value, bool | int | float):
        return value
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return value if len(shown) <= LONGEST_VALUE else shown[:LONGEST_VALUE] + "…"
