from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import server


@pytest.fixture(scope="session")
def live_server_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    """The real server, web and worker, shared by all tests that need one."""
    with server.running(tmp_path_factory.mktemp("server")) as running:
        yield running
