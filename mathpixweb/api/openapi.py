"""The OpenAPI description of the contract: of the URL conf, the classes of the options, and `operations`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.urls import URLPattern, get_resolver
from pydantic import BaseModel

from mathpixweb.api import errors
from mathpixweb.api.descriptions.formats import conversion_options
from mathpixweb.api.descriptions.options import OPTIONS
from mathpixweb.api.descriptions.parameters import PARAMETERS
from mathpixweb.api.descriptions.told import of
from mathpixweb.api.operations import OPERATIONS, Operation

ARGUMENT = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
DESCRIPTION = """\
The Mathpix v3 API and the Files API, as this server answers them.

Under `/v3` nearly all errors are HTTP 200 with the keys `error` and `error_info`, which no other answer has.
HTTP 401 means that the credentials are wrong, 429 that a limit is reached, 404 on a download that the file is
not there (yet, when there is a `Retry-After`). Under `/files/v1` errors have real HTTP codes, and `error` is
the error's id.
Flags and numbers may be written as text. Unknown options are kept and have no effect."""
TYPES = {
    **dict.fromkeys(("batch_id", "num_pages", "num_pages_completed", "file_count"), "integer"),
    **dict.fromkeys(("files_completed", "files_errored", "total_files"), "integer"),
    **dict.fromkeys(("completed_files", "error_files"), "integer"),
    **dict.fromkeys(("confidence", "confidence_rate", "latex_confidence", "percent_done"), "number"),
    "app_token_expires_at": "number",
    "has_more": "boolean",
    **dict.fromkeys(("keys", "data", "line_data", "detection_list", "ocr_results", "pdfs"), "array"),
    **dict.fromkeys(("documents", "ocr_usage", "files", "file_ids", "jobs", "data_sources"), "array"),
    "failed": "array",
    **dict.fromkeys(("callback", "conversion_status", "formats", "detection_map", "position"), "object"),
    **dict.fromkeys(("strokes", "urls", "checks", "aws", "azure", "gcp", "paths"), "object"),
    "provider_specific_details": "object",
}
SCHEMAS = {"results": {}, "next_page_token": {"type": ["string", "null"]}, "response_code": {}}
NULL = {"type": "null"}
NOT_TAKEN = {("FileOptions", "url"), ("FileOptions", "streaming")}  # of v3/pdf only
KEY = {"type": "apiKey", "in": "header"}
ERROR = {
    "type": "object",
    "required": ["error", "error_info"],
    "properties": {
        "error": {"type": "string"},
        "error_info": {
            "type": "object",
            "required": ["id", "message"],
            "properties": {
                "id": {"type": "string", "enum": sorted(errors.SENTENCES)},
                "message": {"type": "string"},
                "detail": {"type": "object"},
            },
        },
    },
}


@cache
def described() -> dict[str, Any]:
    """The whole description. It names no server: addresses are those of the host that serves it."""
    paths: dict[str, dict[str, Any]] = {}
    found = addresses()
    for operation in OPERATIONS:
        paths.setdefault(found[operation.route], {})[operation.method] = _operation(operation, found)
    return {
        "openapi": "3.1.0",
        "info": {"title": "MathpixWeb", "version": "3", "description": DESCRIPTION},
        "paths": paths,
        "components": {
            "securitySchemes": {name: {**KEY, "name": name} for name in ("app_id", "app_key", "app_token")},
            "schemas": {"Error": ERROR, **_schemas(), "ConversionOptions": conversion_options()},
        },
    }


def addresses() -> dict[str, str]:
    """The address of each route by its name, `{…}` where an id stands."""
    routes = get_resolver("mathpixweb.api.urls").url_patterns
    return {str(route.name): _address(route) for route in routes if isinstance(route, URLPattern)}


def _address(route: URLPattern) -> str:
    pattern = str(route.pattern).removeprefix("^").removesuffix("/?\\Z")
    return "/" + ARGUMENT.sub(r"{\1}", pattern).replace("\\.", ".")


def _operation(operation: Operation, found: dict[str, str]) -> dict[str, Any]:
    described = {
        "operationId": f"{operation.method}-{operation.route}",
        "tags": [operation.group],
        "summary": operation.summary,
        "security": list(_security(operation)),
        "parameters": list(_parameters(operation, found[operation.route])),
        "responses": _responses(operation, found[operation.route]),
    }
    if operation.options or operation.body:
        described["requestBody"] = {"content": _content(operation)}
    return described


def _parameters(operation: Operation, address: str) -> Iterator[dict[str, Any]]:
    in_path = re.findall(r"\{(\w+)\}", address)
    places = [(name, "path") for name in in_path] + [(name, "query") for name in operation.query.split()]
    for name, place in [*places, *((name, "header") for name in operation.headers.split())]:
        told = of(PARAMETERS, operation.route, name)
        required = {"required": True} if place == "path" else {}
        shape = {"type": "string", **told.schema}
        yield {"name": name, "in": place, **required, "description": told.text, "schema": shape}


def _security(operation: Operation) -> Iterator[dict[str, list[str]]]:
    if operation.is_open:
        return
    yield {"app_key": []}
    yield {"app_id": [], "app_key": []}
    if operation.takes_tokens:
        yield {"app_token": []}


def _content(operation: Operation) -> dict[str, Any]:
    options = {"$ref": f"#/components/schemas/{operation.options.__name__}"} if operation.options else {}
    own = {"type": "object", "properties": body_options(operation)}
    whole = {"allOf": [options, own]} if options and operation.body else options or own
    content: dict[str, Any] = {"application/json": {"schema": whole}}
    if operation.takes_file:
        form = {
            "file": {"type": "string", "format": "binary", "description": "The file."},
            "options_json": {
                "type": "string",
                "description": "The options as JSON.",
                "contentMediaType": "application/json",
                "contentSchema": whole,
            },
            **{name: schema(name) | _told(operation.route, name) for name in operation.form.split()},
        }
        content["multipart/form-data"] = {
            "schema": {"type": "object", "required": ["file"], "properties": form},
        }
    return content


def body_options(operation: Operation) -> dict[str, Any]:
    """Options that the class of options does not have."""
    return {name: schema(name) | _told(operation.route, name) for name in operation.body.split()}


def _told(where: str, name: str) -> dict[str, Any]:
    told = of(OPTIONS, where, name)
    return {"description": told.text, **told.schema}


def _responses(operation: Operation, address: str) -> dict[str, Any]:
    refused = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    names = operation.answer.split()
    told: dict[str, Any] = {"type": "object", "properties": {name: schema(name) for name in names}}
    if not operation.is_open and address.startswith("/v3"):
        told = {"anyOf": [told, {"$ref": "#/components/schemas/Error"}]}
    content = {operation.file: {}} if operation.file else {"application/json": {"schema": told}}
    answers: dict[str, Any] = {"200": {"description": operation.summary, "content": content}}
    if not operation.is_open:
        answers["401"] = {"description": "Wrong or missing credentials", "content": refused}
    if operation.method == "post":
        answers["429"] = {"description": "A limit is reached", "content": refused}
    if operation.file or address.startswith("/files"):
        answers["404"] = {"description": "Not there, or not yet", "content": refused}
    if address.startswith("/files"):
        answers["default"] = {"description": "Any other error", "content": refused}
    return answers


def schema(name: str) -> dict[str, Any]:
    return SCHEMAS[name] if name in SCHEMAS else {"type": TYPES.get(name, "string")}


def _schemas() -> dict[str, Any]:
    """The options as their classes check them, with what they are made of, each with what it means."""
    classes: list[type[BaseModel]] = sorted(
        {operation.options for operation in OPERATIONS if operation.options}, key=lambda one: one.__name__
    )
    schemas: dict[str, Any] = {}
    for one in classes:
        made = one.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= made.pop("$defs", {})
        schemas[one.__name__] = made
    for name, made in schemas.items():
        made["properties"] = {
            option: _described(name, option, shape)
            for option, shape in made["properties"].items()
            if (name, option) not in NOT_TAKEN
        }
    return schemas


def _described(where: str, name: str, shape: dict[str, Any]) -> dict[str, Any]:
    """The shape without the title that pydantic makes of the name; a null only stands for "not said"."""
    plain = {key: value for key, value in shape.items() if key not in ("title", "anyOf", "default")}
    for kind in shape.get("anyOf", ()):
        plain |= kind if kind != NULL else {}
    if shape.get("default") not in (None, ""):
        plain["default"] = shape["default"]
    if name == "conversion_options":
        plain = {"$ref": "#/components/schemas/ConversionOptions"}
    return {**plain, **_told(where, name)}
