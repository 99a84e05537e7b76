from __future__ import annotations

from tests.web.conftest import (  # noqa: F401
    browser_of,
    outsider,
    owner,
    place,
    received,
    scripted,
    team,
    viewer,
)
