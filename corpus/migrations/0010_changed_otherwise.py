"""A release says itself which revision the public list does not tell all of."""

from __future__ import annotations

from django.db import migrations, models

#: Entries that changed and stayed, and those that left without a withdrawal.
KNOWN = """
UPDATE corpus_release AS release SET changed_otherwise_in = COALESCE((
    SELECT max(entry.revised_in) FROM corpus_releaseentry AS entry
    WHERE entry.release_id = release.id AND entry.revised_in > 0 AND NOT (
        entry.is_withdrawn
        AND EXISTS (SELECT FROM corpus_withdrawal AS gone WHERE gone.clip_id = entry.clip_id)
    )
), 0);
"""


class Migration(migrations.Migration):
    dependencies = [("corpus", "0009_withdrawals_by_day")]

    operations = [
        migrations.AddField(
            model_name="release",
            name="changed_otherwise_in",
            field=models.PositiveIntegerField(
                default=0,
                editable=False,
                help_text="The last revision of which the public list does not tell all.",
            ),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="releaseentry", name="entry_changed_otherwise"),
    ]
