"""Every call of the contract as a value: what is asked, not how it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

Query = Mapping[str, str | int | float | bool | Sequence[str]]
Options = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along: a path, which is read while it is sent, or its bytes."""

    content: Path | bytes
    name: str = "file"


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    path: str
    query: Query | None = None
    json: Options | None = None
    attachment: Attachment | None = None
    fields: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = None

    @property
    def repeatable(self) -> bool:
        """Sent twice it does what it does sent once."""
        return self.method == "GET"


def text(options: Options, image: Attachment | None = None) -> Call:
    return _with_options("/v3/text", options, image)


def latex(options: Options, image: Attachment | None = None) -> Call:
    return _with_options("/v3/latex", options, image)


def strokes(options: Options) -> Call:
    return Call("POST", "/v3/strokes", json=options)


def submit_pdf(options: Options, file: Attachment | None = None) -> Call:
    return _with_options("/v3/pdf", options, file)


def pdf_status(pdf_id: str) -> Call:
    return Call("GET", f"/v3/pdf/{_id(pdf_id)}")


def pdf_stream(pdf_id: str, after: int = 0) -> Call:
    """`after` names the last page that is known; a server that does not resume sends all of them again."""
    seen = {"Last-Event-ID": str(after)} if after else {}
    return Call("GET", f"/v3/pdf/{_id(pdf_id)}/stream", headers={"Accept": "text/event-stream", **seen})


def pdf_result(pdf_id: str, extension: str) -> Call:
    return Call("GET", f"/v3/pdf/{_id(pdf_id)}.{extension}")


def delete_pdf(pdf_id: str) -> Call:
    return Call("DELETE", f"/v3/pdf/{_id(pdf_id)}")


def convert(options: Options) -> Call:
    """`options`: mmd, formats, conversion_options."""
    return Call("POST", "/v3/converter", json=options)


def conversion_status(conversion_id: str) -> Call:
    return Call("GET", f"/v3/converter/{_id(conversion_id)}")


def conversion_result(conversion_id: str, extension: str) -> Call:
    return Call("GET", f"/v3/converter/{_id(conversion_id)}.{extension}")


def delete_conversion(conversion_id: str) -> Call:
    return Call("DELETE", f"/v3/converter/{_id(conversion_id)}")


def submit_batch(options: Options) -> Call:
    return Call("POST", "/v3/batch", json=options)


def batch(batch_id: int | str) -> Call:
    return Call("GET", f"/v3/batch/{_id(str(batch_id))}")


def ocr_results(query: Query) -> Call:
    return Call("GET", "/v3/ocr-results", query=query)


def pdf_results(query: Query) -> Call:
    return Call("GET", "/v3/pdf-results", query=query)


def converter_results(query: Query) -> Call:
    return Call("GET", "/v3/converter-results", query=query)


def ocr_usage(query: Query) -> Call:
    return Call("GET", "/v3/ocr-usage", query=query)


def issue_token(options: Options) -> Call:
    return Call("POST", "/v3/app-tokens", json=options)


def token(app_token: str) -> Call:
    return Call("GET", f"/v3/app-tokens/{_id(app_token)}")


def revoke_token(app_token: str) -> Call:
    return Call("DELETE", f"/v3/app-tokens/{_id(app_token)}")


def upload_file(options: Options, file: Attachment, handle: Mapping[str, str]) -> Call:
    """`handle`: filename, job_id, custom_id, and Idempotency-Key, which goes into the headers."""
    fields = {name: value for name, value in handle.items() if name != IDEMPOTENCY_KEY}
    return _with_options("/files/v1", options, file, fields, _idempotency(handle))


def submit_uri(options: Options, handle: Mapping[str, str]) -> Call:
    return Call("POST", "/files/v1/uri", json=options, headers=_idempotency(handle))


def file(file_id: str) -> Call:
    return Call("GET", f"/files/v1/{_id(file_id)}")


def file_result(file_id: str, extension: str) -> Call:
    return Call("GET", f"/files/v1/{_id(file_id)}.{extension}")


def delete_file(file_id: str) -> Call:
    return Call("DELETE", f"/files/v1/{_id(file_id)}")


def submit_job(options: Options) -> Call:
    return Call("POST", "/files/v1/jobs", json=options)


def jobs(query: Query) -> Call:
    return Call("GET", "/files/v1/jobs", query=query)


def job(job_id: str) -> Call:
    return Call("GET", f"/files/v1/jobs/{_id(job_id)}")


def job_files(job_id: str, query: Query) -> Call:
    return Call("GET", f"/files/v1/jobs/{_id(job_id)}/files", query=query)


def job_file(job_id: str, custom_id: str) -> Call:
    return Call("GET", f"/files/v1/jobs/{_id(job_id)}/files/{_id(custom_id)}")


def finalize_job(job_id: str) -> Call:
    return Call("POST", f"/files/v1/jobs/{_id(job_id)}/finalize", json={})


IDEMPOTENCY_KEY = "Idempotency-Key"


def _idempotency(handle: Mapping[str, str]) -> dict[str, str]:
    return {IDEMPOTENCY_KEY: handle[IDEMPOTENCY_KEY]} if IDEMPOTENCY_KEY in handle else {}


def _with_options(
    path: str,
    options: Options,
    attachment: Attachment | None,
    fields: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Call:
    """Options beside a file travel as its form's `options_json`, otherwise they are the body."""
    return Call(
        "POST", path, json=options, attachment=attachment, fields=fields or None, headers=headers or None
    )


def _id(text: str) -> str:
    """The caller's own ids may hold anything, slashes too."""
    return quote(text, safe="")
