from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver
from pydantic_core import PydanticCustomError

from mathpixweb.api import openapi
from mathpixweb.api.descriptions import formats, options, parameters
from mathpixweb.api.operations import OPERATIONS
from mathpixweb.api.views.tokens import TokenOptions
from mathpixweb.providers import format_options
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.file_options import FileOptions
from mathpixweb.providers.image_options import FormatOptions, LatexOptions, Region, TextOptions
from mathpixweb.providers.options import validated

OF_NO_SUBJECT = {"unknown", "unknown-file"}


def references(value):
    """Every $ref in the description."""
    if isinstance(value, dict):
        yield from (found for name, found in value.items() if name == "$ref")
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from references(each)


def test_every_address_is_described():
    names = {str(route.name) for route in get_resolver("mathpixweb.api.urls").url_patterns}
    assert {operation.route for operation in OPERATIONS} == names - OF_NO_SUBJECT


def test_addresses_are_written_with_braces():
    addresses = openapi.addresses()
    assert addresses["pdf-download"] == "/v3/pdf/{pdf_id}.{extension}"
    assert addresses["job-file"] == "/files/v1/jobs/{job_id}/files/{custom_id}"
    assert addresses["openapi"] == "/v3/openapi.json"
    assert addresses["file"] == "/files/v1/{file_id}"
    known = [addresses[operation.route] for operation in OPERATIONS]
    assert not any(mark in address for address in known for mark in "()?\\[^")


def test_the_description_is_whole():
    described = openapi.described()
    schemas = described["components"]["schemas"]
    found = set(references(described))
    assert found and all(one.removeprefix("#/components/schemas/") in schemas for one in found)
    ids = [one["operationId"] for path in described["paths"].values() for one in path.values()]
    assert len(ids) == len(set(ids)) == len(OPERATIONS)


def test_options_are_those_that_are_checked():
    schemas = openapi.described()["components"]["schemas"]
    assert schemas["TextOptions"]["properties"]["confidence_rate_threshold"]["default"] == 0.75
    assert schemas["TextOptions"]["properties"]["include_smiles"]["default"] is False
    assert schemas["PdfOptions"]["properties"]["include_smiles"]["default"] is True


def every_option(shapes, schemas, where=""):
    """Each option with its name, those within others too."""
    for name, shape in shapes.items():
        yield where + name, shape
        whole = resolved(shape, schemas)
        each = resolved(whole.get("additionalProperties"), schemas)
        properties = each.get("properties") or whole.get("properties", {})
        inner = {
            key: one for key, one in properties.items() if one != {"type": "boolean"}
        }  # names of formats
        yield from every_option(inner, schemas, f"{where}{name}.")


def resolved(shape, schemas):
    found = schemas[shape["$ref"].rpartition("/")[2]] if isinstance(shape, dict) and "$ref" in shape else {}
    return {**found, **(shape if isinstance(shape, dict) else {})}


def taken():
    """What can be sent to each address, by kind of content and name."""
    described = openapi.described()
    schemas = described["components"]["schemas"]
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            for parameter in operation["parameters"]:
                yield f"{method} {path} {parameter['name']}", parameter
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                for part in content["schema"].get("allOf", [content["schema"]]):
                    properties = resolved(part, schemas)["properties"]
                    yield from every_option(properties, schemas, f"{method} {path} {kind} ")


def test_everything_that_can_be_sent_is_described():
    found = dict(taken())
    assert len(found) > 400
    assert [name for name, shape in found.items() if not shape.get("description", "").endswith(".")] == []


def test_nothing_is_described_that_is_not_taken():
    told = {shape["description"] for _, shape in taken()}
    tables = {**options.OPTIONS, **parameters.PARAMETERS, **formats.OF_FORMATS}
    assert {name for name, each in tables.items() if each.text not in told} == set()


def edges(shape):
    """Values that are taken and values that are not, as far as the schema tells."""
    inside, outside = list(shape.get("enum", ())), ["no such thing"] if "enum" in shape else []
    for name, step in (("minimum", -1), ("maximum", 1)):
        if name in shape:
            inside.append(shape[name])
            outside.append(shape[name] + step)
    if "enum" in shape.get("items", {}):
        inside, outside = [[each] for each in shape["items"]["enum"]], [["no such thing"]]
    return inside, outside


OF_A_PLACE = {"width": 1, "height": 1}
BESIDE = {
    "n_best": {"beam_size": 5},
    **dict.fromkeys(("top_left_x", "top_left_y", "width", "height"), OF_A_PLACE),
}


@pytest.mark.parametrize(
    "model", [TextOptions, LatexOptions, Region, FormatOptions, FileOptions, TokenOptions]
)
def test_ranges_and_defaults_are_those_that_are_checked(model):
    for name, shape in openapi.described()["components"]["schemas"][model.__name__]["properties"].items():
        inside, outside = edges(shape)
        for value in inside + ([shape["default"]] if "default" in shape else []):
            validated(model, {**BESIDE.get(name, {}), name: value})
        for value in outside:
            with pytest.raises(ProviderError):
                validated(model, {**BESIDE.get(name, {}), name: value})


def test_ranges_and_defaults_of_formats_are_those_that_are_checked():
    for name, shapes in formats.conversion_options()["properties"].items():
        for option, shape in shapes["properties"].items():
            check = (format_options.CHECKS.get(name, {}) | format_options.COMMON)[option]
            inside, outside = edges(shape)
            for value in inside + ([shape["default"]] if "default" in shape else []):
                check(value)
            for value in outside:
                with pytest.raises(PydanticCustomError):
                    check(value)


@pytest.mark.django_db
def test_anybody_can_read_it_as_json_and_as_a_page(settings):
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    assert Client().get("/v3/openapi.json").json()["openapi"] == "3.1.0"
    page = Client().get("/v3/reference").content.decode()
    assert all(f'data-address="{address}"' in page for address in openapi.described()["paths"])
