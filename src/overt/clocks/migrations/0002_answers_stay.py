"""The database refuses to change or remove an answer that a clock gave.

Against a slip and against a client with the application's rights; the logbook's entry of each answer is the proof.
"""

from typing import Any

from django.db import migrations

TABLE = "clocks_clockanswer"
WORDS = "an answer of a clock stays as it is"
VERBS = ("update", "delete")


def put_in_place(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for verb in VERBS:
            schema_editor.execute(
                f"CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb.upper()} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
        return
    schema_editor.execute(
        "CREATE OR REPLACE FUNCTION clocks_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for verb in VERBS:
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb.upper()} ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION clocks_refuse()"
        )


def lift(apps: Any, schema_editor: Any) -> None:
    on_table = "" if schema_editor.connection.vendor == "sqlite" else f" ON {TABLE}"
    for verb in VERBS:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_{verb}{on_table}")


class Migration(migrations.Migration):
    dependencies = [("clocks", "0001_initial")]

    operations = [migrations.RunPython(put_in_place, lift)]
