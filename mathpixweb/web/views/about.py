"""What a document is called, where it lies, by which words it is found; and all that is known of it."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from mathpixweb.documents.library import folders, library
from mathpixweb.documents.models import Document, ImageAnswer
from mathpixweb.documents.models.library import Folder
from mathpixweb.web import calls
from mathpixweb.web.access import TeamRequest, get_document, team_page, writers_only


class FolderField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Folder) -> str:
        return obj.path


class AboutForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=255, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    folder = FolderField(
        label=_("Folder"), queryset=Folder.objects.none(), required=False, empty_label=_("No folder")
    )
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=2000,
        help_text=_("With commas between them."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("thesis, to check")}),
    )

    def __init__(self, document: Document, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        field = self.fields["folder"]
        assert isinstance(field, FolderField)  # noqa: S101
        field.queryset = Folder.objects.filter(team=document.team_id)

    def save(self, document: Document) -> None:
        chosen = self.cleaned_data
        library.rename(document, chosen["name"])
        folders.put(Document.objects.filter(pk=document.pk), chosen["folder"])
        library.set_tags(document, chosen["tags"].split(","))


@require_safe
@team_page
def about(request: TeamRequest, public_id: str) -> HttpResponse:
    document = get_document(request, public_id)
    tags = list(document.tags.order_by("name").values_list("name", flat=True))
    initial = {"name": document.name, "folder": document.folder_id, "tags": ", ".join(tags)}
    return _shown(request, document, AboutForm(document, initial=initial), tags)


@require_POST
@team_page
@writers_only
def change(request: TeamRequest, public_id: str) -> HttpResponse:
    document = get_document(request, public_id)
    form = AboutForm(document, request.POST)
    if not form.is_valid():
        return _shown(request, document, form, [])
    form.save(document)
    messages.success(request, _t("This is kept."))
    return redirect("web:document", public_id)


def _shown(request: TeamRequest, document: Document, form: AboutForm, tags: list[str]) -> HttpResponse:
    answer = ImageAnswer.objects.filter(document=document).first() if document.is_image else None
    context = {
        "document": document,
        "form": form,
        "tags": tags,
        "at_once": calls.answer(document),
        "later": calls.later(document),
        "answer": json.dumps(answer.result, ensure_ascii=False, indent=1) if answer else "",
    }
    return render(request, "documents/about.html", context, status=422 if form.errors else 200)
