"""What a pre-score costs, beside the peer's on the same clips in the same run.

Times are those of the processor, children included, so that a busy machine shows less in them.
They are medians over rounds in which all take turns. Compare within one run only.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from bench.prescore import peer
from bench.prescore.memory import LENGTHS_S, held_mb
from bench.prescore.takes import webm
from bench.prescore.targets import Row
from collector.audio.decode import Decoded, decode, decode_together
from collector.audio.examine import examine
from collector.audio.master import read_master
from collector.audio.peaks import make_peaks
from collector.audio.preview import make_preview
from collector.audio.spectrogram import make_spectrogram
from validation.scoring import load, score
from validation.scoring.sound import SAMPLING_RATE_HZ
from validation.scoring.trials import Clip

ROUNDS = 5
NUM_CLIPS = 16
TOGETHER = 8
"""As many as the worker takes at once: `collector.services.transcoding`."""
THREE_SECONDS = (2.5, 3.5)
FLOP_A_SECOND = 1e9
"""What the model asks for each second of audio, counted by hand."""
GEMM_SIZE = 768
ON_DEMAND = "preview, peaks, spectrogram: made when somebody first asks"
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def cpu_s() -> float:
    """Processor seconds so far, of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def spent_s(work: Callable[[], object]) -> float:
    """Processor seconds of a piece of work."""
    before = cpu_s()
    work()
    return cpu_s() - before


def cost(clips: Sequence[Clip]) -> list[Row]:
    """The cost table."""
    with tempfile.TemporaryDirectory() as folder:
        lacking = peer.missing()
        other = None if lacking else peer.Peer(Path(folder))
        rows = [
            *_pipeline(clips, other),
            *_alone(clips, other),
            *_memory(),
        ]
    note = f"the peer is missing: {', '.join(lacking)}" if lacking else ""
    return [*rows, Row("peer", None, note=note or f"{peer.FFMPEG}, {other and other.name}")]


def _pipeline(clips: Sequence[Clip], other: peer.Peer | None) -> list[Row]:
    """WebM/Opus in; decode, measure, master, pre-score; against decode and transcribe.

    Once with a decoder for each clip, as when a speaker sends take by take; and once as a worker
    does it when several takes of one speaker wait, which is when its time matters.
    """
    chosen = [c for c in _some(clips, "sentence") if _lasts(c, *THREE_SECONDS)]
    takes = [(c, webm(c.samples)) for c in chosen]
    spent: dict[str, list[float]] = {"alone": [], "together": [], "shown": [], "peer": []}
    for turn in range(ROUNDS + 1):
        found = {
            "alone": sum(spent_s(partial(_ours, [take])) for take in takes),
            "together": sum(spent_s(partial(_ours, some)) for some in _sets(takes)),
            "shown": sum(spent_s(partial(_ours, [take], shown=True)) for take in takes),
            "peer": sum(spent_s(partial(_theirs, other, webm)) for _, webm in takes),
        }
        for name, seconds in found.items() if turn else ():  # the first warms up
            spent[name].append(seconds / len(takes))
    median_s = {name: statistics.median(values) for name, values in spent.items()}
    mean_s = sum(c.samples.size for c in chosen) / len(chosen) / SAMPLING_RATE_HZ
    of_clips = f"{len(chosen)} clips of {mean_s:.1f} s"
    peer_s = median_s["peer"] if other else None
    return [
        *_shares("one at a time", median_s["alone"], peer_s, of_clips),
        *_shares(f"{min(TOGETHER, len(takes))} of a speaker wait", median_s["together"], peer_s),
        *_shares("and what reviewers see and hear", median_s["shown"], peer_s, ON_DEMAND),
    ]


def _shares(name: str, own_s: float, peer_s: float | None, note: str = "") -> list[Row]:
    beside = 1e3 * peer_s if peer_s else None
    share = own_s / peer_s if peer_s else None
    return [
        Row(f"whole pipeline, CPU a clip, {name}", 1e3 * own_s, "ms", beside=beside, note=note),
        Row("the same, ours / peer's", share, "", 1 / 2, 1 / 3, at_most=True),
    ]


def _sets(takes: Sequence[tuple[Clip, bytes]]) -> list[Sequence[tuple[Clip, bytes]]]:
    return [takes[at : at + TOGETHER] for at in range(0, len(takes), TOGETHER)]


def _ours(takes: Sequence[tuple[Clip, bytes]], *, shown: bool = False) -> None:
    """All that the worker does between two looks at the database; and what the desk asks for."""
    first, *others = [webm for _, webm in takes]
    decodings = [decode(first), *(decode_together(others) if others else [])]
    for (clip, _), decoded in zip(takes, decodings, strict=True):
        assert isinstance(decoded, Decoded), decoded
        examined = examine(decoded.samples, decoded.sampling_rate_hz)
        samples = read_master(examined.master.flac)
        score(load(), samples, clip.text, "sentence", speech=examined.speech)
        if shown:
            make_preview(examined.master.flac)
            make_peaks(samples)
            make_spectrogram(samples)


def _theirs(other: peer.Peer | None, webm: bytes) -> None:
    if other:
        other.transcribe(peer.decode(webm))


def _alone(clips: Sequence[Clip], other: peer.Peer | None) -> list[Row]:
    """Samples in, score out."""
    rows = []
    for kind, must, stretch in (("sentence", 11, 18), ("keyword", 20, 30)):
        chosen = _some(clips, kind)
        own_s, peer_s, flops = _turns(chosen, other)
        audio_s = sum(c.samples.size for c in chosen) / len(chosen) / SAMPLING_RATE_HZ
        limit_s = audio_s * FLOP_A_SECOND / flops
        rows += [
            Row(
                f"pre-score alone, {kind}s a second",
                1 / own_s,
                "",
                must,
                stretch,
                beside=1 / peer_s if other else None,
                note=f"{len(chosen)} clips of {audio_s:.1f} s",
            ),
            Row(
                f"real-time factor, {kind}s",
                own_s / audio_s,
                "",
                beside=peer_s / audio_s if other else None,
            ),
            Row(f"share of the arithmetic limit, {kind}s", limit_s / own_s, "%", 0.5, 0.65),
        ]
    return rows


def _turns(chosen: Sequence[Clip], other: peer.Peer | None) -> tuple[float, float, float]:
    """Median processor seconds a clip, ours and the peer's, and a matrix product's speed."""
    words = sorted({c.text for c in chosen}) if chosen[0].kind == "keyword" else []
    model = load()
    ours, theirs, flops = [], [], []
    floats = [(c.samples / np.float32(32_768)).astype(np.float32) for c in chosen]
    for turn in range(ROUNDS + 1):
        mine = spent_s(lambda: [score(model, c.samples, c.text, c.kind, words) for c in chosen])  # type: ignore[arg-type]
        its = spent_s(lambda: [other.transcribe(samples) for samples in floats] if other else 0)
        if turn:
            ours.append(mine / len(chosen))
            theirs.append(its / len(chosen))
            flops.append(gemm_flops())
    return statistics.median(ours), statistics.median(theirs), statistics.median(flops)


def gemm_flops() -> float:
    """The speed of a float32 matrix product on one core of this machine, now."""
    code = (
        f"import numpy, time; n={GEMM_SIZE}; a=numpy.random.rand(n,n).astype('f'); a@a; t=[]\n"
        "for _ in range(20):\n s=time.process_time(); a@a; t.append(time.process_time()-s)\n"
        "print(2*n**3/sorted(t)[len(t)//2])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | ONE_THREAD,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(answer.stdout)


def _memory() -> list[Row]:
    """Of a process with all that a worker loads, which scores longer and longer clips."""
    return [
        Row(f"resident memory, clips up to {length_s:g} s", held, "MB", 400, 300,
            at_most=True, note="Django, the VAD and the model")
        for length_s, held in zip(LENGTHS_S, held_mb(), strict=True)
    ]  # fmt: skip


def _some(clips: Sequence[Clip], kind: str) -> list[Clip]:
    """Some clips of a kind, from all over the manifest."""
    mine = [c for c in clips if c.kind == kind]
    near = [c for c in mine if kind == "keyword" or _lasts(c, *THREE_SECONDS)] or mine
    step = max(1, len(near) // NUM_CLIPS)
    return near[::step][:NUM_CLIPS]


def _lasts(clip: Clip, shortest_s: float, longest_s: float) -> bool:
    return shortest_s <= clip.samples.size / SAMPLING_RATE_HZ <= longest_s
