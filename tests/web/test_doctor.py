from __future__ import annotations

import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError
from django.utils import timezone

from mathpixweb.documents.models.operation import Machine
from mathpixweb.web import checkup

pytestmark = pytest.mark.django_db

FAKE = "#!/bin/sh\necho 'Fake 1.2.3'\n"
# an apt-get that notes what it was asked for and puts a ddjvu on the PATH
APT = """#!/bin/sh
echo "$@" >> {folder}/apt.log
printf '#!/bin/sh\\necho DjVuLibre-3.5.28\\n' > {folder}/ddjvu
/bin/chmod +x {folder}/ddjvu
"""


@pytest.fixture(autouse=True)
def programs(tmp_path, monkeypatch):
    """The only folder on PATH: asking all real programs for their versions takes seconds."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def add(folder, name, source=FAKE):
    (folder / name).write_text(source)
    (folder / name).chmod(0o755)


def doctor(*arguments):
    """What it says, also where it ends with an error since something is wrong."""
    output = StringIO()
    try:
        call_command("doctor", *arguments, stdout=output, no_color=True)
    except CommandError as error:
        if not str(error).startswith("Wrong: "):
            raise
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


def said_of(subject):
    [line] = [line for line in doctor().splitlines() if line[9:].startswith(f"{subject} ")]
    return line


def test_a_set_up_that_is_well_is_said_to_be(settings, tmp_path):
    tmp_path.chmod(0o700)
    settings.DATA_DIR = tmp_path
    for subject in ("database", "tables", "DATA_DIR", "SECRET_KEY", "PUBLIC_URL", "TRUST_PROXY", "DEBUG"):
        assert said_of(subject).startswith("good"), subject


@pytest.mark.parametrize(
    ("subject", "setting", "value", "state", "remedy"),
    [
        ("DEBUG", "DEBUG", True, "wrong", "leave DEBUG out"),
        ("SECRET_KEY", "SECRET_KEY", "short", "wrong", "50 random letters"),
        ("PUBLIC_URL", "PUBLIC_URL", "http://docs.example.org", "look", "PUBLIC_URL=https://"),
        ("TRUST_PROXY", "HTTPS", True, "look", "FORWARDED_ALLOW_IPS"),
    ],
)
def test_what_is_not_comes_with_what_to_do(settings, subject, setting, value, state, remedy):
    setattr(settings, setting, value)
    assert said_of(subject).startswith(state)
    assert remedy in doctor()


def test_a_folder_that_others_can_read_is_told(settings, tmp_path):
    tmp_path.chmod(0o755)
    settings.DATA_DIR = tmp_path
    assert "can be read by others" in said_of("DATA_DIR")


def test_a_full_disk_is_told_before_uploads_are_refused(monkeypatch):
    monkeypatch.setattr(checkup, "LEAST_FREE", 2**60)
    assert said_of("disk").startswith("look")


def test_a_database_that_does_not_answer_is_told_and_the_rest_looked_at(monkeypatch):
    def gone():
        raise OperationalError("connection refused\nmore of it")

    monkeypatch.setattr(checkup.connection, "cursor", gone)
    assert said_of("database").endswith("connection refused")
    assert said_of("SECRET_KEY")
    assert "tables" not in doctor()


def test_a_file_that_is_no_database_is_not_to_be_started(monkeypatch, tmp_path):
    def broken():
        raise DatabaseError("file is not a database")

    file = tmp_path / "db.sqlite3"
    file.write_text("a letter")
    monkeypatch.setitem(checkup.connection.settings_dict, "NAME", str(file))
    monkeypatch.setattr(checkup.connection, "cursor", broken)
    monkeypatch.setattr(checkup.connection, "vendor", "sqlite")
    assert "restore a backup" in doctor()


def test_a_redis_that_does_not_answer_is_told_without_its_password(settings):
    assert said_of("messages").startswith("good")
    settings.REDIS_URL = "redis://:hush@127.0.0.1:9/0"
    assert said_of("messages").startswith("wrong    messages             127.0.0.1:9/0: ")
    assert "correct REDIS_URL" in doctor()
    assert "hush" not in doctor()


def test_tables_that_are_behind_are_told(monkeypatch):
    plan = checkup.MigrationExecutor.migration_plan
    monkeypatch.setattr(
        checkup.MigrationExecutor, "migration_plan", lambda self, targets: [*plan(self, targets), "one"]
    )
    assert said_of("tables").startswith("wrong")


def test_workers_are_named_and_those_that_do_not_hear_of_each_other(settings):
    assert "nobody reads documents" in said_of("workers")
    for name in ("one", "other"):
        Machine.objects.create(name=name, processes=2, seen_at=timezone.now())
    settings.REDIS_URL = ""
    assert said_of("workers").startswith("wrong")
    Machine.objects.filter(name="other").delete()
    assert said_of("workers").endswith("on one")


def test_what_has_to_be_mended_ends_it_with_an_error_and_what_is_optional_does_not(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o755)
    assert said_of("DATA_DIR").startswith("look")
    assert "missing  chromium" in doctor()
    call_command("doctor", stdout=StringIO())
    settings.SECRET_KEY = "short"
    with pytest.raises(CommandError, match="Wrong: SECRET_KEY, DEBUG") as ended:
        settings.DEBUG = True
        call_command("doctor", stdout=StringIO())
    assert ended.value.returncode == 1


def test_what_comes_with_the_program_itself_is_needed(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match=r"mathpix-markdown-it"):
        call_command("doctor", stdout=StringIO())
