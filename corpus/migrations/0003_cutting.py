from __future__ import annotations

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

#: What was taken back before entries knew when: in the release's present revision at the latest.
REVISED = """
UPDATE corpus_releaseentry AS entry SET revised_in = release.revision
FROM corpus_release AS release WHERE release.id = entry.release_id AND entry.is_withdrawn
"""


class Migration(migrations.Migration):
    dependencies = [
        ("corpus", "0002_shards_and_details"),
        ("collector", "0009_thresholds_and_files"),
    ]

    operations = [
        migrations.AddField(
            "release",
            "recipe",
            models.JSONField(
                default=dict, help_text="By which filters and which split rule it was cut."
            ),
        ),
        migrations.AddField(
            "release",
            "is_public",
            models.BooleanField(
                default=False, help_text="Whether it can be fetched without an account."
            ),
        ),
        migrations.AddField(
            "releaseentry",
            "revised_in",
            models.PositiveIntegerField(
                default=0, help_text="The revision of the release that last changed this entry."
            ),
        ),
        migrations.RunSQL(REVISED, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="ReleaseTerms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("body", models.TextField()),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="release_terms",
                        to="collector.campaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["campaign", "version"], name="terms_version_unique"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="TermsSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sha256",
                    models.CharField(help_text="Of the text that was shown.", max_length=64),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "terms",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="corpus.releaseterms",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["terms", "user"], name="signature_once_each")
                ]
            },
        ),
        migrations.CreateModel(
            name="AccessToken",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("label", models.CharField(max_length=60)),
                ("sha256", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="access_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
