"""Recordings with more or less silence around them, and cut within the speech.

Silence here is the room tone of the recording itself, never digital zeros, which no microphone
gives and which would be a cue of their own.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from validation.scoring.sound import SAMPLING_RATE_HZ

CUT_SHARE: Final = 0.4
# Where the speech lies, by the share of the energy before it and after it.
SPEECH_SHARES: Final = (0.01, 0.99)
TIGHT_SHARES: Final = (0.005, 0.995)
TIGHT_MARGIN_S: Final = 0.02
ENOUGH_MARGIN_S: Final = 0.2
ADDED_MARGIN_S: Final = 0.3
PADDED_S: Final = 0.25
FADE_S: Final = 0.005
TONE_S: Final = 0.06

Samples = NDArray[np.int16]


def recordings(samples: Samples, rng: np.random.Generator) -> dict[str, Samples]:
    """The recording as it is, as one with margins, and trimmed tight: by `own`, `added`, `none`.

    `own` is a recording that has 0.2 s before and after its speech; one that has not counts as
    `none`, and once more, between room tone, as `added`.
    """
    first, last = _speech(samples, TIGHT_SHARES)
    enough = ENOUGH_MARGIN_S * SAMPLING_RATE_HZ
    if min(first, samples.size - last) >= enough:
        margin = round(TIGHT_MARGIN_S * SAMPLING_RATE_HZ)
        return {"own": samples, "none": samples[max(0, first - margin) : last + margin]}
    tone = room_tone(samples, 2 * round(ADDED_MARGIN_S * SAMPLING_RATE_HZ), rng)
    before, after = np.split(tone, 2)
    return {"none": samples, "added": np.concatenate([before, samples, after])}


def variants_cut(samples: Samples, rng: np.random.Generator) -> Iterator[tuple[str, Samples]]:
    """The first or the last two fifths of the speech missing.

    Once as a recorder cuts that begins too late or ends too early: nothing is left before or
    after. And once with room tone there, faded in, as nothing but an editor would do: the edges
    tell nothing then.
    """
    first, last = _speech(samples, SPEECH_SHARES)
    lost = round(CUT_SHARE * (last - first))
    tone = room_tone(samples, round(PADDED_S * SAMPLING_RATE_HZ), rng)
    fade = np.linspace(0, 1, round(FADE_S * SAMPLING_RATE_HZ))
    start_gone, end_gone = samples[first + lost :], samples[: last - lost]
    if min(start_gone.size, end_gone.size) <= fade.size:
        return
    yield "start", start_gone
    yield "end", end_gone
    faded = start_gone.copy()
    faded[: fade.size] = np.round(faded[: fade.size] * fade)
    yield "start, padded", np.concatenate([tone, faded])
    faded = end_gone.copy()
    faded[-fade.size :] = np.round(faded[-fade.size :] * fade[::-1])
    yield "end, padded", np.concatenate([faded, tone])


def room_tone(samples: Samples, num_samples: int, rng: np.random.Generator) -> Samples:
    """Noise with the spectrum and level of the recording's quietest 60 ms, at random phases."""
    width = min(round(TONE_S * SAMPLING_RATE_HZ), samples.size)
    energy = np.concatenate([[0.0], np.cumsum(samples.astype(np.float64) ** 2)])
    at = int(np.argmin(energy[width:] - energy[:-width]))
    quiet = samples[at : at + width].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(quiet * np.hanning(width), n=max(num_samples, width)))
    phases = np.exp(2j * np.pi * rng.random(spectrum.size))
    noise = np.fft.irfft(spectrum * phases, n=max(num_samples, width))[:num_samples]
    rms = np.sqrt(np.mean(noise**2))
    level = np.sqrt(np.mean(quiet**2)) / rms if rms > 0 else 0.0
    return np.clip(np.round(noise * level), -32_768, 32_767).astype(np.int16)


def _speech(samples: Samples, shares: tuple[float, float]) -> tuple[int, int]:
    energy = np.cumsum(samples.astype(np.float64) ** 2)
    first, last = np.searchsorted(energy, energy[-1] * np.array(shares))
    return int(first), int(last)
