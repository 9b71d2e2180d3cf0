"""All tables of this room, as they stood after 0005_holidays_stay."""

import django.db.models.deletion
from django.db import migrations, models

import overt.clocks.rules
import overt.shared.ids


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("clocks", "0001_initial"),
        ("clocks", "0002_answers_stay"),
        ("clocks", "0003_ended_clocks_stay"),
        ("clocks", "0004_holidays_taken_back"),
        ("clocks", "0005_holidays_stay"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Clock",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("subject-access", "Subject access request"),
                            ("rights", "Request to rectify, erase, restrict or object"),
                            ("dp-complaint", "Data-protection complaint: acknowledgement"),
                            ("dp-complaint-outcome", "Data-protection complaint: outcome"),
                            ("scheme-complaint", "Complaint under the code"),
                            ("housing-complaint", "Tenant's complaint to a landlord"),
                            ("foi", "Freedom of information request"),
                            ("eir", "Environmental information request"),
                            ("breach", "Personal-data breach to the regulator"),
                            ("surveillance-written", "Directed surveillance, written authorisation"),
                            ("surveillance-oral", "Directed surveillance, urgent oral authorisation"),
                            ("surveillance-product", "Product of directed surveillance, kept by the requester"),
                            ("retention", "Recording, kept and then deleted"),
                            ("evidence-master", "Master copy of evidence"),
                            ("sia-licence", "Licence of the Security Industry Authority"),
                            ("dpia-review", "Review of a data protection impact assessment"),
                            ("code-review", "Review of the code of practice"),
                            ("self-assessment", "Self-assessment against the surveillance camera code"),
                            ("annual-review", "Annual review"),
                            ("inspection-visit", "Inspector's visit"),
                        ],
                        max_length=40,
                    ),
                ),
                ("owner", models.CharField(db_index=True, max_length=80)),
                ("controller", models.CharField(blank=True, max_length=200)),
                ("question", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("met", "met"), ("closed", "closed")],
                        default=overt.clocks.rules.ClockState["OPEN"],
                        max_length=10,
                    ),
                ),
                ("acting_on", models.DateField(null=True)),
                ("acting_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["acting_on", "started_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", overt.clocks.rules.ClockState["OPEN"])),
                        fields=("owner", "kind", "controller"),
                        name="one_open_clock_of_a_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("answer", models.JSONField()),
                ("question", models.JSONField()),
                ("rule_version", models.CharField(max_length=40)),
                ("calendar_version", models.CharField(max_length=2000)),
                ("what_changed", models.TextField(blank=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="clocks.clock"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ProclaimedHoliday",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                (
                    "nation",
                    models.CharField(
                        choices=[
                            ("england-and-wales", "england-and-wales"),
                            ("scotland", "scotland"),
                            ("northern-ireland", "northern-ireland"),
                        ],
                        max_length=30,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("source", models.CharField(max_length=300)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("taken_back_because", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "ordering": ["day", "added_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at", None)),
                        fields=("day", "nation"),
                        name="one_holiday_a_day_and_nation",
                    )
                ],
            },
        ),
    ]
