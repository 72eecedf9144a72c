"""A withdrawal tells its day, as what it leaves shall lead to nobody by the time."""

from __future__ import annotations

from django.db import migrations, models

import corpus.models.withdrawal

#: What a withdrawal of today does at once (``close_cases``, ``leave_releases``).
BLUR = """
UPDATE validation_reviewcase SET
    created_at = date_trunc('day', created_at, 'UTC'),
    decided_at = date_trunc('day', decided_at, 'UTC'),
    reopened_at = date_trunc('day', reopened_at, 'UTC')
WHERE status = 'closed';
UPDATE validation_decision AS decision SET at = date_trunc('day', decision.at, 'UTC')
FROM validation_reviewcase AS review_case
WHERE review_case.id = decision.case_id AND review_case.status = 'closed';
UPDATE corpus_releaseentry SET take = 0, speaker_number = 0 WHERE is_withdrawn;
"""


def day(name: str, model: str, **options: object) -> migrations.AlterField:
    """The field as a date: PostgreSQL casts what there is."""
    return migrations.AlterField(model_name=model, name=name, field=models.DateField(**options))


class Migration(migrations.Migration):
    dependencies = [
        ("corpus", "0008_release_figures"),
        ("collector", "0023_tombstones_by_day"),
        ("validation", "0007_redecisions"),
    ]

    operations = [
        day("requested_at", "withdrawal", default=corpus.models.withdrawal.today, editable=False),
        day(
            "requested_at",
            "withdrawalrequest",
            default=corpus.models.withdrawal.today,
            editable=False,
        ),
        day("completed_at", "withdrawalrequest", null=True, blank=True),
        migrations.RunSQL(BLUR, migrations.RunSQL.noop),
    ]
