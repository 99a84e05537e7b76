"""Numbers that Word counts and a Word document does not say: `2.1`, `Article IV`, `(a)`.

pandoc knows plain numbered lists. What goes beyond them is written into the text here: before a heading as
words, before an item between two marks, for whoever writes the list.
Source: ECMA-376 part 1, 17.9 (numbering).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from mathpixweb.engine.flow.model import CLOSES, OPENS
from mathpixweb.engine.flow.numerals import labels

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PLAIN: Final = re.compile(r"\(?%\d[.)]?")  # what pandoc's lists know
PLACE: Final = re.compile(r"%(\d)")
HEADING: Final = re.compile(r"heading [1-9]", re.IGNORECASE)
FORMATS: Final = {
    "decimal": "Decimal",
    "decimalZero": "Decimal",
    "lowerLetter": "LowerAlpha",
    "upperLetter": "UpperAlpha",
    "lowerRoman": "LowerRoman",
    "upperRoman": "UpperRoman",
}
DEEPEST: Final = 9  # levels
LONGEST_CHAIN: Final = 20  # styles based on each other


@dataclass(frozen=True, slots=True)
class Level:
    start: int = 1
    format: str = "decimal"
    text: str = "%1."
    style: str = ""
    legal: bool = False


@dataclass(frozen=True, slots=True)
class Numbered:
    """The list that a paragraph belongs to, and how deep in it."""

    list: str
    level: int


@dataclass(slots=True)
class Numbering:
    """The lists of a document by their numbers, with what has been counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)  # lists that count on together
    counters: dict[str, dict[int, int]] = field(default_factory=dict)

    def label(self, numbered: Numbered) -> tuple[str, str]:
        """The next label of the list at that level, and its pattern; empty for bullets."""
        levels = self.levels.get(numbered.list, {})
        level = levels.get(numbered.level)
        if level is None:
            return "", ""
        counter = self.counters.setdefault(self.shared.get(numbered.list, numbered.list), {})
        counter[numbered.level] = counter.get(numbered.level, level.start - 1) + 1
        for deeper in [each for each in counter if each > numbered.level]:
            del counter[deeper]
        if level.format not in FORMATS or not PLACE.search(level.text):
            return "", ""
        return PLACE.sub(
            lambda found: _count(int(found[1]) - 1, level, levels, counter), level.text
        ), level.text


def _count(place: int, level: Level, levels: dict[int, Level], counter: dict[int, int]) -> str:
    own = levels.get(place, Level())
    number = counter.get(place, own.start)
    style = "Decimal" if level.legal else FORMATS.get(own.format, "Decimal")
    told = labels(number, style, "Period", 1)[0].rstrip(".")
    return told.zfill(2) if own.format == "decimalZero" and not level.legal else told


def numbering(part: Any | None) -> Numbering:
    """The lists of `word/numbering.xml`."""
    found = Numbering()
    if part is None:
        return found
    abstract = {each.get(W + "abstractNumId"): dict(_levels(each)) for each in part.iter(W + "abstractNum")}
    for one in part.iter(W + "num"):
        name = one.get(W + "numId") or ""
        kind = _value(one.find(W + "abstractNumId"))
        levels = dict(abstract.get(kind, {}))
        overrides = list(one.iter(W + "lvlOverride"))
        for override in overrides:
            _override(override, levels)
        found.levels[name] = levels
        found.shared[name] = name if overrides else f"abstract {kind}"
    return found


def _levels(parent: Any) -> Iterator[tuple[int, Level]]:
    for level in parent.findall(W + "lvl"):
        place = _whole(level.get(W + "ilvl"), 0)
        yield (
            place,
            Level(
                start=_whole(_value(level.find(W + "start")), 1),
                format=_value(level.find(W + "numFmt")) or "decimal",
                text=_value(level.find(W + "lvlText")),
                style=_value(level.find(W + "pStyle")),
                legal=level.find(W + "isLgl") is not None,
            ),
        )


def _override(override: Any, levels: dict[int, Level]) -> None:
    levels |= dict(_levels(override))
    start = override.find(W + "startOverride")
    place = _whole(override.get(W + "ilvl"), 0)
    if start is not None and place in levels:
        old = levels[place]
        levels[place] = Level(_whole(_value(start), 1), old.format, old.text, old.style, old.legal)


@dataclass(frozen=True, slots=True)
class Styles:
    """What styles of paragraphs say: whether they are headings, and which list they belong to."""

    parents: dict[str, str]
    headings: frozenset[str]
    lists: dict[str, Numbered]

    def heads(self, style: str) -> bool:
        return any(each in self.headings for each in self._chain(style))

    def numbered(self, style: str) -> Numbered | None:
        return next((self.lists[each] for each in self._chain(style) if each in self.lists), None)

    def _chain(self, style: str) -> Iterator[str]:
        for _ in range(LONGEST_CHAIN):
            if not style:
                return
            yield style
            style = self.parents.get(style, "")


def styles(part: Any | None, lists: Numbering) -> Styles:
    """The styles of `word/styles.xml`."""
    parents: dict[str, str] = {}
    headings: set[str] = set()
    numbered: dict[str, Numbered] = {}
    for style in part.iter(W + "style") if part is not None else ():
        name = style.get(W + "styleId") or ""
        parents[name] = _value(style.find(W + "basedOn"))
        if HEADING.fullmatch(_value(style.find(W + "name"))):
            headings.add(name)
        if (place := _numbered(style.find(W + "pPr"), name, lists)) is not None:
            numbered[name] = place
    return Styles(parents, frozenset(headings), numbered)


def _numbered(properties: Any | None, style: str, lists: Numbering) -> Numbered | None:
    told = properties.find(W + "numPr") if properties is not None else None
    if told is None:
        return None
    name, level = _value(told.find(W + "numId")), _value(told.find(W + "ilvl"))
    if not name and not level:
        return None
    if not level:
        own = (place for place, each in lists.levels.get(name, {}).items() if style and each.style == style)
        return Numbered(name, next(own, 0))
    return Numbered(name, min(_whole(level, 0), DEEPEST - 1))


def write_labels(body: Any, lists: Numbering, known: Styles) -> bool:
    """Writes the labels into the paragraphs of `word/document.xml`; tells whether there were any."""
    changed = False
    for paragraph in body.iter(W + "p"):
        properties = paragraph.find(W + "pPr")
        style = _value(properties.find(W + "pStyle")) if properties is not None else ""
        place = _place(properties, style, lists, known)
        if place is None or place.list in ("", "0"):
            continue
        label, pattern = lists.label(place)
        if not label or not _says(paragraph):
            continue
        if known.heads(style):
            _write(paragraph, f"{label} ")
            changed = True
        elif not PLAIN.fullmatch(pattern):
            unbroken = label.replace(" ", "\xa0")  # one word to pandoc
            _write(paragraph, f"{OPENS}{unbroken}{CLOSES}")
            changed = True
    return changed


def _place(properties: Any | None, style: str, lists: Numbering, known: Styles) -> Numbered | None:
    own = _numbered(properties, "", lists)
    inherited = known.numbered(style)
    if own is None:
        return inherited
    if not own.list and inherited is not None:
        return Numbered(inherited.list, own.level)
    return own


def _says(paragraph: Any) -> bool:
    return any((text.text or "").strip() for text in paragraph.iter(W + "t"))


def _write(paragraph: Any, label: str) -> None:
    run = paragraph.makeelement(W + "r")
    text = run.makeelement(W + "t")
    text.text = label
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(text)
    paragraph.insert(1 if paragraph.find(W + "pPr") is not None else 0, run)


def _value(element: Any | None) -> str:
    return (element.get(W + "val") or "") if element is not None else ""


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 8 else default
