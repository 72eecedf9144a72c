"""What the measurements say of a take, in words that help the next one. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FindingCode(TextChoices):
    """What can be wrong with a take that can be used all the same: people decide."""

    TOO_QUIET = "too_quiet", _("Too quiet")
    TOO_LOUD = "too_loud", _("Too loud")
    CLIPPED = "clipped", _("Distorted")
    NOISY = "noisy", _("Noisy")
    NO_SPEECH = "no_speech", _("Nothing heard")
    CUT_START = "cut_start", _("Cut off at the start")
    CUT_END = "cut_end", _("Cut off at the end")


_ADVICE: dict[FindingCode, str | Promise] = {
    FindingCode.TOO_QUIET: _("Come closer to the microphone, or speak up."),
    FindingCode.TOO_LOUD: _("Move away from the microphone a little."),
    FindingCode.CLIPPED: _("Move away from the microphone, or speak more softly."),
    FindingCode.NOISY: _("Find a quieter place, or come closer to the microphone."),
    FindingCode.NO_SPEECH: _("Read the prompt aloud while the recording runs."),
    FindingCode.CUT_START: _("Wait a moment before you speak."),
    FindingCode.CUT_END: _("Wait a moment after you have spoken."),
}


@dataclass(frozen=True)
class Finding:
    """One thing that the next take could do better."""

    code: FindingCode

    @property
    def label(self) -> str:
        """Its name, in the reader's language."""
        return str(self.code.label)

    @property
    def advice(self) -> str:
        """What to do about it, in the reader's language."""
        return str(_ADVICE[self.code])


@dataclass(frozen=True)
class Thresholds:
    """From where on a measurement is worth a word; docs/measurements.md says why these.

    A campaign may set any of them (``Campaign.thresholds``). ``duration_s_min`` alone makes a clip
    unusable, not just worth a word.
    The two on speech decide about the finding ``no_speech`` and not about where speech is found.
    """

    speech_probability_min: float = 0.5
    speech_s_min: float = 0.1
    snr_db_min: float = 15.0
    loudness_lufs_min: float = -38.0
    loudness_lufs_max: float = -12.0
    clipped_runs_max: float = 2
    cut_margin_s: float = 0.1
    cut_edge_below_speech_db_min: float = 12.0
    duration_s_min: float = 0.1

    @classmethod
    def of(cls, settings: Mapping[str, object]) -> Thresholds:
        """The defaults with what a campaign has set. Raises ValueError, saying what is wrong."""
        names = {field.name for field in fields(cls)}
        values: dict[str, float] = {}
        for name, value in settings.items():
            if name not in names:
                raise ValueError(f"There is no threshold {name}; there are {sorted(names)}.")
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ValueError(f"The threshold {name} must be a number, not {value!r}.")
            if not math.isfinite(value):
                raise ValueError(f"The threshold {name} must be finite.")
            values[name] = value
        found = cls(**values)
        if found.loudness_lufs_min >= found.loudness_lufs_max:
            raise ValueError("loudness_lufs_min must lie below loudness_lufs_max.")
        return found


DEFAULTS = Thresholds()


def validate_thresholds(value: object) -> None:
    """A model field's validator: an object of known names and finite numbers."""
    try:
        if not isinstance(value, dict):
            raise ValueError("The thresholds are an object of names and numbers; {} for defaults.")
        Thresholds.of(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def findings_of(
    measurements: Mapping[str, object],
    thresholds: Thresholds | None = None,
    *,
    speech_expected: bool = True,
) -> list[Finding]:
    """What the measurements (as ``Clip.measurements`` holds them) find wrong; often nothing.

    Where nothing was said, that alone is told, besides distortion: a silence is neither too quiet
    nor cut. ``speech_expected`` is False for a prompt that asks for the room's noise. What was not
    measured (a clip of an older release) finds nothing.
    """
    limits = thresholds or DEFAULTS
    codes = list(_signal_codes(measurements, limits, speech_expected))
    return [Finding(code) for code in FindingCode if code in codes]


def _signal_codes(
    measured: Mapping[str, object], limits: Thresholds, speech_expected: bool
) -> Iterator[FindingCode]:
    if _above(measured, "clipped_runs", limits.clipped_runs_max):
        yield FindingCode.CLIPPED
    if not speech_expected:
        return
    if _below(measured, "speech_probability_max", limits.speech_probability_min) or _below(
        measured, "speech_s", limits.speech_s_min
    ):
        yield FindingCode.NO_SPEECH
    else:
        yield from _speech_codes(measured, limits)


def _speech_codes(measured: Mapping[str, object], limits: Thresholds) -> Iterator[FindingCode]:
    if _below(measured, "loudness_lufs", limits.loudness_lufs_min):
        yield FindingCode.TOO_QUIET
    if _above(measured, "loudness_lufs", limits.loudness_lufs_max):
        yield FindingCode.TOO_LOUD
    if _below(measured, "snr_db", limits.snr_db_min):
        yield FindingCode.NOISY
    edge_db = limits.cut_edge_below_speech_db_min
    if _below(measured, "leading_silence_s", limits.cut_margin_s) and _below(
        measured, "start_edge_below_speech_db", edge_db
    ):
        yield FindingCode.CUT_START
    if _below(measured, "trailing_silence_s", limits.cut_margin_s) and _below(
        measured, "end_edge_below_speech_db", edge_db
    ):
        yield FindingCode.CUT_END


def _below(measured: Mapping[str, object], name: str, limit: float) -> bool:
    value = measured.get(name)
    return isinstance(value, int | float) and value < limit


def _above(measured: Mapping[str, object], name: str, limit: float) -> bool:
    value = measured.get(name)
    return isinstance(value, int | float) and value > limit
