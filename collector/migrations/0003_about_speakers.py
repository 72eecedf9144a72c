"""What speakers may say of themselves, whose account they are in, and who consented for them."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collector", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="SpeakerSnapshot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "age_band",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("teens", "Under 20"),
                            ("twenties", "20 to 29"),
                            ("thirties", "30 to 39"),
                            ("fourties", "40 to 49"),
                            ("fifties", "50 to 59"),
                            ("sixties", "60 to 69"),
                            ("seventies", "70 to 79"),
                            ("eighties", "80 to 89"),
                            ("nineties", "90 or older"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "gender",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("female_feminine", "Female, feminine"),
                            ("male_masculine", "Male, masculine"),
                            ("non-binary", "Non-binary"),
                            ("transgender", "Transgender"),
                            ("do_not_wish_to_say", "I would rather not say"),
                        ],
                        max_length=18,
                    ),
                ),
                ("accent", models.CharField(blank=True, max_length=80)),
                (
                    "first_languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=35),
                        blank=True,
                        default=list,
                        help_text="BCP 47 tags.",
                        size=None,
                    ),
                ),
                (
                    "environment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("quiet_room", "A quiet room"),
                            ("busy_room", "A room with others or with noise"),
                            ("outdoors", "Outdoors"),
                            ("vehicle", "A car, bus or train"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "device",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "A phone or tablet"),
                            ("laptop", "A laptop or computer, by itself"),
                            ("headset", "Headphones or a headset"),
                            ("microphone", "A separate microphone"),
                            ("smart_speaker", "A smart speaker or room device"),
                        ],
                        max_length=13,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddField(
            model_name="consentevent",
            name="by",
            field=models.CharField(
                choices=[
                    ("self", "The speaker, who is of age"),
                    ("guardian", "The speaker's guardian"),
                ],
                default="self",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="speaker",
            name="asked_about_at",
            field=models.DateTimeField(
                blank=True, help_text="When they answered, or said that they will not.", null=True
            ),
        ),
        migrations.AddField(
            model_name="speaker",
            name="label",
            field=models.CharField(
                blank=True,
                help_text="The account's own name for them, such as Grandma.",
                max_length=60,
            ),
        ),
        migrations.AddConstraint(
            model_name="consentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("by__in", ["self", "guardian"])), name="consent_by_known"
            ),
        ),
        migrations.AddField(
            model_name="speakersnapshot",
            name="speaker",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="snapshots",
                to="collector.speaker",
            ),
        ),
        migrations.AddField(
            model_name="clip",
            name="about",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="clips",
                to="collector.speakersnapshot",
            ),
        ),
        migrations.AddField(
            model_name="speaker",
            name="about",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="collector.speakersnapshot",
            ),
        ),
        migrations.AddConstraint(
            model_name="clip",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("withdrawn", "erased")), _negated=True),
                    ("about__isnull", True),
                    _connector="OR",
                ),
                name="clip_gone_says_nothing_of_its_speaker",
            ),
        ),
        migrations.AddConstraint(
            model_name="speaker",
            constraint=models.CheckConstraint(
                condition=models.Q(("label", ""), ("user__isnull", False), _connector="OR"),
                name="speaker_label_is_an_accounts",
            ),
        ),
        migrations.AddConstraint(
            model_name="speakersnapshot",
            constraint=models.UniqueConstraint(
                fields=(
                    "speaker",
                    "age_band",
                    "gender",
                    "accent",
                    "first_languages",
                    "environment",
                    "device",
                ),
                name="snapshot_content_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="speakersnapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "age_band__in",
                        [
                            "",
                            "teens",
                            "twenties",
                            "thirties",
                            "fourties",
                            "fifties",
                            "sixties",
                            "seventies",
                            "eighties",
                            "nineties",
                        ],
                    )
                ),
                name="snapshot_age_band_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="speakersnapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "gender__in",
                        [
                            "",
                            "female_feminine",
                            "male_masculine",
                            "non-binary",
                            "transgender",
                            "do_not_wish_to_say",
                        ],
                    )
                ),
                name="snapshot_gender_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="speakersnapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("environment__in", ["", "quiet_room", "busy_room", "outdoors", "vehicle"])
                ),
                name="snapshot_environment_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="speakersnapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "device__in",
                        ["", "phone", "laptop", "headset", "microphone", "smart_speaker"],
                    )
                ),
                name="snapshot_device_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="speakersnapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_languages__len__lte", 8)), name="snapshot_languages_few"
            ),
        ),
        migrations.AddConstraint(
            model_name="speakersnapshot",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Regex(
                    models.Func(
                        models.F("first_languages"),
                        models.Value(" "),
                        function="array_to_string",
                        output_field=models.TextField(),
                    ),
                    "^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*( [A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)*)?$",
                ),
                name="snapshot_languages_are_tags",
            ),
        ),
        migrations.AddConstraint(
            model_name="speakersnapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accent", ""),
                    ("age_band", ""),
                    ("device", ""),
                    ("environment", ""),
                    ("first_languages", []),
                    ("gender", ""),
                    _negated=True,
                ),
                name="snapshot_says_something",
            ),
        ),
    ]
