from django.db import migrations, models


class Migration(migrations.Migration):
    """Until now the password was sent unencrypted to any camera that asked so; now only where this allows it."""

    dependencies = [
        ("estate", "0005_camera_without_a_sound_switch"),
    ]

    operations = [
        migrations.AddField(
            model_name="camera",
            name="basic_allowed",
            field=models.BooleanField(default=False),
        ),
    ]
