import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("corpus", "0003_cutting"),
        ("collector", "0015_taken_back_and_paused"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveField(
            model_name="withdrawal",
            name="reason",
        ),
        migrations.AddField(
            model_name="releaseentry",
            name="is_paused",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Left out until its speaker lets it circulate again.",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="reason_code",
            field=models.CharField(
                choices=[
                    ("withdrawn", "Their speaker took them back"),
                    ("legal", "The law asked for it"),
                    ("quality", "They should not have been published"),
                ],
                default="withdrawn",
                max_length=9,
            ),
        ),
        migrations.CreateModel(
            name="WithdrawalRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("clip", "One clip"),
                            ("clips", "Some clips"),
                            ("campaign", "All clips of a campaign"),
                            ("everything", "Everything"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "by",
                    models.CharField(
                        choices=[
                            ("speaker", "The speaker, without an account"),
                            ("account", "The speaker, from their account"),
                            ("curator", "A curator, as a letter asked for"),
                            ("restore", "Repeated after a backup was restored"),
                        ],
                        max_length=7,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "reason_code",
                    models.CharField(
                        choices=[
                            ("withdrawn", "Their speaker took them back"),
                            ("legal", "The law asked for it"),
                            ("quality", "They should not have been published"),
                        ],
                        default="withdrawn",
                        max_length=9,
                    ),
                ),
                (
                    "letter",
                    models.CharField(
                        blank=True,
                        help_text="Where the letter is filed; never a name.",
                        max_length=120,
                    ),
                ),
                ("num_clips", models.PositiveIntegerField(default=0)),
                ("requested_at", models.DateTimeField(auto_now_add=True)),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "acted_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="The curator who acted on the letter.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal_requests",
                        to="collector.campaign",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="request",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="corpus.withdrawalrequest",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason_code__in", ["withdrawn", "legal", "quality"])),
                name="withdrawal_reason_known",
            ),
        ),
        migrations.AddIndex(
            model_name="withdrawalrequest",
            index=models.Index(
                condition=models.Q(("completed_at__isnull", True)),
                fields=["requested_at"],
                name="withdrawal_incomplete",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawalrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("scope__in", ["clip", "clips", "campaign", "everything"])),
                name="withdrawal_scope_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawalrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("by__in", ["speaker", "account", "curator", "restore"])),
                name="withdrawal_by_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawalrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason_code__in", ["withdrawn", "legal", "quality"])),
                name="withdrawal_request_reason_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawalrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by", "curator"), models.Q(("letter", ""), _negated=True)),
                    models.Q(
                        models.Q(("by", "curator"), _negated=True),
                        ("acted_by__isnull", True),
                        ("letter", ""),
                    ),
                    _connector="OR",
                ),
                name="withdrawal_by_curator_has_letter",
            ),
        ),
    ]
