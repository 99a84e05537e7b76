"""The API calls that do for a program what the browser did for a person."""

from __future__ import annotations

import json
import shlex

from django.conf import settings

from mathpixweb.documents.models import Document, Kind

KEY = "app_key: $APP_KEY"


def curl(document: Document) -> str:
    """Commands that send the same document with the same options, and fetch what came out."""
    if document.is_image:
        return _image_calls(document)
    base = settings.PUBLIC_URL.rstrip("/")
    door = f"{base}/v3/{'converter' if document.given else 'pdf'}"
    result = f"{door}/{document.public_id}{'' if document.given else '.mmd'}"
    return f"{_command(*_sent(document), door)}\n\n{_command(result)}"


def answer(document: Document) -> str:
    """What the call that sent it was answered at once; empty for those that are answered with the result."""
    if document.is_image:
        return ""
    word, told = _id(document)
    return json.dumps({word: told})


def later(document: Document) -> list[str]:
    """Where that id is asked for the state, and for what came out of it."""
    if document.is_image:
        return []
    word, told = _id(document)
    door = {"file_id": "/files/v1", "conversion_id": "/v3/converter", "pdf_id": "/v3/pdf"}[word]
    place = f"{settings.PUBLIC_URL.rstrip('/')}{door}/{told}"
    made = document.options.get("formats") or {} if document.given else ("mmd", "lines.json")
    return [place, *(f"{place}.{name}" for name in made)]


def _id(document: Document) -> tuple[str, str]:
    """The contract's word for it at that address."""
    if document.endpoint.startswith("/files"):
        return "file_id", str(document.file_id)
    return "conversion_id" if document.given else "pdf_id", document.public_id


def first_in_python(app_id: str, secret: str) -> str:
    """What somebody can run with a new key as it stands, given a file."""
    base = settings.PUBLIC_URL.rstrip("/")
    return f"""from mpxpy.mathpix_client import MathpixClient

client = MathpixClient(app_id={app_id!r}, app_key={secret!r}, api_url={base!r})
pdf = client.pdf_new(file_path="notes.pdf")
pdf.wait_until_complete()
print(pdf.to_mmd_text())"""


def python(document: Document) -> str:
    """The same with mpxpy, the client library of Mathpix, or with httpx where mpxpy has no word for it."""
    base = settings.PUBLIC_URL.rstrip("/")
    if document.kind in (Kind.STROKES, Kind.LATEX) or document.given:
        return _plain_python(document, base)
    head = f"""from mpxpy.mathpix_client import MathpixClient

client = MathpixClient(app_id="…", app_key="…", api_url={base!r})
"""
    name = {"url": document.source_url} if document.source_url else {"file_path": document.name}
    given = ", ".join(f"{key}={value!r}" for key, value in name.items())
    if document.is_image:
        return f"{head}image = client.image_new({given})\nprint(image.mmd())"
    return f"{head}pdf = client.pdf_new({given})\npdf.wait_until_complete()\nprint(pdf.to_mmd_text())"


def _plain_python(document: Document, base: str) -> str:
    place = f"/v3/ocr-results?request_id={document.public_id}"
    if document.given:
        place = f"/v3/converter/{document.public_id}"
    return f"""import httpx

answer = httpx.get({base + place!r}, headers={{"app_key": "…"}})
print(answer.json())"""


def _image_calls(document: Document) -> str:
    base = settings.PUBLIC_URL.rstrip("/")
    if document.kind == Kind.STROKES:
        body = json.dumps({"strokes": {"strokes": {"x": [["…"]], "y": [["…"]]}}}, ensure_ascii=False)
        sent = ["-H", "Content-Type: application/json", "-d", body]
    elif document.source_url:
        body = json.dumps({"src": document.source_url, **document.options}, ensure_ascii=False)
        sent = ["-H", "Content-Type: application/json", "-d", body]
    else:
        sent = _sent(document)
    result = f"{base}/v3/ocr-results?request_id={document.public_id}"
    return f"{_command(*sent, base + document.endpoint)}\n\n{_command(result)}"


def _sent(document: Document) -> list[str]:
    if document.given:
        body = json.dumps({"mmd": "…", **document.options}, ensure_ascii=False)
        return ["-H", "Content-Type: application/json", "-d", body]
    if document.source_url:
        body = json.dumps({"url": document.source_url, **document.options}, ensure_ascii=False)
        return ["-H", "Content-Type: application/json", "-d", body]
    name = document.name.replace("\\", "\\\\").replace('"', '\\"')
    options = json.dumps(document.options, ensure_ascii=False)
    return ["-F", f'file=@"{name}"', *(["-F", f"options_json={options}"] if document.options else [])]


def _command(*words: str) -> str:
    return f'curl -H "{KEY}" {" ".join(map(_word, words))}'


def _word(word: str) -> str:
    return word if word.startswith("-") else shlex.quote(word)
