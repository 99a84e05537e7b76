"""LaTeX: the document's own LaTeX as it is, its Markdown translated, in a preamble that compiles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers import archive, pandoc
from mathpixweb.engine.writers.front_matter import take_front_matter
from mathpixweb.engine.writers.mmd_source import Formula, rewrite_formulas, rewrite_words
from mathpixweb.engine.writers.notes import join_footnotes
from mathpixweb.engine.writers.pandoc_source import SMILES, metadata, stand_alone
from mathpixweb.engine.writers.pictures import Album, Images, replace_pictures
from mathpixweb.engine.writers.renderer import Renderer

TEMPLATE = Path(__file__).with_name("template.tex")
FONTS = ("CMU Serif", "Open Sans", "Crimson Text", "Arimo", "Noto Sans", "Noto Serif")
SIZES = ("8pt", "9pt", "10pt", "11pt", "12pt", "14pt", "17pt", "20pt")
# Environments that number a row cannot stand inside of a display: there it is their unnumbered kin.
INSIDE = {"align": "aligned", "alignat": "alignedat", "flalign": "aligned", "gather": "gathered"}
ROWS = re.compile(r"\\(begin|end)\{(align|alignat|flalign|gather)\*?\}")
THEOREMS = ("theorem", "lemma", "corollary", "proposition", "definition", "remark", "example")
PREAMBLE = re.compile(r"^\\(?:usepackage|documentclass)(?:\[[^\]]*\])?\{[^}]*\}[ \t]*$", re.MULTILINE)


def make_zip(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A zip archive with `<name>.tex` and its pictures; raises RenderFailed."""
    folder = archive.folder_name(options.get("imagesFolder") or "images")
    album = Album(folder, images)
    text = _convert(replace_pictures(mmd, album.point), options)
    return archive.pack(name, [(f"{name}.tex", text), *album.files()])


def _convert(mmd: str, options: Mapping[str, Any]) -> bytes:
    front, text = take_front_matter(join_footnotes(mmd.replace("\r\n", "\n")), abstract=False)
    text = rewrite_words(rewrite_formulas(text, _formula), _words)
    reader = pandoc.MMD if options.get("htmlTags", True) else pandoc.MMD + "-raw_html"
    return pandoc.convert(
        text,
        reader + "-latex_macros",
        "latex",
        filters=["tex.lua"],
        metadata=metadata(front),
        template=TEMPLATE.read_text(),
        options=[
            "--syntax-highlighting=none",
            *(f"--variable={name}={value}" for name, value in _variables(options).items()),
            *(f"--variable=theorem:{name}" for name in _undefined_theorems(text)),
        ],
    )


def _variables(options: Mapping[str, Any]) -> dict[str, str]:
    size, font = str(options.get("fontSize") or "10pt"), str(options.get("font") or "CMU Serif")
    size = size if size.endswith("pt") else f"{size}pt"
    if size not in SIZES:
        raise RenderFailed(f"fontSize must be one of {', '.join(SIZES)}.")
    if font not in FONTS:
        raise RenderFailed(f"font must be one of {', '.join(FONTS)}.")
    return {"fontsize": size, "font": font}


def _undefined_theorems(text: str) -> list[str]:
    """Statements that the text makes without having said what they are; Mathpix Markdown lets it."""
    return [
        name for name in THEOREMS if f"\\begin{{{name}}}" in text and f"\\newtheorem{{{name}}}" not in text
    ]


def _formula(formula: Formula) -> str:
    if formula.environment:
        return f"\n\n\\begin{{{formula.environment}}}{formula.latex}\\end{{{formula.environment}}}\n\n"
    latex = re.sub(r"\n\s*\n", "\n", formula.latex).strip()
    latex = ROWS.sub(lambda found: f"\\{found[1]}{{{INSIDE[found[2]]}}}", latex)
    if not formula.display:
        return f"\\({latex}\\)"
    return f"\\[\n{latex}\n\\]"


def _words(text: str) -> str:
    text = PREAMBLE.sub("", text)
    text = SMILES.sub(lambda found: f"`{found[1].strip()}`", text)
    return stand_alone(text)
