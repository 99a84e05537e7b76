"""Why something failed is said in the language of the person, whatever part of the product says it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

import pytest
from django.utils import translation

from mathpixweb.documents.models.callbacks import Delivery
from mathpixweb.web import reasons
from mathpixweb.web.templatetags import workspace
from tests.server import ROOT

PLACES = ("accounts/remote_accounts.py", "documents", "engine", "providers", "web")
# what people who run the server read, and programs: options that no form has, batches, buckets, callbacks
FOR_OTHERS = re.compile(
    r"management|bucket|bulk|callback|coercion|data_source|_options|/options|image_(batches|sources)|latex_answers"
    r"|/in(k|take)\.py|shipping|stores|/objects\.py|writers/(archive|chosen|colours|latex/(font|tex)|mmd|programs|slides|web)"
)
ERROR = re.compile(
    r"(Document|Image|Program|PageFailed|TooLarge|Error|Refused|Unreachable|Garbled|NotThere|Forbidden)$"
)
SENTENCE = re.compile(r"[A-Z\"].* .*[.:]", re.DOTALL)
OTHERS = {"error", "failed", "failure", "reason", "why", "_guess(head)"}  # what are sentences themselves
OTHER = "7 is not installed on this server."


def raised() -> Iterator[str]:
    """What errors say, wherever they are made."""
    for place in PLACES:
        path = ROOT / "mathpixweb" / place
        for file in [path] if path.suffix else sorted(path.rglob("*.py")):
            source = file.read_text(encoding="utf-8")
            if "raise " in source and not FOR_OTHERS.search(str(file)):
                yield from filter(SENTENCE.fullmatch, of_errors(ast.parse(source)))


def of_errors(tree: ast.Module) -> Iterator[str]:
    nodes = list(ast.walk(tree))
    named = {
        target.id: node.value
        for node in nodes
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for node in nodes:
        if isinstance(node, ast.Call) and node.args and ERROR.search(ast.unparse(node.func)):
            yield written(node.args[-1], named)


def written(node: ast.expr, named: Mapping[str, ast.expr]) -> str:
    """The words with something in their places; empty where they are written elsewhere."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(written(part, named) for part in node.values).strip()
    if isinstance(node, ast.FormattedValue):
        if ast.unparse(node.value) in OTHERS:
            return OTHER
        return (isinstance(node.value, ast.Name) and written(node.value, named)) or "7"
    return written(named[node.id], {}) if isinstance(node, ast.Name) and node.id in named else ""


def test_what_is_said_of_failures_is_known_where_it_is_translated():
    said = list(raised())
    assert len(said) > 100
    assert [words for words in said if reasons.unknown(words)] == []


@pytest.mark.parametrize(
    ("language", "words", "said"),
    [
        ("en", "Page 3 is damaged.", "Page 3 is damaged."),
        (
            "de",
            "This page could not be read. Page 3 is damaged.",
            "Diese Seite konnte nicht gelesen werden. Seite 3 ist beschädigt.",
        ),
        (
            "fr",
            "The file looks like a Kindle book. There is nothing in it to read.",
            "Le fichier ressemble à un livre Kindle. Il ne contient rien à lire.",
        ),
        (
            "zh-hans",
            "The file looks like a PDF but cannot be read. Page 3 is damaged.",
            "文件看起来像 PDF 文件，但无法读取。第 3 页已损坏。",
        ),
        (
            "de",
            "LibreOffice could not open it. Source file could not be loaded.",
            "LibreOffice konnte es nicht öffnen. Source file could not be loaded.",
        ),
        ("de", "error 17 in module x", "error 17 in module x"),
        ("de", "", ""),
    ],
)
def test_sentences_are_translated_one_by_one_and_what_is_not_known_stays(language, words, said):
    with translation.override(language):
        assert reasons.said(words) == said


def test_so_is_why_a_message_to_another_program_did_not_arrive():
    with translation.override("de"):
        assert workspace.reason(Delivery(detail="The address answered HTTP 503.")) == (
            "Die Adresse antwortete mit HTTP 503."
        )
