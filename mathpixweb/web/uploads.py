"""What the upload form asks, and how it becomes a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from mathpixweb.accounts.remote_accounts import LOCAL, MATHPIX
from mathpixweb.documents import image_intake, intake
from mathpixweb.documents.models import Document
from mathpixweb.providers import options as request_options
from mathpixweb.providers.base import ProviderError
from mathpixweb.web import egress
from mathpixweb.web.access import TeamRequest

ENDPOINT = "/v3/pdf"  # what the API would have been asked: one history for both

DELIMITERS: Mapping[str, tuple[list[str], list[str]]] = {
    "backslash": (["\\(", "\\)"], ["\\[", "\\]"]),
    "dollar": (["$", "$"], ["$$", "$$"]),
}

SECTIONS = {
    "preserve": {},
    "remove": {"remove_section_numbering": True},
    "auto": {"auto_number_sections": True},
}


class OptionsForm(forms.Form):
    """The choices under "Options"; what is left alone is not sent."""

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
    include_equation_tags = forms.BooleanField(label=_("Keep equation numbers"), required=False)
    include_page_info = forms.BooleanField(label=_("Keep page headers and footers"), required=False)
    reader = forms.ChoiceField(
        label=_("Read by"),
        required=False,
        choices=[("", _("As the team has chosen")), (LOCAL, _("This server")), (MATHPIX, "Mathpix")],
        help_text=_("What Mathpix reads leaves this server."),
    )

    def __init__(self, *args: Any, elsewhere: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not elsewhere:
            del self.fields["reader"]

    @property
    def chosen_reader(self) -> str:
        """Empty for the team's usual one."""
        return str(self.cleaned_data.get("reader") or "")

    def request_options(self) -> dict[str, object]:
        """The request's options. Raises ProviderError for what cannot be asked."""
        chosen = self.cleaned_data
        asked: dict[str, object] = dict(SECTIONS[chosen["sections"] or "preserve"])
        if chosen["page_ranges"]:
            asked["page_ranges"] = chosen["page_ranges"]
        if chosen["delimiters"] == "dollar":
            asked["math_inline_delimiters"], asked["math_display_delimiters"] = DELIMITERS["dollar"]
        for name in ("include_equation_tags", "include_page_info"):
            if chosen[name]:
                asked[name] = True
        return request_options.parse(asked)


def submit(request: TeamRequest) -> list[Document]:
    """Takes in every file of the form, or its address. Raises ProviderError at the first that is refused."""
    form = _form(request)
    options, reader = form.request_options(), form.chosen_reader
    files = [file for file in request.FILES.getlist("file") if isinstance(file, UploadedFile)]
    url = request.POST.get("url", "").strip()
    if files:
        return [_submitted(request, file, options, reader) for file in files]
    if url:
        document = intake.submit_url(
            request.team, url, endpoint=ENDPOINT, options=options, user=request.user, reader=reader
        )
        return [document]
    raise intake.Refused("pdf_missing", "No file was chosen and no address was given.")


def _submitted(
    request: TeamRequest, file: UploadedFile[Any], options: dict[str, object], reader: str
) -> Document:
    if image_intake.is_image(file):
        return image_intake.submit_image(request.team, file, options=options, user=request.user)
    return intake.submit_file(
        request.team, file, endpoint=ENDPOINT, options=options, user=request.user, reader=reader
    )


def _form(request: TeamRequest) -> OptionsForm:
    form = OptionsForm(request.POST, elsewhere=egress.may_be_asked(request.team))
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise ProviderError("opts_value_out_of_range", f"{form.fields[name].label}: {errors[0]}", name=name)
    return form
