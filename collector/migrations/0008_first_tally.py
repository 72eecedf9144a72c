"""Counts the takes that there are: without a tally no prompt is offered after an upgrade."""

from django.db import migrations

# Room in each page for the new version of a row that every upload changes, so that it stays there
# and the index need not follow.
ROOM = "ALTER TABLE collector_prompttally SET (fillfactor = 60)"
COUNT = """
INSERT INTO collector_prompttally (prompt_id, campaign_id, place, takes, is_offered)
SELECT p.id, p.campaign_id, random(), count(c.id), p.is_open
FROM collector_prompt p
LEFT JOIN collector_clip c ON c.prompt_id = p.id AND c.status IN ('received', 'transcoded')
GROUP BY p.id
"""


class Migration(migrations.Migration):
    dependencies = [("collector", "0007_prompt_events")]
    operations = [
        migrations.RunSQL(ROOM, "ALTER TABLE collector_prompttally RESET (fillfactor)"),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
