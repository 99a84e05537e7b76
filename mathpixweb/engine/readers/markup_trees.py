"""XML and HTML from strangers as trees: nothing is fetched, no entity of theirs is resolved."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree
from lxml import html as lxml_html

from mathpixweb.engine.errors import UnreadableDocument

# Entities that a document declares itself are bombs or ways to files; none of the formats need any.
DECLARED: Final = re.compile(rb"<!ENTITY", re.IGNORECASE)
WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


def xml(content: bytes) -> Any:
    """The root element. Raises UnreadableDocument."""
    check(content)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument("A part of it is not well-formed XML.") from error


def check(content: bytes) -> None:
    """Raises UnreadableDocument for XML that declares entities."""
    text = content.replace(b"\0", b"") if content.startswith(WIDE) else content
    if DECLARED.search(text):
        raise UnreadableDocument("It declares XML entities, which may be a bomb.")


def html(content: str) -> Any:
    """The root element of a page, however broken its markup is. Raises UnreadableDocument."""
    parser = lxml_html.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        return lxml_html.document_fromstring(content.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument("There is nothing in this page.") from error
