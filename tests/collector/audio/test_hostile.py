"""The hostile corpus costs its children and nothing else: see docs/security-of-audio.md."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.audio.decode import DEFAULT_LIMITS, Decoded, decode
from collector.audio.measure import measure, problem_of
from collector.audio.problems import Problem, UnusableAudio
from collector.audio.sandbox import ChildLimits
from tests.collector.audio.hostile import Bait, HostileFile, Sound, corpus
from tests.collector.audio.hostile.fuzz import mutated, verdict
from tests.collector.audio.material import wav

MARK = b"canary-7f3a9c"  # what stands in the file that nothing may read
SLOWEST_S = ChildLimits.wall_time_s + 5.0  # the child is ended by then, and its start took time too


@dataclass(frozen=True)
class Trap:
    """A file and a port that nothing may touch, and the folder for temporary files."""

    bait: Bait
    visitors: list[object]
    sound: np.ndarray
    temporary: Path


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trap]:
    """Lay the bait, and send temporary files to a folder that can be looked at."""
    sound = np.random.default_rng(7).uniform(-0.5, 0.5, 16_000).astype(np.float32)
    measure(sound[:, np.newaxis], 16_000)  # what is imported late is not the first file's fault
    canary = tmp_path_factory.mktemp("canary") / f"{MARK.decode()}.wav"
    canary.write_bytes(wav(sound, kind="FLOAT") + MARK)
    visitors: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.MonkeyPatch.context() as patch:
        threading.Thread(target=_serve, args=(server, visitors), daemon=True).start()
        temporary = tmp_path_factory.mktemp("temporary")
        patch.setattr(tempfile, "tempdir", str(temporary))
        bait = Bait(canary, server.getsockname()[1])
        yield Trap(bait, visitors, sound, temporary)
        server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket, visitors: list[object]) -> None:
    while True:
        try:
            visitors.append(server.accept())
        except OSError:
            return


@pytest.fixture(scope="module")
def files(trap: Trap) -> dict[str, HostileFile]:
    return {file.path: file for file in corpus(trap.bait)}


def verdict_of(data: bytes) -> tuple[Problem | None, Decoded | None, str]:
    """What the worker says of a file: decode, then measure. Any other exception is a failure."""
    try:
        decoded = decode(data)
    except UnusableAudio as unusable:
        return unusable.problem, None, unusable.detail
    return problem_of(measure(decoded.samples, decoded.sampling_rate_hz)), decoded, ""


@pytest.mark.parametrize("path", [file.path for file in corpus()])
def test_a_hostile_file_ends_in_the_verdict_that_is_stated(
    path: str, files: dict[str, HostileFile], trap: Trap
) -> None:
    data = files[path].make()
    open_files = _open_files()
    began_s = time.monotonic()
    problem, decoded, detail = verdict_of(data)
    assert time.monotonic() - began_s < SLOWEST_S, "it must not hold a worker up"
    _check_verdict(files[path].expected, problem, decoded, detail)
    _check_canary(trap, decoded, detail)
    assert list(trap.temporary.iterdir()) == [], "nothing is left on the disk"
    assert _open_files() == open_files, "no descriptor is left open"


def _open_files() -> int:
    """The number of this process's descriptors, where the system tells it."""
    table = Path("/proc/self/fd")
    return len(list(table.iterdir())) if table.exists() else 0


def _check_verdict(
    expected: Problem | Sound | None, problem: Problem | None, decoded: Decoded | None, detail: str
) -> None:
    if isinstance(expected, Sound):
        assert problem is None and decoded is not None, detail
        assert decoded.sampling_rate_hz == expected.sampling_rate_hz
        assert decoded.channels == expected.channels
        missing = abs(len(decoded.samples) - expected.num_samples)
        assert missing <= expected.tolerance_samples, f"{len(decoded.samples)} samples"
    elif expected is not None:
        assert problem is expected, detail or "it was taken"
    if decoded is None:
        assert detail, "the log needs to know more than the code"


def _check_canary(trap: Trap, decoded: Decoded | None, detail: str) -> None:
    assert trap.visitors == [], "somebody connected"
    assert trap.sound[:100].tobytes() not in (decoded.samples.tobytes() if decoded else b"")
    if trap.bait.file.name in detail:
        return  # the log may quote the reference itself; the mark behind it is the file's
    assert MARK.decode() not in detail


def test_the_corpus_is_large_and_every_file_has_a_name_of_its_own() -> None:
    paths = [file.path for file in corpus()]
    assert len(paths) >= 200
    assert len(set(paths)) == len(paths)


def test_the_corpus_is_the_same_bytes_every_time() -> None:
    some = [file for file in corpus() if "truncated" in file.family or "claims" in file.family]
    again = {file.path: file for file in corpus()}
    assert all(file.make() == again[file.path].make() for file in some)


def test_nearly_every_file_has_one_stated_verdict() -> None:
    stated = Counter(file.expected is not None for file in corpus())
    assert stated[True] >= 200
    assert stated[False] <= 40


@settings(max_examples=25, deadline=None)
@given(number=st.integers(0, 1 << 32))
def test_a_mutated_file_ends_in_a_verdict(number: int) -> None:
    assert verdict(mutated(number)) in {"taken", *Problem.values}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory differently")
@pytest.mark.parametrize("rate_hz", [48_000, 192_000])
def test_a_minute_takes_hardly_more_memory_than_its_samples(rate_hz: int, tmp_path: Path) -> None:
    path = tmp_path / "minute.flac"
    noise = np.random.default_rng(1).integers(-9, 9, (60 * rate_hz, 2)).astype(np.int16)
    soundfile.write(path, noise, rate_hz, subtype="PCM_16")
    script = (
        "import resource, sys; from pathlib import Path; from collector.audio.decode import decode;"
        "used = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; before = used();"
        "decoded = decode(Path(sys.argv[1]));"
        "print((used() - before) * 1024 / decoded.samples.nbytes)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, check=True, text=True
    )
    assert float(told.stdout) < 1.6, "copies of the samples, for each byte of them"


def test_decoding_has_limits_on_what_goes_in_and_on_what_comes_out() -> None:
    assert DEFAULT_LIMITS.max_bytes == 25_000_000
    assert DEFAULT_LIMITS.max_duration_s == 60
    assert DEFAULT_LIMITS.max_decoded_bytes < 100_000_000
