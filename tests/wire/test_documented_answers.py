"""What the reference's own examples of images show: which keys there are, and html and data to the letter."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from tests.documents.scripted import image_line, image_result

CASES = json.loads((Path(__file__).parent / "documented_answers.json").read_text())
SRC = "data:image/png;base64," + base64.b64encode(b"a picture").decode()


def shown(answer: Any, expected: Any) -> Any:
    """Of the answer what the example tells of."""
    if isinstance(expected, dict) and isinstance(answer, dict):
        return {name: shown(answer.get(name), value) for name, value in expected.items()}
    if isinstance(expected, list) and isinstance(answer, list) and len(expected) == len(answer):
        return [shown(one, other) for one, other in zip(answer, expected, strict=True)]
    return answer


async def test_images_are_answered_as_the_examples_of_the_reference_show(http, owner, scripted):
    for case in CASES:
        scripted.image = image_result(*(image_line(**{"text": "", **line}) for line in case["lines"]))
        body = {"src": SRC, **case["asked"]}
        answer = (await http.post("/v3/text", headers=owner.headers, json=body)).json()
        expected = case.get("answer", {})
        assert shown(answer, expected) == expected, case["shows"]
        if "kinds" in case:
            assert [each["type"] for each in answer["data"]] == case["kinds"], case["shows"]
        assert not set(case["never"]) & answer.keys(), case["shows"]
