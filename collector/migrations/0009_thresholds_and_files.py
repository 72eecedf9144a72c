"""A campaign's thresholds, and what was derived from a clip's master."""

from django.db import migrations, models

import collector.findings


class Migration(migrations.Migration):
    dependencies = [("collector", "0008_first_tally")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="thresholds",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="From where on a measurement is worth a word; {} for the defaults.",
                validators=[collector.findings.validate_thresholds],
            ),
        ),
        migrations.AddField(
            model_name="clip",
            name="files",
            field=models.JSONField(
                default=dict,
                editable=False,
                help_text="What was derived from the master: by kind its hash, length and version.",
            ),
        ),
    ]
