"""A prompt that somebody has spoken stays what it was: the database itself refuses the rest.

Clips point at their prompt, so another text would put words into people's mouths.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION choir_spoken_prompt_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM collector_clip WHERE prompt_id = OLD.id) THEN
        RAISE EXCEPTION 'prompt % has clips: close it, and add another', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER spoken_stays BEFORE UPDATE ON collector_prompt FOR EACH ROW
    WHEN ((OLD.text, OLD.kind, OLD.campaign_id)
        IS DISTINCT FROM (NEW.text, NEW.kind, NEW.campaign_id))
    EXECUTE FUNCTION choir_spoken_prompt_stays();
"""

DROP = """
DROP TRIGGER spoken_stays ON collector_prompt;
DROP FUNCTION choir_spoken_prompt_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("collector", "0021_redecisions")]
    operations = [migrations.RunSQL(CREATE, DROP)]
