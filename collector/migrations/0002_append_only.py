"""The consent ledger and the journal can only grow: the database itself refuses the rest."""

from django.db import migrations

TABLES = ("collector_consentevent", "collector_consenttext", "collector_event")

CREATE = """
CREATE FUNCTION choir_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: rows are never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION choir_append_only();
"""
    for table in TABLES
)

DROP = (
    "".join(f"DROP TRIGGER append_only ON {table};" for table in TABLES)
    + "DROP FUNCTION choir_append_only();"
)


class Migration(migrations.Migration):
    dependencies = [("collector", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
