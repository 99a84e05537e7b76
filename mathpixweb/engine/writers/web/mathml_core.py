"""From the MathML that MathJax writes to MathML Core, which is what browsers draw.

MathML Core leaves to CSS and to Unicode what MathML 3 said with attributes: alignment and lines of tables,
labelled rows, enclosures, letter styles; and it has no notion of TeX's classes, so their spaces are written
out. The classes used here are drawn by `static/css/mmd.css`.
Source: https://www.w3.org/TR/mathml-core/
"""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from mathpixweb.engine.writers.formulas.letters import styled
from mathpixweb.engine.writers.web.mathml_tables import add_class, lay_out_table, new_row

NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'  # HTML knows its mathematics without it
WIDEST_EM = 60.0  # an explicit space or rule beyond a page's width is an accident or an attack
EM_PARTS = {"ex": 2.0, "px": 16.0, "pt": 12.0, "%": 100.0}  # about that many make an em
TOKENS = frozenset({"mi", "mn", "mo", "ms", "mtext"})
ROWS = frozenset({"mrow", "math", "mtd", "mstyle", "mpadded", "mphantom", "msqrt"})
SCRIPTED = frozenset({"msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts"})
APPLY = "\u2061"  # stands between a function's name and its argument
THIN = "0.1667em"
OPENING = frozenset("([{|‖⟨⌊⌈")
CLOSING = frozenset(")]}|‖⟩⌋⌉!′″…⋯%") | {APPLY}
LEADING_SIGNS = frozenset("+-−±∓")
PRIMES = frozenset("′″‴⁗")
MANY_PRIMES = {"′′": "″", "′′′": "‴", "′′′′": "⁗"}
LONG_ARROWS = {"→": "⟶", "←": "⟵", "↔": "⟷", "⇒": "⟹", "⇐": "⟸", "⇔": "⟺", "↦": "⟼"}
BARS = frozenset("|‖")
STACKED = frozenset({"mover", "munder", "munderover"})
THICK = "0.2778em"
INTEGRALS = frozenset("∮∯∰∱∲∳∬∭⨌")

# Characters that math fonts stretch or hang close over a letter, for the ones that MathJax writes.
MARKS = {"^": "\u0302", "ˆ": "\u0302", "―": "‾"}
SHORT_MARKS = {"→": "\u20d7", "←": "\u20d6"}
ACCENTS = frozenset("→←↔⟶⟵^~ˆ˜¯´`ˇ˘˙¨\u20db\u20dc⇀↼˚°―‾_")


def core(mathml: str) -> str:
    """One `<math>` element as MathML Core; raises ElementTree.ParseError when it is not well-formed."""
    # expat loads nothing from outside and caps the growth of entities
    math = ElementTree.fromstring(mathml.replace(NAMESPACE, "", 1))  # noqa: S314
    for element in math.iter():
        _close_up(element)
    _break_lines(math)
    for element in list(math.iter()):
        for step in STEPS:
            step(element)
    return ElementTree.tostring(math, encoding="unicode", short_empty_elements=False)


def _close_up(element: Element) -> None:
    element.tail = None
    if element.tag not in TOKENS:
        element.text = None


def _letters(element: Element) -> None:
    """Letter styles become letters of their own; words in bold or italic become classes."""
    variant = element.attrib.pop("mathvariant", None)
    if variant is None or element.tag not in TOKENS:
        return
    if variant == "normal":
        element.set("mathvariant", variant)
    elif element.tag == "mtext":
        add_class(element, variant)
    elif element.text:
        element.text = styled(element.text, variant)


def _words(element: Element) -> None:
    """Spaces at the ends of words stay; `lim` and its kind get a word's spaces, not an operator's."""
    text = element.text or ""
    if element.tag == "mtext" and text:
        before, after = len(text) - len(text.lstrip(" ")), len(text) - len(text.rstrip(" "))
        element.text = "\u00a0" * before + text.strip(" ") + "\u00a0" * after if text.strip(" ") else "\u00a0"
    elif element.tag == "mo" and len(text) > 1 and element.get("data-mjx-texclass") == "OP":
        element.attrib.update(lspace="0", rspace=THIN)
    elif element.tag == "mo":
        _signs(element, text)


def _signs(mo: Element, text: str) -> None:
    """TeX's spaces where they are not those of MathML's table of operators."""
    given = mo.get("data-mjx-texclass")
    if given == "ORD" or text == "/" or (text in BARS and mo.get("stretchy") == "false"):
        mo.attrib.update(lspace="0", rspace="0")
    elif text == ":" and given is None:
        mo.attrib.update(lspace=THICK, rspace=THICK)


def _leading_signs(row: Element) -> None:
    """A sign after a relation, a parenthesis or a comma belongs to what follows: `a = -b`, `(x, -y)`."""
    if row.tag not in ROWS:
        return
    for before, mo in pairwise(row):
        if mo.tag == "mo" and mo.text in LEADING_SIGNS and before.tag == "mo" and before.text not in CLOSING:
            mo.attrib.update(form="prefix", lspace="0", rspace="0")


def _functions(row: Element) -> None:
    """A thin space on both sides of `sin x`, as TeX sets operators, but none before a parenthesis."""
    if row.tag not in ROWS:
        return
    _apply_names(row)
    for index in range(len(row) - 1, 0, -1):
        if row[index].tag != "mo" or row[index].text != APPLY:
            continue
        if index + 1 < len(row) and not _opens(row[index + 1]):
            row[index].set("rspace", THIN)
        if index > 1 and row[index - 2].tag not in ("mo", "mspace") and row[index - 2].text != APPLY:
            row.insert(index - 1, Element("mspace", {"width": THIN}))


def _apply_names(row: Element) -> None:
    """MathJax leaves the sign of application out after `\\operatorname{rank}`."""
    for index in range(len(row) - 2, -1, -1):
        if _names_function(row[index]) and row[index + 1].text != APPLY:
            sign = Element("mo")
            sign.text = APPLY
            row.insert(index + 1, sign)


def _names_function(element: Element) -> bool:
    name = element.text or ""
    plain = "mathvariant" not in element.attrib and "data-mjx-auto-op" not in element.attrib
    return element.tag == "mi" and len(name) > 1 and name.isalpha() and plain


def _scripts(element: Element) -> None:
    """Inside of scripts TeX sets relations and signs without spaces."""
    if element.tag in SCRIPTED:
        for mo in (mo for script in element[1:] for mo in script.iter("mo")):
            if len(mo.text or "") == 1:
                mo.attrib.update(lspace="0", rspace="0")


def _opens(element: Element) -> bool:
    while element.tag in ROWS and len(element):
        element = element[0]
    return element.tag == "mo" and (element.text or "") in OPENING


def _accents(element: Element) -> None:
    """Core asks the base's element, not the mark, whether the mark hugs the base."""
    name = {"mover": "accent", "munder": "accentunder"}.get(element.tag)
    if not name or len(element) != 2 or element[1].tag != "mo":
        return
    mark = element[1]
    text = mark.text or ""
    if mark.attrib.pop("accent", "") == "true" or text in ACCENTS:
        element.set(name, "true")
        short = SHORT_MARKS if mark.get("stretchy") == "false" else {}
        mark.text = (MARKS | short).get(text, text)
        if mark.text != text:
            mark.set("stretchy", "true")  # what does not stretch is not centred over its letter


def _primes(element: Element) -> None:
    """Fonts draw the prime raised; as a superscript it would be raised, and made small, twice."""
    if element.tag != "msup" or len(element) != 2:
        return
    marks = "".join(element[1].itertext())
    if marks and PRIMES.issuperset(marks):
        element.tag = "mrow"
        element[1].clear()
        element[1].tag, element[1].text = "mo", MANY_PRIMES.get(marks, marks)
        element[1].attrib.update(lspace="0", rspace="0")


def _arrows(element: Element) -> None:
    """A long arrow below its words, which browsers do not stretch; and Core pads by spaces only."""
    if element.tag not in STACKED or not len(element) or element[0].tag != "mstyle" or len(element[0]) != 1:
        return
    element[0] = element[0][0]
    element[0].text = LONG_ARROWS.get(element[0].text or "", element[0].text)
    for words in element[1:]:
        if words.tag == "mpadded":
            words.tag = "mrow"
            words.attrib.clear()
            for space in words.findall("mspace"):
                words.remove(space)
            words.insert(0, Element("mspace", {"width": THICK}))
            words.append(Element("mspace", {"width": THICK}))


def _integrals(element: Element) -> None:
    """MathJax sets integrals that its own font lacks as enlarged text; math fonts have them."""
    first = element[0] if element.tag == "mstyle" and element.get("mathsize") and len(element) else None
    if first is not None and first.text and first.text in INTEGRALS:
        text = first.text
        element.clear()
        element.tag, element.text = "mo", text


def _limits(element: Element) -> None:
    for name in ("width", "height", "depth", "lspace", "rspace", "voffset"):
        if _ems(element.get(name, "")) > WIDEST_EM:
            del element.attrib[name]


def _ems(length: str) -> float:
    found = re.match(r"[+-]?([\d.]+)(em|ex|px|pt|%)?", length)
    return float(found[1]) / EM_PARTS.get(found[2] or "", 1.0) if found else 0.0


def _drop_empty_fences(element: Element) -> None:
    """`\\right.` leaves an operator without a character, which browsers still give its spaces."""
    if element.tag in ROWS:
        for child in list(element):
            if child.tag == "mo" and not (child.text or "").strip():
                element.remove(child)


def _enclosure(element: Element) -> None:
    if element.tag == "menclose":
        notations = element.attrib.pop("notation", "longdiv").split()
        element.tag = "mrow"
        add_class(element, " ".join(["enclosed", *notations]))


def _break_lines(math: Element) -> None:
    """`\\\\` outside of an environment starts a new line, which Core knows only as a row of a table."""
    breaks = [child for child in math if child.get("linebreak") == "newline"]
    if not breaks:
        return
    table = Element("mtable", {"displaystyle": "true", "columnalign": "left"})
    cell = new_row(table)
    for child in list(math):
        math.remove(child)
        if child in breaks:
            cell = new_row(table)
        else:
            cell.append(child)
    math.append(table)


# From the innermost need outwards: tables look at their cells' alignment only.
STEPS = (
    _letters,
    _words,
    _leading_signs,
    _functions,
    _scripts,
    _accents,
    _primes,
    _arrows,
    _integrals,
    _limits,
    _drop_empty_fences,
    lay_out_table,
    _enclosure,
)
