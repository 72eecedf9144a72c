"""What is left of an erased clip leads to nobody: days instead of times, and no journal of it."""

from __future__ import annotations

from django.db import migrations, models

#: Of the journal: the lines of clips that are erased, and those of whole withdrawals, whose times
#: are those at which people ended their consent.
FORGET = """
ALTER TABLE collector_event DISABLE TRIGGER append_only;
UPDATE collector_clip AS clip
SET num_files = (event.data->>'num_files')::int
FROM collector_event AS event
WHERE event.clip_id = clip.id AND event.kind = 'clip_erased' AND event.data ? 'num_files';
DELETE FROM collector_event AS event USING collector_clip AS clip
WHERE clip.id = event.clip_id AND clip.status = 'erased';
DELETE FROM collector_event
WHERE kind IN ('withdrawal_requested', 'withdrawal_completed', 'release_revised');
ALTER TABLE collector_event ENABLE TRIGGER append_only;
UPDATE collector_clip SET
    received_at = date_trunc('day', received_at, 'UTC'),
    transcoded_at = date_trunc('day', transcoded_at, 'UTC'),
    original_erased_at = date_trunc('day', original_erased_at, 'UTC'),
    withdrawn_at = date_trunc('day', withdrawn_at, 'UTC'),
    erased_at = date_trunc('day', erased_at, 'UTC')
WHERE status = 'erased';
UPDATE collector_clipkey SET
    used_at = date_trunc('day', used_at, 'UTC'),
    destroyed_at = date_trunc('day', destroyed_at, 'UTC')
WHERE wrapped IS NULL;
"""

GUARD = """
CREATE FUNCTION choir_journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM collector_clip WHERE id = OLD.clip_id AND status = 'erased') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% only grows: rows are never changed, and deleted with an erased clip only',
        TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER append_only ON collector_event;
CREATE TRIGGER append_only BEFORE UPDATE ON collector_event
    FOR EACH ROW EXECUTE FUNCTION choir_append_only();
CREATE TRIGGER only_erased_go BEFORE DELETE ON collector_event
    FOR EACH ROW EXECUTE FUNCTION choir_journal_only_grows();
"""

UNGUARD = """
DROP TRIGGER only_erased_go ON collector_event;
DROP TRIGGER append_only ON collector_event;
DROP FUNCTION choir_journal_only_grows();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON collector_event
    FOR EACH ROW EXECUTE FUNCTION choir_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("collector", "0022_prompts_stay")]

    operations = [
        migrations.AddField(
            model_name="clip",
            name="num_files",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                editable=False,
                help_text="Of a clip that is taken back: how many files there were to erase.",
            ),
        ),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
