"""Mathpix Markdown as a piece of HTML that can be put into a page as it is."""

from __future__ import annotations

import re
from html import escape, unescape
from xml.etree import ElementTree

from mathpixweb.engine.writers.mmd.dialect import understood
from mathpixweb.engine.writers.mmd.notes import markdown_footnotes
from mathpixweb.engine.writers.programs.renderer import Math, Renderer
from mathpixweb.engine.writers.web.mathml_core import core
from mathpixweb.engine.writers.web.sanitising import sanitise

BROKEN = '<code class="math-error"'  # begins a formula that cannot be rendered
HIDDEN = 'style="display: none;"'
FORMULA = re.compile(
    rf"<mathml {HIDDEN}>(?P<mathml><math.*?</math>)</mathml>\s*(?:<latex {HIDDEN}>(?P<latex>.*?)</latex>)?"
    rf"|<latex {HIDDEN}>(?P<bad>.*?)</latex><error {HIDDEN}>(?P<why>.*?)</error>",
    re.DOTALL,
)
# What the renderer says in styles that do not survive, or hides until a script shows it.
LOOKS = (
    (re.compile(r'(<div class="table-of-contents") style="display: none;"'), r"\1"),
    (re.compile(r'<span style="float: right;">'), '<span class="end-of-proof">'),
    (re.compile(r'<span data-out-type="xout"[^>]*>'), '<span class="crossed-out">'),
    (
        re.compile(r'<span ([^>]*data-underline-type="dashuline") style="[^"]*">'),
        r'<span \1 style="text-decoration: underline; text-decoration-style: dashed">',
    ),
    (
        re.compile(r'<span ([^>]*data-underline-type="dotuline") style="[^"]*">'),
        r'<span \1 style="text-decoration: underline; text-decoration-style: dotted">',
    ),
    (re.compile(r'(?:<br>\s*)+(?=<span[^>]*\bclass="math-block)'), ""),
)
LEFTWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
PARAGRAPH = re.compile(r"<(div|p|li|td|th|h[1-6]|blockquote)\b(?![^>]*\bdir=)([^>]*>)")


def fragment(
    mmd: str,
    renderer: Renderer,
    math: Math = "mathml",
    *,
    html_tags: bool = False,
    prefix: str = "mmd-",
    remote_pictures: bool = True,
    compact_notes: bool = False,
    page_breaks: bool = False,
) -> str:
    """Sanitised HTML of `mmd`, to be shown inside an element of class `mmd`; raises RenderFailed.

    Each formula is a `<math data-latex="…">`; one that is not valid TeX is its source in a
    `<code class="math-error">`. `static/css/mmd.css` has the looks. Pages shown together need a `prefix`
    each, or their footnotes would answer to the same ids.
    """
    rendered = renderer.html(
        markdown_footnotes(understood(mmd)),
        math,
        html_tags=html_tags,
        compact_notes=compact_notes,
        page_breaks=page_breaks,
    )
    for form, better in LOOKS:
        rendered = form.sub(better, rendered)
    safe = sanitise(FORMULA.sub(_formula, rendered), prefix=prefix, remote_pictures=remote_pictures)
    return PARAGRAPH.sub(r'<\1 dir="auto"\2', safe) if LEFTWARDS.search(safe) else safe


def _formula(found: re.Match[str]) -> str:
    if found["bad"] is not None:
        why = escape(unescape(found["why"]))
        return f'{BROKEN} title="{why}">{found["bad"]}</code>'
    try:
        mathml = core(found["mathml"])
    except ElementTree.ParseError:
        mathml = found["mathml"]
    latex = escape(unescape(found["latex"] or ""))
    return mathml.replace("<math", f'<math data-latex="{latex}"', 1)
