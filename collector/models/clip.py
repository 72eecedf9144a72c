"""A clip: one take of one speaker, from its arrival to its erasure."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.audio.problems import Problem
from collector.findings import Finding, Thresholds, findings_of
from collector.models.about import SpeakerSnapshot
from collector.models.consent import ConsentEvent
from collector.models.people import Participation
from collector.models.prompt import Prompt, PromptKind
from collector.models.work import Claimable


class ClipStatus(models.TextChoices):
    """Where a clip is in the collector; later stages keep their own status."""

    RECEIVED = "received", _("Received")
    TRANSCODED = "transcoded", _("Ready to be heard")
    UNUSABLE = "unusable", _("Unusable")
    WITHDRAWN = "withdrawn", _("Taken back")
    ERASED = "erased", _("Erased")


#: The statuses in which a clip's audio may be heard, released and counted.
LIVE = (ClipStatus.RECEIVED, ClipStatus.TRANSCODED)
#: The statuses of a clip that its speaker has taken back.
GONE = (ClipStatus.WITHDRAWN, ClipStatus.ERASED)


_LINKED_TO_NOBODY = {"participation__isnull": True, "consent__isnull": True}
_LINKED_TO_A_PERSON = {"participation__isnull": False, "consent__isnull": False}


class Clip(Claimable):
    """One recording. Its id is made by the speaker's device, which makes a repeat harmless."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Both are there for as long as there is a clip. What is left of an erased one is nobody's, and
    # is reached by nothing that asks whose it was: so they are typed as if they were always there.
    participation: models.ForeignKey[Participation, Participation] = models.ForeignKey(  # type: ignore[misc]
        Participation, models.PROTECT, null=True, related_name="clips"
    )
    prompt = models.ForeignKey(Prompt, models.PROTECT, null=True, blank=True, related_name="clips")
    consent: models.ForeignKey[ConsentEvent, ConsentEvent] = models.ForeignKey(  # type: ignore[misc]
        ConsentEvent, models.PROTECT, null=True, related_name="clips"
    )
    about = models.ForeignKey(
        SpeakerSnapshot, models.SET_NULL, null=True, blank=True, related_name="clips"
    )
    status = models.CharField(max_length=10, choices=ClipStatus, default=ClipStatus.RECEIVED)
    problem = models.CharField(max_length=24, choices=Problem, blank=True)

    original_sha256 = models.CharField(max_length=64)
    original_num_bytes = models.PositiveIntegerField()
    capture = models.JSONField(
        default=dict, help_text=_("What the device said of itself: path, rate, processing.")
    )
    master_sha256 = models.CharField(max_length=64, blank=True)
    master_num_bytes = models.PositiveIntegerField(null=True, blank=True)
    num_samples = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Of the master, at 16 kHz: the truth about its length.")
    )
    loudest_second_offset = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("First sample of the loudest second of the master.")
    )
    wav_sha256 = models.CharField(
        max_length=64, blank=True, help_text=_("Of the master as WAV, as exports ship it.")
    )
    second_wav_sha256 = models.CharField(
        max_length=64, blank=True, help_text=_("Of its loudest second as WAV.")
    )
    measurements = models.JSONField(default=dict, help_text=_("Of the original, as decoded."))
    files = models.JSONField(
        default=dict,
        editable=False,
        help_text=_("What was derived from the master: by kind its hash, length and version."),
    )

    num_files = models.PositiveIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text=_("Of a clip that is taken back: how many files there were to erase."),
    )
    original_due_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text=_("Since when the original waits to be erased, as nobody opted into keeping it."),
    )
    original_erased_at = models.DateTimeField(null=True, editable=False)

    received_at = models.DateTimeField(auto_now_add=True)
    transcoded_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Out of circulation since, until its speaker resumes.")
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    # From the erasure on, all of these times are the day's: to the second they would lead back to
    # whoever did something else at that second.

    class Meta:
        indexes = [
            models.Index(fields=["participation", "-received_at"], name="clip_of_speaker"),
            # Has this speaker said this prompt, and how often?
            models.Index(
                fields=["participation", "prompt"],
                name="clip_take_of_speaker",
                condition=models.Q(status__in=LIVE),
            ),
            # What the sweep looks for is always a small part of the table.
            models.Index(
                fields=["status", "nudge_at"],
                name="clip_waiting",
                condition=models.Q(nudge_at__isnull=False),
            ),
            models.Index(
                fields=["original_due_at"],
                name="clip_original_due",
                condition=models.Q(original_due_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=ClipStatus.values), name="clip_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(original_sha256__regex=r"^[0-9a-f]{64}$"),
                name="clip_original_sha256_hex",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=ClipStatus.TRANSCODED)
                | (models.Q(num_samples__gt=0) & models.Q(master_sha256__regex=r"^[0-9a-f]{64}$")),
                name="clip_transcoded_has_master",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=ClipStatus.UNUSABLE) | ~models.Q(problem=""),
                name="clip_unusable_has_problem",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=GONE) | models.Q(about__isnull=True),
                name="clip_gone_says_nothing_of_its_speaker",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=GONE) | models.Q(paused_at__isnull=True),
                name="clip_gone_is_not_paused",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status=ClipStatus.ERASED, prompt__isnull=True, **_LINKED_TO_NOBODY
                )
                | ~models.Q(status=ClipStatus.ERASED) & models.Q(**_LINKED_TO_A_PERSON),
                name="clip_erased_is_nobodys",
            ),
        ]

    def __str__(self) -> str:
        return f"clip {self.id}"

    @property
    def findings(self) -> list[Finding]:
        """What the next take could do better, by the campaign's thresholds."""
        kind = self.prompt.kind if self.prompt else PromptKind.SENTENCE
        return findings_of(
            self.measurements,
            Thresholds.of(self.participation.campaign.thresholds),
            speech_expected=kind != PromptKind.NOISE,
        )

    @property
    def duration_s(self) -> float | None:
        """The master's length, or None until there is one."""
        return None if self.num_samples is None else self.num_samples / 16_000
