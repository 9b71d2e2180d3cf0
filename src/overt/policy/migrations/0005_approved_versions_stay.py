"""The database refuses to change or remove a version of the policy once it has left the draft, or its history."""

from typing import Any

from django.db import migrations

from overt.policy.triggers import REFUSALS


def put_in_place(apps: Any, schema_editor: Any) -> None:
    REFUSALS.install(schema_editor.connection)


def lift(apps: Any, schema_editor: Any) -> None:
    REFUSALS.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("policy", "0004_number_required")]

    operations = [migrations.RunPython(put_in_place, lift)]
