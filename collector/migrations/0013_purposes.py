"""The ledger learns for what: purposes as separate opt-ins, and the words in which they were asked.

Events that are older than the question keep what was agreed in them, and no more: releases, also
for products where the campaign's licence allowed these, and the original, which was always kept.
Public playback was never asked for, so none of them has it.
"""

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

import collector.models.consent

PURPOSES = [
    ("research-release", "Releases for research"),
    ("commercial-use", "Commercial use"),
    ("public-playback", "Public playback"),
    ("keep-original", "Keeping the original"),
]
VALUES = [value for value, _ in PURPOSES]


def purposes_field(**options):
    base_field = models.CharField(choices=PURPOSES, max_length=16)
    return django.contrib.postgres.fields.ArrayField(base_field=base_field, size=None, **options)


# The one statement that ever changes the ledger: it fills a column that was not there before.
AS_AGREED = """
ALTER TABLE collector_consentevent DISABLE TRIGGER append_only;
UPDATE collector_consentevent AS event
SET purposes = ARRAY['research-release', 'keep-original']::varchar[]
    || CASE WHEN campaign.licence ~ '(^|-)NC(-|$)' THEN '{}' ELSE '{commercial-use}' END::varchar[]
FROM collector_consenttext AS text
JOIN collector_campaign AS campaign ON campaign.id = text.campaign_id
WHERE text.id = event.text_id AND event.kind <> 'withdrawn';
ALTER TABLE collector_consentevent ENABLE TRIGGER append_only;
"""

CREATE_VIEW = """
CREATE VIEW collector_standingpurpose AS
SELECT given.id AS consent_id, one.purpose
FROM collector_consentevent AS given
CROSS JOIN LATERAL unnest(given.purposes) AS one (purpose)
WHERE given.kind <> 'withdrawn'
    AND NOT EXISTS (
        SELECT FROM collector_consentevent AS withdrawal
        WHERE withdrawal.participation_id = given.participation_id
            AND withdrawal.kind = 'withdrawn'
            AND withdrawal.at >= given.at
            AND one.purpose = ANY (withdrawal.purposes)
    );
"""

TABLES = ("collector_consentevent", "collector_consenttext", "collector_event")
REFUSE_TRUNCATE = "".join(
    f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION choir_append_only();"
    for table in TABLES
)
ALLOW_TRUNCATE = "".join(f"DROP TRIGGER never_emptied ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("collector", "0012_keys_stay_destroyed")]

    operations = [
        migrations.CreateModel(
            name="StandingPurpose",
            fields=[
                ("consent_id", models.UUIDField(primary_key=True, serialize=False)),
                ("purpose", models.CharField(choices=PURPOSES, max_length=16)),
            ],
            options={"db_table": "collector_standingpurpose", "managed": False},
        ),
        migrations.AddField(
            model_name="consentevent",
            name="language",
            field=models.CharField(
                blank=True, help_text="Of the page that asked, as a BCP 47 tag.", max_length=35
            ),
        ),
        migrations.AddField(
            model_name="consentevent",
            name="purposes",
            field=purposes_field(default=collector.models.consent.base_purposes),
        ),
        migrations.AddField(
            model_name="consentevent",
            name="wordings",
            field=models.JSONField(
                default=dict, help_text="By purpose: the words that were shown."
            ),
        ),
        migrations.AddField(
            model_name="consenttext",
            name="purposes",
            field=purposes_field(
                default=collector.models.consent.all_purposes,
                help_text="What it asks about: the base, and what may be ticked.",
            ),
        ),
        migrations.AlterField(
            model_name="consentevent",
            name="at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), editable=False
            ),
        ),
        migrations.RunSQL(AS_AGREED, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="consentevent",
            index=models.Index(
                condition=models.Q(("kind", "withdrawn")),
                fields=["participation", "at"],
                name="consent_withdrawals",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("purposes__contained_by", VALUES),
                    ("purposes__len__gt", 0),
                ),
                name="consent_purposes_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "withdrawn"),
                    ("purposes__contains", ["research-release"]),
                    _connector="OR",
                ),
                name="consent_agrees_to_the_base",
            ),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("purposes__contained_by", VALUES),
                    ("purposes__contains", ["research-release"]),
                ),
                name="consent_text_purposes_known",
            ),
        ),
        migrations.RunSQL(CREATE_VIEW, "DROP VIEW collector_standingpurpose;"),
        migrations.RunSQL(REFUSE_TRUNCATE, ALLOW_TRUNCATE),
    ]
