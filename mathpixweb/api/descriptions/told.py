"""What is told of an option: a sentence, and what its type alone does not say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

PAIR: Final = {"minItems": 2, "maxItems": 2}
FLAG: Final = {"type": "boolean"}
TEXT: Final = {"type": "string"}
NUMBER: Final = {"type": "number"}


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, and what belongs to the schema besides."""

    text: str
    schema: Mapping[str, Any] = field(default_factory=dict)


def between(low: float, high: float, **more: Any) -> dict[str, Any]:
    return {"minimum": low, "maximum": high, **more}


def whole(low: int, high: int, default: int) -> dict[str, Any]:
    return {"type": "integer", **between(low, high), "default": default}


def list_of(items: Iterable[str]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": list(items)}}


def any_of(choices: Iterable[str], **more: Any) -> dict[str, Any]:
    return {"enum": list(choices), **more}


def of(told: Mapping[str, Told], where: str, name: str) -> Told:
    """Raises KeyError for what nobody has described."""
    return told.get(f"{where}.{name}") or told[name]
