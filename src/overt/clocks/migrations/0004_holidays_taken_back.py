"""A holiday added by mistake, or called off, is taken back with its reason; the row stays."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clocks", "0003_ended_clocks_stay")]

    operations = [
        migrations.AddField("proclaimedholiday", "taken_back_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "proclaimedholiday", "taken_back_because", models.CharField(blank=True, default="", max_length=1000),
            preserve_default=False,
        ),
        migrations.RemoveConstraint("proclaimedholiday", "one_holiday_a_day_and_nation"),
        migrations.AddConstraint(
            "proclaimedholiday",
            models.UniqueConstraint(
                condition=models.Q(("taken_back_at", None)),
                fields=("day", "nation"),
                name="one_holiday_a_day_and_nation",
            ),
        ),
        migrations.AlterModelOptions("proclaimedholiday", options={"ordering": ["day", "added_at"]}),
    ]  # fmt: skip
