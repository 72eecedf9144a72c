"""Scores by other coefficients are kept beside each other; attempts say what they began with."""

from __future__ import annotations

from django.db import migrations, models

# An attempt that gained nothing does not say of which version it was: it counts for none.
NAME_SHIPPED = """
    UPDATE validation_campaigncalibration
    SET shipped = learned -> 'coefficients' ->> 'version' WHERE learned IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("validation", "0007_redecisions")]

    operations = [
        migrations.RemoveConstraint("prescore", "pre_score_unique"),
        migrations.AddConstraint(
            "prescore",
            models.UniqueConstraint(
                fields=["clip", "model_sha256", "calibration"], name="pre_score_unique"
            ),
        ),
        migrations.AddField(
            "campaigncalibration",
            "shipped",
            models.CharField(
                blank=True,
                default="",
                help_text="Version of the coefficients that it began with.",
                max_length=40,
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(NAME_SHIPPED, migrations.RunSQL.noop),
    ]
