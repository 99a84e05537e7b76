"""The description of the API, for programs and as a page on which calls can be tried."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mathpixweb.api import openapi
from mathpixweb.api.operations import OPERATIONS, Operation

EXAMPLES: dict[str, dict[str, Any]] = {
    "strokes": {"strokes": {"strokes": {"x": [[10, 40], [10, 40]], "y": [[10, 40], [40, 10]]}}},
    "batch-submit": {"urls": {"first": "https://example.org/a.png"}, "ocr_behavior": "text"},
    "converter-submit": {"mmd": "# Title\n\nText with \\( x^{2} \\).", "formats": {"md": True}},
    "jobs": {"files": [{"source_uri": "https://example.org/a.pdf", "custom_id": "a"}]},
    "file-uri": {"source_uri": "https://example.org/a.pdf"},
    "webhook-test": {"callback_url": "https://example.org/hook"},
}
BY_ADDRESS = {"text": "src", "latex": "src", "pdf-submit": "url", "pdf-file": "url"}


@require_safe
def description(request: HttpRequest) -> JsonResponse:
    return JsonResponse(openapi.described())


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    groups: dict[str, list[dict[str, Any]]] = {}
    found, schemas = openapi.addresses(), openapi.described()["components"]["schemas"]
    for operation in OPERATIONS:
        groups.setdefault(operation.group, []).append(_entry(operation, found[operation.route], schemas))
    return render(request, "reference.html", {"groups": groups})


def _entry(operation: Operation, address: str, schemas: dict[str, Any]) -> dict[str, Any]:
    told = openapi.described()["paths"][address][operation.method]
    known = schemas[operation.options.__name__]["properties"] if operation.options else {}
    own = {name: openapi.schema(name) for name in operation.body.split()}
    return {
        "id": told["operationId"],
        "method": operation.method.upper(),
        "address": address,
        "summary": operation.summary,
        "parameters": told["parameters"],
        "options": [(name, _type(shape), _default(shape)) for name, shape in (own | known).items()],
        "answer": operation.answer.split(),
        "file": operation.file,
        "takes_file": operation.takes_file,
        "takes_tokens": operation.takes_tokens,
        "body": json.dumps(_example(operation), indent=2) if "requestBody" in told else "",
    }


def _example(operation: Operation) -> dict[str, Any]:
    if operation.route in BY_ADDRESS:
        return {BY_ADDRESS[operation.route]: "https://example.org/a"}
    return EXAMPLES.get(operation.route, {})


def _type(shape: dict[str, Any]) -> str:
    """A word for the reader: what kind of value it is."""
    kinds = [kind for kind in (shape, *shape.get("anyOf", ())) if kind.get("type") != "null"]
    return next((str(kind["type"]) for kind in kinds if "type" in kind), "object")


def _default(shape: dict[str, Any]) -> str:
    return json.dumps(shape["default"]) if shape.get("default") not in (None, "", [], {}) else ""
