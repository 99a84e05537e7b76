"""LaTeX: the document's own LaTeX as it is, its Markdown translated, in a preamble that compiles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers import archive
from mathpixweb.engine.writers.chosen import flag
from mathpixweb.engine.writers.formulas.foreign_math import as_latex
from mathpixweb.engine.writers.latex import math_in_words
from mathpixweb.engine.writers.latex.font_files import FONTS, SIZES, external_fonts
from mathpixweb.engine.writers.latex.inert_latex import inert, shown
from mathpixweb.engine.writers.latex.latex_inside import in_lengths_of_latex
from mathpixweb.engine.writers.latex.latex_names import used
from mathpixweb.engine.writers.latex.legibility import illegible, shape
from mathpixweb.engine.writers.latex.scripts_of_type import definitions, set_scripts
from mathpixweb.engine.writers.mmd.dialect import VERB
from mathpixweb.engine.writers.mmd.front_matter import FrontMatter, take_front_matter
from mathpixweb.engine.writers.mmd.mmd_source import Formula, rewrite_formulas, rewrite_words
from mathpixweb.engine.writers.mmd.notes import join_footnotes, with_numbers_again
from mathpixweb.engine.writers.molecules import draw_structures
from mathpixweb.engine.writers.pictures import Album, Images, Reference, replace_pictures
from mathpixweb.engine.writers.programs import pandoc
from mathpixweb.engine.writers.programs.pandoc_source import HEADING, PAGE_BREAK, metadata, prepared
from mathpixweb.engine.writers.programs.renderer import Renderer

TEMPLATE = Path(__file__).with_name("template.tex")
# Environments that number a row cannot stand inside of a display: there it is their unnumbered kin.
INSIDE = {"align": "aligned", "alignat": "alignedat", "flalign": "aligned", "gather": "gathered"}
ROWS = re.compile(r"\\(begin|end)\{(align|alignat|flalign|gather)\*?\}")
DIVISION = re.compile(r"\\longdiv\s*\{\s*([^{}]*)\}")
LISTING_END = re.compile(r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[`~]*[ \t]*$", re.DOTALL | re.MULTILINE)
READING = "-latex_macros-markdown_in_html_blocks+smart+mark-blank_before_header-blank_before_blockquote"
# A display belongs to the paragraph before it; as one of its own it would begin with an empty line.
DISPLAY = re.compile(
    r"(?<=\S)\n\n(?=\\\[\n|\\begin\{(?:equation|align|gather|multline|flalign|alignat|eqnarray)\*?\})"
)
SIDE = re.compile(r"\\(begin|end)\s*\{(left|right)\}")
CONTENTS = re.compile(r"^\[\[toc\]\][ \t]*$", re.MULTILINE | re.IGNORECASE)
FONT_FOLDER = "fonts"
SCRIPTS_HERE = "% scripts"
THEOREMS = (
    "theorem",
    "lemma",
    "corollary",
    "proposition",
    "definition",
    "remark",
    "example",
    "conjecture",
    "claim",
)
PREAMBLE = re.compile(r"^\\(?:usepackage|documentclass)(?:\[[^\]]*\])?\{[^}]*\}[ \t]*$", re.MULTILINE)


def make_zip(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A zip archive with `<name>.tex` and its pictures; raises RenderFailed."""
    text, album = made(mmd, options, images, renderer)
    fonts = external_fonts(font_of(options)) if flag(options, "load_external_fonts", False) else {}
    own = [(f"{FONT_FOLDER}/{path.name}", path.read_bytes()) for path in fonts.values()]
    return archive.pack(name, [(f"{name}.tex", text), *album.files(), *own])


def make(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """The `.tex` file alone, without the pictures that it names; raises RenderFailed."""
    return made(mmd, options, images, renderer)[0]


def made(mmd: str, options: Mapping[str, Any], images: Images, renderer: Renderer) -> tuple[bytes, Album]:
    """The LaTeX source and the pictures that it names; raises RenderFailed."""
    folder = archive.folder_name(options.get("imagesFolder") or "images")
    bad = illegible(mmd, renderer)
    mmd, images = draw_structures(as_latex(mmd, renderer), images)
    album = Album(folder, images)

    def point(reference: Reference) -> str:
        fit = in_lengths_of_latex(reference.options) if reference.latex else reference.options
        return album.point(replace(reference, options=fit))

    return _convert(replace_pictures(mmd, point), options, bad), album


def _convert(mmd: str, options: Mapping[str, Any], bad: frozenset[str]) -> bytes:
    mmd = VERB.sub(lambda found: f"`{found[2]}`", mmd.replace("\r\n", "\n"))
    mmd = rewrite_words(mmd, math_in_words.wrapped)
    front, text = take_front_matter(with_numbers_again(join_footnotes(mmd)), abstract=False)
    text = prepared(_renamed(text))
    text = rewrite_words(rewrite_formulas(text, lambda formula: _formula(formula, bad)), _words)
    text = LISTING_END.sub(_unbroken, text)
    body = _pandoc(text, front, options, [], [])
    commands, environments = used(body.decode().partition(r"\begin{document}")[2])
    whole = set_scripts(_pandoc(text, front, options, commands, environments).decode())
    whole = DISPLAY.sub("\n", whole)
    return whole.replace(SCRIPTS_HERE, definitions(whole), 1).encode()


def _pandoc(
    text: str, front: FrontMatter, options: Mapping[str, Any], commands: list[str], environments: list[str]
) -> bytes:
    said = {name: _inert_in(value) for name, value in metadata(front).items()}
    return pandoc.convert(
        text,
        pandoc.reader_of(options) + READING,
        "latex",
        filters=["tex.lua"],
        metadata=said | {"used-commands": commands, "used-environments": environments},
        template=TEMPLATE.read_text(),
        options=[
            "--syntax-highlighting=none",
            *(f"--variable={name}={value}" for name, value in _variables(options).items()),
            *(f"--variable=theorem:{name}" for name in _undefined_theorems(text)),
        ],
    )


def _inert_in(part: object) -> object:
    """A part of the front matter with what has power shown."""
    if isinstance(part, list):
        return [_inert_in(each) for each in part]
    if isinstance(part, dict):
        return {name: _inert_in(value) for name, value in part.items()}
    return inert(str(part))


def _renamed(text: str) -> str:
    """What LaTeX calls otherwise, or has not."""
    text = SIDE.sub(lambda found: f"\\{found[1]}{{flush{found[2]}}}", text)
    return CONTENTS.sub(r"\n\n\\tableofcontents\n\n", text)


def _variables(options: Mapping[str, Any]) -> dict[str, str]:
    size, font = str(options.get("fontSize") or "10pt"), font_of(options)
    size = size if size.endswith("pt") else f"{size}pt"
    if size not in SIZES:
        raise RenderFailed(f"fontSize must be one of {', '.join(SIZES)}.")
    variables = {"fontsize": size, "font": font}
    if flag(options, "load_external_fonts", False):
        faces = external_fonts(font)
        variables |= {f"font-{style.lower()}": path.name for style, path in faces.items()}
    return variables


def font_of(options: Mapping[str, Any]) -> str:
    font = str(options.get("font") or "CMU Serif")
    if font not in FONTS:
        raise RenderFailed(f"font must be one of {', '.join(FONTS)}.")
    return font


def _unbroken(found: re.Match[str]) -> str:
    """Code that names the end of the environment it will stand in, parted by a space of no width."""
    return found[0].replace(r"\end{", "\\end\u200b{")


def _undefined_theorems(text: str) -> list[str]:
    """Statements that the text makes without having said what they are; Mathpix Markdown lets it."""
    return [
        name
        for name in THEOREMS
        if f"\\begin{{{name}}}" in text and not re.search(rf"\\newtheorem\*?\s*\{{{name}\}}", text)
    ]


def _formula(formula: Formula, bad: frozenset[str]) -> str:
    environment = formula.environment
    if shape(formula.latex) in bad or shape(_in_environment(environment, formula.latex)) in bad:
        return shown(_in_environment(environment, formula.latex)) + ("\n\n" if formula.display else "")
    latex = DIVISION.sub(r"\\longdiv{\1}", inert(formula.latex, formula=True))
    latex = re.sub(r"\n\s*\n", "\n", latex)
    if environment:
        return f"\n\n{_in_environment(environment, latex)}\n\n"
    latex = ROWS.sub(lambda found: f"\\{found[1]}{{{INSIDE[found[2]]}}}", latex.strip())
    if not formula.display:
        return f"\\({latex}\\)"
    return f"\\[\n{latex}\n\\]"


def _in_environment(name: str, latex: str) -> str:
    return f"\\begin{{{name}}}{latex}\\end{{{name}}}" if name else latex


def _words(text: str) -> str:
    text = HEADING.sub(lambda found: f"\n\n{found[0]}\n\n", text)
    return inert(PAGE_BREAK.sub(r"\\newpage{}", PREAMBLE.sub("", text)))
