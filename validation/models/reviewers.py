"""What is known of a reviewer beyond their votes: the languages they know, and their own voices."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.models import Speaker, User


class ReviewerProfile(models.Model):
    """What a reviewer says of themselves. Without one they are taken to know what they review."""

    user = models.OneToOneField(
        User, models.CASCADE, related_name="reviewer_profile", primary_key=True
    )
    languages = ArrayField(
        models.CharField(max_length=8),
        default=list,
        blank=True,
        help_text=_("First parts of BCP 47 tags, such as de. Empty: not asked."),
    )

    def __str__(self) -> str:
        return f"{self.user}: {', '.join(self.languages)}"


class OwnVoice(models.Model):
    """A speaker whom an account has been in some session, in the account's hands or not.

    It outlives the session, so that who signs out and in again is not given their own clips. It
    goes with the account, and when the speaker takes everything back.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="own_voices", db_index=False)
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "speaker"], name="own_voice_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.speaker_id}"
