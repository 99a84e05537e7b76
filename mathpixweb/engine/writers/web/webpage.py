"""Web pages that need nothing else: sanitised HTML with its styles, mathematics font and pictures inside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape, unescape
from pathlib import Path
from typing import Any

from mathpixweb.engine.writers import archive
from mathpixweb.engine.writers.chosen import flag
from mathpixweb.engine.writers.mmd.front_matter import take_front_matter
from mathpixweb.engine.writers.pictures import Album, Images, Reference, data_url, replace_pictures
from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.web import mathfont
from mathpixweb.engine.writers.web.html import fragment

STYLES = Path(__file__).parents[4] / "static" / "css" / "mmd.css"
# Nothing runs and nothing is loaded, whatever the document holds; `file:` is the unpacked archive.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data: {}; base-uri 'none'"
COLOURS = """
:root {
  --ink: #1e2029; --paper: #fff; --muted: #667085; --accent: #1f55c4; --line: #d9dde5;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e6eb; --paper: #16181d; --muted: #98a1b0; --accent: #8ab4ff; --line: #363b45; }
}
body { margin: 0; background: var(--paper); }
main { box-sizing: border-box; max-width: 50rem; margin: 0 auto; padding: 3rem 1.5rem 5rem; }
@media print { main { max-width: none; padding: 0; } }
"""
PAGE = """<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{styles}
</style>
</head>
<body>
<main class="mmd">
{body}
</main>
</body>
</html>
"""
IMG = re.compile(r"<img\b([^>]*)>")
ATTRIBUTE = re.compile(r'\b(src|alt|style)="([^"]*)"')
SIZE = re.compile(r"(?<!-)\b(?:max-)?width:\s*[\d.]+(?:%|px|cm|mm|in|pt|em|ex)")
RADICAL = re.compile(r"<m(?:sqrt|root)\b")
FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
STAND_IN = "/cropped/held-{}.jpg"  # an address that is let through, until the picture takes its place
HELD = re.compile(STAND_IN.format(r"(\d+)"))
TAG = re.compile(r"<[^>]*>")


def make(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """One HTML file with everything inside; raises RenderFailed."""
    return _page(mmd, options, embedded(images), name, renderer, policy=POLICY.format(""))


def make_zip(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A zip archive with the HTML file and its pictures beside it."""
    album = Album("images", images)
    page = _page(mmd, options, album.place, name, renderer, policy=POLICY.format("'self' file:"))
    return archive.pack(name, [(f"{name}.html", page), *album.files()])


def _page(
    mmd: str,
    options: Mapping[str, Any],
    place: Callable[[str], str | None],
    name: str,
    renderer: Renderer,
    *,
    policy: str,
) -> bytes:
    body = body_of(mmd, options, place, renderer)
    return assembled(title_of(mmd) or name, body, [COLOURS, STYLES.read_text()], policy)


def body_of(
    mmd: str,
    options: Mapping[str, Any],
    place: Callable[[str], str | None],
    renderer: Renderer,
    *,
    page_breaks: bool = False,
) -> str:
    """The sanitised content of a page, each picture at the address that `place` gives for it."""
    held: list[str] = []

    def stand_in(reference: Reference) -> str:
        new = place(reference.url)
        if new is None:
            return reference.pointing_to(reference.url)
        held.append(new)
        return reference.pointing_to(STAND_IN.format(len(held) - 1))

    body = fragment(
        replace_pictures(mmd, stand_in),
        renderer,
        html_tags=flag(options, "htmlTags", True),
        compact_notes=flag(options, "footnote_compact_refs", False),
        page_breaks=page_breaks,
    )
    return IMG.sub(lambda found: _picture(found[1], held), body)


def embedded(images: Images) -> Callable[[str], str | None]:
    """Places pictures inside of the page itself."""

    def place(url: str) -> str | None:
        picture = images(url)
        return None if picture is None else data_url(picture)

    return place


def title_of(mmd: str) -> str:
    """The document's title as plain text; empty when it has none."""
    return " ".join(re.sub(r"[\\${}()]", " ", take_front_matter(mmd)[0].title).split())


def assembled(title: str, body: str, styles: Iterable[str], policy: str) -> bytes:
    mathematics = unescape(TAG.sub("", "".join(FORMULA.findall(body))))
    mathematics += "√" if RADICAL.search(body) else ""
    face = mathfont.face(mathematics) if mathematics else ""
    page = PAGE.format(
        policy=policy, title=escape(title), styles="\n".join([*styles, face]).strip(), body=body
    )
    return page.encode()


def _picture(attributes: str, held: list[str]) -> str:
    """The picture where it now is, or a link to where it was."""
    said = {name: unescape(value) for name, value in ATTRIBUTE.findall(attributes)}
    url, alt = said.get("src", ""), said.get("alt", "")
    found = HELD.fullmatch(url)
    if found and int(found[1]) < len(held):
        return f'<img src="{escape(held[int(found[1])])}" alt="{escape(alt)}"{_size(said)}>'
    if url.startswith("data:"):
        return f'<img src="{escape(url)}" alt="{escape(alt)}"{_size(said)}>'
    if url.startswith("https://"):
        return f'<a href="{escape(url)}" rel="noopener noreferrer nofollow">{escape(alt or "Picture")}</a>'
    return escape(alt)


def _size(said: Mapping[str, str]) -> str:
    """How wide the text wants the picture to be."""
    found = SIZE.search(said.get("style", ""))
    return f' style="{found[0]}"' if found else ""
