from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver

from mathpixweb.api import openapi
from mathpixweb.api.operations import OPERATIONS

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


@pytest.mark.django_db
def test_anybody_can_read_it_as_json_and_as_a_page(settings):
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    assert Client().get("/v3/openapi.json").json()["openapi"] == "3.1.0"
    page = Client().get("/v3/reference").content.decode()
    assert all(f'data-address="{address}"' in page for address in openapi.described()["paths"])
