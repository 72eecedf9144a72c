"""Real speech tried against right prompts and in every way in which a clip can be wrong.

What the match is fitted on (`calibrate`) and judged by (`make bench-prescore`).
"""

import hashlib
import json
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import soundfile
from numpy.typing import NDArray

from collector.audio.speech import find_speech
from validation.scoring.cuts import recordings, variants_cut
from validation.scoring.moonshine import Moonshine, load
from validation.scoring.rivals import rivals_of
from validation.scoring.score import Kind, begin, for_model, measure, model_for, shortness
from validation.scoring.sound import SAMPLING_RATE_HZ, around_speech, as_float, edges
from validation.scoring.text import edit_distance, edit_similarity

RIGHT: Final = "right"
NOISE: Final = "noise"
FOREIGN: Final = "other language"
CUT: Final = "cut"
CUT_PADDED: Final = "cut, room tone after it"
PROMPTS_A_STRANGE_CLIP: Final = 4
LANGUAGE: Final = "en"


@dataclass(frozen=True, eq=False)
class Clip:
    """One line of a manifest with its samples, (n,) int16 at 16 kHz."""

    name: str
    samples: NDArray[np.int16]
    text: str
    kind: str
    speaker: str
    source: str
    lang: str = LANGUAGE


@dataclass(frozen=True)
class Trial:
    """One recording against one prompt."""

    clip: str
    speaker: str
    source: str
    kind: Kind
    what: str
    """`right`, or in which way the clip does not say the prompt."""
    margins: str
    """`own`, `added` or `none`: the silence around the speech, before anything was cut."""
    features: dict[str, float]
    as_recorded: bool
    """Whether nothing was added or trimmed before it was cut."""
    similarity: float
    """Of transcript and prompt: the plain score to beat."""

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers of the match that it is for."""
        return (model_for(self.kind, self.features),)


def read_manifest(manifest: Path) -> list[Clip]:
    """Reads a manifest and its audio: a JSON object a line, with `audio_filepath` (beside the
    manifest, 16 kHz), `text`, `kind`, `speaker`, `source` and, unless English, `lang`.

    Speakers without a name count as one for each source, as nobody knows who is who.
    Raises ValueError where a file has another rate.
    """
    rows = [json.loads(line) for line in manifest.read_text("utf-8").splitlines()]
    return [
        Clip(
            row["audio_filepath"],
            _read_samples(manifest.parent / row["audio_filepath"]),
            row["text"],
            row["kind"],
            row["speaker"] or row["source"],
            row["source"],
            row.get("lang", LANGUAGE),
        )
        for row in rows
    ]


def data_sha256(clips: Sequence[Clip]) -> str:
    """One hash over what was said by whom and the samples of all clips, in order."""
    combined = hashlib.sha256()
    for clip in clips:
        said = [clip.name, clip.text, clip.kind, clip.speaker, clip.source, clip.lang]
        combined.update(json.dumps(said).encode())
        combined.update(clip.samples.tobytes())
    return combined.hexdigest()


def _read_samples(path: Path) -> NDArray[np.int16]:
    samples, rate_hz = soundfile.read(path, dtype="int16")
    if rate_hz != SAMPLING_RATE_HZ or samples.ndim != 1:
        raise ValueError(f"{path} is not mono at {SAMPLING_RATE_HZ} Hz: resample it.")
    return np.asarray(samples)


def all_trials(clips: Sequence[Clip], *, workers: int = 1, seed: int = 0) -> list[Trial]:
    """Tries every clip, in processes of their own. The same clips and seed, the same trials.

    Recordings without speech, which the gate stops, are no trials: no layer of the match sees
    them.
    """
    if workers == 1:
        return [trial for index in range(len(clips)) for trial in trials(clips, index, seed)]
    # A forked child could not use the parent's sessions.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _share, (clips, seed)) as crew:
        found = list(crew.map(_trials_shared, range(len(clips)), chunksize=4))
    return [trial for some in found for trial in some]


_shared: dict[str, Any] = {}


def _share(clips: Sequence[Clip], seed: int) -> None:
    _shared.update(clips=clips, seed=seed)


def _trials_shared(index: int) -> list[Trial]:
    return list(trials(_shared["clips"], index, _shared["seed"]))


def trials(clips: Sequence[Clip], index: int, seed: int = 0) -> Iterator[Trial]:
    """Tries one of the clips, first as it was recorded, against what was said.

    Prompts of its own source and kind are its competitors.
    """
    clip, rng = clips[index], np.random.default_rng([seed, index])
    spoken = [c for c in clips if c.kind in ("keyword", "sentence") and c.lang == LANGUAGE]
    if clip.kind == "noise" or clip.lang != LANGUAGE:
        what = NOISE if clip.kind == "noise" else FOREIGN
        return _strange(load(), clip, what, spoken, rng)
    return _spoken(load(), clip, spoken, rng) if clip in spoken else iter(())


def _strange(
    model: Moonshine, clip: Clip, what: str, spoken: Sequence[Clip], rng: np.random.Generator
) -> Iterator[Trial]:
    """A clip of nothing that was asked for, against prompts of every source."""
    for kind in ("keyword", "sentence"):
        texts = sorted({(c.source, c.text) for c in spoken if c.kind == kind})
        for at in rng.permutation(len(texts))[:PROMPTS_A_STRANGE_CLIP]:
            source, text = texts[at]
            own = _texts(spoken, kind, source)
            asked = [(what, text)]
            yield from _try(model, replace(clip, kind=kind), "own", clip.samples, asked, own)


def _spoken(
    model: Moonshine, clip: Clip, spoken: Sequence[Clip], rng: np.random.Generator
) -> Iterator[Trial]:
    own = _texts(spoken, clip.kind, clip.source)
    for margins, samples in recordings(clip.samples, rng).items():
        untouched = samples is clip.samples
        asked = [(RIGHT, clip.text)]
        if untouched:
            asked += _wrong(clip, own, spoken, rng)
        elif clip.kind == "sentence":
            continue
        yield from _try(model, clip, margins, samples, asked, own, as_recorded=untouched)
        for cut, left in variants_cut(samples, rng):
            what = CUT_PADDED if cut.endswith("padded") else CUT
            asked = [(what, clip.text)]
            yield from _try(model, clip, margins, left, asked, own, as_recorded=untouched)


def _texts(clips: Sequence[Clip], kind: str, source: str | None = None) -> list[str]:
    return sorted(
        {c.text for c in clips if c.kind == kind and (source is None or c.source == source)}
    )


def _wrong(
    clip: Clip, own: Sequence[str], spoken: Sequence[Clip], rng: np.random.Generator
) -> Iterator[tuple[str, str]]:
    """Another prompt, the one spelled most alike, one of another campaign, one word changed."""
    others = [text for text in own if text != clip.text]
    if others:
        yield "another prompt", str(rng.choice(others))
        yield "nearest prompt", min(others, key=lambda text: edit_distance(text, clip.text))
    strange = set(_texts(spoken, clip.kind)) - set(own)
    if strange:
        yield "prompt of another campaign", str(rng.choice(sorted(strange)))
    words, known = clip.text.split(), sorted({word for text in own for word in text.split()})
    if len(words) > 1 and len(known) > 1:
        yield "one word changed", " ".join(_changed(words, known, rng))


def _changed(words: list[str], known: Sequence[str], rng: np.random.Generator) -> list[str]:
    at = int(rng.integers(len(words)))
    other = str(rng.choice([word for word in known if word != words[at]]))
    return [*words[:at], other, *words[at + 1 :]]


def _try(
    model: Moonshine,
    clip: Clip,
    margins: str,
    samples: NDArray[np.int16],
    asked: Sequence[tuple[str, str]],
    own: Sequence[str],
    *,
    as_recorded: bool = True,
) -> Iterator[Trial]:
    """A keyword is tried twice: among its source's others, and as if it were the only one."""
    speech = find_speech(samples)
    if not speech.spans:
        return
    floats, kind = as_float(samples), cast("Kind", clip.kind)
    said, whole = around_speech(floats, speech), edges(floats, speech)
    for is_lone in (False, True) if kind == "keyword" else (True,):
        encoded = model.encode(for_model(said, kind, is_lone=is_lone))
        transcript = model.transcribe(model.begin(encoded))
        for what, prompt in asked:
            rivals = [] if is_lone else rivals_of(prompt, own)
            if not rivals and not is_lone:
                continue
            features, _ = measure(model, begin(model, encoded, prompt), prompt, rivals)
            yield Trial(
                clip=clip.name,
                speaker=clip.speaker,
                source=clip.source,
                kind=kind,
                what=what,
                margins=margins,
                features=features | whole | {"shortness": shortness(speech, prompt)},
                as_recorded=as_recorded,
                similarity=edit_similarity(prompt, transcript),
            )
