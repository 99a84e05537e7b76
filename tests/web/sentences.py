"""What the product says to people, as its sources and its catalogues of translations have it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

from tests.server import ROOT

PLACES = ("mathpixweb/accounts", "mathpixweb/documents", "mathpixweb/web")
SAYING = {"_", "_t", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
OF_A_TEMPLATE = re.compile(
    r"\b(?:n?gettext|_)\((?P<said>u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"))", re.DOTALL
)
FIELD = re.compile(r'^(?P<name>msgid|msgid_plural|msgstr(?:\[\d\])?) (?P<text>".*")$')


def said() -> set[str]:
    """Every sentence of the templates and of the code that asks for its translation."""
    return {*_of_templates(), *_of_code()}


@dataclass(frozen=True, slots=True)
class Entry:
    """`of_many`: the sentence for many, where it has one; then each plural form has its translation."""

    of_many: str
    translations: list[str]


def catalogue(path: Path) -> dict[str, Entry]:
    """Each sentence of a .po file but its heading."""
    found: dict[str, Entry] = {}
    for paragraph in path.read_text(encoding="utf-8").split("\n\n"):
        fields: list[tuple[str, str]] = []
        for line in paragraph.splitlines():
            if match := FIELD.match(line):
                fields.append((match["name"], ast.literal_eval(match["text"])))
            elif line.startswith('"'):
                fields[-1] = (fields[-1][0], fields[-1][1] + ast.literal_eval(line))
        if (named := dict(fields)).get("msgid"):
            translations = [text for name, text in fields if name.startswith("msgstr")]
            found[named["msgid"]] = Entry(named.get("msgid_plural", ""), translations)
    return found


def _of_templates() -> Iterator[str]:
    for path in (ROOT / "templates").rglob("*.html"):
        for match in OF_A_TEMPLATE.finditer(templatize(path.read_text(), origin=str(path))):
            yield ast.literal_eval(match["said"])


def _of_code() -> Iterator[str]:
    for path in (path for place in PLACES for path in (ROOT / place).rglob("*.py")):
        source = path.read_text()
        if "gettext" in source:
            yield from _of_calls(ast.parse(source))


def _of_calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
