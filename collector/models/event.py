"""The journal: what happened, in order, written in the transaction that made it happen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    """Every fact that a later stage, or a person, may want to know of."""

    CONSENT_GIVEN = "consent_given", _("Consent given")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("Consent withdrawn, or a purpose of it")
    ORIGINAL_ERASED = "original_erased", _("Original erased, as it was not to be kept")
    HOLD_PLACED = "hold_placed", _("Legal hold placed")
    HOLD_LIFTED = "hold_lifted", _("Legal hold lifted")
    CAMPAIGN_CREATED = "campaign_created", _("Campaign made")
    CAMPAIGN_CHANGED = "campaign_changed", _("Campaign changed")
    CAMPAIGN_OPENED = "campaign_opened", _("Campaign opened")
    CAMPAIGN_CLOSED = "campaign_closed", _("Campaign closed")
    CAMPAIGN_REOPENED = "campaign_reopened", _("Campaign opened again")
    CONSENT_TEXT_PUBLISHED = "consent_text_published", _("Consent text published")
    TERMS_PUBLISHED = "terms_published", _("Terms for researchers published")
    SPEAKER_REMINDED = "speaker_reminded", _("Inactive speaker reminded")
    SPEAKER_FORGOTTEN = "speaker_forgotten", _("Inactive speaker forgotten")
    CLIP_UPLOADED = "clip_uploaded", _("Recording received")
    CLIP_TRANSCODED = "clip_transcoded", _("Recording measured")
    CLIP_UNUSABLE = "clip_unusable", _("Recording set aside as unusable")
    CLIP_SCORED = "clip_scored", _("Recording heard by the machine")
    VOTE_CAST = "vote_cast", _("Vote cast")
    VOTE_TAKEN_BACK = "vote_taken_back", _("Vote taken back")
    CASE_DECIDED = "case_decided", _("Recording judged")
    CASE_REOPENED = "case_reopened", _("Recording sent back to the reviewers")
    CLIP_REPORTED = "clip_reported", _("Recording reported")
    CLIP_SETTLED = "clip_settled", _("Report looked at by a curator")
    GOLD_PINNED = "gold_pinned", _("Recording made a gold one")
    GOLD_UNPINNED = "gold_unpinned", _("Recording is no gold one any more")
    REVIEWER_QUARANTINED = "reviewer_quarantined", _("Reviewer set apart")
    REVIEWER_RELEASED = "reviewer_released", _("Reviewer's votes count again")
    SPEAKER_QUARANTINED = "speaker_quarantined", _("Speaker set apart")
    SPEAKER_RELEASED = "speaker_released", _("Speaker's recordings are in circulation again")
    REDECISION_ASKED = "redecision_asked", _("Earlier recordings to be judged anew")
    REDECISION_DONE = "redecision_done", _("Earlier recordings judged anew")
    POLICY_CHANGED = "policy_changed", _("Review policy changed")
    MACHINE_DISTRUSTED = "machine_distrusted", _("The machine is not trusted any more")
    RELEASE_FROZEN = "release_frozen", _("Release cut")
    RELEASE_REVISED = "release_revised", _("Release revised after a withdrawal")
    RELEASE_OPENED = "release_opened", _("Release opened to everybody")
    RELEASE_CLOSED = "release_closed", _("Release open to researchers only")
    RELEASE_RETIRED = "release_retired", _("Release retired")
    RELEASE_RESTORED = "release_restored", _("Release brought back")
    CLIP_WITHDRAWN = "clip_withdrawn", _("Recording taken back")
    CLIP_ERASED = "clip_erased", _("Recording erased")
    CLIP_PAUSED = "clip_paused", _("Recording paused")
    CLIP_RESUMED = "clip_resumed", _("Recording in circulation again")
    WITHDRAWAL_REQUESTED = "withdrawal_requested", _("Recordings asked back")
    WITHDRAWAL_COMPLETED = "withdrawal_completed", _("All that was asked back is erased")
    PROMPT_REPORTED = "prompt_reported", _("Prompt reported")
    PROMPT_SETTLED = "prompt_settled", _("Prompt looked at by a curator")
    PROMPT_OPENED = "prompt_opened", _("Prompt offered again")
    PROMPT_CLOSED = "prompt_closed", _("Prompt offered no longer")
    ROLE_GIVEN = "role_given", _("Role given")
    ROLE_TAKEN = "role_taken", _("Role taken away")


class Event(models.Model):
    """One line of the journal: appended, never changed (the database refuses).

    Only a clip that is erased takes its lines with it: their times, and their places among the
    lines of others, would tell whose it was.
    """

    kind = models.CharField(max_length=24, choices=EventKind)
    clip_id = models.UUIDField(null=True, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["clip_id", "id"],
                name="event_of_clip",
                condition=models.Q(clip_id__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=EventKind.values), name="event_kind_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind} {self.clip_id or ''}"
