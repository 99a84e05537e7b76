from __future__ import annotations

from tests.web.conftest import owner, place, received, scripted, team  # noqa: F401
