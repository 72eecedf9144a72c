import django.db.models.deletion
from django.db import migrations, models

#: What was erased before must be nobody's too; deferred keys would hold up the constraint.
UNLINK = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE collector_clip SET participation_id = NULL, consent_id = NULL, prompt_id = NULL
WHERE status = 'erased';
"""


class Migration(migrations.Migration):
    dependencies = [("collector", "0014_consent_paths")]

    operations = [
        migrations.RemoveConstraint(
            model_name="event",
            name="event_kind_known",
        ),
        migrations.AddField(
            model_name="clip",
            name="paused_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Out of circulation since, until its speaker resumes.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="clip",
            name="consent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clips",
                to="collector.consentevent",
            ),
        ),
        migrations.AlterField(
            model_name="clip",
            name="participation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clips",
                to="collector.participation",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("consent_given", "Consent given"),
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
        migrations.RunSQL(UNLINK, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="clip",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("withdrawn", "erased")), _negated=True),
                    ("paused_at__isnull", True),
                    _connector="OR",
                ),
                name="clip_gone_is_not_paused",
            ),
        ),
        migrations.AddConstraint(
            model_name="clip",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("consent__isnull", True),
                        ("participation__isnull", True),
                        ("prompt__isnull", True),
                        ("status", "erased"),
                    ),
                    models.Q(
                        models.Q(("status", "erased"), _negated=True),
                        ("consent__isnull", False),
                        ("participation__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="clip_erased_is_nobodys",
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
    ]
