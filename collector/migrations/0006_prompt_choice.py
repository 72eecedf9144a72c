"""Quotas, tallies, skips and reports: what the choice of prompts goes by."""

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.math
from django.db import migrations, models

import collector.models.prompt


class Migration(migrations.Migration):
    dependencies = [("collector", "0005_recording_settings")]

    operations = [
        migrations.CreateModel(
            name="PromptReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("wrong_language", "It is in another language"),
                            ("offensive", "It is offensive"),
                            ("unreadable", "It cannot be read aloud"),
                            ("mistake", "It has a mistake in it"),
                            ("other", "Something else"),
                        ],
                        max_length=16,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for a curator"),
                            ("upheld", "The prompt was closed"),
                            ("dismissed", "The prompt is offered again"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PromptSkip",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="PromptTally",
            fields=[
                (
                    "prompt",
                    models.OneToOneField(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="tally",
                        serialize=False,
                        to="collector.prompt",
                    ),
                ),
                (
                    "place",
                    models.FloatField(
                        default=collector.models.prompt.random_place,
                        help_text="Its place on the ring of prompts, from 0 to 1.",
                    ),
                ),
                ("takes", models.IntegerField(default=0)),
                ("wanted", models.PositiveIntegerField(null=True)),
                ("is_offered", models.BooleanField(default=False)),
                (
                    "level",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                then=django.db.models.functions.comparison.Least(
                                    15,
                                    django.db.models.functions.comparison.Cast(
                                        django.db.models.functions.math.Floor(
                                            django.db.models.functions.math.Log(
                                                2,
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("takes"), "+", models.Value(1)
                                                ),
                                            )
                                        ),
                                        models.IntegerField(),
                                    ),
                                ),
                                wanted__isnull=True,
                            ),
                            models.When(
                                takes__lt=models.F("wanted"),
                                then=django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("takes"), "*", models.Value(16)
                                    ),
                                    "/",
                                    models.F("wanted"),
                                ),
                            ),
                            default=None,
                        ),
                        output_field=models.IntegerField(null=True),
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "wanted_takes",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text=(
                            "How many takes of each of its prompts; empty: as the campaign says."
                        ),
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="campaign",
            name="keyword_takes_per_speaker",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How often one speaker may say a keyword; empty: as often as they like.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="sentence_takes_per_speaker",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="The same for all other prompts. 1 suits sentences.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="wanted_takes",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="How many takes of each prompt; empty: as many as there come.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
            ),
        ),
        migrations.AddField(
            model_name="prompt",
            name="wanted_takes",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="How many takes are wanted; empty: as its topic or the campaign says.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
            ),
        ),
        migrations.AddIndex(
            model_name="clip",
            index=models.Index(
                condition=models.Q(("status__in", ("received", "transcoded"))),
                fields=["participation", "prompt"],
                name="clip_take_of_speaker",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("wanted_takes__gte", 1)), name="campaign_wanted_takes_some"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("keyword_takes_per_speaker__gte", 1)),
                name="campaign_keyword_takes_per_speaker_some",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("sentence_takes_per_speaker__gte", 1)),
                name="campaign_sentence_takes_per_speaker_some",
            ),
        ),
        migrations.AddField(
            model_name="promptreport",
            name="participation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reports",
                to="collector.participation",
            ),
        ),
        migrations.AddField(
            model_name="promptreport",
            name="prompt",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reports",
                to="collector.prompt",
            ),
        ),
        migrations.AddField(
            model_name="promptskip",
            name="participation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="skips",
                to="collector.participation",
            ),
        ),
        migrations.AddField(
            model_name="promptskip",
            name="prompt",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="collector.prompt"
            ),
        ),
        migrations.AddField(
            model_name="prompttally",
            name="campaign",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="collector.campaign",
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="topics",
                to="collector.campaign",
            ),
        ),
        migrations.AddField(
            model_name="prompt",
            name="topic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="prompts",
                to="collector.topic",
            ),
        ),
        migrations.AddConstraint(
            model_name="prompt",
            constraint=models.CheckConstraint(
                condition=models.Q(("wanted_takes__gte", 1)), name="prompt_wants_some_takes"
            ),
        ),
        migrations.AddConstraint(
            model_name="promptreport",
            constraint=models.UniqueConstraint(
                fields=("participation", "prompt"), name="report_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="promptreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["waiting", "upheld", "dismissed"])),
                name="report_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="promptreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "reason__in",
                        ["wrong_language", "offensive", "unreadable", "mistake", "other"],
                    )
                ),
                name="report_reason_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="promptskip",
            constraint=models.UniqueConstraint(
                fields=("participation", "prompt"), name="skip_unique"
            ),
        ),
        migrations.AddIndex(
            model_name="prompttally",
            index=models.Index(
                condition=models.Q(("is_offered", True), ("level__isnull", False)),
                fields=["campaign", "level", "place"],
                name="prompt_choice",
            ),
        ),
        migrations.AddConstraint(
            model_name="prompttally",
            constraint=models.CheckConstraint(
                condition=models.Q(("takes__gte", 0)), name="tally_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="prompttally",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__gte", 0), ("place__lt", 1)), name="tally_place_on_ring"
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(fields=("campaign", "name"), name="topic_unique"),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(("wanted_takes__gte", 1)), name="topic_wants_some_takes"
            ),
        ),
    ]
