"""Milliseconds per step from a browser's WebM/Opus to a master: `python -m bench.audio`."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable

from collector.audio.cut import cut_second, loudest_second_offset
from collector.audio.decode import decode
from collector.audio.examine import examine
from collector.audio.ffmpeg_command import ffmpeg_executable
from collector.audio.jails import describe_jail
from collector.audio.loudness import loudness_lufs
from collector.audio.master import encode_master, master_steps, read_master
from collector.audio.measure import measure
from collector.audio.peaks import make_peaks
from collector.audio.preview import make_preview
from collector.audio.sandbox import run
from collector.audio.spectrogram import make_spectrogram
from collector.audio.spectrum import bandwidth_hz
from collector.audio.speech import find_speech
from collector.audio.speech_level import measure_speech
from tests.collector.audio.material import encode, speech

REPEATS = 30


def cpu_time_s() -> float:
    """What this process and its children that have ended have cost the processor so far."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def medians_ms(step: Callable[[], object]) -> tuple[float, float]:
    """The median CPU time and wall time of a step over some repeats, after one to warm up.

    CPU time is what to compare: on a machine with other work, wall time measures that too.
    """
    step()
    cpu_s, wall_s = [], []
    for _ in range(REPEATS):
        cpu_began_s, began_s = cpu_time_s(), time.perf_counter()
        step()
        cpu_s.append(cpu_time_s() - cpu_began_s)
        wall_s.append(time.perf_counter() - began_s)
    return statistics.median(cpu_s) * 1000, statistics.median(wall_s) * 1000


def main() -> None:
    """Print one line a step."""
    clip = encode(speech(), ".webm", "-ar", "48000", "-c:a", "libopus", "-b:a", "128k")
    decoded = decode(clip)
    samples, rate_hz = decoded.samples, decoded.sampling_rate_hz
    steps = master_steps(samples, rate_hz)
    found, flac = find_speech(steps), encode_master(steps).flac
    rows: dict[str, Callable[[], object]] = {
        "jail alone (starts `true`)": lambda: run(["/bin/true"]),
        "jail and ffmpeg's start": lambda: run([ffmpeg_executable(), "-version"]),
        "decode": lambda: decode(clip),
        "examine: all that follows, to encode_master": lambda: examine(samples, rate_hz),
        "  measure (peak, RMS, offset, clipping)": lambda: measure(samples, rate_hz),
        "  master_steps (resample)": lambda: master_steps(samples, rate_hz),
        "  find_speech (Silero VAD)": lambda: find_speech(steps),
        "  loudness": lambda: loudness_lufs(steps / 32_768, 16_000),
        "  bandwidth": lambda: bandwidth_hz(steps),
        "  measure_speech (SNR, margins, edges)": lambda: measure_speech(steps, found),
        "  loudest second": lambda: loudest_second_offset(steps, found),
        "  encode_master (FLAC)": lambda: encode_master(steps),
        "read_master": lambda: read_master(flac),
        "cut_second": lambda: cut_second(flac),
        "on demand: preview (Opus in WebM)": lambda: make_preview(flac),
        "on demand: peaks": lambda: make_peaks(steps),
        "on demand: spectrogram": lambda: make_spectrogram(steps),
    }
    seconds = len(samples) / rate_hz
    print(f"{seconds:.2f} s, {rate_hz} Hz, {len(clip)} bytes; {describe_jail()}")
    print("  CPU ms  wall ms")
    for name, step in rows.items():
        cpu_ms, wall_ms = medians_ms(step)
        print(f"{cpu_ms:8.1f} {wall_ms:8.1f}  {name}")


if __name__ == "__main__":
    main()
