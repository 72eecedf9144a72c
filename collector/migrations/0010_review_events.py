"""The journal learns what happens at the review desk."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collector", "0009_thresholds_and_files")]

    operations = [
        migrations.RemoveConstraint(
            model_name="event",
            name="event_kind_known",
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
                    ("prompt_reported", "Prompt reported"),
                    ("prompt_settled", "Prompt looked at by a curator"),
                ],
                max_length=24,
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
                            "prompt_reported",
                            "prompt_settled",
                        ],
                    )
                ),
                name="event_kind_known",
            ),
        ),
    ]
