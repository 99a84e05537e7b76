"""Footnotes as Markdown has them, so that all are counted in one row.

Mathpix Markdown has the mark in the text and `\\footnotetext{…}` somewhere after it, or
LaTeX's `\\footnote{…}`.
"""

from __future__ import annotations

import re
from collections import Counter

from mathpixweb.engine.math.source import find_command, replace_commands
from mathpixweb.engine.writers.mmd.mmd_source import rewrite_words

RAISED = (
    r"(?:\\\(|\$)\s*(?:\{\s*\})?\s*\^\s*\{?\s*(?:\\text\s*\{|\\mathrm\s*\{)?\s*%s\s*\}?\s*\}?\s*(?:\\\)|\$)"
)
FIRST_MARK = re.compile(r"\s*" + RAISED % r"([0-9]{1,3}|[a-z*†‡§¶]|\\dagger|\\ddagger|\\ast)" + r"\s*")
LIFTED = "note"  # what notes of LaTeX are called, before their number
FOOTNOTE = r"footnote(?![a-z]|\s*\[)"  # one that says its number itself keeps it
MARKED = re.compile(r"\[\^([\w-]+)\](?!:)")
DEFINED = re.compile(r"^\[\^([\w-]+)\]:[ \t]*", re.MULTILINE)
NUMBERED = re.compile(r"\\footnotetext\[(\d+)\]")


def join_footnotes(mmd: str) -> str:
    """`mmd` with Markdown's footnotes: `[^fn1]` where the mark was, `[^fn1]: …` where its text was.

    A text without a mark before it becomes a paragraph where it stands.
    """
    return rewrite_words(mmd, _join, formulas_too=True)


def markdown_footnotes(mmd: str) -> str:
    """`mmd` with Markdown's footnotes only."""
    return rewrite_words(join_footnotes(mmd), _lift, formulas_too=True)


def with_numbers_again(mmd: str) -> str:
    """`mmd` for LaTeX, in which a note with two marks would stand twice: the second mark is its number."""
    return rewrite_words(mmd, _refer)


def _refer(text: str) -> str:
    met = Counter[str]()

    def again(found: re.Match[str]) -> str:
        met[found[1]] += 1
        return found[0] if met[found[1]] == 1 else rf"\textsuperscript{{\ref{{note-{found[1]}}}}}"

    text = MARKED.sub(again, text)
    repeated = {name for name, times in met.items() if times > 1}
    return DEFINED.sub(
        lambda found: rf"{found[0]}\label{{note-{found[1]}}}" if found[1] in repeated else found[0], text
    )


def _lift(text: str) -> str:
    """LaTeX's footnotes, whose texts stand in the middle of others: at the end."""
    notes: list[str] = []

    def lifted(argument: str) -> str:
        notes.append(_definition(f"{LIFTED}{len(notes) + 1}", argument))
        return f"[^{LIFTED}{len(notes)}]"

    text = replace_commands(text, FOOTNOTE, lifted)
    return "\n\n".join([text.rstrip(), *notes, ""]) if notes else text


def _join(text: str) -> str:
    count = 0
    while note := find_command(text, "footnotetext"):
        before, after = text[: note.start], text[note.end :]
        body, mark = _mark(text, note.argument, note.start)
        place = _last(before, mark)
        if place is None:
            text = f"{before}\n\n{note.argument.strip()}\n\n{after}"
            continue
        count += 1
        head, tail = before[: place.start()].rstrip(" "), before[place.end() :]
        text = f"{head}[^fn{count}]{tail}\n\n{_definition(f'fn{count}', body)}\n\n{after}"
    return text


def _definition(name: str, body: str) -> str:
    return f"[^{name}]: " + re.sub(r"\s*\n\s*", " ", body.strip())


def _mark(text: str, argument: str, start: int) -> tuple[str, str]:
    """The note without its mark, and a pattern for that mark in the text."""
    numbered = NUMBERED.match(text, start)
    if numbered:
        return argument, rf"\\footnotemark\[{numbered[1]}\](?:\{{\}})?|{RAISED % numbered[1]}"
    found = FIRST_MARK.match(argument)
    if found:
        return argument[found.end() :], RAISED % re.escape(found[1])
    return argument, r"\\footnotemark(?![\[A-Za-z])(?:\{\})?"


def _last(text: str, pattern: str) -> re.Match[str] | None:
    places = [*re.finditer(pattern, text)]
    return places[-1] if places else None
