"""A campaign's earlier cases on their way to the rules of today."""

from __future__ import annotations

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import collector.models.work


class Migration(migrations.Migration):
    dependencies = [
        ("collector", "0021_redecisions"),
        ("validation", "0006_show_cases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Redecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("num_cases", models.PositiveIntegerField(help_text="When it was asked for.")),
                ("num_done", models.PositiveIntegerField(default=0)),
                ("num_moved", models.PositiveIntegerField(default=0)),
                (
                    "last_case",
                    models.UUIDField(
                        default=uuid.UUID("00000000-0000-0000-0000-000000000000"), editable=False
                    ),
                ),
                ("completed_at", models.DateTimeField(null=True)),
                (
                    "nudge_at",
                    models.DateTimeField(default=collector.models.work.next_nudge, editable=False),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="collector.campaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("completed_at__isnull", True)),
                        fields=("campaign",),
                        name="redecision_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("num_moved__lte", models.F("num_done"))),
                        name="redecision_moved_was_done",
                    ),
                ],
            },
        ),
    ]
