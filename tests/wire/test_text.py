"""`/v3/text`: what is sent, what is answered, what is kept."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from asgiref.sync import sync_to_async

from mathpixweb.accounts import app_tokens
from mathpixweb.accounts.models import UsageEvent
from mathpixweb.documents import storage
from mathpixweb.documents.images import image_sources
from mathpixweb.documents.models import Document
from mathpixweb.providers.base import ProviderError
from tests.documents.scripted import image_line, image_result

PICTURE = b"\x89PNG what a provider is given"
SRC = f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"


@pytest.fixture
def post(http, owner):
    async def send(by=owner, address="/v3/text", **body):
        response = await http.post(address, headers=by.headers, json={"src": SRC, **body})
        assert response.status_code == 200
        return response.json()

    return send


async def test_an_equation_is_answered_as_the_reference_shows(post, scripted):
    answer = await post()
    assert answer["request_id"].endswith("g")
    assert answer["text"] == "\\( x^{2}+y^{2}=9 \\)"
    assert answer["latex_styled"] == "x^{2}+y^{2}=9"
    assert (answer["image_width"], answer["image_height"]) == (100, 60)
    assert (answer["is_printed"], answer["is_handwritten"]) == (True, False)
    assert (answer["confidence"], answer["confidence_rate"]) == (0.9, 0.98)
    assert (answer["auto_rotate_degrees"], answer["auto_rotate_confidence"]) == (0, 0)
    assert answer["version"] == "scripted-1"
    assert not {"error", "html", "data", "line_data", "word_data", "detected_alphabets"} & set(answer)
    assert [image for image, _ in scripted.images] == [PICTURE]


async def test_a_file_may_be_sent_as_a_form(http, owner, scripted):
    options = json.dumps({"math_inline_delimiters": ["$", "$"], "rm_spaces": True})
    for sent in (options, json.dumps(options)):
        response = await http.post(
            "/v3/text",
            headers=owner.headers,
            files={"file": ("a.png", PICTURE)},
            data={"options_json": sent},
        )
        assert response.json()["text"] == "$x^{2}+y^{2}=9$"
    document = await Document.objects.afirst()
    assert (document.kind, document.name, document.status) == ("image", "a.png", "completed")
    assert storage.source_path(document).read_bytes() == PICTURE


async def test_data_and_html_are_those_of_the_reference(post):
    asked = {"include_asciimath": True}
    answer = await post(formats=["text", "html", "data"], data_options=asked)
    assert answer["data"] == [{"type": "asciimath", "value": "x^(2)+y^(2)=9"}]
    assert answer["html"] == (
        '<div><span class="math-inline ">\n'
        '<asciimath style="display: none;">x^(2)+y^(2)=9</asciimath></span></div>\n'
    )


async def test_braces_that_are_not_needed_can_be_left_out(post):
    answer = await post(idiomatic_braces=True, include_line_data=True, formats=["text", "html"])
    assert answer["text"] == answer["line_data"][0]["text"] == "\\( x^2+y^2=9 \\)"
    assert answer["latex_styled"] == "x^2+y^2=9"


async def test_only_the_formats_asked_for_are_answered(post):
    answer = await post(formats=["html"])
    assert "text" not in answer
    assert answer["html"].startswith("<div>")


async def test_lines_tell_where_they_are_and_add_up_to_the_text(post, scripted):
    scripted.image = image_result(
        image_line("Given that-", "text"),
        image_line("\n\\( x=1 \\)", confidence_rate=0.9),
        image_line("", "diagram", conversion_output=False, error_id="image_not_supported"),
    )
    answer = await post(include_line_data=True, formats=["text", "html"])
    lines = answer["line_data"]
    assert "".join(line["text"] for line in lines if line["included"]) == answer["text"]
    assert [line["conversion_output"] for line in lines] == [True, True, False]
    assert lines[0]["html"] == "<div>Given that-</div>\n"
    assert "latex_styled" not in answer


async def test_words_are_answered_instead_of_lines(post, scripted):
    scripted.image = replace(scripted.image, words=[{"type": "math", "text": "\\( x \\)", "latex": "x"}])
    answer = await post(include_word_data=True, math_inline_delimiters=["$", "$"])
    assert answer["word_data"] == [{"type": "math", "text": "$x$", "latex": "x"}]
    for other in ("include_line_data", "enable_document_layout"):
        refused = await post(include_word_data=True, **{other: True})
        assert refused["error_info"]["id"] == "opts_conflict"


async def test_lines_that_are_too_unsure_are_left_out(post, scripted):
    scripted.image = image_result(
        image_line("first", "text", confidence_rate=0.5), image_line("\nsecond", "text", confidence=0.3)
    )
    answer = await post(include_line_data=True)
    assert answer["text"] == "second"
    assert answer["line_data"][0]["error_id"] == "math_confidence"
    refused = await post(confidence_threshold=0.5)
    assert refused["error_info"]["id"] == "math_confidence"
    assert (await post(confidence_rate_threshold=0.1))["text"] == "first\nsecond"


async def test_an_image_without_content_says_so(post, scripted):
    scripted.image = image_result(lines=[], equation=None)
    answer = await post()
    assert answer["error"] == "Content not found"
    assert answer["error_info"] == {"id": "image_no_content", "message": "Content not found"}
    assert {"request_id", "is_printed", "is_handwritten"} <= set(answer)
    assert "text" not in answer


async def test_alphabets_that_were_seen_are_told(post):
    alphabets = (await post(include_detected_alphabets=True))["detected_alphabets"]
    assert len(alphabets) == 12
    assert [code for code, seen in alphabets.items() if seen] == ["en"]


async def test_the_reader_is_told_every_option_with_its_default(post, scripted):
    region = {"top_left_x": 1, "top_left_y": 2, "width": 3, "height": 4}
    await post(region=region, rm_fonts="true", alphabets_allowed={"ru": False})
    _, options = scripted.images[-1]
    assert options["region"] == region
    assert (options["rm_fonts"], options["rm_spaces"], options["include_page_info"]) == (True, True, True)
    assert (options["confidence_rate_threshold"], options["auto_rotate_confidence_threshold"]) == (0.75, 0.99)
    assert options["alphabets_allowed"] == {"ru": False}


@pytest.mark.parametrize(
    ("body", "error_id"),
    [
        ({"src": ""}, "image_missing"),
        ({"src": None}, "image_missing"),
        ({"src": "data:image/png;base64,!"}, "image_decode_error"),
        ({"src": "nonsense://example.org"}, "image_download_error"),
        ({"src": "http://127.0.0.1/a.png"}, "image_download_error"),
        ({"src": "data:image/png;base64," + "A" * (2 * 1024 * 1024)}, "sys_request_too_large"),
        ({"formats": ["bogus"]}, "opts_unknown_format"),
        ({"confidence_threshold": "high"}, "opts_number_required"),
        ({"confidence_rate_threshold": 1.5}, "opts_value_out_of_range"),
        ({"region": {"width": 0, "height": 1}}, "opts_value_out_of_range"),
        ({"callback": {"post": "ftp://example.org"}}, "opts_bad_callback"),
        ({"callback": {"post": "http://127.0.0.1/"}}, "opts_bad_callback"),
        ({"callback": {"post": "https://example.org", "headers": {"A": "b\nc"}}}, "opts_bad_callback"),
    ],
)
async def test_every_refusal_has_its_id_and_a_request_id(post, body, error_id):
    answer = await post(**body)
    assert answer["error_info"]["id"] == error_id
    assert answer["error"]
    assert answer["request_id"]
    assert not await UsageEvent.objects.aexists()


async def test_bodies_that_cannot_be_read_have_a_request_id_too(http, owner):
    for body, error_id in ((b"{", "json_syntax"), (b" " * (5 * 1024**2 + 1), "sys_request_too_large")):
        response = await http.post("/v3/text", headers=owner.headers, content=body)
        assert response.json()["error_info"]["id"] == error_id
        assert response.json()["request_id"]


async def test_a_reader_that_refuses_is_told_in_its_words(post, scripted):
    def refuse():
        raise ProviderError("image_max_size", "Too many pixels.", width=1)

    scripted.before_image = refuse
    answer = await post()
    assert answer["error_info"] == {
        "id": "image_max_size",
        "message": "Too many pixels.",
        "width": 1,
        "detail": {"width": 1},
    }
    assert (await Document.objects.aget()).status == "error"


async def test_each_image_is_counted_once(post):
    await post()
    event = await UsageEvent.objects.aget()
    assert (event.usage_type, event.count) == ("image", 1)


async def test_a_private_image_leaves_nothing_but_its_count(
    http, owner, post, settings, scripted, monkeypatch
):
    written = []
    monkeypatch.setattr(storage, "write", lambda path, content: written.append(path))
    answer = await post(metadata={"improve_mathpix": False})
    assert answer["text"]
    assert not written
    assert not await Document.objects.aexists()
    assert (await UsageEvent.objects.aget()).usage_type == "image"
    listed = await http.get("/v3/ocr-results", headers=owner.headers)
    assert listed.json() == {"ocr_results": []}


async def test_a_private_file_is_not_stored_while_it_is_received(http, owner, settings, tmp_path, scripted):
    """A file of the largest size taken, in a form; every place where it could be put is made unusable."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "nowhere"
    big = b"\x89PNG" + b"x" * (4 * 1024 * 1024)
    response = await http.post(
        "/v3/text",
        headers=owner.headers,
        files={"file": ("a.png", big)},
        data={"options_json": '{"metadata": {"improve_mathpix": false}}'},
    )
    assert response.json()["text"]
    assert scripted.images[-1][0] == big
    assert not await Document.objects.aexists()


async def test_an_address_is_downloaded(post, monkeypatch, scripted):
    asked = []

    def downloaded(url):
        asked.append(url)
        return PICTURE

    monkeypatch.setattr(image_sources, "downloaded", downloaded)
    await post(src="https://example.org/a/limit.jpg?x=1")
    assert asked == ["https://example.org/a/limit.jpg?x=1"]
    document = await Document.objects.aget()
    assert (document.name, document.source_url) == ("limit.jpg", "https://example.org/a/limit.jpg?x=1")


async def test_a_token_reads_images_but_not_later(http, owner, post):
    _, secret = await app_tokens_issue(owner.key)
    token = replace(owner, headers={"app_token": secret})
    assert (await post(by=token))["text"]
    for options in ({"async": True},):
        assert (await post(by=token, **options))["error_info"]["id"] == "unauthorized_token_request"
    for method, address in (("POST", "/v3/batch"), ("GET", "/v3/batch/1"), ("GET", "/v3/ocr-results")):
        response = await http.request(method, address, headers=token.headers)
        assert response.json()["error_info"]["id"] == "unauthorized_token_request"


async def app_tokens_issue(key, **options):
    return await sync_to_async(app_tokens.issue)(key, 300, **options)
