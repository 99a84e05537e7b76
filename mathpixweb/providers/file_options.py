"""What can be asked of the Files API: the options of v3/pdf, a file's origin and its names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from mathpixweb.providers import callback_options
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.callback_options import CallbackOrder
from mathpixweb.providers.coercion import OUT_OF_RANGE, one_of
from mathpixweb.providers.format_options import wanted_formats
from mathpixweb.providers.options import CONFLICT, PdfOptions, validated

LONGEST_LABEL = 255  # characters
MOST_FILES = 200_000  # of a job in one request
ADDRESSING = (
    "source_uri",
    "job_id",
    "custom_id",
    "filename",
    "url",
)
REGION = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-\d{1,2}")
OLDER_JOB_ID = "scs_job_id"
OWN_WISHES = ("page_ranges", "destination_uri", "destination_basename", "s3_region")
TEXTS = frozenset({"source_uri", "filename", *OWN_WISHES})


def region(value: object) -> str:
    if isinstance(value, str) and REGION.fullmatch(value):
        return value
    raise PydanticCustomError(OUT_OF_RANGE, "must be a region of S3, such as us-east-1")


def label(value: object) -> str:
    """A caller's own id; any visible characters, slashes too."""
    text = value if isinstance(value, str) else _numbered(value)
    if 0 < len(text) <= LONGEST_LABEL and text.isprintable():
        return text
    raise PydanticCustomError(OUT_OF_RANGE, f"must be a text of 1 to {LONGEST_LABEL} visible characters")


def _numbered(value: object) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def formats(value: object) -> dict[str, bool]:
    """As v3/pdf takes them; `tex`, as the download is called, is the LaTeX file, whose status is `latex`."""
    if isinstance(value, Mapping):
        value = {"latex" if name == "tex" else name: wanted for name, wanted in value.items()}
    return wanted_formats(value)


Label = Annotated[str, BeforeValidator(label)]


class FileOptions(PdfOptions):
    source_uri: str = ""
    job_id: Label | None = None
    custom_id: Label | None = None
    filename: str = ""
    destination_uri: str = ""
    destination_basename: str = ""
    s3_region: Annotated[str, BeforeValidator(region)] = ""
    conversion_formats: Annotated[dict[str, bool], BeforeValidator(formats)] = {}
    image_output_mode: Annotated[str, BeforeValidator(one_of("local", "cdn"))] = "cdn"


@dataclass(frozen=True, slots=True)
class FileOrder:
    """One file as it was ordered; `options` are those of v3/pdf."""

    source_uri: str
    filename: str
    job_id: str | None
    custom_id: str | None
    options: dict[str, Any]
    callback: CallbackOrder | None = None


def parse(raw: Mapping[str, object], *, of_job: bool = False) -> FileOrder:
    """Raises ProviderError."""
    said = {name: value for name, value in raw.items() if name not in callback_options.NAMES}
    if older := said.pop(OLDER_JOB_ID, None):
        said.setdefault("job_id", older)
    asked = validated(FileOptions, said)
    in_job = of_job or asked.job_id is not None
    default = callback_options.OF_A_JOB if in_job else callback_options.OF_A_FILE
    callback = callback_options.parse(raw, default)
    if asked.custom_id and not asked.job_id:
        raise ProviderError(CONFLICT, "Option custom_id needs a job_id.", names=["custom_id", "job_id"])
    options = asked.model_dump(exclude_unset=True, exclude_none=True, exclude=set(ADDRESSING))
    source_uri = asked.source_uri.strip()
    return FileOrder(source_uri, asked.filename, asked.job_id, asked.custom_id, options, callback)


class JobFile(NamedTuple):
    """One of the files of a job; what is wrong with it is told by its status, not to who sends the job."""

    source_uri: str
    filename: str = ""
    custom_id: str | None = None
    page_ranges: str = ""
    destination_uri: str = ""
    destination_basename: str = ""
    s3_region: str = ""

    @property
    def wishes(self) -> dict[str, str]:
        """Options of this file alone."""
        if not any(self[FIRST_WISH:]):
            return {}
        return {name: getattr(self, name) for name in OWN_WISHES if getattr(self, name)}

    @property
    def error(self) -> ProviderError | None:
        if not self.source_uri:
            return ProviderError("pdf_missing", "The file has no source_uri.")
        if self.s3_region and not REGION.fullmatch(self.s3_region):
            return ProviderError(OUT_OF_RANGE, "Option s3_region must be a region of S3.", name="s3_region")
        return None


FIRST_WISH = JobFile._fields.index(OWN_WISHES[0])


@dataclass(frozen=True, slots=True)
class JobOrder:
    job_id: str | None
    files: list[JobFile]
    options: dict[str, Any]
    callback: CallbackOrder | None = None


def parse_job(raw: Mapping[str, object]) -> JobOrder:
    """Raises ProviderError; a file whose ids cannot be kept fails the whole job."""
    items = raw.get("files")
    if not isinstance(items, list) or not items:
        message = "Option files must be a list with at least one file."
        raise ProviderError(OUT_OF_RANGE, message, name="files")
    if len(items) > MOST_FILES:
        message = f"A request takes {MOST_FILES} files at most; send the others to the same job_id."
        raise ProviderError("sys_request_too_large", message, limit_value=MOST_FILES, count=len(items))
    shared = {name: value for name, value in raw.items() if name not in ("files", "custom_id")}
    order = parse(shared, of_job=True)
    files = [_job_file(item, index, order.job_id) for index, item in enumerate(items)]
    return JobOrder(order.job_id, files, order.options, order.callback)


def _job_file(item: object, index: int, job_id: str | None) -> JobFile:
    if not isinstance(item, dict):
        raise _misplaced(f"files[{index}]", "must be an object")
    custom_id = item.get("custom_id")
    if custom_id is not None:
        try:
            custom_id = label(custom_id)
        except PydanticCustomError as refusal:
            raise _misplaced(f"files[{index}].custom_id", refusal.message()) from refusal
        if job_id is None:
            raise ProviderError(CONFLICT, "Option custom_id needs a job_id.", names=["custom_id", "job_id"])
    text = {
        name: value if isinstance(value, str) else str(value)
        for name, value in item.items()
        if value and name in TEXTS
    }
    return JobFile(text.pop("source_uri", ""), custom_id=custom_id, **text)


def _misplaced(name: str, message: str) -> ProviderError:
    return ProviderError(OUT_OF_RANGE, f"Option {name} {message}.", name=name)
