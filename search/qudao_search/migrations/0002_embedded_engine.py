"""What the embedded engine keeps its tokens in, and the narrow indexes it reads entries by, on the database in use.

The indexes are the engine's, not the model's: SQLite is told by name to use the first instead of the wide rows, and
PostgreSQL needs an order the model cannot state on both. Whoever alters ``Entry`` on SQLite makes them again.
"""

from django.db import migrations

STATEMENTS = {
    "sqlite": [
        """
        CREATE VIRTUAL TABLE qudao_search_fts USING fts5(
            titles, words, codes, fragments, sounds, tokenize = 'ascii', prefix = '2 3 4'
        )
        """,
        "CREATE INDEX search_entry_place ON qudao_search_entry (id, group_id, dated_at, boost)",
        "CREATE INDEX search_entry_newest ON qudao_search_entry (dated_at, id, group_id)",
    ],
    "postgresql": [
        """
        CREATE TABLE qudao_search_tokens (
            entry_id bigint NOT NULL,
            part integer NOT NULL,
            group_id bigint NOT NULL,
            dated_at timestamptz,
            boost double precision NOT NULL,
            tokens tsvector NOT NULL,
            PRIMARY KEY (entry_id, part)
        )
        """,
        "CREATE INDEX search_tokens_found ON qudao_search_tokens USING gin (tokens)",
        """
        CREATE INDEX search_entry_newest ON qudao_search_entry (dated_at DESC NULLS LAST, id DESC)
        INCLUDE (group_id)
        """,
    ],
}
REVERSED = {
    "sqlite": [
        "DROP INDEX search_entry_newest",
        "DROP INDEX search_entry_place",
        "DROP TABLE qudao_search_fts",
    ],
    "postgresql": ["DROP INDEX search_entry_newest", "DROP TABLE qudao_search_tokens"],
}


def _make(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def _drop(apps, schema_editor):
    for statement in REVERSED[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("qudao_search", "0001_initial")]

    operations = [migrations.RunPython(_make, _drop)]
