"""What HTML may contain before anybody sees it: an allow-list, whatever the renderer let through.

mathpix-markdown-it escapes HTML in its input, and still its output can carry an `<img onerror>` (from a
`\\ref`), `javascript:` links and pictures from anywhere. Nothing here depends on its care.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import nh3

TEXT = """
a abbr article aside b blockquote br caption center cite code col colgroup dd del details dfn div dl dt em
figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p pre q s samp section small
span strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr
"""
MATHEMATICS = """
math merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle
msub msubsup msup mtable mtd mtext mtr munder munderover none
"""
DRAWINGS = "svg g path line polyline polygon rect circle ellipse text tspan defs use mask mjx-container"

ON_ALL = {"class", "id", "style", "title", "lang", "dir", "role", "aria-hidden", "aria-label"}
ON_MATHEMATICS = """
accent accentunder columnspan depth dir display displaystyle fence form height largeop linethickness
lspace mathbackground mathcolor mathsize mathvariant maxsize minsize movablelimits rowspan rspace
scriptlevel separator stretchy symmetric voffset width data-latex
"""
ON_DRAWINGS = """
viewBox xmlns width height x y x1 x2 y1 y2 cx cy r rx ry d points transform fill fill-rule stroke
stroke-width stroke-linecap stroke-linejoin stroke-dasharray text-anchor font-size font-family
preserveAspectRatio href mask maskUnits opacity dominant-baseline focusable
"""
ON_TEXT = {
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start", "type"},
    "li": {"value"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "col": {"span"},
    "table": {"align"},
    "details": {"open"},
}
STYLES = """
text-align text-decoration text-decoration-style vertical-align font-weight font-style font-size font-variant
color background-color border border-top border-bottom border-left border-right border-style border-width
border-color border-collapse width height max-width min-width padding padding-left padding-right
padding-top padding-bottom white-space
list-style-type line-height display stroke stroke-width stroke-linecap stroke-dasharray fill text-anchor
writing-mode text-orientation direction unicode-bidi letter-spacing
"""
BORDERS = {
    f"border-{side}-{what}"
    for side in ("top", "right", "bottom", "left")
    for what in ("style", "width", "color")
}

PICTURES = re.compile(r"data:image/(png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*\Z", re.IGNORECASE)
OWN_PICTURE = re.compile(r"/cropped/(?!.*\.\.)[\w./-]+(\?[\w=&.%-]*)?\Z")
LOADING_STYLE = re.compile(r"url\s*\(|image\s*\(|image-set|expression|\\|@import", re.IGNORECASE)
PAINTS = {"stroke", "fill", "mask"}
OWN_PART = re.compile(r"url\(['\"]?#([\w-]+)['\"]?\)\Z")
SCHEMES = {"http", "https", "mailto"}


def sanitise(html: str, *, prefix: str = "mmd-", remote_pictures: bool = True) -> str:
    """`html` without anything that runs, loads or escapes.

    Pictures are this server's own crops, raster `data:` URLs and, with `remote_pictures`, https URLs.
    Ids get `prefix`, so that a heading cannot take the name of a part of the page around it.
    """

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return value if _shows(value, remote_pictures) else None
        if name == "id":
            return prefix + value
        if name == "style":
            return None if LOADING_STYLE.search(value) else value
        if name == "href":
            return _target(tag, value, prefix)
        if name in PAINTS and "(" in value:
            return _own_paint(name, value, prefix)
        return value

    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=attribute,
        clean_content_tags={"script", "style"},
        filter_style_properties={*STYLES.split()} | BORDERS,
        url_schemes=SCHEMES | {"data"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def _shows(url: str, remote: bool) -> bool:
    return bool(PICTURES.match(url) or OWN_PICTURE.match(url) or (remote and _is_https(url)))


def _own_paint(name: str, value: str, prefix: str) -> str | None:
    """Drawings refer to masks of their own; their gradients, which are not kept, give way to the ink."""
    own = OWN_PART.match(value)
    if not own:
        return None
    return f"url(#{prefix}{own[1]})" if name == "mask" else "currentColor"


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.netloc)


def _target(tag: str, url: str, prefix: str) -> str | None:
    """Links go to a place in the page or to the web; drawings refer only to their own parts."""
    if url.startswith("#"):
        return f"#{prefix}{url[1:]}" if len(url) > 1 else None
    return url if tag == "a" and url.lower().startswith(("http://", "https://", "mailto:")) else None


def _attributes() -> dict[str, set[str]]:
    allowed = {"*": set(ON_ALL)}
    allowed |= {tag: set(ON_MATHEMATICS.split()) for tag in MATHEMATICS.split()}
    allowed |= {tag: set(ON_DRAWINGS.split()) for tag in DRAWINGS.split()}
    return allowed | ON_TEXT


TAGS = {*TEXT.split(), *MATHEMATICS.split(), *DRAWINGS.split()}
ATTRIBUTES = _attributes()
