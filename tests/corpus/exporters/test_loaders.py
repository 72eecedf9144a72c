"""Each format is read by its own loader, and every field compared with what the site knows."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import datasets
import kaldiio
import lhotse
import mlcroissant
import numpy as np
import pandas
import pytest
import soundfile
import webdataset
from lhotse.kaldi import load_kaldi_data_dir
from lhotse.qa import validate_recordings_and_supervisions
from lhotse.recipes.commonvoice import _parse_utterance
from lhotse.recipes.librispeech import prepare_librispeech
from lhotse.recipes.ljspeech import prepare_ljspeech
from lhotse.recipes.speechcommands import prepare_speechcommands

from corpus.datasheet.sections import RAI
from corpus.exporters import EXPORTERS, SPLITS, Row
from corpus.exporters.audiofolder import HF_SPLITS
from corpus.exporters.librispeech import SUBSETS
from tests.corpus.exporters.conftest import Lay, Shelf, tar_of


def spoken(shelf: Shelf, split: str) -> list[Row]:
    return [row for row in shelf.speech if row.split == split]


def samples_of(content: bytes) -> np.ndarray[Any, Any]:
    samples, rate = soundfile.read(io.BytesIO(content), dtype="int16")
    assert rate == 16_000
    return samples


def same_audio(shelf: Shelf, row: Row, content: bytes) -> bool:
    master = samples_of(shelf.masters[row.clip_id])
    return len(master) == row.num_samples and np.array_equal(samples_of(content), master)


@pytest.mark.parametrize("format_name", sorted(EXPORTERS))
def test_the_same_release_is_the_same_bytes(shelf: Shelf, format_name: str):
    assert tar_of(shelf, format_name) == tar_of(shelf, format_name)


@pytest.mark.parametrize("format_name", sorted(EXPORTERS))
def test_a_release_of_one_speaker_is_laid_out(one_speaker: Shelf, lay_out: Lay, format_name: str):
    assert any(lay_out(one_speaker, format_name).iterdir())


@pytest.mark.parametrize("format_name", sorted(EXPORTERS))
def test_a_clip_that_is_gone_is_in_no_file(shelf: Shelf, format_name: str):
    gone, left = shelf.rows[0], shelf.rows[1:]
    tar = tar_of(shelf, format_name, shelf.contents(left, revision=1))
    assert gone.clip_id.encode() not in tar
    assert shelf.masters[gone.clip_id][200:400] not in tar


def test_nemo(shelf: Shelf, lay_out: Lay):
    folder = lay_out(shelf, "nemo")
    for split in SPLITS:
        manifest = folder / f"{split}_manifest.jsonl"
        lines = [json.loads(line) for line in manifest.read_text("utf-8").splitlines()]
        rows = spoken(shelf, split)
        assert [line["text"] for line in lines] == [row.text for row in rows]
        for line, row in zip(lines, rows, strict=True):
            audio = (manifest.parent / line["audio_filepath"]).read_bytes()
            assert same_audio(shelf, row, audio)
            assert line["duration"] == row.num_samples / 16_000
            assert (line["speaker"], line["lang"]) == (row.pseudonym, "en")
        commands = (folder / f"{split}_commands.jsonl").read_text("utf-8").splitlines()
        keywords = [row.text for row in rows if row.kind == "keyword"]
        assert [json.loads(line)["command"] for line in commands] == keywords
    noises = (folder / "noise_manifest.jsonl").read_text("utf-8").splitlines()
    assert len(noises) == 1


def test_clips_jsonl_and_croissant(shelf: Shelf, lay_out: Lay, caplog: pytest.LogCaptureFixture):
    folder = lay_out(shelf, "clips")
    dataset = mlcroissant.Dataset(jsonld=folder / "croissant.json")
    assert not dataset.metadata.ctx.issues.errors
    assert not dataset.metadata.ctx.issues.warnings
    described = json.loads((folder / "croissant.json").read_text("utf-8"))
    assert {f"rai:{field}" for field in RAI.values()} <= set(described)
    assert described["rai:dataCollectionTimeFrame"] == ["2026-09-01", "2026-10-01"]
    records = {r["clips/id"].decode(): r for r in dataset.records("clips")}
    assert set(records) == {row.clip_id for row in shelf.rows}
    for row in shelf.rows:
        record = records[row.clip_id]
        assert record["clips/text"].decode() == row.text
        assert record["clips/num_samples"] == row.num_samples
        assert record["clips/speaker"].decode() == row.pseudonym
        assert record["clips/audio"] == shelf.masters[row.clip_id]
    lines = (folder / "clips.jsonl").read_text("utf-8").splitlines()
    assert (json.loads(lines[0])["match"], json.loads(lines[0])["revision"]) == (0.98, 0)


def test_lhotse(shelf: Shelf, lay_out: Lay):
    folder = lay_out(shelf, "lhotse")
    for split in SPLITS:
        recordings = lhotse.load_manifest(folder / f"choir_recordings_{split}.jsonl.gz")
        recordings = recordings.with_path_prefix(folder)
        supervisions = lhotse.load_manifest(folder / f"choir_supervisions_{split}.jsonl.gz")
        validate_recordings_and_supervisions(recordings, supervisions, read_data=True)
        rows = spoken(shelf, split)
        assert [s.text for s in supervisions] == [row.text for row in rows]
        assert [s.speaker for s in supervisions] == [row.pseudonym for row in rows]
        assert [s.custom["kind"] for s in supervisions] == [row.kind for row in rows]
        assert [r.num_samples for r in recordings] == [row.num_samples for row in rows]
        for row in rows:
            assert recordings[row.clip_id].load_audio().shape == (1, row.num_samples)
    noises = lhotse.load_manifest(folder / "choir_recordings_noise.jsonl.gz")
    assert [r.num_samples for r in noises] == [40_000]


def test_lhotse_shar(shelf: Shelf, lay_out: Lay):
    folder = lay_out(shelf, "lhotse-shar")
    for split in SPLITS:
        cuts = list(lhotse.CutSet.from_shar(in_dir=folder / split))
        by_id = {row.clip_id: row for row in shelf.rows if row.split == split}
        assert {cut.id for cut in cuts} == set(by_id)
        for cut in cuts:
            row = by_id[cut.id]
            expected = [] if row.kind == "noise" else [row.text]
            assert [s.text for s in cut.supervisions] == expected
            master = samples_of(shelf.masters[row.clip_id])
            assert np.array_equal(np.rint(cut.load_audio()[0] * 32768), master)


def test_kaldi(shelf: Shelf, lay_out: Lay, monkeypatch: pytest.MonkeyPatch):
    folder = lay_out(shelf, "kaldi")
    monkeypatch.chdir(folder)
    for split in SPLITS:
        data = folder / "data" / split
        for path in data.iterdir():
            lines = path.read_bytes().splitlines()
            assert lines == sorted(lines), f"{path.name} is not in the C locale's order"
        recordings, supervisions, _ = load_kaldi_data_dir(data, sampling_rate=16_000)
        rows = {f"{row.pseudonym}-{row.clip_id}": row for row in spoken(shelf, split)}
        assert set(recordings.ids) == set(rows)
        assert {s.id: s.text for s in supervisions} == {k: r.text for k, r in rows.items()}
        assert {s.id: s.speaker for s in supervisions} == {k: r.pseudonym for k, r in rows.items()}
        assert {s.gender for s in supervisions} == {"f"}
        assert {r.id: r.num_samples for r in recordings} == {
            k: row.num_samples for k, row in rows.items()
        }
        for utterance, (rate, samples) in kaldiio.load_scp(str(data / "wav.scp")).items():
            assert (rate, len(samples)) == (16_000, rows[utterance].num_samples)


def test_parquet(shelf: Shelf, lay_out: Lay, tmp_path: Path):
    folder = lay_out(shelf, "parquet")
    loaded = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    for split in SPLITS:
        table = loaded[HF_SPLITS[split]].cast_column("audio", datasets.Audio(decode=False))
        by_id = {row.clip_id: row for row in shelf.rows if row.split == split}
        assert set(table["id"]) == set(by_id)
        for line in table:
            row = by_id[line["id"]]
            assert (line["text"], line["speaker"], line["take"]) == (
                row.text,
                row.pseudonym,
                row.take,
            )
            assert line["duration"] == row.duration_s
            assert line["audio"]["bytes"] == shelf.masters[row.clip_id]


def test_audiofolder(shelf: Shelf, lay_out: Lay, tmp_path: Path):
    folder = lay_out(shelf, "audiofolder")
    loaded = datasets.load_dataset(
        "audiofolder", data_dir=str(folder), cache_dir=str(tmp_path / "cache")
    )
    for split in SPLITS:
        by_id = {row.clip_id: row for row in shelf.rows if row.split == split}
        table = loaded[HF_SPLITS[split]]
        assert set(table["id"]) == set(by_id)
        for line in table:
            row = by_id[line["id"]]
            assert (line["text"], line["speaker"]) == (row.text, row.pseudonym)
            decoded = line["audio"].get_all_samples()
            assert (decoded.sample_rate, decoded.data.shape) == (16_000, (1, row.num_samples))


def test_webdataset(shelf: Shelf, lay_out: Lay):
    folder = lay_out(shelf, "webdataset")
    for split in SPLITS:
        shards = sorted(str(path) for path in folder.glob(f"{split}-*.tar"))
        data = webdataset.WebDataset(shards, shardshuffle=False).decode()
        by_id = {row.clip_id: row for row in shelf.rows if row.split == split}
        samples = {sample["__key__"]: sample for sample in data}
        assert set(samples) == set(by_id)
        for clip_id, row in by_id.items():
            sample = samples[clip_id]
            assert sample["txt"] == row.text
            assert sample["json"]["speaker"] == row.pseudonym
            assert same_audio(shelf, row, sample["wav"])


def test_common_voice(shelf: Shelf, lay_out: Lay):
    folder = lay_out(shelf, "common-voice") / "en"
    names = {"train": "training", "dev": "validation", "test": "testing"}
    plain = {"sep": "\t", "quoting": csv.QUOTE_NONE, "na_filter": False, "dtype": str}
    for name, split in names.items():
        table = pandas.read_csv(folder / f"{name}.tsv", **plain)
        rows = spoken(shelf, split)
        assert list(table.sentence) == [row.text for row in rows]
        assert list(table.client_id) == [row.pseudonym for row in rows]
        assert set(table.gender) == {"female_feminine"}
        for line, row in zip(table.to_dict("records"), rows, strict=True):
            recording, supervision = _parse_utterance(folder, "en", line)
            assert recording.num_samples == row.num_samples
            assert supervision.text == row.text
    assert len(pandas.read_csv(folder / "validated.tsv", **plain)) == len(shelf.speech)
    for name in ("invalidated", "other", "reported"):
        assert len(pandas.read_csv(folder / f"{name}.tsv", **plain)) == 0
    durations = pandas.read_csv(folder / "clip_durations.tsv", **plain)
    assert list(durations.columns) == ["clip", "duration[ms]"]
    sentences = pandas.read_csv(folder / "validated_sentences.tsv", **plain)
    counts = Counter(row.text for row in shelf.speech)
    assert dict(zip(sentences.sentence, map(int, sentences.clips_count), strict=True)) == counts


def test_deepspeech(shelf: Shelf, lay_out: Lay):
    folder = lay_out(shelf, "deepspeech")
    alphabet = set((folder / "alphabet.txt").read_text("utf-8").splitlines())
    read = []
    for name in ("train", "dev", "test"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                wav = folder / line["wav_filename"]
                assert int(line["wav_filesize"]) == wav.stat().st_size
                assert soundfile.info(wav).subtype == "PCM_16"
                assert set(line["transcript"]) <= alphabet
                read.append(line["transcript"])
    assert sorted(read) == sorted([
        "null", "null", "na", "seven", "42", "he said yes then left", "either or", "שלום עולם",
        "x̌ and naïve café", "yes", "off",
    ])  # fmt: skip


def test_open_stt(shelf: Shelf, lay_out: Lay):
    folder = lay_out(shelf, "open-stt")
    for split in SPLITS:
        names = ["wav_path", "text_path", "duration"]
        table = pandas.read_csv(folder / f"{split}.csv", names=names)
        assert list(table.duration) == sorted(table.duration)
        texts = [(folder / path).read_text("utf-8").rstrip("\n") for path in table.text_path]
        assert sorted(texts) == sorted(row.text for row in spoken(shelf, split))
        for path, duration in zip(table.wav_path, table.duration, strict=True):
            assert soundfile.info(folder / path).frames == round(duration * 16_000)


def test_ljspeech(shelf: Shelf, lay_out: Lay):
    read = prepare_ljspeech(lay_out(shelf, "ljspeech"))
    texts = {s.id: s.text for s in read["supervisions"]}
    assert texts == {row.clip_id: row.text.replace(" | ", " ") for row in shelf.speech}
    lengths = {r.id: r.num_samples for r in read["recordings"]}
    assert lengths == {row.clip_id: row.num_samples for row in shelf.speech}


def test_librispeech(shelf: Shelf, lay_out: Lay):
    read = prepare_librispeech(lay_out(shelf, "librispeech") / "LibriSpeech")
    assert set(read) == set(SUBSETS.values())
    for split, subset in SUBSETS.items():
        rows = spoken(shelf, split)
        found = sorted((s.speaker, s.text) for s in read[subset]["supervisions"])
        expected = sorted((str(int(row.pseudonym, 16)), row.text.upper()) for row in rows)
        assert found == expected
        lengths = sorted(r.num_samples for r in read[subset]["recordings"])
        assert lengths == sorted(row.num_samples for row in rows)


def test_speech_commands(shelf: Shelf, lay_out: Lay):
    folder = lay_out(shelf, "speech-commands")
    read = prepare_speechcommands("2", folder)
    keywords = [row for row in shelf.rows if row.kind == "keyword"]
    trained = sorted(s.text for s in read["train"]["supervisions"] if s.text != "_silence_")
    assert set(trained) >= {row.text.lower() for row in keywords if row.split == "training"}
    assert all(r.num_samples == 16_000 for r in read["valid"]["recordings"])
    listed = (folder / "speech_commands_v0.02" / "testing_list.txt").read_text().splitlines()
    assert listed == ["off/deadbeef_nohash_0.wav"]


@pytest.mark.parametrize("format_name", sorted(EXPORTERS))
def test_the_lines_that_are_shown_open_the_export(
    shelf: Shelf,
    lay_out: Lay,
    format_name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    """The page, the README and this test take them from one place: the exporter."""
    usage, folder = EXPORTERS[format_name].usage, lay_out(shelf, format_name)
    readme = (folder / "README.md").read_text("utf-8")
    assert f"```python\n{usage}\n```" in readme
    assert "@misc{kitchen-words-v1," in readme and "choir_sync.py" in readme
    if format_name == "nemo":
        pytest.importorskip("nemo", reason="NeMo is gigabytes; test_nemo reads its manifests")
    assert usage.count("\n") == 2, "three lines"
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HF_HOME", str(folder / "cache"))
    exec(usage, {})
    assert capsys.readouterr().out.strip()
