"""The review queue as functions of the database."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

CREATE = Path(__file__).with_name("lease_cases.sql").read_text(encoding="utf-8")
DROP = """
DROP FUNCTION validation_lease;
DROP FUNCTION validation_take;
DROP FUNCTION validation_take_of_rank;
DROP FUNCTION validation_give_back;
"""


class Migration(migrations.Migration):
    dependencies = [("validation", "0004_reviewers"), ("collector", "0010_review_events")]
    operations = [migrations.RunSQL(CREATE, DROP)]
