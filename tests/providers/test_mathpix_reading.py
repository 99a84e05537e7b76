"""Images, strokes and single pages that Mathpix reads while somebody waits; over a real socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix.account import Account
from mathpixweb.providers.mathpix.faults import Unreachable
from mathpixweb.providers.mathpix.reading import MathpixProvider
from tests import pdfs
from tests.mathpix_server import Fault, MathpixServer

LINES = [
    {"type": "text", "cnt": [[0, 0]], "text": "Let", "included": True, "confidence": 0.9},
    {"type": "math", "cnt": [[0, 9]], "text": "\n\\( x \\)", "conversion_output": True},
]


@pytest.fixture
def mathpix(account: Account) -> Iterator[MathpixProvider]:
    provider = MathpixProvider(account)
    yield provider
    provider.client.close()


def test_an_image_comes_back_with_lines_confidence_and_alphabets(
    mathpix: MathpixProvider, remote: MathpixServer
) -> None:
    alphabets = {"detected_alphabets": {"en": True, "hi": False}}
    size = {"image_width": 850, "image_height": 332, "confidence": 0.97, "is_printed": True}
    answer = {"text": "Let\n\\( x \\)", "line_data": LINES, **size, **alphabets}
    remote.text_answer = {"request_id": "r", **answer}
    result = mathpix.read_image(b"\x89PNG", {"rm_spaces": True, "formats": ["html"], "new_option": 7})
    assert (result.text, result.width, result.confidence) == ("Let\n\\( x \\)", 850, 0.97)
    assert result.alphabets == ("en",) and result.equation is None
    assert result.answer == answer and result.detections["request_id"] == "r"
    assert remote.requests[0].options == {"rm_spaces": True, "formats": ["html"], "new_option": 7}
    assert b"\x89PNG" in remote.requests[0].body


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ({"text": "a b", "latex_styled": "ab", "word_data": [{"text": "a"}]}, "a b"),
        ({"latex_styled": "x^2"}, "\\( x^2 \\)"),
        ({"latex_simplified": "x^{2}", "mathml": "<math>"}, "\\( x^{2} \\)"),
        ({"text_display": "\\[x\\]", "latex_list": ["x"]}, "\\[x\\]"),
        ({"data": [3, {"type": "asciimath", "value": "x^2"}]}, "x^2"),
        ({"data": "none", "text": 7, "latex_styled": None, "detection_map": [1]}, ""),
    ],
)
def test_whatever_the_formats_the_history_has_a_text(
    answer: dict[str, Any], text: str, mathpix: MathpixProvider, remote: MathpixServer
) -> None:
    remote.text_answer = answer
    assert mathpix.read_formula(b"x", {}).text == text
    assert remote.requests[0].path == "/v3/latex"


def test_what_v3_latex_saw_is_noted(mathpix: MathpixProvider, remote: MathpixServer) -> None:
    remote.text_answer = {"latex": "x", "detection_map": {"contains_table": 0.9, "is_blank": 0}}
    noted = mathpix.read_formula(b"x", {}).detections
    assert (noted["contains_table"], noted["is_blank"]) == (True, False)


def test_strokes_are_sent_as_the_reference_writes_them(
    mathpix: MathpixProvider, remote: MathpixServer
) -> None:
    remote.text_answer = {"text": "3", "is_handwritten": True, "is_printed": False}
    result = mathpix.read_strokes([[(1, 2), (3, 4)], [(5, 6)]], {})
    assert remote.requests[0].options["strokes"] == {"strokes": {"x": [[1, 3], [5]], "y": [[2, 4], [6]]}}
    assert result.handwritten and result.text == "3"


def test_privacy_that_was_asked_for_goes_along(mathpix: MathpixProvider, remote: MathpixServer) -> None:
    mathpix.read_image(b"x", {"metadata": {"improve_mathpix": False}})
    assert remote.requests[0].options["metadata"] == {"improve_mathpix": False}


def test_nothing_found_is_an_empty_result_and_other_errors_keep_their_ids(
    mathpix: MathpixProvider, remote: MathpixServer
) -> None:
    for error_id in ("image_no_content", "image_decode_error"):
        body = {"request_id": "r", "error": "E", "error_info": {"id": error_id, "message": "E"}}
        remote.fail("POST /v3/text", Fault(200, json.dumps(body).encode()))
    assert mathpix.read_image(b"x", {}).lines == []
    with pytest.raises(ProviderError) as refused:
        mathpix.read_image(b"x", {})
    assert refused.value.error_id == "image_decode_error"


def test_a_page_read_alone_takes_its_place_in_the_document(
    mathpix: MathpixProvider, remote: MathpixServer, tmp_path: Path
) -> None:
    source = tmp_path / "source.pdf"
    source.write_bytes(pdfs.with_numbered_pages(3))
    remote.page_texts = ["Alone"]
    options = {"page_ranges": "2-3", "unknown": 1, "conversion_formats": {"docx": True}}
    (page,) = mathpix.read(source, "2026_11_24_00112233445566778899g", [(2, 3)], {}, options)
    assert (page.index, page.number, page.mmd) == (2, 3, "\n\nAlone")
    assert page.mmd == "".join(str(line["text_display"]) for line in page.lines)
    assert remote.requests[0].options == {"unknown": 1}


def test_a_page_that_is_never_done_is_given_up(
    mathpix: MathpixProvider, remote: MathpixServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mathpixweb.providers.mathpix.reading.PAGE_SECONDS", 0.05)
    source = tmp_path / "source.pdf"
    source.write_bytes(pdfs.with_numbered_pages(1))
    remote.on_submit = lambda paper: setattr(paper, "never_completes", True)
    with pytest.raises(Unreachable, match="too long"):
        next(mathpix.read(source, "2026_11_24_00112233445566778899g", [(1, 1)], {}, {}))
