"""A setting that cannot be used is told in a sentence before anything starts."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from django.core import management

from mathpixweb import bootstrap, env
from mathpixweb.env import BadSetting

ROOT = Path(__file__).parent.parent


@pytest.fixture
def say(monkeypatch):
    def set_to(value: str) -> str:
        monkeypatch.setenv("SETTING", value)
        return "SETTING"

    return set_to


@pytest.mark.parametrize(
    ("value", "means"),
    [
        ("https://docs.example.org", "https://docs.example.org"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("", ""),
    ],
)
def test_an_address_is_taken_without_its_last_slash(say, value, means):
    assert env.address(say(value)) == means


@pytest.mark.parametrize(
    "value", ["docs.example.org", "ftp://a", "https://", "http://a:b", "http://[", "//a", "http://:::8000"]
)
def test_what_is_no_address_is_told(say, value):
    with pytest.raises(BadSetting, match="SETTING must be an address that begins with https://"):
        env.address(say(value))


def test_other_servers_have_addresses_of_their_own_kind(say):
    kinds = ("redis", "rediss")
    assert env.address(say("rediss://:secret@cache:6379/1"), schemes=kinds) == "rediss://:secret@cache:6379/1"
    for wrong in ("cache:6379", "https://cache"):
        with pytest.raises(BadSetting, match="redis://"):
            env.address(say(wrong), schemes=kinds)


def test_a_database_may_be_on_this_machine_and_its_port_is_a_number(say):
    assert env.postgres(say("postgres:///papers"))["HOST"] == ""
    assert env.postgres(say("postgres://a:b%40@db:5433/papers?sslmode=require"))["PASSWORD"] == "b@"
    for wrong in ("mysql://db/papers", "postgres://db", "postgres://db:port/papers", "postgres://["):
        with pytest.raises(BadSetting, match="must look like postgres://"):
            env.postgres(say(wrong))


def test_networks_are_checked_before_the_first_download(say):
    assert env.networks(say("10.0.0.0/8, 192.168.1.7,fd00::/8")) == ["10.0.0.0/8", "192.168.1.7", "fd00::/8"]
    for wrong in ("10.0.0.0/33", "intranet.example.org", "10.0.0.1-9"):
        with pytest.raises(BadSetting, match=r"networks like 10\.0\.0\.0/8"):
            env.networks(say(wrong))


@pytest.mark.parametrize("value", ["0", "65536", "abc", "-1", "8000.5", "²"])
def test_a_number_out_of_its_bounds_is_told(say, value):
    with pytest.raises(BadSetting, match="between 1 and 65535"):
        env.number(say(value), 8000, least=1, most=65535)
    assert env.number(say("65535"), 8000, least=1, most=65535) == 65535


def test_a_folder_that_cannot_be_made_is_told_with_what_to_do(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSetting, match=r"cannot be written \(.+\)\. Let user \d+ write there, or set DATA"):
        env.folder("DATA_DIR", tmp_path / "file")
    with pytest.raises(BadSetting):
        env.folder("DATA_DIR", tmp_path / "file" / "below")
    made = env.folder("DATA_DIR", tmp_path / "new" / "one")
    assert made.stat().st_mode & 0o077 == 0


def test_the_command_line_tells_it_in_one_sentence(monkeypatch):
    specification = importlib.util.spec_from_file_location("manage", ROOT / "manage.py")
    manage = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(manage)

    def refuse(arguments):
        raise BadSetting("PORT must be a whole number.")

    monkeypatch.setattr(sys, "argv", ["manage.py", "serve"])
    monkeypatch.setattr(bootstrap, "ensure", lambda arguments: None)
    monkeypatch.setattr(management, "execute_from_command_line", refuse)
    with pytest.raises(
        SystemExit, match=r"cannot be used\. PORT must be a whole number\. docs/configure\.md"
    ):
        manage.main()
