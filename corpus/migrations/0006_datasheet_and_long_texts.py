"""A release keeps what its datasheet says; an entry takes a text that people wrote."""

from django.db import migrations, models
from django.db.models.functions import MD5


class Migration(migrations.Migration):
    dependencies = [("corpus", "0005_revocations"), ("collector", "0010_review_events")]

    operations = [
        migrations.RemoveConstraint(model_name="releaseentry", name="entry_take_unique"),
        migrations.AddField(
            model_name="release",
            name="sheet",
            field=models.JSONField(
                default=dict,
                editable=False,
                help_text="What its datasheet says, as it was when frozen.",
            ),
        ),
        migrations.AlterField(
            model_name="releaseentry",
            name="text",
            field=models.CharField(blank=True, max_length=2000),
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
