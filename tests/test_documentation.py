"""What the documents say of settings, commands, files and packages is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from mathpixweb.web.engines import ENGINES
from tests.server import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
READ = re.compile(r"""env\.\w+\(\s*"([A-Z][A-Z0-9_]+)"|environ(?:\.get\(|\[)"([A-Z][A-Z0-9_]+)\"""")
# read by others' code, or only passed on
OTHERS = {"FORWARDED_ALLOW_IPS", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL", "HTTPS_PROXY"}
VALUES = {"INFO"}  # of settings
NOT_FOR_PEOPLE = {"DJANGO_SETTINGS_MODULE"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def read_settings() -> set[str]:
    found = set()
    for path in (ROOT / "mathpixweb").rglob("*.py"):
        for either in READ.findall(path.read_text()):
            found |= set(filter(None, either))
    return found - NOT_FOR_PEOPLE


def documented() -> set[str]:
    return set(re.findall(r"`([A-Z][A-Z0-9_]{3,})`", (ROOT / "docs" / "configure.md").read_text()))


def test_every_setting_is_documented_and_every_documented_one_is_read():
    assert len(read_settings()) > 50
    assert read_settings() - documented() == set()
    assert documented() - read_settings() - OTHERS - VALUES == set()


@pytest.mark.parametrize("name", ["compose.yaml", "compose.scale.yaml", "deploy/kubernetes.yaml"])
def test_containers_are_given_settings_that_there_are(name):
    text = (ROOT / name).read_text()
    given = set(re.findall(r"^\s+([A-Z][A-Z0-9_]+):|--from-literal=([A-Z_]+)=", text, re.MULTILINE))
    names = {name for either in given for name in either if name} - {"POSTGRES_USER", "POSTGRES_PASSWORD"}
    assert names
    assert names <= documented()
    assert all(list(yaml.safe_load_all(text)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_links_to_is_there(page):
    for place, heading in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([\w-]+))?\)", page.read_text()):
        target = page.parent / place if place else page
        assert target.exists(), place
        if heading:
            assert heading in _headings(target), f"{place}#{heading}"


def _headings(page: Path) -> set[str]:
    lines = [line.lstrip("# ").lower() for line in page.read_text().splitlines() if line.startswith("#")]
    return {re.sub(r"[^\w -]", "", line).replace(" ", "-") for line in lines}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_are_there(page):
    for name in set(re.findall(r"manage\.py ([a-z_]+)", page.read_text())):
        assert name in get_commands(), name


def test_options_of_commands_that_pages_name_are_there():
    text = "\n".join(page.read_text() for page in PAGES)
    known = {action for name in ("serve", "doctor", "seed") for action in _options(name)}
    named = set(re.findall(r"(?:serve|doctor|seed) (--[a-z-]+)", text))
    assert named
    assert named <= known
    install = (ROOT / "docs" / "install.md").read_text()
    [installed] = re.findall(r"doctor --install ((?:[a-z]+ ?)+)`", install)
    assert set(installed.split()) <= {engine.name for engine in ENGINES if engine.packages}


def _options(name: str) -> set[str]:
    command = load_command_class(get_commands()[name], name)
    parser = command.create_parser("manage.py", name)
    return {option for action in parser._actions for option in action.option_strings}


def test_the_image_has_the_engines_that_the_doctor_knows():
    packages = set(re.search(r'ENGINES="([^"]+)"', DOCKERFILE)[1].replace("\\", "").split())
    for engine in ENGINES:
        assert set(engine.packages) <= packages, engine.name


def test_everything_that_the_image_copies_is_there():
    ignored = (ROOT / ".dockerignore").read_text().split()
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        *sources, _ = line.split()
        for source in sources:
            assert (ROOT / source).exists(), source
            assert source.strip("/").split("/")[0] not in ignored, source


def test_the_image_runs_as_nobody_in_particular_and_says_whether_it_is_well():
    last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert last.index("\nUSER mathpixweb") < last.index("\nCMD ")
    assert "--chown" not in DOCKERFILE, "its user can change nothing in it"
    assert "/healthz" in last and "HEALTHCHECK" in last
    for name in ("compose.yaml", "compose.scale.yaml"):
        services = yaml.safe_load((ROOT / name).read_text())["services"]
        for service in services.values():
            if service["image"] == "mathpixweb":
                assert service["read_only"] is True
                assert service["cap_drop"] == ["ALL"]
