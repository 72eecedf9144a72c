"""Devices that send in what their person says, where a campaign takes that."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collector", "0016_shipped_hashes")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="accepts_devices",
            field=models.BooleanField(
                default=False,
                help_text="Take recordings without prompts from devices that speakers have linked.",
            ),
        ),
        migrations.CreateModel(
            name="LinkedDevice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "name",
                    models.CharField(help_text="Its person's own name for it.", max_length=60),
                ),
                ("sha256", models.CharField(editable=False, max_length=64, unique=True)),
                ("linked_at", models.DateTimeField(auto_now_add=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="collector.consentevent",
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="devices",
                        to="collector.participation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="device_sha256_hex",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "^\\s*$"), _negated=True),
                        name="device_name_not_blank",
                    ),
                ],
            },
        ),
    ]
