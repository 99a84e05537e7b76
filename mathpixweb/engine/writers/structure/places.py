"""Places of a document and what leads to them, for a format in which nothing may lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

AT: Final = {
    "Header": 1,
    "Div": 0,
    "Span": 0,
    "Figure": 0,
    "Table": 0,
}  # where in their content the attributes stand


def certain(part: Any) -> Any:
    """The part with each place once, and only with links to places that there are."""
    return _with(part, set(_names(part)), set())


def _names(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("t") in AT and (name := part["c"][AT[part["t"]]][0]):
            yield name
        part = [*part.values()]
    if isinstance(part, list):
        for each in part:
            yield from _names(each)


def _with(part: Any, known: set[str], met: set[str]) -> Any:
    if isinstance(part, list):
        return [_with(each, known, met) for each in part]
    if not isinstance(part, dict):
        return part
    kind: Any = part.get("t")
    content: Any = part.get("c")
    if kind == "Link" and content[2][0].startswith("#") and content[2][0][1:] not in known:
        return {"t": "Span", "c": [["", [], []], _with(content[1], known, met)]}
    if kind in AT:
        content = _named_once(content, AT[kind], met)
        return {**part, "c": _with(content, known, met)}
    return {name: _with(value, known, met) for name, value in part.items()}


def _named_once(content: list[Any], at: int, met: set[str]) -> list[Any]:
    name, *rest = content[at]
    kept = "" if name in met else name
    met.add(name)
    return [*content[:at], [kept, *rest], *content[at + 1 :]]
