"""Folders of the library: documents lie in one or in none, and folders stand in folders."""

from __future__ import annotations

from django.db import transaction

from mathpixweb.accounts.models import Team
from mathpixweb.documents.models import Document, DocumentQuerySet
from mathpixweb.documents.models.library import Folder

MOST = 500  # of a team
DEEPEST = 6
LONGEST_PATH = 400  # characters


class Refused(Exception):
    """The folder cannot be made or named so; says why."""


class NoName(Refused):
    """There is nothing to call it by."""


class Taken(Refused):
    """Another folder is called so."""


class TooMany(Refused):
    """The team has as many folders as a list can show, or they stand in each other too deeply."""


def of_team(team: Team) -> list[Folder]:
    """Each folder right before those that stand in it."""
    return sorted(Folder.objects.filter(team=team), key=lambda folder: _order(folder.path))


def _order(path: str) -> list[str]:
    return path.casefold().split("/")


def make(team: Team, path: str) -> Folder:
    """The folder of that path, and those it stands in, made where they are missing. Raises Refused."""
    parts = clean(path).split("/")
    with transaction.atomic():
        known = {folder.path: folder for folder in Folder.objects.filter(team=team)}
        for end in range(1, len(parts) + 1):
            below = "/".join(parts[:end])
            if below not in known:
                if len(known) >= MOST:
                    raise TooMany
                known[below] = Folder.objects.create(team=team, path=below)
    return known["/".join(parts)]


def clean(path: str) -> str:
    """Names without spaces around them, empty ones left out. Raises Refused."""
    names = [" ".join(name.replace('"', "").split()) for name in path.split("/")]
    path = "/".join(name for name in names if name)
    if not path:
        raise NoName
    if path.count("/") >= DEEPEST or len(path) > LONGEST_PATH:
        raise TooMany
    return path


def move(folder: Folder, path: str) -> Folder:
    """Gives the folder another path, with all that stand in it. Raises Refused."""
    path = clean(path)
    if path == folder.path:
        return folder
    with transaction.atomic():
        moved = {inner: path + inner.path[len(folder.path) :] for inner in [folder, *within(folder)]}
        others = Folder.objects.filter(team=folder.team_id).exclude(pk__in=[inner.pk for inner in moved])
        if path.startswith(f"{folder.path}/") or others.filter(path__in=moved.values()).exists():
            raise Taken
        for inner, new in moved.items():
            inner.path = clean(new)
        Folder.objects.bulk_update(moved, ["path"])
        if "/" in path:
            make(folder.team, path.rpartition("/")[0])
    return folder


def within(folder: Folder) -> list[Folder]:
    """Those that stand in it, however deep."""
    return list(Folder.objects.filter(team=folder.team_id, path__startswith=f"{folder.path}/"))


def inside(documents: DocumentQuerySet, folder: Folder | None, *, deep: bool) -> DocumentQuerySet:
    """Those that lie in the folder, `deep` also those in the folders within it; all of them without one."""
    if folder is None:
        return documents
    return documents.filter(folder__in=[folder, *within(folder)] if deep else [folder])


def remove(folder: Folder) -> None:
    """Takes the folder and those in it away; their documents lie then where the folder stood."""
    above = folder.path.rpartition("/")[0]
    with transaction.atomic():
        gone = [folder, *within(folder)]
        outer = Folder.objects.filter(team=folder.team_id, path=above).first()
        Document.objects.filter(folder__in=gone).change(folder=outer)
        Folder.objects.filter(pk__in=[each.pk for each in gone]).delete()


def put(documents: DocumentQuerySet, folder: Folder | None) -> int:
    """How many documents lie there now that did not before."""
    elsewhere = documents.exclude(folder=folder) if folder else documents.exclude(folder=None)
    return elsewhere.change(folder=folder)
