"""A whole text of Mathpix Markdown as what it is made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree
from lxml import html as lxml_html

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers.formulas.foreign_math import as_latex
from mathpixweb.engine.writers.mmd.dialect import understood
from mathpixweb.engine.writers.mmd.notes import markdown_footnotes
from mathpixweb.engine.writers.pictures import Reference, replace_pictures
from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.structure import blocks, inlines, nodes
from mathpixweb.engine.writers.structure.inlines import Picture, Reading, classes
from mathpixweb.engine.writers.structure.nodes import Node

STAND_IN: Final = "picture-{}.jpg"  # so that no address confuses the renderer
ICON: Final = re.compile(r"\\icon\s*\{([^{}\n]*)\}")  # a drawing that no other format has
DrawAll = Callable[[list[str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Structure:
    """`authors` each with the lines that tell of them."""

    title: list[Node]
    authors: list[list[list[Node]]]
    abstract: list[Node]
    blocks: list[Node]


def structure(
    mmd: str,
    renderer: Renderer,
    place: Callable[[str], str | None],
    draw: DrawAll,
    *,
    html_tags: bool = True,
    typographer: bool = True,
) -> Structure:
    """What `mmd` is made of. `place` tells where a picture is now, `draw` where drawings of structures are.

    Raises RenderFailed.
    """
    pictures: dict[str, Picture] = {}

    def stand_in(reference: Reference) -> str:
        name = STAND_IN.format(len(pictures))
        pictures[name] = Picture(reference.url, place(reference.url))
        return reference.pointing_to(name)

    text = ICON.sub(r"[\1]", as_latex(mmd, renderer))
    text = replace_pictures(markdown_footnotes(understood(text)), stand_in)
    root = _root(renderer.structure(text, html_tags=html_tags, typographer=typographer))
    sources = list(dict.fromkeys("".join(each.itertext()).strip() for each in root.iter("smiles")))
    reading = Reading(blocks.of_children, pictures, draw(sources) if sources else {})
    _name_headings(root, reading)
    _read_notes(root, reading)
    return Structure(
        title=_title(root, reading),
        authors=_authors(root, reading),
        abstract=_abstract(root, reading),
        blocks=[*blocks.of_children(root, reading), *_untold(reading)],
    )


def _root(rendered: str) -> Any:
    parser = lxml_html.HTMLParser(
        no_network=True, huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        return lxml_html.fragment_fromstring(rendered.encode(), create_parent="main", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise RenderFailed("The text could not be taken apart.") from error


def _name_headings(root: Any, reading: Reading) -> None:
    """A heading that has a label goes by it, and not by what it says."""
    for label in root.iter("span"):
        heading = label.getparent()
        if label.get("id") and heading.get("id") and any("section-number" in name for name in classes(label)):
            reading.aliases[inlines.place_name(heading.get("id"))] = inlines.place_name(label.get("id"))


def _read_notes(root: Any, reading: Reading) -> None:
    for item in root.iter("li"):
        if "footnote-item" in classes(item) and item.get("id"):
            reading.notes[item.get("id")] = reading.blocks(item, reading, 0)


def _untold(reading: Reading) -> list[Node]:
    """Notes that no mark in the text belongs to."""
    return [block for name, told in reading.notes.items() if name not in reading.told for block in told]


def _title(root: Any, reading: Reading) -> list[Node]:
    found = next((each for each in root.iter("h1") if "main-title" in classes(each)), None)
    return [] if found is None else nodes.trimmed(inlines.content(found, reading))


def _authors(root: Any, reading: Reading) -> list[list[list[Node]]]:
    each = [
        element for block in root.iter("div") if "author" in classes(block) for element in block.iter("p")
    ]
    told = ([nodes.trimmed(inlines.content(line, reading)) for line in _lines(person)] for person in each)
    return [person for lines in told if (person := [line for line in lines if line])]


def _lines(person: Any) -> Iterable[Any]:
    lines = [child for child in person if child.tag == "span"]
    return lines or [person]


def _abstract(root: Any, reading: Reading) -> list[Node]:
    found = next((each for each in root.iter("div") if "abstract" in classes(each)), None)
    if found is None:
        return []
    for heading in [each for each in found if "abstract_head" in classes(each)]:
        found.remove(heading)
    return reading.blocks(found, reading, 0)
