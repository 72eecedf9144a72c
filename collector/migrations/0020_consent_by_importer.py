"""Of speech that was brought in the ledger says that its importer stated the basis.

Events from before this stay as they are, as all of the ledger does: they are known by their text,
which is in the language ``x-imported``.
"""

from __future__ import annotations

from django.db import migrations, models

BY = [
    ("self", "The speaker, who is of age"),
    ("guardian", "The speaker's guardian"),
    ("importer", "A curator, who says by what right it may be here"),
]


class Migration(migrations.Migration):
    dependencies = [("collector", "0019_setting_up")]

    operations = [
        migrations.AlterField(
            model_name="consentevent",
            name="by",
            field=models.CharField(choices=BY, default="self", max_length=8),
        ),
        migrations.RemoveConstraint(model_name="consentevent", name="consent_by_known"),
        migrations.AddConstraint(
            model_name="consentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("by__in", ["self", "guardian", "importer"])),
                name="consent_by_known",
            ),
        ),
    ]
