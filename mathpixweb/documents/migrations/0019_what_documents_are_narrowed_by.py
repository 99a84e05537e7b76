"""Indexes for what the library is narrowed by: tables, diagrams, confidence.

The conditions are those of `documents.questions`, word by word, as else no database would use the indexes.
"""

from django.db import migrations, models

SQLITE = {
    "pages_with_tables": r"instr(mmd, '\begin{tabular}') > 0",
    "pages_with_diagrams": "(instr(mmd, 'includegraphics') > 0 OR instr(mmd, '![](') > 0)",
}
POSTGRES = {
    "pages_with_tables": r"strpos(mmd, '\begin{tabular}') > 0",
    "pages_with_diagrams": "(strpos(mmd, 'includegraphics') > 0 OR strpos(mmd, '![](') > 0)",
}


def create(apps, schema_editor):
    conditions = POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE
    for name, condition in conditions.items():
        schema_editor.execute(
            f"CREATE INDEX {name} ON documents_page (document_id) WHERE {condition}", params=None
        )


def drop(apps, schema_editor):
    for name in SQLITE:
        schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):

    dependencies = [("documents", "0018_private_documents")]

    operations = [
        migrations.RunPython(create, drop),
        migrations.AddIndex(
            model_name="page",
            index=models.Index(fields=["document", "status", "confidence"], name="pages_by_confidence"),
        ),
    ]
