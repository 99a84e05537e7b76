"""What a content stream draws: runs its operators and hands glyphs, paths and images to a canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.psparser import PSLiteral, literal_name

from mathpixweb.engine.errors import PageFailed
from mathpixweb.engine.readers.content import Name, operations
from mathpixweb.engine.readers.fonts import Face
from mathpixweb.engine.readers.graphics import Canvas, Point, State, Subpath, matrix_of, moved, multiply
from mathpixweb.engine.readers.pagebox import Matrix
from mathpixweb.engine.readers.streams import content_of

# The densest pages measured (scatter plots) have 300,000 operators; a page of text has 2,000.
MOST_OPERATORS = 2_000_000
MOST_FORMS = 50_000  # plots draw each marker as one
DEEPEST_FORM = 12
DEEPEST_STATE = 512
UNSEEN = 3  # the text rendering mode that puts no ink on the page


class Interpreter:
    """Runs the content of one page. `face_of` makes a `Face` of a font resource, once per document."""

    def __init__(self, canvas: Canvas, face_of: Callable[[Any], Face | None]) -> None:
        self._canvas = canvas
        self._face_of = face_of
        self.operators = 0  # that have been run
        self._forms = 0
        self._contents: dict[int, tuple[PDFStream, bytes]] = {}
        self._depth = 0
        self._frames: list[tuple[Matrix | None, Matrix]] = []  # of the forms that are being run
        self._running: set[int] = set()

    def run(self, content: bytes, resources: Any, ctm: Matrix) -> None:
        """Raises PageFailed if the content is of a size no real page has."""
        _Run(self, content, _mapping(resources), State(ctm)).execute()

    def run_form(self, form: PDFStream, resources: Mapping[str, Any], state: State) -> None:
        if self._depth >= DEEPEST_FORM or id(form) in self._running:
            return
        self._forms += 1
        if self._forms > MOST_FORMS:
            raise PageFailed("The page draws more than any real page does.")
        matrix = matrix_of([resolve1(value) for value in resolve1(form.get("Matrix")) or ()])
        inner = replace(state, ctm=multiply(matrix, state.ctm) if matrix else state.ctm)
        own = resolve1(form.get("Resources"))
        clip = matrix_of([0.0, 0.0, *(resolve1(value) for value in resolve1(form.get("BBox")) or ())])
        self._frames.append((clip, inner.ctm))
        self._depth += 1
        self._running.add(id(form))
        try:
            _Run(self, self._content_of(form), _mapping(own) if own else resources, inner).execute()
        finally:
            self._frames.pop()
            self._depth -= 1
            self._running.discard(id(form))

    def _content_of(self, form: PDFStream) -> bytes:
        """A form's content, decoded once: markers of plots are drawn thousands of times."""
        key = id(form)
        if key not in self._contents:
            self._contents[key] = (form, content_of(form))
        return self._contents[key][1]

    def shade(self) -> None:
        """Fills the form that is being run, as balls before items are drawn; pages filled so are paper."""
        clip, (a, b, c, d, e, f) = self._frames[-1] if self._frames else (None, (1, 0, 0, 1, 0, 0))
        if clip:
            _, _, x0, y0, x1, y1 = clip
            corners = ((x0, y0), (x1, y0), (x0, y1), (x1, y1))
            self._canvas.shading([(a * x + c * y + e, b * x + d * y + f) for x, y in corners])

    @property
    def in_form(self) -> bool:
        return self._depth > 0

    @property
    def canvas(self) -> Canvas:
        return self._canvas

    def face(self, resource: Any) -> Face | None:
        return self._face_of(resource)


class _Run:
    """One content stream with its own stack, as each form has one."""

    def __init__(
        self, interpreter: Interpreter, content: bytes, resources: Mapping[str, Any], state: State
    ) -> None:
        self._interpreter = interpreter
        self._content = content
        self._resources = resources
        self._state = state
        self._stack: list[State] = []
        self._line: Matrix = (1, 0, 0, 1, 0, 0)
        self._path: list[Subpath] = []
        self._faces: dict[str, Face | None] = {}

    def execute(self) -> None:
        interpreter, handlers = self._interpreter, _HANDLERS
        for operator, operands in operations(self._content):
            interpreter.operators += 1
            if interpreter.operators > MOST_OPERATORS:
                raise PageFailed("The page draws more than any real page does.")
            handler = handlers.get(operator)
            if handler is None:
                continue
            try:
                handler(self, operands)
            except (ValueError, TypeError, IndexError, OverflowError, AttributeError, ZeroDivisionError):
                continue  # operands of the wrong kind or number: viewers ignore the operator, too

    # Graphics state

    def save(self, _operands: list[Any]) -> None:
        if len(self._stack) < DEEPEST_STATE:
            self._stack.append(self._state.copy())

    def restore(self, _operands: list[Any]) -> None:
        if self._stack:
            self._state = self._stack.pop()

    def concatenate(self, operands: list[Any]) -> None:
        matrix = matrix_of(operands[-6:])
        if matrix:
            self._state.ctm = multiply(matrix, self._state.ctm)

    def line_width(self, operands: list[Any]) -> None:
        self._state.line_width = float(operands[-1])

    def fill_space(self, operands: list[Any]) -> None:
        self._state.inks_fill = self._is_of_inks(operands)
        self._state.white_fill = False

    def stroke_space(self, operands: list[Any]) -> None:
        self._state.inks_stroke = self._is_of_inks(operands)
        self._state.white_stroke = False

    def _is_of_inks(self, operands: list[Any]) -> bool:
        space = resolve1(self._resource("ColorSpace", operands[-1]))
        family = resolve1(space[0]) if isinstance(space, list) and space else space
        return getattr(family, "name", None) in ("Separation", "DeviceN")

    def fill_in_space(self, operands: list[Any]) -> None:
        self._state.white_fill = not any(operands) if self._state.inks_fill else _is_white(operands)

    def stroke_in_space(self, operands: list[Any]) -> None:
        self._state.white_stroke = not any(operands) if self._state.inks_stroke else _is_white(operands)

    def fill_colour(self, operands: list[Any]) -> None:
        self._state.white_fill = _is_white(operands)

    def stroke_colour(self, operands: list[Any]) -> None:
        self._state.white_stroke = _is_white(operands)

    def fill_cmyk(self, operands: list[Any]) -> None:
        self._state.white_fill = not any(operands)

    def stroke_cmyk(self, operands: list[Any]) -> None:
        self._state.white_stroke = not any(operands)

    def parameters(self, operands: list[Any]) -> None:
        entry = resolve1(_mapping(self._resource("ExtGState", operands[-1])))
        font = resolve1(entry.get("Font"))
        if isinstance(font, list) and len(font) == 2:
            self._state.face = self._interpreter.face(font[0])
            self._state.size = float(resolve1(font[1]))

    # Paths

    def move(self, operands: list[Any]) -> None:
        x, y = operands[-2:]
        a, b, c, d, e, f = self._state.ctm
        self._path.append(Subpath([(a * x + c * y + e, b * x + d * y + f)]))

    def line(self, operands: list[Any]) -> None:
        x, y = operands[-2:]
        a, b, c, d, e, f = self._state.ctm
        points = self._path[-1].points if self._path else self._current().points
        points.append((a * x + c * y + e, b * x + d * y + f))

    def curve(self, operands: list[Any]) -> None:
        subpath = self._current()
        subpath.curved = True
        points = operands[-6:]
        subpath.points.extend(self._placed(x, y) for x, y in zip(points[::2], points[1::2], strict=True))

    def close(self, _operands: list[Any]) -> None:
        if self._path:
            self._path[-1].closed = True

    def rectangle(self, operands: list[Any]) -> None:
        x, y, w, h = operands[-4:]
        corners = ((x, y), (x + w, y), (x + w, y + h), (x, y + h))
        self._path.append(Subpath([self._placed(*corner) for corner in corners], closed=True))

    def paint(self, fill: bool, stroke: bool) -> None:
        if self._path:
            self._interpreter.canvas.path(self._path, self._state, fill, stroke)
        self._path = []

    def _current(self) -> Subpath:
        if not self._path:
            self._path.append(Subpath([]))
        return self._path[-1]

    def _placed(self, x: float, y: float) -> Point:
        a, b, c, d, e, f = self._state.ctm
        return (a * x + c * y + e, b * x + d * y + f)

    # Text

    def begin_text(self, _operands: list[Any]) -> None:
        self._line = self._state.text_matrix = (1, 0, 0, 1, 0, 0)

    def font(self, operands: list[Any]) -> None:
        name, size = operands[-2:]
        if isinstance(name, Name):
            if name.text not in self._faces:
                self._faces[name.text] = self._interpreter.face(self._resource("Font", name))
            self._state.face = self._faces[name.text]
        else:
            self._state.face = None
        self._state.size = float(size)

    def char_space(self, operands: list[Any]) -> None:
        self._state.char_space = float(operands[-1])

    def word_space(self, operands: list[Any]) -> None:
        self._state.word_space = float(operands[-1])

    def scaling(self, operands: list[Any]) -> None:
        self._state.scaling = float(operands[-1]) / 100

    def leading(self, operands: list[Any]) -> None:
        self._state.leading = float(operands[-1])

    def rise(self, operands: list[Any]) -> None:
        self._state.rise = float(operands[-1])

    def rendering(self, operands: list[Any]) -> None:
        self._state.unseen = operands[-1] == UNSEEN

    def next_line(self, operands: list[Any]) -> None:
        x, y = operands[-2:]
        self._line = self._state.text_matrix = moved(self._line, x, y)

    def next_line_leading(self, operands: list[Any]) -> None:
        self._state.leading = -operands[-1]
        self.next_line(operands)

    def new_line(self, _operands: list[Any]) -> None:
        self.next_line([0.0, -self._state.leading])

    def text_matrix(self, operands: list[Any]) -> None:
        matrix = matrix_of(operands[-6:])
        if matrix:
            self._line = self._state.text_matrix = matrix

    def show(self, operands: list[Any]) -> None:
        if operands:
            self._draw([operands[-1]])

    def show_next_line(self, operands: list[Any]) -> None:
        self.new_line(operands)
        self.show(operands)

    def show_spaced(self, operands: list[Any]) -> None:
        self._state.word_space, self._state.char_space = operands[-3], operands[-2]
        self.show_next_line(operands)

    def show_array(self, operands: list[Any]) -> None:
        if operands and isinstance(operands[-1], list):
            self._draw(operands[-1])

    def _draw(self, pieces: list[Any]) -> None:
        state, face = self._state, self._state.face
        if face is None:
            return
        pen = self._interpreter.canvas.text(face, pieces, state)
        state.text_matrix = moved(state.text_matrix, *((0.0, pen) if face.vertical else (pen, 0.0)))

    # Objects

    def external_object(self, operands: list[Any]) -> None:
        stream = resolve1(self._resource("XObject", operands[-1]))
        if not isinstance(stream, PDFStream):
            return
        subtype = resolve1(stream.get("Subtype"))
        kind = literal_name(subtype) if isinstance(subtype, PSLiteral) else ""
        if kind == "Form":
            self._interpreter.run_form(stream, self._resources, self._state)
        elif kind == "Image":
            self._interpreter.canvas.image(self._state.ctm)

    def inline_image(self, _operands: list[Any]) -> None:
        self._interpreter.canvas.image(self._state.ctm)

    def shading(self, _operands: list[Any]) -> None:
        self._interpreter.shade()

    # Marked content, of the page only: forms number theirs anew

    def begin_marked(self, operands: list[Any]) -> None:
        told = operands[-1] if len(operands) > 1 else None
        properties = self._resource("Properties", told) if isinstance(told, Name) else told
        if not self._interpreter.in_form:
            self._interpreter.canvas.begin_content(_mapping(properties))

    def end_marked(self, _operands: list[Any]) -> None:
        if not self._interpreter.in_form:
            self._interpreter.canvas.end_content()

    def marked_point(self, operands: list[Any]) -> None:
        tag, properties = operands[-2:]
        if isinstance(tag, Name) and isinstance(properties, dict):
            self._interpreter.canvas.point(tag.text, properties, self._state.ctm)

    def _resource(self, kind: str, name: Any) -> Any:
        return _mapping(self._resources.get(kind)).get(name.text) if isinstance(name, Name) else None


def _painter(fill: bool, stroke: bool, close: bool = False) -> Callable[[_Run, list[Any]], None]:
    def paint(run: _Run, operands: list[Any]) -> None:
        if close:
            run.close(operands)
        run.paint(fill, stroke)

    return paint


_HANDLERS: dict[bytes, Callable[[_Run, list[Any]], None]] = {
    b"q": _Run.save, b"Q": _Run.restore, b"cm": _Run.concatenate, b"w": _Run.line_width,
    b"gs": _Run.parameters,
    b"g": _Run.fill_colour, b"rg": _Run.fill_colour, b"sc": _Run.fill_in_space,
    b"scn": _Run.fill_in_space, b"cs": _Run.fill_space, b"CS": _Run.stroke_space,
    b"G": _Run.stroke_colour, b"RG": _Run.stroke_colour,
    b"SC": _Run.stroke_in_space, b"SCN": _Run.stroke_in_space,
    b"k": _Run.fill_cmyk, b"K": _Run.stroke_cmyk,
    b"m": _Run.move, b"l": _Run.line, b"c": _Run.curve, b"v": _Run.curve, b"y": _Run.curve, b"h": _Run.close,
    b"re": _Run.rectangle,
    b"S": _painter(False, True), b"s": _painter(False, True, close=True), b"n": _painter(False, False),
    b"f": _painter(True, False), b"F": _painter(True, False), b"f*": _painter(True, False),
    b"B": _painter(True, True), b"B*": _painter(True, True),
    b"b": _painter(True, True, close=True), b"b*": _painter(True, True, close=True),
    b"BT": _Run.begin_text, b"Tf": _Run.font, b"Tc": _Run.char_space, b"Tw": _Run.word_space,
    b"Tz": _Run.scaling, b"TL": _Run.leading, b"Ts": _Run.rise, b"Tr": _Run.rendering,
    b"Td": _Run.next_line, b"TD": _Run.next_line_leading, b"T*": _Run.new_line, b"Tm": _Run.text_matrix,
    b"Tj": _Run.show, b"TJ": _Run.show_array, b"'": _Run.show_next_line, b'"': _Run.show_spaced,
    b"Do": _Run.external_object, b"BI": _Run.inline_image, b"sh": _Run.shading,
    b"BDC": _Run.begin_marked, b"BMC": _Run.begin_marked, b"EMC": _Run.end_marked,
    b"DP": _Run.marked_point,
}  # fmt: skip


def _is_white(operands: list[Any]) -> bool:
    return bool(operands) and all(isinstance(value, float) and value >= 0.999 for value in operands)


def _mapping(value: Any) -> Mapping[str, Any]:
    value = resolve1(value)
    return value if isinstance(value, dict) else {}


def reference_of(resource: Any) -> int | None:
    """Object number of an indirect resource, by which its parsed form can be remembered."""
    return resource.objid if isinstance(resource, PDFObjRef) else None
