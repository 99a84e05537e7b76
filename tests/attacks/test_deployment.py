"""A server that people reach over https: nothing of its setting up invites anybody."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.server import NOT_INHERITED, ROOT

ASK = """
import django; django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
from mathpixweb.api.handler import ApiHandler
answer = Client(headers={"host": "docs.example.org"}).get("/sign-in", secure=True)
cookie = answer.cookies["csrftoken"]
print(cookie["secure"], cookie["samesite"], settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY)
print(answer["Strict-Transport-Security"], ApiHandler(None).headers["Strict-Transport-Security"])
print(answer["Referrer-Policy"], answer["Cross-Origin-Opener-Policy"], answer["X-Content-Type-Options"])
"""


def in_public(data_dir: object, *program: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    chosen = {"PUBLIC_URL": "https://docs.example.org", "TRUST_PROXY": "true", "DATA_DIR": str(data_dir)}
    chosen["DJANGO_SETTINGS_MODULE"] = "mathpixweb.settings"
    done = subprocess.run(
        [sys.executable, *program],
        cwd=ROOT,
        env={**inherited, **chosen},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_django_has_nothing_to_warn_of(tmp_path):
    in_public(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")


def test_cookies_are_for_https_only_and_browsers_are_told_to_stay_there(tmp_path):
    cookies, transport, rest = in_public(tmp_path, "-c", ASK).splitlines()
    assert cookies == "True Lax True True"
    assert transport == "max-age=31536000 max-age=31536000"
    assert rest == "same-origin same-origin nosniff"


def test_the_secret_key_is_nobodys_to_read_and_everybodys_own(tmp_path):
    keys = []
    for name in ("one", "other"):
        in_public(tmp_path / name, "-c", "import django; django.setup()")
        path = tmp_path / name / "secret_key"
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0
        keys.append(path.read_text())
    assert keys[0] != keys[1]
    assert min(map(len, keys)) >= 50
