"""Numbers the rows there are, oldest first, and writes the first product's six fields as settings of a document.

Can run again: a row that has a number, or whose document has settings already, stays as it is.
"""

from typing import Any

from django.db import migrations

UNITS = {
    "retention_days": "days",
    "marking_hold_days": "days",
    "evidence_master_retention_years": "years",
    "checkpoint_minutes": "minutes",
    "logbook_personal_days": "days",
}
BEFORE = {"retention_days": 31, "evidence_master_retention_years": 3}  # what a field that was left out stood for


def rewrite(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("policy", "PolicyVersion").objects
    number = rows.exclude(number=None).count()
    for row in rows.filter(number=None).order_by("effective_from", "adopted_at"):
        number += 1
        row.number = number
        if "settings" not in row.document:
            row.document = as_settings(row.document)
        row.save(update_fields=["number", "document"])


def as_settings(fields: dict[str, Any]) -> dict[str, Any]:
    title = fields.get("scheme_name", "CCTV scheme")
    kept = {**BEFORE, **{name: value for name, value in fields.items() if name != "scheme_name"}}
    terms = {
        name: {"value": value} | ({"unit": UNITS[name]} if name in UNITS else {})
        for name, value in kept.items()
        if value is not None
    }
    return {"scheme": "starting", "title": title, "settings": terms}


class Migration(migrations.Migration):
    dependencies = [("policy", "0002_version_states")]
    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
