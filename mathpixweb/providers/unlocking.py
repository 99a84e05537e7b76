"""A locked PDF opened with its password, in a process of its own: strangers' files are taken apart here too.

    python -m mathpixweb.providers.unlocking SOURCE TARGET MEMORY_MB

The password comes over stdin, so that neither a list of processes nor a log has it. What is left of the
process is its exit code.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import pikepdf

WRONG_PASSWORD = 3
UNREADABLE = 4


def unlock(source: Path, target: Path, password: str) -> None:
    """Writes the PDF without its lock. Raises pikepdf.PasswordError, pikepdf.PdfError."""
    with pikepdf.open(source, password=password) as opened:
        opened.save(target, encryption=False)


def main(source: str, target: str, memory_mb: str) -> int:
    limit = int(memory_mb) * 1024 * 1024
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(
        resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard)
    )
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    password = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    try:
        unlock(Path(source), Path(target), password)
    except pikepdf.PasswordError:
        return WRONG_PASSWORD
    except (pikepdf.PdfError, OSError, MemoryError):
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
