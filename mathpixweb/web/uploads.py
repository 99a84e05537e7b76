"""What the upload form asks, and how it becomes a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from mathpixweb.accounts.remote_accounts import LOCAL, MATHPIX
from mathpixweb.documents import image_intake, intake, unpacking
from mathpixweb.documents.models import Document
from mathpixweb.documents.unpacking import Unpacked
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


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a form; `refused` names the files of an archive that were left out, and why."""

    documents: list[Document]
    refused: list[tuple[str, str]] = field(default_factory=list)


def submit(request: TeamRequest) -> Taken:
    """Takes in every file of the form, or its address. Raises ProviderError at the first that is refused."""
    form = _form(request)
    options, reader = form.request_options(), form.chosen_reader
    files = [file for file in request.FILES.getlist("file") if isinstance(file, UploadedFile)]
    url = request.POST.get("url", "").strip()
    taken = Taken([])
    for file in files:
        if unpacking.is_archive(file):
            _unpack(request, file, options, reader, taken)
        else:
            taken.documents.append(_submitted(request, file, options, reader))
    if files:
        return taken
    if url:
        document = intake.submit_url(
            request.team, url, endpoint=ENDPOINT, options=options, user=request.user, reader=reader
        )
        return Taken([document])
    raise intake.Refused("pdf_missing", "No file was chosen and no address was given.")


def _unpack(
    request: TeamRequest, archive: UploadedFile[Any], options: dict[str, object], reader: str, taken: Taken
) -> None:
    """Takes in what the archive holds. Raises ProviderError when it holds nothing that can be read."""
    before = len(taken.documents)
    try:
        for unpacked in unpacking.files(archive):
            _take_unpacked(request, unpacked, options, reader, taken)
    except ProviderError as broken:
        if len(taken.documents) == before:
            raise
        taken.refused.append((intake.clean_name(archive.name or ""), broken.message))
    if len(taken.documents) == before:
        reason = f"{taken.refused[-1][0]}: {taken.refused[-1][1]}" if taken.refused else "It is empty."
        raise intake.Refused(
            "pdf_missing", f"It looks like a zip archive, and nothing in it can be read. {reason}"
        )


def _take_unpacked(
    request: TeamRequest, unpacked: Unpacked, options: dict[str, object], reader: str, taken: Taken
) -> None:
    if unpacked.file is None:
        taken.refused.append((unpacked.name, unpacked.refusal))
        return
    try:
        taken.documents.append(_submitted(request, unpacked.file, options, reader))
    except ProviderError as refusal:
        taken.refused.append((unpacked.name, refusal.message))
    finally:
        unpacked.file.close()


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
