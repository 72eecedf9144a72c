"""What can be wrong with a recording, in words that help the person who made it."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Problem(TextChoices):
    """Why a recording cannot be used.

    The value is stored and sent over the wire; the label tells the speaker what is wrong
    and what to do about it.
    """

    EMPTY = "empty", _("There is no sound in this recording. Please record it again.")
    NOT_AUDIO = (
        "not_audio",
        _(
            "This is not a sound file that we can read. "
            "Please send WAV, FLAC, Ogg, WebM, MP4 or MP3."
        ),
    )
    DAMAGED = (
        "damaged",
        _("Part of this recording is missing or damaged. Please send or record it again."),
    )
    TOO_SHORT = (
        "too_short",
        _("This recording is too short to hold a word. Please record the whole prompt again."),
    )
    TOO_LONG = (
        "too_long",
        _("This recording is too long. Please record one prompt at a time."),
    )
    TOO_LARGE = (
        "too_large",
        _("This file is too large. Please record one prompt at a time, or send it as FLAC."),
    )
    TOO_MANY_CHANNELS = (
        "too_many_channels",
        _("This recording has more than two channels. Please record in mono or stereo."),
    )
    RATE_TOO_LOW = (
        "rate_too_low",
        _("The sound quality is too low. Please record at 16 kHz or more."),
    )
    HAS_VIDEO = (
        "has_video",
        _("This file holds a video. Please send the sound alone: we want no pictures of you."),
    )
    SILENT = (
        "silent",
        _("This recording is silent. Please check that the microphone is on, and record again."),
    )
    DECODER_FAILED = (
        "decoder_failed",
        _("We gave up on reading this recording. Please record it again in another format."),
    )


class UnusableAudio(Exception):
    """The recording cannot be used: ``problem`` for the speaker, ``detail`` for the log."""

    def __init__(self, problem: Problem, detail: str) -> None:
        super().__init__(f"{problem.value}: {detail}")
        self.problem = problem
        self.detail = detail
