"""The database refuses to change or remove what the logbook holds."""

from typing import Any

from django.db import migrations

from overt.logbook import triggers


def put_in_place(apps: Any, schema_editor: Any) -> None:
    triggers.install(schema_editor.connection)


def lift(apps: Any, schema_editor: Any) -> None:
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("logbook", "0001_initial")]

    operations = [migrations.RunPython(put_in_place, lift)]
