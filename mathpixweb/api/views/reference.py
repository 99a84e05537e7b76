"""The description of the API, for programs and as a page on which calls can be tried."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
    return {
        "id": told["operationId"],
        "method": operation.method.upper(),
        "address": address,
        "summary": operation.summary,
        "parameters": [{**each, "range": _range(each["schema"])} for each in told["parameters"]],
        "options": list(_rows(openapi.body_options(operation) | known, schemas)),
        "answer": operation.answer.split(),
        "file": operation.file,
        "takes_file": operation.takes_file,
        "takes_tokens": operation.takes_tokens,
        "body": json.dumps(_example(operation), indent=2) if "requestBody" in told else "",
    }


def _rows(
    shapes: dict[str, dict[str, Any]], schemas: dict[str, Any], depth: int = 0
) -> Iterator[dict[str, Any]]:
    """Each option with what it means, and after it those within it."""
    for name, shape in shapes.items():
        whole = _resolved(shape, schemas)
        yield {
            "name": name,
            "depth": depth,
            "type": _type(whole),
            "default": _default(shape),
            "range": _range(whole),
            "description": shape["description"],
        }
        each = _resolved(whole.get("additionalProperties"), schemas)
        inner = each.get("properties") or whole.get("properties", {})
        told = {key: one for key, one in inner.items() if "description" in one}
        yield from _rows(told, schemas, depth + 1)


def _resolved(shape: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    """The shape with what it refers to; what stands beside a reference goes before it."""
    if not isinstance(shape, dict):
        return {}
    return {**schemas.get(shape.get("$ref", "").rpartition("/")[2], {}), **shape}


def _range(shape: dict[str, Any]) -> str:
    """Which values are taken, as far as the schema says."""
    names = [name for name, one in shape.get("properties", {}).items() if "description" not in one]
    choices = shape.get("enum") or shape.get("items", {}).get("enum") or names
    low, high = shape.get("minimum"), shape.get("maximum")
    bounds = f"{low}–{high}" if high is not None else f"≥ {low}" if low is not None else ""
    return ", ".join(choices) or bounds


def _example(operation: Operation) -> dict[str, Any]:
    if operation.route in BY_ADDRESS:
        return {BY_ADDRESS[operation.route]: "https://example.org/a"}
    return EXAMPLES.get(operation.route, {})


def _type(shape: dict[str, Any]) -> str:
    """A word for the reader: what kind of value it is."""
    kind = shape.get("type", "string" if "enum" in shape else "object")
    return kind if isinstance(kind, str) else " / ".join(kind)


def _default(shape: dict[str, Any]) -> str:
    plain = not isinstance(shape.get("default"), dict)
    return json.dumps(shape["default"]) if plain and shape.get("default") not in (None, "", []) else ""
