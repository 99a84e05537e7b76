"""A team's account with another server that reads documents, and what of the team may go there."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Region(models.TextChoices):
    US = "us", _("United States")
    EU = "eu", _("European Union")
    SINGAPORE = "sg", _("Singapore")
    SERVER = "server", _("The address that this server was given")


class RemoteAccount(models.Model):
    """`provider` is who reads what is new, by its name in documents.provider."""

    team = models.OneToOneField("accounts.Team", on_delete=models.CASCADE, related_name="remote_account")
    provider = models.CharField(max_length=12, default="local")
    region = models.CharField(max_length=8, choices=Region.choices, default=Region.US)
    app_id = models.CharField(max_length=255, blank=True)
    app_key = models.TextField(blank=True, help_text="sealed")
    eu_only = models.BooleanField(default=False)
    nothing_leaves = models.BooleanField(default=False)
    private = models.BooleanField(default=False, help_text="always asks for improve_mathpix: false")
    page_budget = models.PositiveIntegerField(null=True, help_text="pages a month; none: no limit")
    month = models.CharField(max_length=7, blank=True, help_text="to which `pages_this_month` belongs")
    pages_this_month = models.PositiveIntegerField(default=0)
    second_reading_below = models.FloatField(
        default=0, help_text="confidence below which a page read here is read again there; 0: none is"
    )
    mirrored = models.BooleanField(default=False, help_text="its results and usage are copied here")
    fetched_days = models.PositiveSmallIntegerField(
        null=True, help_text="pages fetched for copied documents are kept; none: like all others"
    )
    direct_tokens = models.BooleanField(default=False, help_text="app tokens are the other server's own")
    modified_at = models.DateTimeField(auto_now=True)
