"""The ledger of usage summed up by the hour, so that charts need not read every line of it."""

from __future__ import annotations

from django.db import models


class UsageHour(models.Model):
    """Kept by triggers of the database, in the transaction of each line of the ledger.

    Plain numbers instead of foreign keys, 0 for none: nulls would never equal each other; a sum has one row.
    """

    team = models.ForeignKey(
        "accounts.Team", on_delete=models.CASCADE, related_name="usage_hours", db_index=False
    )
    hour = models.DateTimeField(help_text="its first moment")
    usage_type = models.CharField(max_length=32)
    key_number = models.BigIntegerField(default=0)
    user_number = models.BigIntegerField(default=0)
    count = models.BigIntegerField(default=0)
    events = models.BigIntegerField(default=0)
    duration = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "hour", "usage_type", "key_number", "user_number"], name="a_sum_an_hour"
            )
        ]
