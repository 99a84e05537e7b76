"""Pages as one document: words and tables that a page's end cut in two are made whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

END = "\n\\hline\n\\end{tabular}"
_TABLE = re.compile(r"\\begin\{tabular\}\{((?:[^{}]|\{[^{}]*\})*)\}\n")
_FIRST = re.compile(rf"\n*{_TABLE.pattern}")
_BROKEN = re.compile(r"([^\W\d_]+)-$")
_REST = re.compile(r"\n([^\W\d_]+)")


def joined(pages: Iterable[str]) -> str:
    """The Mathpix Markdown of the pages, in their order."""
    texts = [page for page in pages if page]
    whole: list[str] = []
    for text in texts:
        mended = _mended(whole[-1], text, texts) if whole else None
        if mended is None:
            whole.append(text)
        else:
            whole[-1] = mended
    return "".join(whole)


def _mended(before: str, after: str, texts: Sequence[str]) -> str | None:
    """The two texts as one; None if nothing is cut in two between them."""
    if before.endswith(END):
        return _one_table(before, after)
    broken, rest = _BROKEN.search(before), _REST.match(after)
    if broken and rest and rest[1].islower():
        return _one_word(before, after, broken[1], rest[1], texts)
    return None


def _one_table(before: str, after: str) -> str | None:
    """With the second table as rows of the first, without the first one's heading if it has it again."""
    opened, goes_on = _last_table(before), _FIRST.match(after)
    if opened is None or goes_on is None or opened[1] != goes_on[1]:
        return None
    above = before[opened.end() :].splitlines()
    rows = after[goes_on.end() :].splitlines(keepends=True)
    pairs = zip(above, rows, strict=False)
    again = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1].rstrip("\n"), pairs))
    return "".join((before.removesuffix(END), "\n", *rows[again:]))


def _last_table(text: str) -> re.Match[str] | None:
    start = text.rfind("\\begin{tabular}")
    return _TABLE.match(text, start) if start >= 0 else None


def _one_word(before: str, after: str, start: str, end: str, texts: Sequence[str]) -> str:
    """Without the hyphen, unless the document has the word with it and not without."""
    hyphenated, whole = f"{start}-{end}", f"{start}{end}"
    keeps = any(hyphenated in text for text in texts) and not any(whole in text for text in texts)
    return (before if keeps else before[:-1]) + after[1:]
