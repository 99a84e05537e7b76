"""Every option of the reference is taken, refused with its error if it is wrong, and tested for its effect.

The table is data; `docs/api.md` stands where an option has no effect here, and says so. `more` are the other
options, parameters and headers, by the names of routes.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from mathpixweb.api.operations import OPERATIONS
from mathpixweb.api.views.tokens import SessionOptions, TokenOptions
from mathpixweb.providers import options
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.file_options import FileOptions
from mathpixweb.providers.image_options import LatexOptions, TextOptions
from mathpixweb.providers.options import ConverterOptions, PdfOptions
from tests.asking import HTTP
from tests.server import Server

TABLE = json.loads((Path(__file__).parent / "options.json").read_text())
KINDS = TABLE["kinds"] | {
    "object of formats": {
        "good": [TABLE["conversion_options"]],
        "bad": ["x", 5],
        "error": "opts_value_out_of_range",
    }
}
ROOT = Path(__file__).parent.parent.parent
MODELS = {
    "/v3/text": TextOptions,
    "/v3/latex": LatexOptions,
    "/v3/pdf": PdfOptions,
    "/v3/app-tokens": TokenOptions,
}
OWN = {"url": "https://example.org/a.pdf", "src": "data:image/png;base64,aGVsbG8="}
ROWS = [
    (endpoint, name, list(row[:-1]), row[-1])
    for endpoint, rows in TABLE["endpoints"].items()
    for name, row in rows.items()
]


def refusal(endpoint: str, asked: dict) -> str | None:
    """The id of the error; None when it is taken."""
    try:
        options.validated(MODELS[endpoint], asked)
    except ProviderError as error:
        return error.error_id
    return None


def test_what_is_right_is_taken_however_it_is_written():
    taken = {
        (endpoint, name, json.dumps(value)): refusal(endpoint, {"beam_size": 5, name: value})
        for endpoint, name, kinds, _ in ROWS
        for kind in kinds
        for value in KINDS[kind]["good"]
    }
    assert {each: error for each, error in taken.items() if error} == {}


def test_what_is_wrong_has_the_error_that_the_reference_names():
    wrong = {
        (endpoint, name, json.dumps(value)): (refusal(endpoint, {name: value}), KINDS[kind]["error"])
        for endpoint, name, kinds, _ in ROWS
        for kind in kinds
        for value in KINDS[kind]["bad"]
    }
    assert {each: errors for each, errors in wrong.items() if errors[0] != errors[1]} == {}


def test_every_option_that_is_known_here_is_in_the_table():
    beyond = {"/v3/text": {"strokes_session_id"}, "/v3/app-tokens": {"user_id"}}
    for endpoint, model in MODELS.items():
        known = {field.alias or name for name, field in model.model_fields.items()}
        assert known - beyond.get(endpoint, set()) == TABLE["endpoints"][endpoint].keys(), endpoint


def test_each_option_s_effect_has_a_test_or_a_line_that_says_there_is_none():
    more = [(route, *row) for route, rows in TABLE["more"].items() for row in rows.items()]
    for endpoint, name, shown in [*((at, name, shown) for at, name, _, shown in ROWS), *more]:
        path, _, test = shown.partition("::")
        said = rf"def {test}\(" if test else f"`{name}`"
        assert re.search(said, source(path)), (endpoint, name, shown)


@cache
def source(path: str) -> str:
    return (ROOT / path).read_text()


def test_everything_that_can_be_sent_is_in_the_table():
    sent: dict[str, set[str]] = {}
    for operation in OPERATIONS:
        names = f"{operation.body} {operation.form} {operation.query} {operation.headers}".split()
        sent.setdefault(operation.route, set()).update(names)
    sent["converter-submit"] |= {field.alias or name for name, field in ConverterOptions.model_fields.items()}
    sent["app-tokens"] |= set(TokenOptions.model_fields) - TABLE["endpoints"]["/v3/app-tokens"].keys()
    for route in ("file-upload", "file-uri", "jobs"):
        sent[route] |= set(FileOptions.model_fields) - set(PdfOptions.model_fields)
    assert {route: names for route, names in sent.items() if names} == {
        route: set(rows) for route, rows in TABLE["more"].items()
    }


def test_options_of_formats_are_taken_as_text_and_refused_when_they_are_wrong():
    asked = {"mmd": "x", "formats": {"md": True}}
    assert options.parse_conversion(asked | {"conversion_options": TABLE["conversion_options"]})
    for wrong, error_id in TABLE["wrong conversion_options"]:
        with pytest.raises(ProviderError) as refused:
            options.parse_conversion(asked | {"conversion_options": wrong})
        assert refused.value.error_id == error_id, wrong


def test_a_session_lasts_five_minutes_at_most():
    assert options.validated(SessionOptions, {"expires": 300})
    with pytest.raises(ProviderError):
        options.validated(SessionOptions, {"expires": 301})


def test_all_options_at_once_are_taken_over_the_wire(live_server_process: Server):
    """In the words that stand first in the table; the picture is none, so nothing has to be read."""
    headers = {"app_key": live_server_process.app_key}
    for endpoint, expected in (
        ("/v3/text", "image_decode_error"),
        ("/v3/latex", "image_decode_error"),
        ("/v3/pdf", None),
        ("/v3/app-tokens", None),
    ):
        asked = {
            name: KINDS[kinds[0]]["good"][0]
            for at, name, kinds, _ in ROWS
            if at == endpoint and KINDS[kinds[0]]["good"]
        }
        body = asked | {name: value for name, value in OWN.items() if name in asked}
        for name in ("async", "include_word_data", "auto_number_sections", "remove_section_numbering"):
            body.pop(name, None)  # answered later, or not to be combined with others
        told = HTTP.post(live_server_process.url + endpoint, headers=headers, json=body, timeout=60).json()
        assert told.get("error_info", {}).get("id") == expected, told
