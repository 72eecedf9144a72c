"""Recordings are cut within the speech, and padded with their own room."""

import numpy as np
import pytest

from validation.scoring.cuts import recordings, room_tone, variants_cut


def recording(before: int, after: int) -> np.ndarray:
    """0.5 s of a tone between stretches of a quiet room."""
    rng = np.random.default_rng(0)
    tone = 8_000 * np.sin(np.arange(8_000) / 5)
    samples = np.concatenate([np.zeros(before), tone, np.zeros(after)])
    return (samples + rng.normal(0, 10, samples.size)).astype(np.int16)


def test_a_recording_with_margins_is_kept_and_trimmed() -> None:
    samples = recording(5_000, 6_000)
    found = recordings(samples, np.random.default_rng(0))
    assert list(found) == ["own", "none"]
    assert found["own"] is samples
    assert found["none"].size == pytest.approx(8_000 + 640, abs=150)


def test_a_tight_recording_is_kept_and_gets_margins() -> None:
    samples = recording(100, 6_000)
    found = recordings(samples, np.random.default_rng(0))
    assert list(found) == ["none", "added"]
    assert found["none"] is samples
    assert found["added"].size == samples.size + 9_600


def test_a_cut_takes_two_fifths_of_the_speech_and_the_margin_beyond() -> None:
    samples = recording(5_000, 6_000)
    cuts = dict(variants_cut(samples, np.random.default_rng(0)))
    assert cuts["start"].size == pytest.approx(6_000 + 4_800, abs=150)
    assert cuts["end"].size == pytest.approx(5_000 + 4_800, abs=150)
    assert np.abs(cuts["start"][:160]).max() > 5_000, "it begins within the tone"
    assert cuts["start, padded"].size == cuts["start"].size + 4_000
    assert np.abs(cuts["start, padded"][:3_900]).max() < 100, "room tone comes first"
    assert np.abs(cuts["end, padded"][-3_900:]).max() < 100


def test_room_tone_has_the_level_of_the_quietest_stretch() -> None:
    tone = room_tone(recording(5_000, 6_000), 4_800, np.random.default_rng(0))
    assert tone.size == 4_800
    assert np.std(tone) == pytest.approx(10, rel=0.3)


def test_digital_silence_stays_silent() -> None:
    assert not room_tone(np.zeros(8_000, np.int16), 1_600, np.random.default_rng(0)).any()
