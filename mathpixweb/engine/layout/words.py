"""Rows cut into words, and each word judged: prose, mathematics, or whatever its neighbours are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from mathpixweb.engine.layout import greek, logos, marks
from mathpixweb.engine.layout.draft import Draft, Row, Word
from mathpixweb.engine.layout.faces import Faces, faces_of
from mathpixweb.engine.layout.lettering import ACCENTS, reading
from mathpixweb.engine.layout.ties import SMALL
from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Glyph, ink_of
from mathpixweb.engine.readers.families import MATH_FAMILIES, TEXT_FAMILIES
from mathpixweb.engine.writing_systems import is_ideographic

WORD_GAP = 0.15  # em; TeX's tightest justified space is .2, its loosest kerning .1
SCRIPT_GAP = 0.3  # em before a script that stands apart from its base
DOT_GAP = 0.36  # em between the dots of an ellipsis
OFF_BASELINE = 0.1  # em

_FUNCTION_NAMES = """
    sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth log ln lg exp lim limsup liminf max min
    sup inf arg argmax argmin det dim ker deg gcd lcm hom Pr mod tr Tr rank span sgn sign diag var Var Cov cov
    Hom Aut End Re Im vec grad div curl rot supp conv
"""
FUNCTIONS = frozenset(_FUNCTION_NAMES.split())
_DOTS = frozenset(".·⋅")
_NEUTRAL = re.compile(r"[-−–=+()\[\]{}|/<>!:,.;'′*∗·×±…⋯0-9]+")
_FUNCTION = re.compile(rf"[(\[]*({'|'.join(sorted(FUNCTIONS, key=len, reverse=True))})[(\[]*")
_OPERATOR = re.compile(r"[=+<>:/−–±×·∗-]+|:=")
_NUMBER = re.compile(r"[(\[|]*[-−+]?[0-9][0-9.,]*%?[)\]|]*[.,;:]?")
_ABBREVIATION = re.compile(r"\(?([a-z]\.)+[,)]?|\(?[ivx]+[.)]|\([a-z]\)|[a-z][.)]")
_NOTE_MARK = re.compile(r"[\d,a-z*∗†‡§¶‖.`]+")
_AFTER_MARK = frozenset(",.;:)")
_LONG_WORD = re.compile(r"[^\W\d_]{3,}[.,;:)]*")
_SHORT_NAME = re.compile(r"[^\W\d_a-z][^\W\d_A-Z]")
_FILE_NAME = re.compile(r"[^\W_]*[^\W\d_]{3,}[^\W_]*([._/-][^\W_]+)+")
_COMPOUND = re.compile(r"[(“‘]*[^\W\d_]{2,}(−[^\W\d_]{2,})+[.,;:)”’]*")
_MEASURE = re.compile(r"[(\[]*[\d.,]*[µμ][A-Za-z]{1,3}(/[A-Za-z]+)?[.,;:)\]]*")  # in millionths of something
# Upright fonts that are drawn on for mathematics only, where the document's text is set in another family.
_COMPUTER_MODERN = re.compile(r"^(CM(R|BX)|LMRoman)\d")
_MATH_ROMAN = re.compile(
    r"(?i)^r?[tp]xb?r$|^(KaTeX|MathJax)_Main|^MJX(c-)?TEX-R|MathDesign.*-OT1|^Kp--M-|^ntxrx|^fourier-mex"
    r"|MathRM\d*$|^ebgMRM"
)
EAST = "\u3040"  # where kana and ideographs begin; brackets before them are used in formulas, too
POINTERS = frozenset("↑↓⇑⇓")
BULLETS = "•∙■▪►▸▶"
BOLD, ITALIC = frozenset(("bf", "bi")), frozenset(("it", "bi"))  # families of fonts
MOSTLY = 0.35  # of the glyphs of a row
NO_FACES = Faces()


def split(draft: Draft) -> Draft:
    """Gives every row its words."""
    faces = faces_of(draft.survey)
    rows = (row if row.block else row.with_words(words_of(row, faces)) for row in draft.rows)
    return replace(draft, rows=tuple(rows))


def words_of(row: Row, faces: Faces = NO_FACES) -> tuple[Word, ...]:
    """The row's words from left to right; `faces` are what is known of the document's fonts."""
    in_greek = greek.is_prose(row.glyphs)
    fonts = {glyph.font for glyph in row.glyphs}
    of_mathematics = any(_is_font_of_mathematics(font, faces.foreign) for font in fonts)
    words = [
        (None if of_mathematics else _plain_word(group, end, row, faces))
        or _judged(logos.level(group), end, row, faces, in_greek)
        for group, end in _groups(row)
    ]
    if len(words) > 1 and _opens_note(words[0].glyphs, words[1].glyphs[0], row):
        words[0] = replace(words[0], math=False)
    elif len(words) > 1 and words[0].text == "−" and _is_word(words[1]) and not words[1].math:
        words[0] = replace(words[0], math=False)  # before an item of a list
    families = [glyph.family for glyph in row.glyphs]
    if 0 < sum(map(families.count, BOLD)) <= MOSTLY * len(families):
        words = [_lone_bold_letter(words, position) for position in range(len(words))]
    if not in_greek and not ITALIC.isdisjoint(families) and not _is_italic_prose(words):
        words = [_italic_symbol(words, position) for position in range(len(words))]
    return tuple(words)


def _groups(row: Row) -> list[tuple[list[Glyph], float]]:
    """The glyphs of each word, and where the pen stands after them."""
    groups: list[tuple[list[Glyph], float]] = []
    group: list[Glyph] = []
    end = 0.0
    em = row.size
    eastern = any(glyph.char >= EAST and is_eastern(glyph.char) for glyph in row.glyphs)
    smallest, raised, baseline, usual = SMALL * em, 0.05 * em, row.baseline, WORD_GAP * em
    for glyph in _from_left(row.glyphs):
        ink, size, x, advance = glyph.ink, glyph.size, glyph.x, glyph.advance
        inset, widest = 0.06 * size, 1.2 * size
        start, after = ink.x0 + inset, x + (advance if advance <= widest else widest)  # noqa: FURB136
        if x <= start:
            start = x
        if ink.x1 - inset >= after:  # limits reach further
            after = ink.x1 - inset
        standing = size >= smallest or abs(glyph.y - baseline) <= raised
        plain = standing and glyph.char not in _DOTS
        goes_on = group and start - end < (usual if plain else _widest_gap(glyph, group[-1], row) * em)
        if (
            goes_on
            and not (eastern and _parts_formula(group[-1], glyph))
            and not (glyph.family in MATH_FAMILIES and _points(glyph) and _is_name(group))
            and not (glyph.family in MATH_FAMILIES and _ends_command(group))
            and (groups or not _opens_note(group, glyph, row))
        ):
            group.append(glyph)
            if after > end:
                end = after
        else:
            if group:
                groups.append((group, end))
            group, end = [glyph], after
    if group:
        groups.append((group, end))
    return groups


def is_eastern(char: str) -> bool:
    """Whether the character is one of a language that is written without blanks."""
    return char >= EAST and is_ideographic(char)


def _parts_formula(left: Glyph, right: Glyph) -> bool:
    """Whether one is an ideograph and the other mathematics: there are no blanks around formulas then."""
    if is_eastern(left.char) == is_eastern(right.char):
        return False
    return symbols.is_math(left) or symbols.is_math(right)


def _opens_note(group: Sequence[Glyph], glyph: Glyph, row: Row) -> bool:
    """Whether what the row begins with is the raised mark of a note, and the glyph the first of its text."""
    small = SMALL * row.size
    if glyph.size < small or symbols.is_math(glyph):
        return False
    return all(mark.size < small and mark.char.isdecimal() and _is_off(mark, row) for mark in group)


def _points(glyph: Glyph) -> bool:
    """Whether the glyph is an arrow, as those that tell beside a heading which numbers are better."""
    return symbols.text_of(glyph) in POINTERS


def _is_name(group: Sequence[Glyph]) -> bool:
    """Whether the group is a word of the text, or an abbreviation with a number in it."""
    lettered = len(group) > 1 and any(glyph.char.isalpha() for glyph in group)
    return lettered and all(glyph.family in TEXT_FAMILIES - ITALIC for glyph in group)


def _ends_command(group: Sequence[Glyph]) -> bool:
    """Whether the group is the name of a command, in typewriter letters; mathematics may follow it."""
    return group[0].char == "\\" and len(group) > 1 and all(glyph.family == "tt" for glyph in group)


def _from_left(glyphs: Sequence[Glyph]) -> Sequence[Glyph]:
    """The glyphs sorted by their places; most rows are drawn so."""
    last = float("-inf")
    for glyph in glyphs:
        ink = glyph.ink
        place = glyph.x if ink.y1 - ink.y0 > 1 else ink.x0
        if place <= last:
            return sorted(glyphs, key=_place)
        last = place
    return glyphs


def _place(glyph: Glyph) -> tuple[float, int]:
    ink = glyph.ink
    return (glyph.x if ink.y1 - ink.y0 > 1 else ink.x0, glyph.index)


def _widest_gap(glyph: Glyph, last: Glyph, row: Row) -> float:
    """The gap within a word, in em: scripts may stand apart from what they belong to."""
    small = SMALL * row.size
    if glyph.char in _DOTS and last.char == glyph.char:
        return DOT_GAP
    if glyph.size >= small or abs(glyph.y - row.baseline) <= 0.05 * row.size:
        return WORD_GAP
    after_script = last.size < small and abs(glyph.y - last.y) < 0.5 * row.size
    return SCRIPT_GAP if after_script or symbols.is_math(last) or is_italic(last) else WORD_GAP


def _plain_word(glyphs: Sequence[Glyph], end: float, row: Row, faces: Faces) -> Word | None:
    """The word as `_judged` would have it, where that is plain: of ASCII characters on the baseline in fonts
    that are not of mathematics. Most words are.
    """
    smallest, math_faces = SMALL * row.size, faces.math
    left = glyphs[0].ink.x0
    text = ""
    for glyph in glyphs:
        char = glyph.char
        if (
            not char
            or glyph.family not in TEXT_FAMILIES
            or glyph.size <= smallest
            or glyph.face in math_faces
        ):
            return None
        if glyph.name in ACCENTS:
            return None
        text += char
        if glyph.ink.x0 < left:
            left = glyph.ink.x0
    if not text.isascii() or logos.NAME in text:
        return None
    neutral, operator, number, function = _nature(text)
    first, last = glyphs[0], glyphs[-1]
    return Word(
        tuple(glyphs),
        left,
        end,
        text,
        False,
        neutral,
        operator,
        number,
        not function and faces.are_text(glyphs),
        first.x if first.char.isalnum() else _pen_before(glyphs),
        last.x + last.advance,
    )


def _judged(glyphs: list[Glyph], end: float, row: Row, faces: Faces, in_greek: bool) -> Word:
    smallest = SMALL * row.size
    main = [glyph for glyph in glyphs if glyph.size > smallest]
    said = main
    if len(main) < len(glyphs):
        said = [glyph for glyph in glyphs if glyph.size > smallest or _is_small_capital(glyph, row)]
    text = reading(said) or _bullet(glyphs)
    neutral, operator, number, function = _nature(text)
    return Word(
        tuple(glyphs),
        min([glyph.ink.x0 for glyph in glyphs]),
        end,
        text,
        _is_math(glyphs, main, text, row, faces, in_greek),
        neutral,
        operator,
        number,
        not function and faces.are_text(glyphs),
        _pen_before(glyphs),
        glyphs[-1].x + glyphs[-1].advance,
    )


def _is_small_capital(glyph: Glyph, row: Row) -> bool:
    """Whether a glyph of the size of scripts stands on the line, as capitals set for small letters."""
    return glyph.char.isupper() and glyph.family in TEXT_FAMILIES and not _is_off(glyph, row)


def _foreign_to_greek(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs that are no letters of a text in Greek."""
    return [glyph for glyph in glyphs if glyph.family not in TEXT_FAMILIES or not greek.is_letter(glyph.char)]


def _bullet(glyphs: Sequence[Glyph]) -> str:
    """The bullet that a small glyph is, as where a class takes it from the font for scripts."""
    return glyphs[0].char if len(glyphs) == 1 and glyphs[0].char in BULLETS else ""


def _pen_before(glyphs: Sequence[Glyph]) -> float:
    """Where the pen begins to draw; an accent may stand anywhere over its letter."""
    first = glyphs[0]
    if len(glyphs) > 1 and marks.is_accent(first):
        first = glyphs[1]
    return first.x


@lru_cache(maxsize=16384)
def _nature(text: str) -> tuple[bool, bool, bool, bool]:
    """Whether a word is neutral, an operator, a number, a function's name."""
    function = bool(_FUNCTION.fullmatch(text))
    return (
        function or bool(_NEUTRAL.fullmatch(text)),
        bool(_OPERATOR.fullmatch(text)),
        bool(_NUMBER.fullmatch(text)),
        function,
    )


def _is_math(
    glyphs: Sequence[Glyph], main: Sequence[Glyph], text: str, row: Row, faces: Faces, in_greek: bool
) -> bool:
    if len(main) < len(glyphs):
        scripts = [g for g in glyphs if g.size <= SMALL * row.size and _is_off(g, row)]
    else:
        scripts = []
    if main and scripts and is_note_mark(glyphs, scripts, text):
        glyphs = main
        scripts = []
    if "−" in text and not scripts and _is_compound(glyphs, text):
        return False
    if not scripts and _is_measure(glyphs, text):
        return False
    if symbols.any_math(_foreign_to_greek(glyphs) if in_greek else glyphs):
        return True
    fonts = {(glyph.face, glyph.font) for glyph in glyphs}
    if any(_is_of_mathematics(*font, faces) for font in fonts) and any(
        _is_math_roman(glyph, faces) for glyph in glyphs
    ):
        return True
    if not main:
        box = ink_of(glyphs)
        return any(rule.box.x_overlap(box) > 0 and rule.y < box.y1 for rule in row.rules)
    return bool(scripts)


def _is_compound(glyphs: Sequence[Glyph], text: str) -> bool:
    """Whether words of the text are joined by what some fonts have for a hyphen, a minus."""
    if not _COMPOUND.fullmatch(text) or any(part in FUNCTIONS for part in text.split("−")):
        return False
    return all(glyph.char == "−" or glyph.family in TEXT_FAMILIES - ITALIC for glyph in glyphs)


def _is_measure(glyphs: Sequence[Glyph], text: str) -> bool:
    """Whether the word is a unit with the sign for a millionth in upright letters of the text, as µm is."""
    if "µ" not in text and "μ" not in text:
        return False
    return bool(_MEASURE.fullmatch(text)) and all(glyph.family in TEXT_FAMILIES - ITALIC for glyph in glyphs)


def _is_off(glyph: Glyph, row: Row) -> bool:
    return abs(glyph.y - row.baseline) > OFF_BASELINE * row.size


def _is_math_roman(glyph: Glyph, faces: Faces) -> bool:
    """Whether the glyph is of an upright font of mathematics.

    Ligatures that a text font lacks are taken from there, too.
    """
    return _is_of_mathematics(glyph.face, glyph.font, faces) and len(symbols.text_of(glyph)) <= 1


def _is_of_mathematics(face: int, font: str, faces: Faces) -> bool:
    return face in faces.math or _is_font_of_mathematics(font, faces.foreign)


@lru_cache(maxsize=1024)
def _is_font_of_mathematics(font: str, foreign: bool) -> bool:
    return bool(_MATH_ROMAN.search(font) or (foreign and _COMPUTER_MODERN.match(font)))


def is_note_mark(glyphs: Sequence[Glyph], scripts: Sequence[Glyph], text: str) -> bool:
    """Whether the small print before or after a word is a footnote's mark and not an exponent."""
    count, end = len(scripts), len(glyphs)
    while end > count and glyphs[end - 1].char in _AFTER_MARK and glyphs[end - 1] not in scripts:
        end -= 1
    before = list(glyphs[:count]) == list(scripts)
    if not before and list(glyphs[end - count : end]) != list(scripts):
        return False
    if any(script.y < glyph.y for script in scripts for glyph in glyphs if glyph not in scripts):
        return False
    if not _NOTE_MARK.fullmatch(reading(scripts)):
        return False
    long = _LONG_WORD.match(text) if before else _LONG_WORD.fullmatch(text) or _FILE_NAME.fullmatch(text)
    if not long and _SHORT_NAME.fullmatch(text):  # of somebody with several affiliations
        return len(scripts) > 1 and not reading(scripts).isalnum()
    return text[-1:] in ".,;:)”’" or long is not None


def is_bold(glyph: Glyph) -> bool:
    return glyph.family in BOLD


def is_italic(glyph: Glyph) -> bool:
    return glyph.family in ITALIC


def _lone_bold_letter(words: Sequence[Word], position: int) -> Word:
    """A single bold letter among words that are not bold is a vector or a matrix."""
    word = words[position]
    core = word.text.strip(".,;:()?!-")
    alone = position == 0 and not (len(words) > 1 and words[1].operator)
    if word.math or alone or not core.isalpha():
        return word
    bold = [glyph for glyph in word.glyphs if is_bold(glyph)]
    if not bold or len(core) > 1 or _prose_near(words, position, is_bold):
        return word
    return replace(word, math=True)


def _italic_symbol(words: Sequence[Word], position: int) -> Word:
    """Italic letters that stand alone are variables, where the text font lends its italic to mathematics."""
    word = words[position]
    if word.math or not any(glyph.family in ITALIC for glyph in word.glyphs):
        return word
    letters = [glyph for glyph in word.glyphs if glyph.char.isalpha()]
    if not any(map(is_italic, letters)) or _ABBREVIATION.fullmatch(word.text):
        return word
    pieces = [
        (italic, "".join(glyph.char for glyph in run)) for italic, run in groupby(letters, key=is_italic)
    ]
    built = len(pieces) > 1 or not word.text.strip(".,;:").removesuffix("-").isalpha()
    longest = (6 if word.text.isupper() else 3) if built else 1
    if any(len(piece) > longest if italic else not _names_function(piece, word) for italic, piece in pieces):
        return word
    if _prose_near(words, position, is_italic):
        return word
    return replace(word, math=True)


def _names_function(piece: str, word: Word) -> bool:
    return piece in FUNCTIONS or f"{piece}(" in word.text


def _prose_near(words: Sequence[Word], position: int, face: Callable[[Glyph], bool]) -> bool:
    """Whether a neighbour is a word of prose in the same face."""
    near = [words[other] for other in (position - 1, position + 1) if 0 <= other < len(words)]
    return any(_is_word(word) and not word.math and any(map(face, word.glyphs)) for word in near)


def _is_italic_prose(words: Sequence[Word]) -> bool:
    """Whether most of the longer words are italic, as in a theorem."""
    long = [word for word in words if _LONG_WORD.fullmatch(word.text)]
    return sum(all(map(is_italic, word.glyphs)) for word in long) > 0.5 * len(long)


def _is_word(word: Word) -> bool:
    core = word.text.strip(".,:;()")
    return len(core) > 1 and core.isalpha()


def prose_share(words: Iterable[Word]) -> float:
    """The share of the glyphs that stand in words of two or more letters which are not function names."""
    words = list(words)
    total = sum(len(word.glyphs) for word in words) or 1
    return sum(len(word.glyphs) for word in words if is_prose(word)) / total


_PROSE = re.compile(r"[(`\"“‘\[\\]*[^\W\d_][^\W\d_'’-]+[)'’”\".,;:?!\]]*")


def is_prose(word: Word) -> bool:
    return not word.math and not word.neutral and _may_be_prose(word.text)


@lru_cache(maxsize=16384)
def _may_be_prose(text: str) -> bool:
    return bool(_PROSE.fullmatch(text))
