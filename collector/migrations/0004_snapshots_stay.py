"""Two rules that the database keeps: a snapshot says what it said, and a label has an account."""

from django.db import migrations

CREATE = """
CREATE FUNCTION choir_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never changed: write another row', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER never_changed BEFORE UPDATE ON collector_speakersnapshot
    FOR EACH ROW EXECUTE FUNCTION choir_never_changed();

CREATE FUNCTION choir_label_goes_with_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.label = '';
    RETURN NEW;
END $$;
-- Also where the account itself is deleted, by whatever means.
CREATE TRIGGER label_goes_with_account BEFORE UPDATE ON collector_speaker
    FOR EACH ROW WHEN (OLD.user_id IS NOT NULL AND NEW.user_id IS NULL)
    EXECUTE FUNCTION choir_label_goes_with_account();
"""

DROP = """
DROP TRIGGER label_goes_with_account ON collector_speaker;
DROP FUNCTION choir_label_goes_with_account();
DROP TRIGGER never_changed ON collector_speakersnapshot;
DROP FUNCTION choir_never_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("collector", "0003_about_speakers")]
    operations = [migrations.RunSQL(CREATE, DROP)]
