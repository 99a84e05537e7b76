"""The structure of a tagged PDF, as far as it tells which parts of a page are formulas.

A page has a key under which the tree of parents lists, by MCID, the elements that its marked content is of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.psparser import PSLiteral, literal_name

DEEPEST: Final = 40
MOST_CHILDREN: Final = 5_000
_FORMULAS: Final = ("Formula", "math")


@dataclass(slots=True)
class Formula:
    """An element that is a formula, and the numbers of the marked content in it."""

    element: Mapping[str, Any]
    marks: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class StructureTree:
    root: Mapping[str, Any]
    roles: Mapping[str, str]

    @classmethod
    def of(cls, catalog: Mapping[str, Any]) -> StructureTree | None:
        """The tree of the document with this catalog, None if it has none."""
        root = resolve1(catalog.get("StructTreeRoot"))
        if not isinstance(root, dict):
            return None
        roles = resolve1(root.get("RoleMap"))
        named = {key: name_of(value) for key, value in roles.items()} if isinstance(roles, dict) else {}
        return cls(root, named)

    def formulas(self, key: Any) -> list[Formula]:
        """The formulas of the page with this key, in the order of their marked content."""
        parents = _entry(resolve1(self.root.get("ParentTree")), resolve1(key), 0)
        found: dict[int, Formula] = {}
        known: dict[int, Any] = {}
        for number, parent in enumerate(parents if isinstance(parents, list) else []):
            identity = parent.objid if isinstance(parent, PDFObjRef) else id(parent)
            if identity not in known:
                known[identity] = self._formula_around(parent)
            formula = known[identity]
            if formula is not None:
                found.setdefault(id(formula), Formula(formula)).marks.add(number)
        return list(found.values())

    def _formula_around(self, element: Any) -> Any:
        """The outermost formula that the element is, or is part of."""
        outermost = None
        for _ in range(DEEPEST):
            element = resolve1(element)
            if not isinstance(element, dict) or "S" not in element:
                break
            if self.kind(element) in _FORMULAS:
                outermost = element
            element = element.get("P")
        return outermost

    def kind(self, element: Mapping[str, Any]) -> str:
        """The element's type, by its standard name if it is a role of one."""
        name = name_of(element.get("S"))
        return self.roles.get(name, name) if name not in _FORMULAS else name


def children(element: Mapping[str, Any]) -> Iterator[Mapping[str, Any] | int]:
    """What an element holds: other elements, and numbers of marked content."""
    inside = resolve1(element.get("K"))
    for child in (inside if isinstance(inside, list) else [inside])[:MOST_CHILDREN]:
        found = resolve1(child)
        if isinstance(found, dict) and "S" not in found:
            found = resolve1(found.get("MCID"))
        if isinstance(found, dict | int):
            yield found


def files(element: Mapping[str, Any]) -> Iterator[tuple[str, PDFStream]]:
    """The files that go with an element: their type and their content."""
    listed = resolve1(element.get("AF"))
    for item in listed if isinstance(listed, list) else [listed]:
        entry = resolve1(item)
        embedded = resolve1(entry.get("EF")) if isinstance(entry, dict) else None
        stream = resolve1(embedded.get("F") or embedded.get("UF")) if isinstance(embedded, dict) else None
        if isinstance(stream, PDFStream):
            yield name_of(stream.get("Subtype")), stream


def attributes(element: Mapping[str, Any]) -> dict[str, str]:
    """The attributes of an element of MathML."""
    owned = resolve1(element.get("A"))
    told: dict[str, str] = {}
    for item in owned if isinstance(owned, list) else [owned]:
        entry = resolve1(item)
        if isinstance(entry, dict) and name_of(entry.get("O")) == "NSO":
            told |= {key: _said(value) for key, value in entry.items() if key not in ("O", "NS")}
    return told


def _said(value: Any) -> str:
    value = resolve1(value)
    return value.decode("latin-1") if isinstance(value, bytes) else name_of(value) or str(value)


def name_of(value: Any) -> str:
    value = resolve1(value)
    return str(literal_name(value)) if isinstance(value, PSLiteral) else ""


def _entry(tree: Any, key: Any, depth: int) -> Any:
    """The value of a number in a tree of numbers."""
    if not isinstance(tree, dict) or not isinstance(key, int) or depth > DEEPEST:
        return None
    numbers = resolve1(tree.get("Nums"))
    if isinstance(numbers, list):
        for number, value in zip(numbers[::2], numbers[1::2], strict=False):
            if resolve1(number) == key:
                return resolve1(value)
        return None
    for child in resolve1(tree.get("Kids")) or []:
        kid = resolve1(child)
        limits = resolve1(kid.get("Limits")) if isinstance(kid, dict) else None
        low, high = map(resolve1, limits) if isinstance(limits, list) and len(limits) == 2 else (key, key)
        if low <= key <= high:
            return _entry(kid, key, depth + 1)
    return None
