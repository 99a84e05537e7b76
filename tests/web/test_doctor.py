from __future__ import annotations

import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

FAKE = "#!/bin/sh\necho 'Fake 1.2.3'\n"
# an apt-get that notes what it was asked for and puts a ddjvu on the PATH
APT = """#!/bin/sh
echo "$@" >> {folder}/apt.log
printf '#!/bin/sh\\necho DjVuLibre-3.5.28\\n' > {folder}/ddjvu
/bin/chmod +x {folder}/ddjvu
"""


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """The only folder on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def add(folder, name, source=FAKE):
    (folder / name).write_text(source)
    (folder / name).chmod(0o755)


def doctor(*arguments):
    output = StringIO()
    call_command("doctor", *arguments, stdout=output, no_color=True)
    return output.getvalue()


def test_a_program_on_the_path_is_found_with_its_version(programs):
    add(programs, "xelatex")
    assert f"1.2.3, {programs / 'xelatex'}" in doctor()


def test_a_missing_program_comes_with_the_command_that_adds_it(programs):
    report = doctor()
    assert "missing  ddjvu" in report
    assert "apt-get install -y --no-install-recommends djvulibre-bin" in report


def test_a_program_that_does_not_run_is_found_without_a_version(programs):
    add(programs, "chromium", "#!/nonexistent\n")
    assert f"version unknown, {programs / 'chromium'}" in doctor()


def test_tesseracts_languages_are_listed(programs):
    add(programs, "tesseract", "#!/bin/sh\necho 'languages in /usr/share (2):'\necho eng\necho deu\n")
    assert "languages: eng deu" in doctor()


def test_a_redis_that_does_not_answer_is_missing(programs, settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    assert "missing  redis" in doctor()


def test_root_can_have_a_missing_engine_installed(programs, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    add(programs, "apt-get", APT.format(folder=programs))
    report = doctor("--install", "ddjvu")
    assert "found    ddjvu" in report
    assert (programs / "apt.log").read_text().splitlines() == [
        "update -qq",
        "install -y --no-install-recommends djvulibre-bin",
    ]


def test_what_is_there_is_not_installed_again(programs, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    add(programs, "apt-get", APT.format(folder=programs))
    add(programs, "ddjvu")
    doctor("--install", "ddjvu")
    assert not (programs / "apt.log").exists()


def test_others_than_root_are_told_which_packages_they_need(programs, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(CommandError, match="libreoffice-math-nogui"):
        doctor("--install", "libreoffice")


def test_a_failing_installation_is_an_error(programs, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    add(programs, "apt-get", "#!/bin/sh\nexit 100\n")
    with pytest.raises(CommandError, match="apt-get update"):
        doctor("--install", "ddjvu")
