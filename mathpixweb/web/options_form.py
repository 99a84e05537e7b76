"""The choices under "Options", and how they become a request's options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mathpixweb.accounts.models import Team
from mathpixweb.accounts.remote_accounts import LOCAL, MATHPIX
from mathpixweb.documents.intake import presets
from mathpixweb.documents.models.staging import Preset
from mathpixweb.providers import options as request_options
from mathpixweb.providers.base import ProviderError
from mathpixweb.web import egress, numbers

DELIMITERS: Mapping[str, tuple[list[str], list[str]]] = {
    "backslash": (["\\(", "\\)"], ["\\[", "\\]"]),
    "dollar": (["$", "$"], ["$$", "$$"]),
}
SECTIONS: Mapping[str, Mapping[str, object]] = {
    "preserve": {},
    "remove": {"remove_section_numbering": True},
    "auto": {"auto_number_sections": True},
}
FLAGS = ("include_equation_tags", "include_page_info", "include_diagram_text")
FORMATS = (
    ("docx", _("Word")),
    ("tex.zip", _("LaTeX")),
    ("md", _("Markdown")),
    ("html", _("Web page")),
    ("pdf", _("PDF")),
    ("xlsx", _("Excel")),
)
OF_ONE_FILE = ("page_ranges",)  # of no use to the next file
OF_PAGES = ("page_ranges", "sections", "formats")  # of no use to a picture


class OptionsForm(forms.Form):
    """What is left alone is not sent."""

    page_ranges = forms.CharField(
        label=_("Pages"),
        required=False,
        max_length=2000,
        help_text=_("For example 2,4-6 or 3-. Empty: all pages."),
        widget=forms.TextInput(attrs={"placeholder": "2,4-6", "autocomplete": "off", "inputmode": "text"}),
    )
    delimiters = forms.ChoiceField(
        label=_("Formula delimiters"),
        required=False,
        choices=[("backslash", r"\( … \)   \[ … \]"), ("dollar", "$ … $   $$ … $$")],
    )
    sections = forms.ChoiceField(
        label=_("Section numbers"),
        required=False,
        choices=[
            ("preserve", _("As in the document")),
            ("remove", _("Leave out")),
            ("auto", _("Number anew")),
        ],
    )
    chemistry = forms.ChoiceField(
        label=_("Chemical structures"),
        required=False,
        choices=[("smiles", _("As SMILES")), ("picture", _("As pictures"))],
    )
    reader = forms.ChoiceField(
        label=_("Read by"),
        required=False,
        choices=[("", _("As the team has chosen")), (LOCAL, _("This server")), (MATHPIX, "Mathpix")],
        help_text=_("What Mathpix reads leaves this server."),
    )
    include_equation_tags = forms.BooleanField(label=_("Keep equation numbers"), required=False)
    include_page_info = forms.BooleanField(label=_("Keep page headers and footers"), required=False)
    include_diagram_text = forms.BooleanField(label=_("Read the text in diagrams"), required=False)
    formats = forms.MultipleChoiceField(
        label=_("Made at once"), required=False, choices=FORMATS, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, elsewhere: bool = False, paged: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if not elsewhere:
            del self.fields["reader"]
        for name in () if paged else OF_PAGES:
            del self.fields[name]

    @property
    def columns(self) -> Iterator[forms.BoundField]:
        """What is typed or chosen."""
        return (field for field in self if field.name not in (*FLAGS, "formats"))

    @property
    def made_at_once(self) -> forms.BoundField | None:
        return self["formats"] if "formats" in self.fields else None

    @property
    def flags(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in FLAGS)

    @property
    def chosen_reader(self) -> str:
        """Empty for the team's usual one."""
        return str(self.cleaned_data.get("reader") or "")

    def lasting(self) -> dict[str, object]:
        """What a preset keeps."""
        return {name: value for name, value in self.cleaned_data.items() if value and name not in OF_ONE_FILE}

    def request_options(self) -> dict[str, object]:
        """The request's options. Raises ProviderError for what cannot be asked."""
        chosen = self.cleaned_data
        asked: dict[str, object] = dict(SECTIONS[chosen.get("sections") or "preserve"])
        if chosen.get("page_ranges"):
            asked["page_ranges"] = chosen["page_ranges"]
        if chosen["delimiters"] == "dollar":
            asked["math_inline_delimiters"], asked["math_display_delimiters"] = DELIMITERS["dollar"]
        if chosen["chemistry"] == "picture":
            asked["include_smiles"] = False
        asked |= {name: True for name in FLAGS if chosen[name]}
        if chosen.get("formats"):
            asked["conversion_formats"] = dict.fromkeys(chosen["formats"], True)
        return request_options.parse(asked)


def choices_of(options: Mapping[str, object]) -> dict[str, object]:
    """What the form shows for options that a document has been read with."""
    chosen: dict[str, object] = {name: True for name in FLAGS if options.get(name)}
    chosen["page_ranges"] = options.get("page_ranges", "")
    if options.get("math_inline_delimiters") == ["$", "$"]:
        chosen["delimiters"] = "dollar"
    for name, asked in SECTIONS.items():
        if asked and all(options.get(option) for option in asked):
            chosen["sections"] = name
    if options.get("include_smiles") is False:
        chosen["chemistry"] = "picture"
    formats = options.get("conversion_formats")
    if isinstance(formats, Mapping):
        chosen["formats"] = [name for name, wanted in formats.items() if wanted]
    return chosen


def fresh(team: Team, preset: str = "", **more: Any) -> OptionsForm:
    """The form as it is first shown: with what a preset says, the one of that number or the usual one."""
    found = _preset(team, preset)
    initial = {**(found.choices if found else {}), **more.pop("initial", {})}
    return OptionsForm(elsewhere=egress.may_be_asked(team), initial=initial, **more)


def _preset(team: Team, number: str) -> Preset | None:
    known = numbers.sent(number)
    return presets.usual(team) if known is None else presets.of_team(team).filter(pk=known).first()


def filled(team: Team, sent: QueryDict, *, paged: bool = True) -> OptionsForm:
    """The form as it was sent; where none was, the team's usual preset holds. Raises ProviderError."""
    elsewhere = egress.may_be_asked(team)
    usual = None if "options" in sent else presets.usual(team)
    data: Any = usual.choices if usual else sent
    form = OptionsForm(data, elsewhere=elsewhere, paged=paged)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise ProviderError("opts_value_out_of_range", f"{form.fields[name].label}: {errors[0]}", name=name)
    return form
