from django.db import migrations


class Migration(migrations.Migration):
    """The switch was refused on every form and never obeyed; an order is the only way to sound."""

    dependencies = [
        ("estate", "0004_sound_orders"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="camera",
            name="audio",
        ),
    ]
