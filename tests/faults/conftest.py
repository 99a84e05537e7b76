from __future__ import annotations

from tests.web.conftest import browser_of, owner, place, received, scripted, team  # noqa: F401
