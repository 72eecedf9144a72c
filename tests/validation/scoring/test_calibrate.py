"""The calibration tries, fits and judges as it says, from a manifest to a file."""

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from tests.validation.scoring.conftest import AUDIO
from validation.scoring import MODEL_SHA256
from validation.scoring.calibrate import fit_layer, held_out, weights, worth
from validation.scoring.coefficients import SHIPPED, Coefficients
from validation.scoring.score import FEATURES, calibration, checked
from validation.scoring.trial_files import read_trials, write_trials
from validation.scoring.trials import CUT, RIGHT, Trial, data_sha256, read_manifest, trials

MANIFEST = AUDIO / "manifest.jsonl"
FITTED_ON = Path(__file__).with_name(f"calibration-{calibration().version}.jsonl.gz")
"""The trials of the shipped coefficients, features only: see docs/scoring.md."""


def trial(what: str, value: float, speaker: str = "s", margins: str = "own") -> Trial:
    features = dict.fromkeys((*FEATURES["keyword"], "worst_behind"), value)
    return Trial("c", speaker, "src", "keyword", what, margins, features, True, value)


def some_trials() -> list[Trial]:
    rng = np.random.default_rng(0)
    return [
        trial(what, float(rng.normal(2.0 if what == RIGHT else -2.0)), f"speaker {n}")
        for n in range(40)
        for what in (RIGHT, "another prompt", CUT)
    ]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Up to five clips of each source and kind of tests/audio, each by another speaker."""
    rows = [json.loads(line) for line in MANIFEST.read_text("utf-8").splitlines()]
    found: dict[tuple[str, str], dict[str, dict[str, str]]] = defaultdict(dict)
    for row in rows:
        found[row["source"], row["kind"]][row["speaker"]] = row
    kept = [row for of_speakers in found.values() for row in [*of_speakers.values()][:5]]
    for row in kept:
        row["audio_filepath"] = str(AUDIO / row["audio_filepath"])
    manifest = tmp_path_factory.mktemp("manifest") / "manifest.jsonl"
    manifest.write_text("".join(json.dumps(row) + "\n" for row in kept), "utf-8")
    return manifest


def test_right_and_wrong_weigh_the_same_whatever_their_numbers() -> None:
    made = [trial(RIGHT, 1.0), *[trial("another prompt", 0.0)] * 9, trial(CUT, 0.0)]
    found = weights(made)
    assert found[0] == pytest.approx(found[1:].sum())
    assert found.sum() == pytest.approx(len(made))


def test_nobody_is_judged_by_a_fit_that_heard_them() -> None:
    made = some_trials()
    before = held_out(made, "keyword")
    speaker = made[0].speaker
    made[1] = trial("another prompt", 50.0, speaker)  # would turn a fit that saw it
    after = held_out(made, "keyword")
    mine = [i for i, t in enumerate(made) if t.speaker == speaker and i != 1]
    assert [after[i] for i in mine] == [before[i] for i in mine]


def test_an_outlier_does_not_flatten_the_curve() -> None:
    clean = some_trials()
    odd = [*clean, trial(RIGHT, -6.0, "odd")]
    names = FEATURES["keyword"]
    steep, still = (fit_layer(made, "keyword").coefficients for made in (clean, odd))
    assert sum(still[n] for n in names) == pytest.approx(sum(steep[n] for n in names), rel=0.15)


def test_a_layer_without_right_trials_cannot_be_fitted() -> None:
    with pytest.raises(ValueError, match="sentence"):
        fit_layer(some_trials(), "sentence")


def test_the_same_clips_give_the_same_trials() -> None:
    clips = [clip for clip in read_manifest(MANIFEST) if clip.source == "wwb"]
    first = list(trials(clips, 0))
    assert first == list(trials(clips, 0))
    whats = {made.what for made in first}
    assert {RIGHT, CUT, "another prompt", "nearest prompt"} <= whats


def test_the_data_have_one_hash_that_every_sample_counts_for() -> None:
    clips = read_manifest(MANIFEST)
    before = data_sha256(clips)
    assert data_sha256(read_manifest(MANIFEST)) == before
    clips[0].samples[100] += 1
    assert data_sha256(clips) != before


@pytest.fixture(scope="module")
def fitted_on() -> list[Trial]:
    return read_trials(FITTED_ON)


@pytest.mark.parametrize("layer", FEATURES)
def test_the_shipped_coefficients_are_those_of_their_trials(
    fitted_on: list[Trial], layer: str
) -> None:
    made, shipped = fit_layer(fitted_on, layer), calibration().layers[layer]
    assert made.intercept == pytest.approx(shipped.intercept, rel=1e-3)
    assert made.coefficients == pytest.approx(shipped.coefficients, rel=1e-3)


@pytest.mark.parametrize("layer", FEATURES)
def test_what_the_shipped_file_says_of_their_worth_is_so(
    fitted_on: list[Trial], layer: str
) -> None:
    stored = json.loads(SHIPPED.read_text("utf-8"))
    assert stored["num_trials"] == len(fitted_on)
    # Recordings without speech are no trials: one source has nothing else.
    assert {trial.source for trial in fitted_on} == set(stored["sources"]) - {"made"}
    assert worth(fitted_on, layer) == pytest.approx(stored["held_out"][layer], abs=1e-3)


def test_the_trials_are_those_of_the_recordings(fitted_on: list[Trial]) -> None:
    right = [t for t in fitted_on if t.what == RIGHT and t.as_recorded]
    kept = {t.clip: t.features for t in right if "over_competitor" not in t.features}
    clips = [clip for clip in read_manifest(MANIFEST) if clip.name in kept][::3]
    assert {clip.source for clip in clips} > {"an4", "wwb"}
    for clip in clips:
        made = next(t for t in trials([clip], 0) if t.what == RIGHT and t.as_recorded)
        assert made.features == pytest.approx(kept[clip.name], abs=0.2), clip.name


def test_trials_come_back_from_their_file(tmp_path: Path) -> None:
    made = [trial(RIGHT, 1.234567, "Zoë"), trial(CUT, -2.0)]
    write_trials(tmp_path / "trials.gz", made)
    (first, second), again = read_trials(tmp_path / "trials.gz"), tmp_path / "again.gz"
    assert (first.features["prompt"], second) == (1.23457, made[1])
    write_trials(again, [first, second])
    assert again.read_bytes() == (tmp_path / "trials.gz").read_bytes()


def test_the_command_writes_a_file_like_the_shipped_one(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "coefficients.json"
    call_command("calibrate", small, out=out, number=7, verbosity=0)
    made, shipped = (json.loads(path.read_text("utf-8")) for path in (out, SHIPPED))
    assert made.keys() == shipped.keys()
    assert made["version"] == 7
    assert made["model_sha256"] == shipped["model_sha256"] == MODEL_SHA256
    assert made["data_sha256"] == data_sha256(read_manifest(small))
    assert made["features"] == shipped["features"]
    assert checked(Coefficients.from_dict(made)).layers.keys() == FEATURES.keys()


def test_a_manifest_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="manifest"):
        call_command("calibrate", tmp_path / "none.jsonl", out=tmp_path / "out", number=1)
