"""Milliseconds per step from a browser's WebM/Opus to a master: `python -m bench.audio`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from collector.audio.cut import cut_second
from collector.audio.decode import decode, ffmpeg_executable
from collector.audio.jails import describe_jail
from collector.audio.master import make_master, read_master
from collector.audio.measure import measure
from collector.audio.sandbox import run
from tests.collector.audio.material import encode, speech

REPEATS = 30


def median_ms(step: Callable[[], object]) -> float:
    """The median time of a step over some repeats, after one to warm up."""
    step()
    times_s = []
    for _ in range(REPEATS):
        began_s = time.perf_counter()
        step()
        times_s.append(time.perf_counter() - began_s)
    return statistics.median(times_s) * 1000


def main() -> None:
    """Print one line a step."""
    clip = encode(speech(), ".webm", "-ar", "48000", "-c:a", "libopus", "-b:a", "128k")
    decoded = decode(clip)
    samples, rate_hz = decoded.samples, decoded.sampling_rate_hz
    flac = make_master(samples, rate_hz).flac
    steps: dict[str, Callable[[], object]] = {
        "jail alone (starts `true`)": lambda: run(["/bin/true"]),
        "jail and ffmpeg's start": lambda: run([ffmpeg_executable(), "-version"]),
        "decode": lambda: decode(clip),
        "measure": lambda: measure(samples, rate_hz),
        "make_master": lambda: make_master(samples, rate_hz),
        "read_master": lambda: read_master(flac),
        "cut_second": lambda: cut_second(flac),
    }
    seconds = len(samples) / rate_hz
    print(f"{seconds:.2f} s, {rate_hz} Hz, {len(clip)} bytes; {describe_jail()}")
    for name, step in steps.items():
        print(f"{median_ms(step):8.1f} ms  {name}")


if __name__ == "__main__":
    main()
