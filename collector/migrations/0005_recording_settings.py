"""How a campaign wants to be recorded."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collector", "0004_snapshots_stay")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="keeps_room_tone",
            field=models.BooleanField(
                default=False, help_text="Keep it as a recording of the campaign's noise prompt."
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="longest_take_s",
            field=models.FloatField(
                default=60,
                help_text="After how many seconds a take is ended.",
                validators=[
                    django.core.validators.MinValueValidator(2),
                    django.core.validators.MaxValueValidator(60),
                ],
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="prompts_per_set",
            field=models.PositiveSmallIntegerField(
                default=20,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(50),
                ],
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="room_tone_s",
            field=models.FloatField(
                default=2.0,
                help_text="How long the room is heard before a set, in seconds.",
                validators=[
                    django.core.validators.MinValueValidator(0.5),
                    django.core.validators.MaxValueValidator(10),
                ],
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="show_heard",
            field=models.BooleanField(
                default=False, help_text="Show speakers what the machine has heard them say."
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="silence_keyword_s",
            field=models.FloatField(
                default=0.4,
                help_text="The silence that ends a keyword, in seconds.",
                validators=[
                    django.core.validators.MinValueValidator(0.2),
                    django.core.validators.MaxValueValidator(5),
                ],
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="silence_sentence_s",
            field=models.FloatField(
                default=0.8,
                help_text="The silence that ends a sentence, in seconds.",
                validators=[
                    django.core.validators.MinValueValidator(0.2),
                    django.core.validators.MaxValueValidator(5),
                ],
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("room_tone_s__gte", 0.5), ("room_tone_s__lte", 10)),
                name="campaign_room_tone_s_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("silence_keyword_s__gte", 0.2), ("silence_keyword_s__lte", 5)),
                name="campaign_silence_keyword_s_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("silence_sentence_s__gte", 0.2), ("silence_sentence_s__lte", 5)
                ),
                name="campaign_silence_sentence_s_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("longest_take_s__gte", 2), ("longest_take_s__lte", 60)),
                name="campaign_longest_take_s_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("prompts_per_set__gte", 1), ("prompts_per_set__lte", 50)),
                name="campaign_prompts_per_set_range",
            ),
        ),
    ]
