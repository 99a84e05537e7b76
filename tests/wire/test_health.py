from __future__ import annotations

import pytest
from django.db import OperationalError

from mathpixweb.api.views import health


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/region-health"])
async def test_a_sound_server_says_so_to_anyone(transactional_db, http, path):
    response = await http.get(path)
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert (await http.head(path)).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_a_server_without_its_database_says_so(transactional_db, http, path, monkeypatch):
    def down() -> bool:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(health, "_database_answers", down)
    response = await http.get(path)
    assert response.status_code == 503
    assert response.json() == {"status": "error", "failed": ["database"], "to_do": health.TO_DO}
    assert "manage.py doctor" in health.TO_DO


async def test_a_server_with_an_old_database_is_alive_but_not_ready(transactional_db, http, monkeypatch):
    monkeypatch.setattr(health, "_migrations_applied", lambda: False)
    assert (await http.get("/healthz")).status_code == 200
    response = await http.get("/readyz")
    assert (response.status_code, response.json()["failed"]) == (503, ["migrations"])


async def test_a_server_that_can_only_read_its_database_is_alive_but_not_ready(
    transactional_db, http, monkeypatch
):
    monkeypatch.setattr(health.operation, "database_can_be_written", lambda: False)
    assert (await http.get("/healthz")).status_code == 200
    response = await http.get("/readyz")
    assert (response.status_code, response.json()["failed"]) == (503, ["writing"])


async def test_a_server_that_cannot_write_files_is_not_ready(transactional_db, http, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "missing"
    response = await http.get("/readyz")
    assert (response.status_code, response.json()["failed"]) == (503, ["files"])
