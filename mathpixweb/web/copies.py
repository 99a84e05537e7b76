"""The forms of a formula or a table with the names that people know them by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mathpixweb.documents.images.forms import Form

NAMES: dict[str, tuple[str | Promise, str | Promise]] = {
    "latex": ("LaTeX", ""),
    "dollars": ("LaTeX", _("with dollar signs")),
    "delimited": ("LaTeX", _("with \\( \\) or \\[ \\]")),
    "mathml": ("MathML", ""),
    "mathmlword": (_("For Word"), _("MathML that Word turns into an equation")),
    "asciimath": ("AsciiMath", ""),
    "typst": ("Typst", ""),
    "svg": ("SVG", _("a drawing")),
    "tsv": ("TSV", _("for Excel, Calc and Sheets")),
    "csv": ("CSV", ""),
    "table-markdown": ("Markdown", ""),
    "html": ("HTML", _("with its lines, for mail and Word")),
}


@dataclass(frozen=True, slots=True)
class Copy:
    key: str
    name: str | Promise
    purpose: str | Promise
    value: str
    awaited: bool = False  # its place is kept, its value comes later


def named(forms: Iterable[Form]) -> list[Copy]:
    return [Copy(form.name, *NAMES[form.name], form.value) for form in forms]


def awaited(names: Iterable[str]) -> list[Copy]:
    return [Copy(name, *NAMES[name], "", awaited=True) for name in names]
