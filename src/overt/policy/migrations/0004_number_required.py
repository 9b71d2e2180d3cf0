from django.db import migrations, models

STATES = [(s, s.replace("_", " ")) for s in ("draft", "consulted", "approved", "in_force", "withdrawn")]


class Migration(migrations.Migration):
    dependencies = [("policy", "0003_number_and_rewrite_versions")]
    operations = [
        migrations.AlterField("policyversion", "number", models.PositiveIntegerField(unique=True)),
        migrations.AlterField(
            "policyversion", "state", models.CharField(choices=STATES, default="draft", max_length=20)
        ),
        migrations.AlterModelOptions("policyversion", options={"ordering": ["effective_from", "number"]}),
    ]
