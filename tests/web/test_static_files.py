"""Styles are one file, scripts name each other with their hashes, and Django is not asked for either."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from django.conf import settings as chosen
from django.core.files.storage import FileSystemStorage

from mathpixweb.web.serving_static import StaticFiles
from mathpixweb.web.static_storage import GATHERED, IMPORT, GatheredStaticFiles

SHEETS = Path(chosen.BASE_DIR) / "static" / "css"


@pytest.fixture
def collected(tmp_path):
    """A folder into which a few files are collected."""
    files = {
        GATHERED: '@import "one.css";\n@import "other.css";\n',
        "css/one.css": 'a { background: url("../img/x.svg"); }\n',
        "css/other.css": "b { color: red; }\n",
        "img/x.svg": "<svg/>",
        "js/app.js": 'import { a } from "./a.js";\nimport "./b.js";\n',
        "js/a.js": "export const a = 1;\n",
        "js/b.js": "1;\n",
    }
    source = FileSystemStorage(tmp_path / "source")
    storage = GatheredStaticFiles(location=tmp_path / "static", base_url="/static/")
    for name, text in files.items():
        for folder in ("source", "static"):
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    made = {name: new for name, new, _ in storage.post_process({name: (source, name) for name in files})}
    return tmp_path / "static", made


def test_all_sheets_become_one_and_find_their_pictures(collected):
    folder, made = collected
    text = (folder / made[GATHERED]).read_text()
    assert re.fullmatch(r'a \{ background: url\("\.\./img/x\.\w{12}\.svg"\); \}\nb \{ color: red; \}\n', text)


def test_scripts_name_each_other_with_their_hashes(collected):
    folder, made = collected
    text = (folder / made["js/app.js"]).read_text()
    assert text == f'import {{ a }} from "./{made["js/a.js"][3:]}";\nimport "./{made["js/b.js"][3:]}";\n'


def test_every_sheet_is_among_them():
    named = IMPORT.findall((SHEETS / "all.css").read_text())
    assert sorted(named) == sorted(path.name for path in SHEETS.glob("*.css") if path.name != "all.css")


async def test_django_is_not_asked_for_static_files(collected, settings):
    folder, made = collected
    settings.STATIC_ROOT = str(folder)
    address = f"/static/{made['css/other.css']}"

    async def django(scope, receive, send):
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    transport = httpx.ASGITransport(StaticFiles(django))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        whole = await client.get(address)
        assert (whole.status_code, whole.text) == (200, "b { color: red; }\n")
        assert "max-age=" in whole.headers["cache-control"]
        assert whole.headers["x-content-type-options"] == "nosniff"
        kept = await client.get(address, headers={"if-none-match": whole.headers["etag"]})
        part = await client.get(address, headers={"range": "bytes=0-1"})
        head, put = await client.head(address), await client.put(address)
        assert (kept.status_code, part.text, head.text, put.status_code) == (304, "b ", "", 405)
        assert (await client.get("/static/nothing.css")).status_code == 299
