"""The audit log: who did what, when, and from where. Lines are added, never changed."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from mathpixweb.accounts.audit_models import AuditEntry, Deed
from mathpixweb.accounts.models import ApiKey, Membership, Team, User

ONE_LOOK = timedelta(minutes=10)  # looks and downloads of one document within it are one line
REPEATED = (Deed.SAW, Deed.DOWNLOADED)
KEPT = timedelta(days=400)


def note(
    team: Team,
    who: User | ApiKey | str,
    deed: Deed,
    subject: str = "",
    *,
    document: str = "",
    address: str = "",
) -> None:
    """Adds a line. `who` is a person, a key, or an address that somebody only claimed to have."""
    actor, user = _named(who), who if isinstance(who, User) else None
    if deed in REPEATED and _lately(team, actor, deed, document):
        return
    AuditEntry.objects.create(
        team=team,
        user=user,
        actor=actor[:254],
        deed=deed,
        subject=subject[:300],
        document=document,
        address=address or None,
    )


def note_everywhere(user: User, deed: Deed, subject: str = "", *, address: str = "") -> None:
    """A line in each team of the person, whose account is a matter of all of them."""
    for membership in Membership.objects.filter(user=user).select_related("team"):
        note(membership.team, user, deed, subject, address=address)


def find(team: Team, *, who: str = "", deed: str = "", words: str = "") -> QuerySet[AuditEntry]:
    """The team's lines, the newest first."""
    lines = AuditEntry.objects.filter(team=team).order_by("-created_at", "-pk")
    if who:
        lines = lines.filter(actor=who)
    if deed:
        lines = lines.filter(deed=deed)
    if words:
        lines = lines.filter(Q(subject__icontains=words) | Q(document=words) | Q(actor__icontains=words))
    return lines


def sweep() -> None:
    AuditEntry.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def _named(who: User | ApiKey | str) -> str:
    if isinstance(who, User):
        return who.email
    return f"key “{who.name}”" if isinstance(who, ApiKey) else who


def _lately(team: Team, actor: str, deed: Deed, document: str) -> bool:
    since = timezone.now() - ONE_LOOK
    lines = AuditEntry.objects.filter(team=team, deed=deed, created_at__gt=since)
    return lines.filter(actor=actor[:254], document=document).exists()
