import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def without_index(column, name, field):
    """As AlterField does it, but for SQLite, where that would make the whole table again without its triggers."""
    return migrations.SeparateDatabaseAndState(
        [migrations.RunSQL(f'DROP INDEX "{name}"', f'CREATE INDEX "{name}" ON "documents_document" ("{column}_id")')],
        [migrations.AlterField("document", column, field)],
    )


def made_again(index):
    return [migrations.RemoveIndex("document", index.name), migrations.AddIndex("document", index)]


class Migration(migrations.Migration):
    dependencies = [("documents", "0025_secrets_of_webhooks_renewed")]

    operations = [
        # other indexes begin with the team
        without_index(
            "team",
            "documents_document_team_id_7e8f6640",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="documents",
                to="accounts.team",
            ),
        ),
        without_index(
            "user",
            "documents_document_user_id_e543d099",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            "document",
            models.Index(fields=["user"], name="documents_of_a_person", condition=models.Q(user__isnull=False)),
        ),
        *made_again(
            models.Index(
                fields=["team", "completed_at", "created_at", "error_id"],
                name="documents_by_outcome",
                condition=models.Q(completed_at__isnull=False),
            )
        ),
        # SQLite uses an index with a condition only where the query has it in the same words
        *made_again(
            models.Index(
                fields=["queued_at"],
                name="documents_unfinished",
                condition=models.Q(deleted_at=None, completed_at=None),
            )
        ),
        *made_again(
            models.Index(
                fields=["folder", "-created_at"],
                name="documents_of_a_folder",
                condition=models.Q(folder__isnull=False),
            )
        ),
        *made_again(
            models.Index(
                fields=["trashed_at"],
                name="documents_in_the_trash",
                condition=models.Q(trashed_at__isnull=False),
            )
        ),
        # with its order, for which SQLite would go through all documents of the team, newest first
        *made_again(
            models.Index(
                fields=["team", "source_hash", "-created_at"],
                name="documents_by_source",
                condition=~models.Q(source_hash=""),
            )
        ),
        migrations.RemoveConstraint("document", "a_document_an_idempotency_key"),
        migrations.AddConstraint(
            "document",
            models.UniqueConstraint(
                fields=["team", "idempotency_key"],
                name="a_document_an_idempotency_key",
                condition=models.Q(deleted_at=None, idempotency_key__isnull=False),
            ),
        ),
    ]
