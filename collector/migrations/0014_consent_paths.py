"""Originals that are not kept, legal holds, and what becomes of inactive speakers."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collector", "0013_purposes")]

    operations = [
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        help_text="The law or the order that demands it, and its reference.",
                        max_length=300,
                    ),
                ),
                ("placed_at", models.DateTimeField(auto_now_add=True)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="event",
            name="event_kind_known",
        ),
        migrations.AddField(
            model_name="clip",
            name="original_due_at",
            field=models.DateTimeField(
                editable=False,
                help_text="Since when the original waits to be erased, as nobody opted into keeping it.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="clip",
            name="original_erased_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="speaker",
            name="reminded_at",
            field=models.DateTimeField(
                editable=False,
                help_text="When their account was told that they lend clips.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("consent_given", "Consent given"),
                    ("consent_withdrawn", "Consent withdrawn, or a purpose of it"),
                    ("original_erased", "Original erased, as it was not to be kept"),
                    ("hold_placed", "Legal hold placed"),
                    ("hold_lifted", "Legal hold lifted"),
                    ("campaign_closed", "Campaign closed"),
                    ("campaign_reopened", "Campaign opened again"),
                    ("speaker_reminded", "Inactive speaker reminded"),
                    ("speaker_forgotten", "Inactive speaker forgotten"),
                    ("clip_uploaded", "Recording received"),
                    ("clip_transcoded", "Recording measured"),
                    ("clip_unusable", "Recording set aside as unusable"),
                    ("clip_scored", "Recording heard by the machine"),
                    ("vote_cast", "Vote cast"),
                    ("vote_taken_back", "Vote taken back"),
                    ("case_decided", "Recording judged"),
                    ("case_reopened", "Recording sent back to the reviewers"),
                    ("clip_reported", "Recording reported"),
                    ("clip_settled", "Report looked at by a curator"),
                    ("gold_pinned", "Recording made a gold one"),
                    ("gold_unpinned", "Recording is no gold one any more"),
                    ("reviewer_quarantined", "Reviewer set apart"),
                    ("reviewer_released", "Reviewer's votes count again"),
                    ("speaker_quarantined", "Speaker set apart"),
                    ("speaker_released", "Speaker's recordings are in circulation again"),
                    ("policy_changed", "Review policy changed"),
                    ("machine_distrusted", "The machine is not trusted any more"),
                    ("release_frozen", "Release cut"),
                    ("release_revised", "Release revised after a withdrawal"),
                    ("export_downloaded", "Export downloaded"),
                    ("clip_withdrawn", "Recording taken back"),
                    ("clip_erased", "Recording erased"),
                    ("clip_paused", "Recording paused"),
                    ("clip_resumed", "Recording in circulation again"),
                    ("withdrawal_requested", "Recordings asked back"),
                    ("withdrawal_completed", "All that was asked back is erased"),
                    ("prompt_reported", "Prompt reported"),
                    ("prompt_settled", "Prompt looked at by a curator"),
                ],
                max_length=24,
            ),
        ),
        migrations.AddIndex(
            model_name="clip",
            index=models.Index(
                condition=models.Q(("original_due_at__isnull", False)),
                fields=["original_due_at"],
                name="clip_original_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "consent_given",
                            "consent_withdrawn",
                            "original_erased",
                            "hold_placed",
                            "hold_lifted",
                            "campaign_closed",
                            "campaign_reopened",
                            "speaker_reminded",
                            "speaker_forgotten",
                            "clip_uploaded",
                            "clip_transcoded",
                            "clip_unusable",
                            "clip_scored",
                            "vote_cast",
                            "vote_taken_back",
                            "case_decided",
                            "case_reopened",
                            "clip_reported",
                            "clip_settled",
                            "gold_pinned",
                            "gold_unpinned",
                            "reviewer_quarantined",
                            "reviewer_released",
                            "speaker_quarantined",
                            "speaker_released",
                            "policy_changed",
                            "machine_distrusted",
                            "release_frozen",
                            "release_revised",
                            "export_downloaded",
                            "clip_withdrawn",
                            "clip_erased",
                            "clip_paused",
                            "clip_resumed",
                            "withdrawal_requested",
                            "withdrawal_completed",
                            "prompt_reported",
                            "prompt_settled",
                        ],
                    )
                ),
                name="event_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="clip",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="legal_holds",
                to="collector.clip",
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="lifted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="placed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)), fields=("clip",), name="hold_one_standing"
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", ""), _negated=True), name="hold_has_a_basis"
            ),
        ),
    ]
