"""The journal learns that prompts can be reported."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collector", "0006_prompt_choice")]
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
                    ("case_decided", "Recording judged"),
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
                            "case_decided",
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
