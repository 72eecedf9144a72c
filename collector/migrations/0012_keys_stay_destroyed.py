"""A destroyed key never comes back: the database itself refuses it."""

from django.db import migrations

CREATE = """
CREATE FUNCTION choir_key_stays_destroyed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the key of clip % was destroyed, and stays so', OLD.clip_id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER stays_destroyed BEFORE UPDATE ON collector_clipkey FOR EACH ROW
    WHEN (OLD.wrapped IS NULL AND NEW.wrapped IS NOT NULL)
    EXECUTE FUNCTION choir_key_stays_destroyed();
CREATE TRIGGER stays BEFORE DELETE ON collector_clipkey FOR EACH ROW
    WHEN (OLD.wrapped IS NULL)
    EXECUTE FUNCTION choir_key_stays_destroyed();
"""

DROP = """
DROP TRIGGER stays_destroyed ON collector_clipkey;
DROP TRIGGER stays ON collector_clipkey;
DROP FUNCTION choir_key_stays_destroyed();
"""


class Migration(migrations.Migration):
    dependencies = [("collector", "0011_clip_keys")]
    operations = [migrations.RunSQL(CREATE, DROP)]
