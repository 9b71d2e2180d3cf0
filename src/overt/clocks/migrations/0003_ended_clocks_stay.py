"""The database refuses to change or remove what a clock said, or one that ended."""

from typing import Any

from django.db import migrations

from overt.clocks.triggers import REFUSALS


def put_in_place(apps: Any, schema_editor: Any) -> None:
    REFUSALS.install(schema_editor.connection)


def lift(apps: Any, schema_editor: Any) -> None:
    REFUSALS.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("clocks", "0002_answers_stay")]

    operations = [migrations.RunPython(put_in_place, lift)]
