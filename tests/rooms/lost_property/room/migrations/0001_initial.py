from django.db import migrations, models

import overt.shared.ids


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Thing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("words", models.CharField(max_length=100)),
                ("handed_in_at", models.DateTimeField()),
            ],
            options={"verbose_name": "lost thing"},
        ),
    ]
