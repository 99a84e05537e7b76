"""How slides look: colours, sizes and margins, set in the master so that whoever edits them keeps them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers.colours import hexadecimal
from mathpixweb.engine.writers.slides.slides import SLIDE_HEIGHT, SLIDE_WIDTH, TITLE_HEIGHT

PIXEL = 9525  # English metric units
POINTS = 0.75  # of a pixel
TITLE_SCALE = 1.6
CAPTION_HEIGHT = 48
LARGEST_SCALE = 1.6  # of a picture: beyond it looks coarse
TEXT_COLOUR = "#1E2029"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
LENGTH = re.compile(r"(\d+(?:\.\d+)?)(px|pt)")
TITLES, TEXTS = {"h1", "h2", "h3"}, {"body", "p", "li", "td", "th", "*"}
KNOWN = (
    "custom_css of slides knows color, font-size (px, pt), font-family and font-weight "
    "of h1, h2, h3, body, p and li."
)

PART: Final = "secHead"  # the type of the layout of slides that have a heading and nothing else


@dataclass(frozen=True, slots=True)
class Face:
    """`size` in points."""

    size: float
    colour: str
    family: str = ""
    bold: bool | None = None


@dataclass(frozen=True, slots=True)
class Looks:
    title: Face
    text: Face
    paper: str
    margin: int
    others: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def chosen(cls, options: Mapping[str, Any], *, size: int, margin: int) -> Looks:
        """Raises RenderFailed for what is no colour and for rules that slides cannot follow."""
        ink = hexadecimal(options.get("text_color") or TEXT_COLOUR, "text_color")
        paper = hexadecimal(options.get("background_color") or "#FFFFFF", "background_color")
        title, text = Face(size * POINTS * TITLE_SCALE, ink), Face(size * POINTS, ink)
        for selectors, declarations in _rules(str(options.get("custom_css") or "")):
            for selector in selectors:
                if selector in TITLES:
                    title = _with(title, declarations)
                elif selector in TEXTS:
                    text = _with(text, declarations)
                    title = (
                        _with(title, {"color": declarations["color"]}) if "color" in declarations else title
                    )
                else:
                    raise RenderFailed(f"{KNOWN} It says something of {selector[:40]}.")
        return cls(title, text, paper, margin)


def _rules(css: str) -> Iterator[tuple[list[str], dict[str, str]]]:
    for found in RULE.finditer(COMMENT.sub("", css)):
        pairs = (line.partition(":") for line in found[2].split(";") if line.strip())
        said = {name.strip().lower(): value.replace("!important", "").strip() for name, _, value in pairs}
        yield [selector.strip().lower() for selector in found[1].split(",")], said


def _with(face: Face, declarations: Mapping[str, str]) -> Face:
    size, colour, family, bold = face.size, face.colour, face.family, face.bold
    for name, value in declarations.items():
        length = LENGTH.fullmatch(value)
        if name == "color":
            colour = hexadecimal(value, "color in custom_css")
        elif name == "font-size" and length:
            size = float(length[1]) * (POINTS if length[2] == "px" else 1)
        elif name == "font-family":
            family = value.split(",")[0].strip(" '\"")[:60]
        elif name == "font-weight":
            bold = value in ("bold", "bolder") or (value.isdigit() and int(value) >= 600)
        else:
            raise RenderFailed(f"{KNOWN} It says {name[:40]}: {value[:40]}.")
    return Face(size, colour, family, bold)


def dress(pptx: bytes, looks: Looks) -> bytes:
    """The presentation with these looks, on slides of 16 to 9."""
    presentation = Presentation(io.BytesIO(pptx))
    presentation.slide_width, presentation.slide_height = Emu(SLIDE_WIDTH * PIXEL), Emu(SLIDE_HEIGHT * PIXEL)
    for master in presentation.slide_masters:
        _recolour(master, looks)
        styles = master.element.find(qn("p:txStyles"))
        _set_style(styles.find(qn("p:titleStyle")), looks.title)
        _set_style(styles.find(qn("p:bodyStyle")), looks.text)
        for layout in (master, *master.slide_layouts):
            _set_placeholders(layout, looks)
            if layout.element.get("type") == PART:
                _centre_title(layout, looks)
    for slide in presentation.slides:
        _set_shapes(slide, looks)
        if slide.slide_layout.element.get("type") == PART:
            _inherit_place(slide)
    target = io.BytesIO()
    presentation.save(target)
    return target.getvalue()


def _recolour(master: Any, looks: Looks) -> None:
    """Text and paper are the theme's dark and light colours: tables and equations follow them too."""
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False))
    for name, colour in (("dk1", looks.text.colour), ("lt1", looks.paper)):
        for element in theme.iter(qn(f"a:{name}")):
            for old in list(element):
                element.remove(old)
            etree.SubElement(element, qn("a:srgbClr")).set("val", colour)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _set_style(style: Any, face: Face) -> None:
    for level in style:
        for properties in level.iter(qn("a:defRPr")):
            depth = int(re.sub(r"\D", "", level.tag.rpartition("}")[2]) or 1)
            properties.set("sz", str(max(100, round(100 * face.size * (1 if depth == 1 else 0.92)))))
            if face.bold is not None:
                properties.set("b", str(int(face.bold)))
            for fill in properties.findall(qn("a:solidFill")):
                properties.remove(fill)
            fill = etree.Element(qn("a:solidFill"))
            etree.SubElement(fill, qn("a:srgbClr")).set("val", face.colour)
            properties.insert(0, fill)
            for latin in properties.findall(qn("a:latin")) if face.family else []:
                latin.set("typeface", face.family)


def _set_placeholders(layout: Any, looks: Looks) -> None:
    """Sizes of type come from the master alone."""
    for shape in layout.placeholders:
        for style in shape.element.iter(qn("a:lstStyle")):
            for properties in style.iter(qn("a:defRPr")):
                properties.attrib.pop("sz", None)
        for body in shape.element.iter(qn("a:bodyPr")):
            for fit in list(body):
                body.remove(fit)
            etree.SubElement(body, qn("a:normAutofit"))
        _place(shape, looks)


def _centre_title(layout: Any, looks: Looks) -> None:
    """The heading of a part stands alone in the middle of its slide."""
    for shape in list(layout.placeholders):
        if shape.placeholder_format.idx == 1:
            shape.element.getparent().remove(shape.element)
        elif str(shape.placeholder_format.type).startswith("TITLE"):
            width = SLIDE_WIDTH - 2 * looks.margin
            _set_box(shape, looks.margin, SLIDE_HEIGHT * 0.3, width, SLIDE_HEIGHT * 0.4)
            for style in shape.element.iter(qn("a:lstStyle")):
                style.clear()
            for body in shape.element.iter(qn("a:bodyPr")):
                body.set("anchor", "ctr")


def _inherit_place(slide: Any) -> None:
    """Also a title with formulas, which is no shape to python-pptx."""
    for properties in slide.element.iter(qn("p:spPr")):
        for place in properties.findall(qn("a:xfrm")):
            properties.remove(place)


def _set_shapes(slide: Any, looks: Looks) -> None:
    for shape in slide.shapes:
        if shape.is_placeholder:
            _place(shape, looks)
        elif shape.shape_type == MSO_SHAPE_TYPE.PICTURE:
            _fit(shape, looks)
            _describe(shape)
    for frame in slide.element.iter(qn("p:graphicFrame")):
        _widen(frame, looks)
    for box in slide.element.iter(qn("p:sp")):
        if any(each.get("txBox") for each in box.iter(qn("p:cNvSpPr"))):
            _put_below(box, looks)


def _put_below(caption: Any, looks: Looks) -> None:
    """A caption at the foot of its slide; also one with formulas, which is no shape to python-pptx."""
    for place in caption.iter(qn("a:off")):
        place.set("x", str(looks.margin * PIXEL))
        place.set("y", str((SLIDE_HEIGHT - looks.margin - CAPTION_HEIGHT) * PIXEL))
    for extent in caption.iter(qn("a:ext")):
        if "cx" in extent.attrib:
            extent.set("cx", str((SLIDE_WIDTH - 2 * looks.margin) * PIXEL))
            extent.set("cy", str(CAPTION_HEIGHT * PIXEL))


def _describe(picture: Any) -> None:
    """pandoc takes a picture's address, which here is all of it, for its description."""
    for named in picture.element.iter(qn("p:cNvPr")):
        if named.get("descr", "").startswith("data:"):
            del named.attrib["descr"]


def _widen(frame: Any, looks: Looks) -> None:
    """A table over the whole width; also one with formulas."""
    columns = list(frame.iter(qn("a:gridCol")))
    have = sum(int(column.get("w")) for column in columns) or 1
    room = (SLIDE_WIDTH - 2 * looks.margin) * PIXEL
    for column in columns:
        column.set("w", str(round(int(column.get("w")) * room / have)))
    for place in frame.iter(qn("a:off")):
        place.set("x", str(looks.margin * PIXEL))
        place.set("y", str((looks.margin + TITLE_HEIGHT) * PIXEL))
    for extent in frame.iter(qn("a:ext")):
        if "cx" in extent.attrib:
            extent.set("cx", str(room))


def _place(shape: Any, looks: Looks) -> None:
    kind, margin = str(shape.placeholder_format.type), looks.margin
    width = SLIDE_WIDTH - 2 * margin
    if kind.startswith("TITLE"):
        _set_box(shape, margin, margin, width, TITLE_HEIGHT - 8)
    elif kind.startswith(("OBJECT", "BODY")) and shape.placeholder_format.idx == 1:
        _set_box(shape, margin, margin + TITLE_HEIGHT, width, SLIDE_HEIGHT - 2 * margin - TITLE_HEIGHT)
    elif kind.startswith("CENTER_TITLE"):
        _set_box(shape, margin, SLIDE_HEIGHT * 0.28, width, SLIDE_HEIGHT * 0.24)
    elif kind.startswith("SUBTITLE"):
        _set_box(shape, margin, SLIDE_HEIGHT * 0.54, width, SLIDE_HEIGHT * 0.24)


def _fit(shape: Any, looks: Looks) -> None:
    """Into the room below the title, in its own proportions and hardly larger than it is."""
    room = (SLIDE_WIDTH - 2 * looks.margin, SLIDE_HEIGHT - 2 * looks.margin - TITLE_HEIGHT - CAPTION_HEIGHT)
    width, height = (float(side) for side in shape.image.size)
    share = min(room[0] / max(width, 1), room[1] / max(height, 1), LARGEST_SCALE)
    width, height = width * share, height * share
    _set_box(shape, (SLIDE_WIDTH - width) / 2, looks.margin + TITLE_HEIGHT, width, height)


def _set_box(shape: Any, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top = Emu(round(left * PIXEL)), Emu(round(top * PIXEL))
    shape.width, shape.height = Emu(round(width * PIXEL)), Emu(round(max(height, 10) * PIXEL))
