from typing import Any

from django.db import migrations, models

from overt.logbook import triggers


def put_in_place(apps: Any, schema_editor: Any) -> None:
    triggers.KEYS.install(schema_editor.connection)


def lift(apps: Any, schema_editor: Any) -> None:
    triggers.KEYS.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("logbook", "0003_code_breach")]

    operations = [
        migrations.CreateModel(
            name="KeySuccession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.BigIntegerField(unique=True)),
                ("note", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
            options={"ordering": ["size"]},
        ),
        migrations.RunPython(put_in_place, lift),
    ]
