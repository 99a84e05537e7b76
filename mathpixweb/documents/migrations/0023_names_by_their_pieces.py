"""A trigram index over names in PostgreSQL: each question looks for its words in them, too."""

from django.db import migrations

NAMES = (
    "CREATE INDEX documents_by_name ON documents_document USING gin (UPPER(name::text) gin_trgm_ops)"
)


def run(statement):
    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statement)

    return step


class Migration(migrations.Migration):
    dependencies = [("documents", "0022_chemistry_and_handwriting")]

    operations = [migrations.RunPython(run(NAMES), run("DROP INDEX documents_by_name"))]
