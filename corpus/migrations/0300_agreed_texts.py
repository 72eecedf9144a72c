"""Entries hold what people wrote down, which may be longer than any prompt."""

from django.db import migrations, models
from django.db.models.functions import MD5


class Migration(migrations.Migration):
    dependencies = [
        ("corpus", "0100_withdrawal_requests"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="releaseentry", name="entry_take_unique"),
        migrations.AlterField(
            model_name="releaseentry",
            name="text",
            field=models.TextField(
                blank=True, help_text="What is said: as agreed on, or the prompt."
            ),
        ),
        migrations.AddConstraint(
            model_name="releaseentry",
            constraint=models.UniqueConstraint(
                models.F("release"),
                models.F("pseudonym"),
                models.F("kind"),
                MD5("text"),
                models.F("take"),
                condition=models.Q(("is_withdrawn", False)),
                name="entry_take_unique",
            ),
        ),
    ]
