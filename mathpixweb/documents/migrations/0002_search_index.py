"""A trigram index over what pages say, kept in step by the database itself."""

from django.db import migrations

CREATE = [
    """CREATE VIRTUAL TABLE documents_page_search USING fts5(
           search_text, content='documents_page', content_rowid='id', tokenize='trigram')""",
    """CREATE TRIGGER documents_page_search_insert AFTER INSERT ON documents_page BEGIN
           INSERT INTO documents_page_search(rowid, search_text) VALUES (new.id, new.search_text);
       END""",
    """CREATE TRIGGER documents_page_search_delete AFTER DELETE ON documents_page BEGIN
           INSERT INTO documents_page_search(documents_page_search, rowid, search_text)
           VALUES ('delete', old.id, old.search_text);
       END""",
    """CREATE TRIGGER documents_page_search_update AFTER UPDATE OF search_text ON documents_page
       WHEN old.search_text IS NOT new.search_text BEGIN
           INSERT INTO documents_page_search(documents_page_search, rowid, search_text)
           VALUES ('delete', old.id, old.search_text);
           INSERT INTO documents_page_search(rowid, search_text) VALUES (new.id, new.search_text);
       END""",
]
DROP = [
    "DROP TRIGGER documents_page_search_update",
    "DROP TRIGGER documents_page_search_delete",
    "DROP TRIGGER documents_page_search_insert",
    "DROP TABLE documents_page_search",
]

CREATE_IN_POSTGRES = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX pages_search_text ON documents_page USING gin (search_text gin_trgm_ops)",
]
DROP_IN_POSTGRES = ["DROP INDEX pages_search_text"]


def run(in_sqlite, in_postgres):
    def step(apps, schema_editor):
        statements = in_postgres if schema_editor.connection.vendor == "postgresql" else in_sqlite
        for statement in statements:
            schema_editor.execute(statement)

    return step


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_documents_pages_and_renditions")]
    operations = [migrations.RunPython(run(CREATE, CREATE_IN_POSTGRES), run(DROP, DROP_IN_POSTGRES))]
