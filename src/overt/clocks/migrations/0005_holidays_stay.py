"""The database refuses to change or remove a proclaimed holiday, save that it is taken back once."""

from typing import Any

from django.db import migrations

from overt.clocks.triggers import HOLIDAYS


def put_in_place(apps: Any, schema_editor: Any) -> None:
    HOLIDAYS.install(schema_editor.connection)


def lift(apps: Any, schema_editor: Any) -> None:
    HOLIDAYS.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("clocks", "0004_holidays_taken_back")]

    operations = [migrations.RunPython(put_in_place, lift)]
