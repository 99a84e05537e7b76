"""Every example request of the reference, as curl sends it and as Python does, and the shape of its answer.

What is read is not compared, as the pictures are our own; types and what must never be there are.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests import pdfs
from tests.engine import drawn, ink_drawings
from tests.server import Server

EXAMPLES = json.loads((Path(__file__).parent / "reference_examples.json").read_text())
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

    def answer(example: dict[str, Any], by: str) -> Any:
        sender = {"curl": by_curl, "python": by_requests}[by]
        return sender(live_server_process.url, example, headers, folder)

    return answer


def by_requests(url: str, example: dict[str, Any], headers: dict[str, str], folder: Path) -> Any:
    if "get" in example:
        return requests.get(url + example["get"], headers=headers, timeout=60).json()
    if name := example.get("file"):
        with (folder / name).open("rb") as file:
            sent = {"files": {"file": file}, "data": {"options_json": json.dumps(example["options"])}}
            return requests.post(url + example["post"], headers=headers, timeout=60, **sent).json()
    return requests.post(url + example["post"], headers=headers, json=filled(example), timeout=60).json()


def by_curl(url: str, example: dict[str, Any], headers: dict[str, str], folder: Path) -> Any:
    """As the reference writes it, quotes and backslashes of `options_json` included."""
    command = [str(CURL), "--silent", "--show-error", "--max-time", SECONDS]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    if "get" in example:
        command += ["-X", "GET", url + example["get"]]
    elif name := example.get("file"):
        options = json.dumps(example["options"]).replace('"', '\\"')
        command += ["-X", "POST", "--form", f'file=@"{name}"', "--form", f'options_json="{options}"']
        command.append(url + example["post"])
    else:
        command += ["-X", "POST", url + example["post"]]
        if "json" in example:
            (folder / "body.json").write_text(json.dumps(filled(example)))
            command += ["-H", "Content-Type: application/json", "--data", "@body.json"]
    told = subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=90)
    return json.loads(told.stdout)


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


@pytest.mark.parametrize("by", ["curl", "python"])
@pytest.mark.parametrize("example", EXAMPLES, ids=[example["name"] for example in EXAMPLES])
def test_an_example_of_the_reference_is_answered_in_its_shape(send, example, by):
    if by == "curl" and CURL is None:
        pytest.skip("curl is missing: apt-get install curl")
    answer = send(example, by)
    wrong = {
        name: answer.get(name) for name, kind in example["answer"].items() if not fits(answer, name, kind)
    }
    assert not wrong, answer
    assert not set(example.get("never", ())) & answer.keys(), answer


def fits(answer: dict[str, Any], name: str, kind: str) -> bool:
    return name in answer and TYPES[kind](answer[name])


def test_ids_look_like_those_of_the_reference(send):
    by_name = {example["name"]: example for example in EXAMPLES}
    token = send(by_name["an app token"], "python")["app_token"]
    assert re.fullmatch(r"token_[0-9a-f]{32}", token)
    pattern = r"\d{4}_\d\d_\d\d_[0-9a-f]{20}g"
    for name, key in (("a PDF as a file", "pdf_id"), ("a text with options of its formats", "conversion_id")):
        assert re.fullmatch(pattern, send(by_name[name], "python")[key])
