"""Every example request of the reference, as curl sends it and as Python does, and the shape of its answer.

What is read is not compared, as the pictures are our own; types and what must never be there are.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests import pdfs
from tests.engine import drawn, ink_drawings
from tests.server import Server

ALL = json.loads((Path(__file__).parent / "reference_examples.json").read_text())
EXAMPLES = [example for example in ALL if "of" not in example]
FOLLOWING = [example for example in ALL if "of" in example]  # on what another example has sent
CURL = shutil.which("curl")
SECONDS = "60"
TYPES: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str) and value != "",
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "share": lambda value: isinstance(value, int | float) and 0 <= value <= 1,
    "flag": lambda value: isinstance(value, bool),
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
IDS = ("pdf_id", "conversion_id", "batch_id", "request_id")
STATES = {
    "pdf_id": "/v3/pdf/{}",
    "conversion_id": "/v3/converter/{}",
    "batch_id": "/v3/batch/{}",
}
PICTURE = drawn.encoded(drawn.page(["Every sum is small."], size=40))


@pytest.fixture(scope="module")
def headers(live_server_process: Server) -> dict[str, str]:
    return {"app_id": live_server_process.app_id, "app_key": live_server_process.app_key}


@pytest.fixture(scope="module")
def send(live_server_process, headers, tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples")
    for example in EXAMPLES:
        if name := example.get("file"):
            content = PICTURE if name.endswith(".png") else pdfs.with_numbered_pages(1)
            (folder / name).write_bytes(content)

    def answer(example: dict[str, Any], by: str) -> bytes:
        sender = {"curl": by_curl, "python": by_requests}[by]
        return sender(live_server_process.url, example, headers, folder)

    return answer


def by_requests(url: str, example: dict[str, Any], headers: dict[str, str], folder: Path) -> bytes:
    if "get" in example:
        return requests.get(url + example["get"], headers=headers, timeout=60).content
    if name := example.get("file"):
        with (folder / name).open("rb") as file:
            sent = {"files": {"file": file}, "data": {"options_json": json.dumps(example["options"])}}
            return requests.post(url + example["post"], headers=headers, timeout=60, **sent).content
    return requests.post(url + example["post"], headers=headers, json=filled(example), timeout=60).content


def by_curl(url: str, example: dict[str, Any], headers: dict[str, str], folder: Path) -> bytes:
    """As the reference writes it, quotes and backslashes of `options_json` included."""
    command = [str(CURL), "--silent", "--show-error", "--location", "--max-time", SECONDS]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    if "get" in example:
        command += ["--request", "GET", url + example["get"]]
    elif name := example.get("file"):
        options = json.dumps(example["options"]).replace('"', '\\"')
        command += ["-X", "POST", "--form", f'file=@"{name}"', "--form", f'options_json="{options}"']
        command.append(url + example["post"])
    else:
        command += ["-X", "POST", url + example["post"]]
        if "json" in example:
            (folder / "body.json").write_text(json.dumps(filled(example)))
            command += ["-H", "Content-Type: application/json", "--data", "@body.json"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=90).stdout


def filled(example: dict[str, Any]) -> Any:
    """The body with our own picture and drawing in place of the reference's."""
    if "json" not in example:
        return None
    strokes = ink_drawings.write("3x")
    coordinates = [[[round(point[axis]) for point in stroke] for stroke in strokes] for axis in (0, 1)]
    text = json.dumps(example["json"])
    text = text.replace('"{x}"', json.dumps(coordinates[0])).replace('"{y}"', json.dumps(coordinates[1]))
    address = f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"
    return json.loads(text.replace("{image}", address))


@pytest.fixture(scope="module")
def sent(send):
    """What an example has sent, its id in place, once all of it is done."""
    ids: dict[str, str] = {}
    by_name = {example["name"]: example for example in EXAMPLES}

    def address(example: dict[str, Any]) -> dict[str, Any]:
        of = example["of"]
        if of not in ids:
            answer = json.loads(send(by_name[of], "python"))
            [(key, number)] = [(name, answer[name]) for name in IDS if name in answer]
            ids[of] = number
            wait(lambda: is_done(key, f"{number}"))
        return {**example, "get": re.sub(r"\{\w+\}", f"{ids[of]}", example["get"])}

    def is_done(key: str, number: str) -> bool:
        if key not in STATES:
            return True
        told = json.loads(send({"get": STATES[key].format(number)}, "python"))
        made = all(state["status"] == "completed" for state in told.get("conversion_status", {}).values())
        return made and (told.get("status") == "completed" or len(told.get("results", ())) == 1)

    return address


def wait(done: Callable[[], bool]) -> None:
    ends = time.monotonic() + 120
    while not done():
        assert time.monotonic() < ends
        time.sleep(0.2)


def skip_without(by: str) -> None:
    if by == "curl" and CURL is None:
        pytest.skip("curl is missing: apt-get install curl")


@pytest.mark.parametrize("by", ["curl", "python"])
@pytest.mark.parametrize("example", EXAMPLES, ids=[example["name"] for example in EXAMPLES])
def test_an_example_of_the_reference_is_answered_in_its_shape(send, example, by):
    skip_without(by)
    answer = json.loads(send(example, by))
    assert wrong(answer, example["answer"]) == [], answer
    assert not set(example.get("never", ())) & answer.keys(), answer


@pytest.mark.parametrize("by", ["curl", "python"])
@pytest.mark.parametrize("example", FOLLOWING, ids=[example["name"] for example in FOLLOWING])
def test_what_an_example_has_sent_is_asked_for_as_the_reference_does(send, sent, example, by):
    skip_without(by)
    content = send(sent(example), by)
    if "begins" in example:
        assert content.decode(errors="replace").startswith(example["begins"]), content[:200]
    for line in filter(None, content.decode().splitlines() if "lines" in example else ()):
        assert wrong(json.loads(line), example["lines"]) == [], line
    if "answer" in example:
        answer = json.loads(content)
        if "ocr_usage" in answer:  # what people do in the browser has no key
            answer["ocr_usage"] = [row for row in answer["ocr_usage"] if any(row.get("app_id", [1]))]
        assert wrong(answer, example["answer"]) == [], answer
        assert not set(example["never"]) & answer.keys(), answer


def wrong(answer: Any, shape: Any, at: str = "") -> list[str]:
    """Where the answer has not the shape; a list must have entries, all of one shape."""
    if isinstance(shape, str):
        return [] if TYPES[shape](answer) else [at]
    if isinstance(shape, list):
        entries = answer if isinstance(answer, list) and answer else [None]
        return [each for n, one in enumerate(entries) for each in wrong(one, shape[0], f"{at}[{n}]")]
    inside = answer if isinstance(answer, dict) else {}
    return [each for name, kind in shape.items() for each in wrong(inside.get(name), kind, f"{at}.{name}")]


def test_ids_look_like_those_of_the_reference(send):
    by_name = {example["name"]: example for example in EXAMPLES}
    token = json.loads(send(by_name["an app token"], "python"))["app_token"]
    assert re.fullmatch(r"token_[0-9a-f]{32}", token)
    pattern = r"\d{4}_\d\d_\d\d_[0-9a-f]{20}g"
    for name, key in (("a PDF as a file", "pdf_id"), ("a text with options of its formats", "conversion_id")):
        assert re.fullmatch(pattern, json.loads(send(by_name[name], "python"))[key])
