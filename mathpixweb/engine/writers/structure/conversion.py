"""Documents through pandoc, with every formula in words that it knows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final

from mathpixweb.engine.writers.formulas import bars, chemistry
from mathpixweb.engine.writers.formulas.foreign_math import latex_of, mathml_of
from mathpixweb.engine.writers.formulas.portable_math import portable
from mathpixweb.engine.writers.programs import pandoc, pandoc_tree
from mathpixweb.engine.writers.programs.pandoc import Made
from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.structure import nodes
from mathpixweb.engine.writers.structure.nodes import Node
from mathpixweb.engine.writers.structure.reading import Structure

MOST_UNKNOWN: Final = 300  # formulas that are tried another way

Formula = Callable[[str, bool], str]


def portable_in(found: Structure, renderer: Renderer) -> Formula:
    """What turns the formulas of a text into ones that pandoc knows. Raises RenderFailed."""
    latex = [node["c"][1] for part in fields(found) for node in _maths(getattr(found, part.name))]
    equations = chemistry.known(latex, renderer)
    return lambda formula, display: bars.paired(portable(chemistry.replaced(formula, equations)))


def _maths(part: object) -> list[Node]:
    """All formulas, in notes and tables of tables too."""
    return list(pandoc_tree.nodes(part, "Math"))


def converted(tree: Node, writer: str, renderer: Renderer, **how: Any) -> bytes:
    """The document in the format `writer`. Raises RenderFailed.

    A formula with commands that pandoc does not know goes through MathML, which has no commands; one that is
    no formula is shown as its source.
    """
    return attempted(tree, writer, renderer, **how).content


def attempted(tree: Node, writer: str, renderer: Renderer, **how: Any) -> Made:
    """As `converted`, and tells which formulas are shown as their source. Raises RenderFailed."""
    made = pandoc.attempt(json.dumps(tree), "json", writer, **how)
    if not made.unknown:
        return made
    known = _said_otherwise(made.unknown[:MOST_UNKNOWN], renderer)
    again = pandoc.attempt(json.dumps(_with(tree, known, set(made.unknown))), "json", writer, **how)
    return Made(again.content, tuple(latex for latex in made.unknown if latex not in known))


def _said_otherwise(formulas: tuple[str, ...], renderer: Renderer) -> dict[str, str]:
    found = {latex: mathml_of(f"\\({latex}\\)", renderer) for latex in formulas}
    legible = {latex: markup for latex, markup in found.items() if markup}
    if not legible:
        return {}
    return {
        latex: other for latex, other in zip(legible, latex_of([*legible.values()]), strict=True) if other
    }


def _with(part: Any, known: Mapping[str, str], unknown: set[str]) -> Any:
    if isinstance(part, list):
        return [_with(each, known, unknown) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("t") == "Math":
        kind, latex = part["c"]
        if latex in known:
            return {"t": "Math", "c": [kind, known[latex]]}
        return nodes.code(latex) if latex in unknown else part
    return {name: _with(value, known, unknown) for name, value in part.items()}
