"""Title, authors and abstract, which Mathpix Markdown says with LaTeX's commands in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mathpixweb.engine.math.source import find_command

ABSTRACT = re.compile(r"\\begin\{abstract\}(.*?)\\end\{abstract\}", re.DOTALL)
LINE_END = re.compile(r"\s*\\\\(?:\[[^\]]*\])?\s*|\s*\n\s*")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands before the text; the parts are Mathpix Markdown themselves, empty where there are none.

    Each of the `authors` has the lines that tell of them.
    """

    title: str = ""
    authors: tuple[tuple[str, ...], ...] = ()
    abstract: str = ""


def take_front_matter(mmd: str, *, abstract: bool = True) -> tuple[FrontMatter, str]:
    """The front matter, and `mmd` without it (its abstract stays where it is unless `abstract`)."""
    title, mmd = _take(mmd, "title")
    author, mmd = _take(mmd, "author")
    mmd = re.sub(r"^\\(?:maketitle|date\{[^}]*\})[ \t]*$", "", mmd, flags=re.MULTILINE)
    found = ABSTRACT.search(mmd) if abstract else None
    if found:
        mmd = mmd[: found.start()] + mmd[found.end() :]
    people = (LINE_END.split(person.strip()) for person in re.split(r"\\and\b", author))
    front = FrontMatter(
        title=" ".join(LINE_END.sub(" ", title).split()),
        authors=tuple(told for lines in people if (told := tuple(line for line in lines if line))),
        abstract=found[1].strip() if found else "",
    )
    return front, mmd.lstrip("\n")


def _take(mmd: str, name: str) -> tuple[str, str]:
    command = find_command(mmd, name)
    if command is None:
        return "", mmd
    return command.argument, mmd[: command.start] + mmd[command.end :]
