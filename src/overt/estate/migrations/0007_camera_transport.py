from django.db import migrations, models


class Migration(migrations.Migration):
    """How a camera's pictures come; all of them came over TCP before."""

    dependencies = [
        ("estate", "0006_camera_basic_allowed"),
    ]

    operations = [
        migrations.AddField(
            model_name="camera",
            name="transport",
            field=models.CharField(
                choices=[
                    ("tcp", "TCP, inside the connection"),
                    ("udp", "UDP, for a camera that offers nothing else"),
                ],
                default="tcp",
                max_length=3,
            ),
        ),
    ]
