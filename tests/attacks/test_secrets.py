"""Secrets are in nothing that is checked in, logged or answered; every package is pinned with its hash."""

from __future__ import annotations

import json
import logging
import re
import shutil
import subprocess
import tomllib

import httpx
import pytest
from asgiref.sync import sync_to_async

from mathpixweb import logs
from mathpixweb.accounts import keys
from mathpixweb.accounts.models import ApiKey, Team
from mathpixweb.api.views import pdfs
from mathpixweb.asgi import application
from tests.server import ROOT

SECRETS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*\n[A-Za-z0-9+/]",
    "a key of AWS": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a token of GitHub": r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
    "a key of Google": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "a key of Slack or Stripe": r"\b(?:xox[abpr]-[0-9A-Za-z-]{20,}|sk_live_[0-9A-Za-z]{24,})",
    "a token that signs": r"\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}",
    "an address with a password": (
        r"\b(?:postgres(?:ql)?|rediss?|https?)://[^\s/:@\"'<>{}$]+:[^\s/:@\"'<>{}$]{8,}@"
    ),
}
EXAMPLES = re.compile(
    r"AKIAIOSFODNN7EXAMPLE|AKIA[A-Z0-9]*EXAMPLE|user:password@|user:p(?:ass)?word@|example\.(?:org|com)"
)
LARGEST = 1_000_000
NPM = "https://registry.npmjs.org/"


def checked_in() -> list[str]:
    if shutil.which("git") is None:
        pytest.skip("git is missing: apt-get install git")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_nothing_secret_is_checked_in():
    found = []
    for name in checked_in():
        path = ROOT / name
        assert path.name not in (".env", "secret_key", "id_rsa", "id_ed25519", "db.sqlite3"), name
        if path.stat().st_size > LARGEST:
            continue
        text = path.read_bytes().decode("utf-8", "ignore")
        for kind, pattern in SECRETS.items():
            for match in re.finditer(pattern, text):
                around = text[max(0, match.start() - 40) : match.end() + 40]
                if not EXAMPLES.search(around):
                    found.append((name, kind, match[0][:60]))
    assert found == []


@pytest.mark.parametrize(
    "secret",
    [
        "AKIA" + "Q3EGRIRSJ2WLPVXB",
        "ghp_" + "a1B2" * 9,
        "-----BEGIN " + "PRIVATE KEY-----\nMIIE",
        "AIza" + "x" * 35,
    ],
)
def test_the_searcher_of_secrets_finds_them(secret):
    assert any(re.search(pattern, f"key = '{secret}'") for pattern in SECRETS.values())


def test_every_package_is_pinned_with_a_hash():
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    for package in lock["package"]:
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        if "virtual" not in package["source"]:
            assert files, package["name"]
        assert all(file["hash"].startswith("sha256:") for file in files), package["name"]
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        if name and not package.get("link"):
            assert package["integrity"].startswith("sha512-"), name
            assert package.get("resolved", NPM).startswith(NPM), name


@pytest.fixture
def heard():
    """What the server writes into its log, as it would be written, whatever the level."""

    class Listening(logging.Handler):
        lines: list[str] = []

        def emit(self, record: logging.LogRecord) -> None:
            self.lines.append(self.format(record))

    listening = Listening(logging.DEBUG)
    listening.lines = []
    listening.setFormatter(logs.formatter("text"))
    root, ours = logging.getLogger(), logging.getLogger("mathpixweb")
    before = root.level, ours.level
    root.addHandler(listening)
    root.setLevel(logging.INFO)
    ours.setLevel(logging.DEBUG)
    yield listening.lines
    root.removeHandler(listening)
    root.setLevel(before[0])
    ours.setLevel(before[1])


@pytest.mark.django_db(transaction=True)
async def test_no_key_is_in_the_log_nor_in_an_answer_whatever_goes_wrong(heard, monkeypatch):
    """With a right key and a wrong one: refused, unknown, broken off by a mistake of ours."""
    key, secret = await sync_to_async(_issued)()
    wrong = "canary-of-a-wrong-key-0123456789"

    def mistaken(*_: object, **__: object) -> None:
        raise RuntimeError("a mistake of ours")

    transport = httpx.ASGITransport(app=application)
    said = []
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for value in (secret, wrong):
            credentials = {"app_id": key.app_id, "app_key": value}
            bearer = {"Authorization": f"Bearer {value}", "app_token": value}
            for headers in (credentials, bearer):
                said.append(await client.get("/v3/pdf/unknown", headers=headers))
                said.append(await client.post("/v3/pdf", headers=headers, content=b'{"url": '))
                # this one is told its own address again
                await client.post("/v3/text", headers=headers, json={"src": f"http://127.0.0.1/?{value}"})
                said.append(await client.get(f"/v3/app-tokens/{value}", headers=headers))
            with monkeypatch.context() as patch:
                patch.setattr(pdfs.lookup, "document_or_error", mistaken)
                said.append(await client.get("/v3/pdf/2026_01_01_00112233445566778899g", headers=credentials))
            said.append(await client.get(f"/nothing?app_key={value}", headers=credentials))
    assert len(heard) >= 1
    assert any("a mistake of ours" in line for line in heard)
    for value in (secret, wrong):
        assert [line for line in heard if value in line] == []
        assert [answer.text for answer in said if value in answer.text] == []


def _issued() -> tuple[ApiKey, str]:
    return keys.issue(Team.objects.create(name="Analysis"), "key")
