import html.parser
import re

import pytest

from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.web.html import fragment
from mathpixweb.engine.writers.web.sanitising import sanitise

LIVE_HOLES = [
    r"""\ref{"><img src=x onerror=alert(1)>}""",
    r"\( \href{javascript:alert(7)}{x} \)",
    r"\( \style{background:url(http://127.0.0.1:9/)}{x} \)",
    r"\includegraphics{javascript:alert(1)}",
    r"\includegraphics{file:///etc/passwd}",
    '<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">',
]
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "<svg/onload=alert(3)>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><use href="http://127.0.0.1:9/a.svg#x"></use></svg>',
    '<svg><rect mask="url(http://127.0.0.1:9/a.svg#x)"></rect></svg>',
    '<svg><image href="http://127.0.0.1:9/a.png"></image></svg>',
    '<svg><a href="javascript:alert(1)"><text>x</text></a></svg>',
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)"></style>',
    '<math href="javascript:alert(1)"><mi>x</mi></math>',
    '<math><maction actiontype="statusline" href="javascript:alert(1)">x</maction></math>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="//127.0.0.1:9/">x</a>',
    '<iframe src="file:///etc/passwd"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="http://127.0.0.1:9/"></object><embed src="http://127.0.0.1:9/">',
    '<link rel=stylesheet href="http://127.0.0.1:9/a.css"><base href="http://127.0.0.1:9/">',
    '<form action="http://127.0.0.1:9/"><input name=a autofocus onfocus=alert(1)></form>',
    '<div style="background:url(http://127.0.0.1:9/)">x</div>',
    '<div style="background-image:\\75rl(http://127.0.0.1:9/)">x</div>',
    '<div style="position:fixed;inset:0;z-index:9">x</div>',
    '<div hx-get="/settings" hx-trigger="load" data-hx-post="/x">x</div>',
    '<img src="http://127.0.0.1:9/i.png"><img src="//127.0.0.1:9/i.png"><img src="file:///etc/passwd">',
    '<img src="data:image/svg+xml,<svg onload=alert(1)>"><img src="/logout"><img src="../../x">',
    '<img srcset="http://127.0.0.1:9/i.png 1x"><video poster="http://127.0.0.1:9/i.png"></video>',
    '<img src="/cropped/../logout">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<style>@import 'http://127.0.0.1:9/a.css';</style>",
    "<template><img src=x onerror=alert(1)></template>",
    "<!--><img src=x onerror=alert(1)>-->",
]


LOADABLE = re.compile(r"https://|data:image/png|/cropped/(?!\.\.)")


class Reading(html.parser.HTMLParser):
    """What a browser would find: (element, attributes) pairs."""

    def __init__(self, markup):
        super().__init__()
        self.elements = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))


def dangers(markup):
    """Everything in `markup` that would run or load something."""
    found = []
    for tag, attributes in Reading(markup).elements:
        if tag in {
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "link",
            "meta",
            "base",
            "form",
            "image",
            "input",
        }:
            found.append(tag)
        for name, value in attributes.items():
            bare = "".join((value or "").split()).lower()
            if name.startswith(("on", "hx-", "data-hx")) or name in {"srcset", "srcdoc", "poster", "action"}:
                found.append(name)
            if "script:" in bare and name != "data-latex" and name != "title":
                found.append(bare)
            if name == "src" and not LOADABLE.match(bare):
                found.append(bare)
            if name in {"style", "mask", "fill", "stroke"} and ("127.0.0.1" in bare or "fixed" in bare):
                found.append(bare)
            if name == "href" and not bare.startswith(("#", "https://", "http://", "mailto:")):
                found.append(bare)
    return found


@pytest.fixture(scope="module")
def renderer():
    renderer = Renderer()
    yield renderer
    renderer.close()


@pytest.mark.parametrize("payload", LIVE_HOLES[:5])
def test_the_renderer_alone_is_not_to_be_trusted(renderer, payload):
    raw = renderer.html(payload, "svg")
    assert dangers(raw)


@pytest.mark.parametrize("html_tags", [False, True])
@pytest.mark.parametrize("math", ["mathml", "svg"])
@pytest.mark.parametrize("payload", LIVE_HOLES + PAYLOADS)
def test_nothing_of_a_payload_stays_alive_in_a_document(renderer, payload, math, html_tags):
    assert dangers(fragment(payload, renderer, math, html_tags=html_tags)) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_a_payload_stays_alive_in_html(payload):
    assert dangers(sanitise(payload)) == []


def test_the_searcher_of_dangers_finds_them():
    assert all(dangers(payload) for payload in PAYLOADS[:3])


def test_pictures_of_ours_and_pictures_inside_stay():
    ours = '<img src="/cropped/ab-01.jpg?height=9&amp;width=8&amp;top_left_y=1&amp;top_left_x=2">'
    assert sanitise(ours) == ours
    inside = '<img src="data:image/png;base64,iVBORw0KGgo=">'
    assert sanitise(inside) == inside


def test_pictures_from_elsewhere_can_be_refused():
    remote = '<img src="https://example.org/a.png" alt="A">'
    assert sanitise(remote) == remote
    assert sanitise(remote, remote_pictures=False) == '<img alt="A">'


def test_a_heading_cannot_take_the_name_of_a_part_of_our_page():
    assert sanitise('<h1 id="search">x</h1><a href="#search">y</a>', prefix="p3-") == (
        '<h1 id="p3-search">x</h1><a href="#p3-search" rel="noopener noreferrer nofollow">y</a>'
    )


def test_mathematics_and_drawings_stay_as_they_are():
    kept = '<math display="block"><mfrac><mi>a</mi><mi mathvariant="normal">b</mi></mfrac></math>'
    assert sanitise(kept) == kept
    drawing = '<svg viewBox="0 0 9 9"><path d="M0 0L9 9" stroke="currentColor"></path></svg>'
    assert sanitise(drawing) == drawing


def test_a_structure_is_drawn_in_the_ink_of_the_page(renderer):
    shown = fragment("<smiles>CCO</smiles>", renderer)
    assert 'stroke="currentColor"' in shown
    assert 'mask="url(#mmd-' in shown
