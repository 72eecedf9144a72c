"""What the review desk shows, as functions of the database."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

CREATE = Path(__file__).with_name("show_cases.sql").read_text(encoding="utf-8")
DROP = """
DROP FUNCTION validation_cases_shown;
DROP FUNCTION validation_sitting;
"""


class Migration(migrations.Migration):
    dependencies = [("validation", "0005_lease_cases")]
    operations = [migrations.RunSQL(CREATE, DROP)]
