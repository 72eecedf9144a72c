"""What the measurements say of a take, in words that help the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FindingCode(TextChoices):
    """What can be wrong with a take that can be used all the same."""

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
    """From where on a measurement is worth a word."""

    quiet_lufs: float = -45.0
    loud_lufs: float = -9.0
    noisy_snr_db: float = 10.0


def findings_of(
    measurements: Mapping[str, float | int | str], thresholds: Thresholds | None = None
) -> list[Finding]:
    """What the measurements (as ``Clip.measurements`` holds them) find wrong; often nothing."""
    limits = thresholds or Thresholds()

    def measured(name: str, neutral: float) -> float:
        return float(measurements.get(name, neutral))

    found = {
        FindingCode.TOO_QUIET: measured("loudness_lufs", -20) < limits.quiet_lufs,
        FindingCode.TOO_LOUD: measured("loudness_lufs", -20) > limits.loud_lufs,
        FindingCode.CLIPPED: measured("clipped_runs", 0) > 0,
        FindingCode.NOISY: measured("snr_db", 60) < limits.noisy_snr_db,
    }
    return [Finding(code) for code, is_so in found.items() if is_so]
