"""python -m tests.with_services COMMAND …   runs the command with the tests' data in servers of its own."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from contextlib import ExitStack

from tests import clouds, services

logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it tells of every request


def main(command: list[str]) -> int:
    if packages := services.missing():
        sys.exit(f"Servers are missing: apt-get install {' '.join(packages)}")
    with ExitStack() as running:
        cluster = running.enter_context(services.postgres())
        homes = {
            services.DATABASE: cluster.url,
            services.MESSAGES: running.enter_context(services.redis(cluster.folder)),
            services.BUCKET: running.enter_context(clouds.s3()),
        }
        return subprocess.run(command, env={**os.environ, **homes}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
