"""Letters that a text has and no font on this machine: they are left out of what is typeset here."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Final

SECONDS: Final = 20  # fontconfig's first answer, while it looks through all fonts
FC_LIST: Final = "fc-list"
SCRIPTS: Final = {
    "Chinese": "[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]",
    "Japanese": "[\u3041-\u30ff]",
    "Korean": "[\uac00-\ud7af]",
    "Arabic": "[\u0621-\u064a]",
    "Hebrew": "[\u05d0-\u05ea]",
    "Devanagari": "[\u0904-\u0939]",
    "Bengali": "[\u0985-\u09b9]",
    "Tamil": "[\u0b85-\u0bb9]",
    "Telugu": "[\u0c05-\u0c39]",
    "Thai": "[\u0e01-\u0e2e]",
    "Georgian": "[\u10d0-\u10fa]",
    "Armenian": "[\u0531-\u0586]",
}
LOST: Final = (
    "No font on this server has the letters of: {}. They are missing in this file. "
    "Its administrator adds fonts with: python3 manage.py doctor --install fonts"
)


def lost(text: str) -> str:
    """What a reader will miss and what to do; empty when nothing is, or nobody can tell."""
    if shutil.which(FC_LIST) is None:
        return ""
    scripts = list(_lost(text))
    return LOST.format(", ".join(scripts)) if scripts else ""


def _lost(text: str) -> Iterator[str]:
    for script, letters in SCRIPTS.items():
        found = re.search(letters, text)
        if found and not _is_in_a_font(found[0]):
            yield script


def _is_in_a_font(letter: str) -> bool:
    try:
        answer = subprocess.run(
            [FC_LIST, f":charset={ord(letter):x}", "file"], capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return True
    return answer.returncode != 0 or bool(answer.stdout.strip())
