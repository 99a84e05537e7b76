"""One formula or one table in every form that it can be copied as, made when somebody asks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mathpixweb.documents.models import Page
from mathpixweb.documents.output.rendering import page_html, renderer
from mathpixweb.engine.deferred import Deferred
from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.math.source import replace_commands
from mathpixweb.engine.writers.mmd.mmd_source import Formula

FORMULA = re.compile(r'<math\b[^>]*?\bdata-latex="([^"]*)"[^>]*>')
TABLE = re.compile(r"\\(begin|end)\{tabular\}")
TYPST_FORMULA = Deferred("mathpixweb.engine.writers.typst:formula")
LONGEST = 20_000  # characters of one formula or table
MADE = ("mathml", "mathmlword", "asciimath", "typst", "svg")  # what other programs make of a formula's LaTeX
FORMULA_FORMS = {
    "include_mathml": True,
    "include_mathml_word": True,
    "include_asciimath": True,
    "include_svg": True,
}
TABLE_FORMS = {
    "include_tsv": True,
    "include_csv": True,
    "include_table_markdown": True,
    "include_table_html": True,
}


@dataclass(frozen=True, slots=True)
class Form:
    """`name` says for the program what it is, such as "mathml"; `value` is to be copied as it is."""

    name: str
    value: str


def formulas(page: Page) -> list[Formula]:
    """The formulas of the page in the order in which they are shown."""
    found = FORMULA.finditer(page_html(page))
    return [Formula(html.unescape(each[1]), 'display="block"' in each[0]) for each in found]


def tables(page: Page) -> list[str]:
    """The LaTeX of the page's tables in the order in which they are shown, those within others left out."""
    return list(_outermost(page.mmd))


def _outermost(mmd: str) -> Iterator[str]:
    depth = start = 0
    for found in TABLE.finditer(mmd):
        if found[1] == "begin":
            start = found.start() if depth == 0 else start
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                yield mmd[start : found.end()]


def written(formula: Formula) -> list[Form]:
    """LaTeX with and without delimiters, which are there at once."""
    latex = formula.latex.strip()
    return [
        Form("latex", latex),
        Form("dollars", f"$$\n{latex}\n$$" if formula.display else f"${latex}$"),
        Form("delimited", f"\\[\n{latex}\n\\]" if formula.display else f"\\( {latex} \\)"),
    ]


def of_formula(formula: Formula) -> list[Form]:
    """What is written, then what is MADE of it. Raises RenderFailed."""
    latex = formula.latex.strip()
    forms = written(formula)
    if len(latex) > LONGEST:
        return forms
    bare = replace_commands(latex, "tag", lambda _: "").strip()  # its number is the document's, not its own
    source = f"\\[\n{bare}\n\\]" if formula.display else f"\\( {bare} \\)"
    made = {each["type"]: each["value"] for each in renderer.data(source, FORMULA_FORMS).data}
    forms += [Form(name, made[name]) for name in ("mathml", "mathmlword", "asciimath") if made.get(name)]
    forms += _typst(Formula(bare, formula.display))
    if made.get("svg"):
        forms.append(Form("svg", made["svg"].replace("currentColor", "black")))
    return forms


def _typst(formula: Formula) -> list[Form]:
    try:
        made = TYPST_FORMULA(formula.latex, display=formula.display)
    except RenderFailed:
        return []  # the other forms are there all the same
    return [Form("typst", made)] if made else []


def of_table(latex: str) -> list[Form]:
    """Raises RenderFailed."""
    made: dict[str, str] = {}
    if len(latex) <= LONGEST:
        for each in renderer.data(latex, TABLE_FORMS).data:
            made.setdefault(each["type"], each["value"])
    names = ("tsv", "csv", "table-markdown", "html")
    return [Form(name, made[name]) for name in names if made.get(name)] + [Form("latex", latex)]
