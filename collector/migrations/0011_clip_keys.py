"""Each clip's audio has a key of its own, wrapped by a key of the site."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collector", "0010_review_events")]

    operations = [
        migrations.CreateModel(
            name="SiteKey",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("current", "In use"),
                            ("retired", "Retired"),
                            ("destroyed", "Destroyed"),
                        ],
                        default="current",
                        editable=False,
                        max_length=9,
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("retired_at", models.DateTimeField(editable=False, null=True)),
                (
                    "emptied_at",
                    models.DateTimeField(
                        editable=False,
                        null=True,
                    ),
                ),
                ("destroyed_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["current", "retired", "destroyed"])),
                        name="site_key_status_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "current")),
                        fields=("status",),
                        name="site_key_one_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "destroyed"), _negated=True),
                            models.Q(
                                ("destroyed_at__isnull", False), ("emptied_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="site_key_destroyed_when_empty",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClipKey",
            fields=[
                ("clip_id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("wrapped", models.BinaryField(null=True)),
                (
                    "holds_plain",
                    models.BooleanField(default=False, editable=False),
                ),
                (
                    "used_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("destroyed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "site_key",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="collector.sitekey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("destroyed_at__isnull", False),
                                ("site_key__isnull", True),
                                ("wrapped__isnull", True),
                            ),
                            models.Q(
                                ("destroyed_at__isnull", True),
                                ("site_key__isnull", False),
                                ("wrapped__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="clip_key_there_or_destroyed",
                    )
                ],
            },
        ),
    ]
