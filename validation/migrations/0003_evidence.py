"""Policies, decisions with their inputs, gold clips, reports; and a queue of one index."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import validation.models.cases
import validation.models.policy


class Migration(migrations.Migration):
    dependencies = [
        ("validation", "0002_listening_machine"),
        ("collector", "0010_review_events"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClipReport",
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
                            ("offensive", "It is offensive"),
                            ("private", "It tells something private"),
                            ("wrong_language", "It is in another language"),
                            ("not_a_person", "It is no live human voice"),
                            ("prompt", "Its prompt is wrong"),
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
                            ("upheld", "The clip was rejected"),
                            ("dismissed", "The clip is in circulation again"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("scoring", "Being heard by the machine"),
                            ("open", "Waiting for people"),
                            ("adjudicate", "Waiting for a curator"),
                            ("accepted", "Accepted"),
                            ("rejected", "Rejected"),
                            ("set_aside", "Set aside by the machine"),
                            ("closed", "Taken back"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "right",
                    models.FloatField(help_text="Probability that the clip is right.", null=True),
                ),
                ("inputs", models.JSONField(default=dict)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="GoldClip",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_right", models.BooleanField(help_text="Whether the clip is to be accepted.")),
                ("is_training", models.BooleanField(default=False)),
                ("explanation", models.CharField(blank=True, max_length=500)),
                ("pinned_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="GoldVote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("leased_until", models.DateTimeField(null=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("accept", "Accept"), ("reject", "Reject"), ("unsure", "Unsure")],
                        max_length=6,
                    ),
                ),
                ("tags", models.JSONField(default=list)),
                ("at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReviewerStanding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sensitivity", models.FloatField(null=True)),
                ("specificity", models.FloatField(null=True)),
                ("num_judged", models.PositiveIntegerField(default=0)),
                ("num_gold", models.PositiveIntegerField(default=0)),
                (
                    "agreement",
                    models.FloatField(help_text="Share of agreeing pairs of votes.", null=True),
                ),
                (
                    "kappa",
                    models.FloatField(help_text="Cohen's, against what was decided.", null=True),
                ),
                ("estimated_at", models.DateTimeField(null=True)),
                ("quarantined_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReviewPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        choices=[
                            ("two-votes", "Two agreeing votes"),
                            ("three-quarters", "Two votes or more, over three quarters agreeing"),
                            ("evidence", "The machine's and the people's evidence together"),
                        ],
                        default="evidence",
                        max_length=14,
                    ),
                ),
                (
                    "error_bound",
                    models.FloatField(
                        default=0.05,
                        help_text="The chance of a wrong verdict that is taken, either way.",
                    ),
                ),
                (
                    "set_aside_bound",
                    models.FloatField(
                        default=0.002,
                        help_text="Below it the machine sets a clip aside alone; 0: never.",
                    ),
                ),
                (
                    "max_votes",
                    models.PositiveSmallIntegerField(
                        default=7, help_text="After so many people a curator decides."
                    ),
                ),
                ("needs_person_to_accept", models.BooleanField(default=True)),
                (
                    "prior_right",
                    models.FloatField(
                        default=0.85,
                        help_text="The share of right clips where the machine has no say.",
                    ),
                ),
                (
                    "blind_share",
                    models.FloatField(
                        default=0.05,
                        help_text="The share of clips plain to the machine that people judge without it.",
                    ),
                ),
                (
                    "drift_bound",
                    models.FloatField(
                        default=0.05,
                        help_text="How far the machine may be off before it is not trusted.",
                    ),
                ),
                ("trusts_machine", models.BooleanField(default=True)),
                ("trusted_since", models.DateTimeField(blank=True, null=True)),
                (
                    "distrust",
                    models.JSONField(
                        blank=True,
                        editable=False,
                        help_text="What was measured when trust ended.",
                        null=True,
                    ),
                ),
                (
                    "hides_machine",
                    models.BooleanField(
                        default=False,
                        help_text="Show what the machine thinks to nobody who judges.",
                    ),
                ),
                (
                    "gold_share",
                    models.FloatField(
                        default=0.05,
                        help_text="How many of the clips that a reviewer is given are gold ones.",
                    ),
                ),
                ("guidelines", models.TextField(blank=True)),
                (
                    "tags",
                    models.JSONField(
                        blank=True,
                        default=validation.models.policy.default_tags,
                        validators=[validation.models.policy.validate_tags],
                    ),
                ),
                (
                    "questions",
                    models.JSONField(
                        blank=True,
                        default=list,
                        validators=[validation.models.policy.validate_questions],
                    ),
                ),
                (
                    "mode_default",
                    models.CharField(
                        choices=[("desk", "All at once"), ("cards", "One question on each card")],
                        default="desk",
                        max_length=5,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Skip",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SpeakerQuarantine",
            fields=[
                (
                    "participation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="quarantine",
                        serialize=False,
                        to="collector.participation",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="reviewcase",
            name="case_status_known",
        ),
        migrations.RemoveIndex(
            model_name="reviewcase",
            name="case_queue",
        ),
        migrations.RemoveField(
            model_name="reviewcase",
            name="priority",
        ),
        migrations.AddField(
            model_name="review",
            name="heard_s",
            field=models.FloatField(help_text="How much of it was played, in seconds.", null=True),
        ),
        migrations.AddField(
            model_name="review",
            name="tags",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="transcript",
            field=models.TextField(blank=True, help_text="What is said, where they wrote it."),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="accepted_text",
            field=models.TextField(
                blank=True, help_text="What is said, where that is not the prompt."
            ),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="is_blind",
            field=models.BooleanField(
                default=False, help_text="Judged by people alone, to measure the machine."
            ),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="is_held",
            field=models.BooleanField(
                default=False, help_text="Out of circulation until a curator has looked."
            ),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="place",
            field=models.FloatField(default=validation.models.cases.random_place, editable=False),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="campaign",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="collector.campaign",
            ),
        ),
        migrations.RunSQL(
            """
            UPDATE validation_reviewcase AS c SET campaign_id = p.campaign_id, place = random()
            FROM collector_clip AS clip JOIN collector_participation AS p
              ON p.id = clip.participation_id
            WHERE clip.id = c.clip_id;
            SET CONSTRAINTS ALL IMMEDIATE;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="reviewcase",
            name="campaign",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="collector.campaign",
            ),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="reopened_at",
            field=models.DateTimeField(
                help_text="Sent back by a curator: earlier votes do not count.", null=True
            ),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="rank",
            field=models.PositiveSmallIntegerField(default=0, help_text="Lower is heard earlier."),
        ),
        migrations.AlterField(
            model_name="reviewcase",
            name="status",
            field=models.CharField(
                choices=[
                    ("scoring", "Being heard by the machine"),
                    ("open", "Waiting for people"),
                    ("adjudicate", "Waiting for a curator"),
                    ("accepted", "Accepted"),
                    ("rejected", "Rejected"),
                    ("set_aside", "Set aside by the machine"),
                    ("closed", "Taken back"),
                ],
                default="scoring",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["reviewer", "-at"], name="review_of_reviewer"),
        ),
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(
                condition=models.Q(
                    ("is_held", False), ("leased_until__isnull", True), ("status", "open")
                ),
                fields=["campaign", "rank", "place"],
                name="case_in_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(
                condition=models.Q(("leased_until__isnull", False)),
                fields=["leased_until"],
                name="case_lease",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(fields=["campaign", "status"], name="case_by_status"),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "scoring",
                            "open",
                            "adjudicate",
                            "accepted",
                            "rejected",
                            "set_aside",
                            "closed",
                        ],
                    )
                ),
                name="case_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.CheckConstraint(
                condition=models.Q(("accepted_text", ""), ("status", "accepted"), _connector="OR"),
                name="case_text_is_accepted",
            ),
        ),
        migrations.AddField(
            model_name="clipreport",
            name="case",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reports",
                to="validation.reviewcase",
            ),
        ),
        migrations.AddField(
            model_name="clipreport",
            name="reporter",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="decisions",
                to="validation.reviewcase",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="goldclip",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="collector.campaign",
            ),
        ),
        migrations.AddField(
            model_name="goldclip",
            name="case",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="gold",
                to="validation.reviewcase",
            ),
        ),
        migrations.AddField(
            model_name="goldclip",
            name="pinned_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="goldvote",
            name="gold",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="votes",
                to="validation.goldclip",
            ),
        ),
        migrations.AddField(
            model_name="goldvote",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reviewerstanding",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="standings",
                to="collector.campaign",
            ),
        ),
        migrations.AddField(
            model_name="reviewerstanding",
            name="quarantined_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reviewerstanding",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="standings",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reviewpolicy",
            name="campaign",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="review_policy",
                to="collector.campaign",
            ),
        ),
        migrations.AddField(
            model_name="skip",
            name="case",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="validation.reviewcase",
            ),
        ),
        migrations.AddField(
            model_name="skip",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="speakerquarantine",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="clipreport",
            constraint=models.UniqueConstraint(
                fields=("case", "reporter"), name="clip_report_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="clipreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["waiting", "upheld", "dismissed"])),
                name="clip_report_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="clipreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "reason__in",
                        [
                            "offensive",
                            "private",
                            "wrong_language",
                            "not_a_person",
                            "prompt",
                            "other",
                        ],
                    )
                ),
                name="clip_report_reason_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("right__isnull", True),
                    models.Q(("right__gte", 0.0), ("right__lte", 1.0)),
                    _connector="OR",
                ),
                name="decision_right_is_probability",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "scoring",
                            "open",
                            "adjudicate",
                            "accepted",
                            "rejected",
                            "set_aside",
                            "closed",
                        ],
                    )
                ),
                name="decision_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="goldvote",
            constraint=models.UniqueConstraint(
                fields=("gold", "reviewer"), name="gold_vote_once_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="goldvote",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["", "accept", "reject", "unsure"])),
                name="gold_verdict_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewerstanding",
            constraint=models.UniqueConstraint(
                fields=("campaign", "reviewer"), name="standing_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewerstanding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sensitivity__isnull", True),
                    models.Q(("sensitivity__gt", 0.0), ("sensitivity__lt", 1.0)),
                    _connector="OR",
                ),
                name="standing_sensitivity_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewerstanding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("specificity__isnull", True),
                    models.Q(("specificity__gt", 0.0), ("specificity__lt", 1.0)),
                    _connector="OR",
                ),
                name="standing_specificity_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__in", ["two-votes", "three-quarters", "evidence"])),
                name="policy_name_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("error_bound__gt", 0.0), ("error_bound__lt", 0.5)),
                name="policy_error_bound_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("set_aside_bound__gte", 0.0), ("set_aside_bound__lte", models.F("error_bound"))
                ),
                name="policy_set_aside_bound_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("max_votes__gte", 2)), name="policy_max_votes_settle"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("prior_right__gt", 0.0), ("prior_right__lt", 1.0)),
                name="policy_prior_right_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("blind_share__gte", 0.0), ("blind_share__lte", 1.0)),
                name="policy_blind_share_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("drift_bound__gte", 0.0), ("drift_bound__lte", 1.0)),
                name="policy_drift_bound_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("gold_share__gte", 0.0), ("gold_share__lte", 1.0)),
                name="policy_gold_share_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode_default__in", ["desk", "cards"])),
                name="policy_mode_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="skip",
            constraint=models.UniqueConstraint(
                fields=("case", "reviewer"), name="case_skip_unique"
            ),
        ),
    ]
