from __future__ import annotations

from tests.web.conftest import (  # noqa: F401
    browser_of,
    converted,
    outsider,
    owner,
    place,
    received,
    scripted,
    team,
    viewer,
)
