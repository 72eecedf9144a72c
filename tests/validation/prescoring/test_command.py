"""`manage.py prescore` on real recordings, as a researcher calls it, with no database anywhere."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.validation.scoring.conftest import AUDIO

ROOT = Path(__file__).parents[3]
NOWHERE = "postgres://nobody@127.0.0.1:1/none"


def start(manifest: Path, *options: str, **environment: str) -> subprocess.Popen[bytes]:
    """The command, with a database that cannot be reached."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "prescore", str(manifest), *options],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": NOWHERE,
            "REDIS_URL": "redis://127.0.0.1:1",
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def prescore(
    manifest: Path, *options: str, **environment: str
) -> tuple[list[dict[str, Any]], int, str]:
    """Its answers, its exit code and what it said."""
    process = start(manifest, *options, **environment)
    out, said = process.communicate(timeout=120)
    return [_strictly(line) for line in out.splitlines()], process.returncode, said.decode()


def _strictly(line: bytes) -> dict[str, Any]:
    """JSON as other readers take it, who know no NaN."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    answer: dict[str, Any] = json.loads(line, parse_constant=refuse)
    return answer


def write(folder: Path, *lines: dict[str, Any] | str) -> Path:
    """A manifest beside which nothing lies; paths into tests/audio are absolute."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    manifest = folder / "manifest.jsonl"
    manifest.write_text("\n".join(texts) + "\n", "utf-8")
    return manifest


def spoken(name: str, text: str, **fields: Any) -> dict[str, Any]:
    return {"audio_filepath": str(AUDIO / name), "text": text, **fields}


YES = spoken("an4/0022.flac", "yes")
SIX = spoken("an4/0010.flac", "enter six two four")


def test_every_line_is_answered_in_order_with_two_workers():
    rows = [json.loads(line) for line in (AUDIO / "manifest.jsonl").read_text().splitlines()]
    answers, code, said = prescore(AUDIO / "manifest.jsonl", "--workers", "2")
    assert code == 0, said
    assert [answer["audio_filepath"] for answer in answers] == [r["audio_filepath"] for r in rows]
    assert f"{len(rows)}/{len(rows)}" in said
    for row, answer in zip(rows, answers, strict=True):
        assert answer["speaker"] == row["speaker"]
        assert answer["measurements"]["duration_s"] > 0
        assert answer["model"] == "moonshine-tiny-en"
        if row["kind"] == "noise":
            assert answer["match"] is None
        else:
            assert answer["match"] > 0.8 and answer["heard"]
            assert answer["log_likelihood"] < 0
            assert answer["method"] == "forced-likelihood"


ILL_DISPOSED = "he was not an ill disposed young man"
LINES: dict[str, list[dict[str, Any] | str]] = {
    "texts": [YES, {**YES, "text": "no", "competitors": ["yes", "stop"]}],
    "odd": [
        json.dumps({**YES, "error": "of an earlier run", "snr": float("nan"), "far": [1e999]}),
        json.dumps({**YES, "half": "\ud800", "low": float("-inf")}),
    ],
    "long": [spoken("librivox/0002.flac", ILL_DISPOSED)],
    "languages": [{**YES, "lang": tag} for tag in ("gsw-CH", "EN_us", "", None)],
    "sounds": [
        YES, {"audio_filepath": "loud.wav", "text": "yes"}, {**SIX, "duration": 1.1},
        spoken("noise/pink.flac", "the room", kind="noise"),
    ],
}  # fmt: skip
Answered = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Answered:
    """The answers to LINES, by their names: of one call, as each starts processes and a model."""
    folder = tmp_path_factory.mktemp("manifest")
    yes, rate_hz = soundfile.read(AUDIO / "an4/0022.flac")
    loud = np.concatenate([np.zeros(rate_hz), np.clip(yes * 30, -0.9, 0.9), np.zeros(rate_hz)])
    soundfile.write(folder / "loud.wav", loud, rate_hz)
    answers, code, said = prescore(write(folder, *itertools.chain(*LINES.values())))
    assert code == 0, said
    in_order = iter(answers)
    return {name: list(itertools.islice(in_order, len(lines))) for name, lines in LINES.items()}


def test_a_wrong_text_matches_less_than_the_right_one(answered: Answered):
    right_one, wrong_one = answered["texts"]
    assert right_one["match"] > 0.8 > 0.2 > wrong_one["match"]


def test_a_line_may_have_what_json_has_not_and_errors_of_its_own(answered: Answered):
    answers = answered["odd"]
    assert all(answer["match"] > 0.8 and "error" not in answer for answer in answers)
    assert (answers[0]["snr"], answers[0]["far"]) == (None, [None])
    assert (answers[1]["half"], answers[1]["low"]) == ("\ud800", None)


def test_what_is_heard_is_a_transcript_and_not_the_text(answered: Answered):
    (answer,) = answered["long"]
    assert answer["match"] > 0.9
    assert "ill disposed" not in answer["heard"], "the model spells it otherwise"
    assert answer["heard"].endswith("young man.")


def test_a_language_without_a_model_is_measured_and_not_scored(answered: Answered):
    unscored, *scored = answered["languages"]
    assert (unscored["match"], unscored["model"], unscored["heard"]) == (None, None, "")
    assert "no model for gsw-CH" in unscored["note"]
    assert unscored["measurements"]["snr_db"] > 20
    assert all(answer["match"] > 0.8 and answer["note"] is None for answer in scored)


def test_flags_and_spans_say_what_the_sound_is_like(answered: Answered):
    clean, clipped, cut, noise = answered["sounds"]
    assert (clean["flags"], noise["flags"]) == ([], [])
    assert {"clipped", "too_loud"} <= set(clipped["flags"])
    assert cut["flags"] == ["cut_end"]
    (span,) = clean["speech"]
    assert 0 <= span["start_s"] < span["end_s"] <= clean["measurements"]["duration_s"]
    assert 0.9 < clipped["speech"][0]["start_s"] < 1.5


def test_what_cannot_be_read_is_an_error_object_in_its_place(tmp_path: Path):
    (tmp_path / "text.wav").write_text("no sound at all")
    manifest = write(
        tmp_path, YES, "{", {"audio_filepath": "gone.wav", "text": "a"},
        {"audio_filepath": "text.wav", "text": "a"}, {"audio_filepath": ".", "text": "a"},
        {"audio_filepath": "\ud800.wav", "text": "a"}, {"audio_filepath": "pipe", "text": "a"},
        SIX,
    )  # fmt: skip
    os.mkfifo(tmp_path / "pipe")
    answers, code, _ = prescore(manifest)
    assert code == 1
    codes = [answer.get("error", {}).get("code") for answer in answers]
    assert codes == [
        None, "bad_line", "unreadable", "not_audio", "unreadable", "failed", "unreadable", None,
    ]  # fmt: skip
    for answer in answers[1:-1]:
        assert set(answer) == {"audio_filepath", "error"}
        assert answer["error"]["detail"]
    assert answers[2]["audio_filepath"] == "gone.wav"
    detail = answers[3]["error"]["detail"]
    assert "signature" in detail, "what the decoder found, and no advice to a speaker"


def test_a_byte_order_mark_costs_no_line(tmp_path: Path):
    manifest = write(tmp_path, YES, SIX)
    manifest.write_bytes(b"\xef\xbb\xbf" + manifest.read_bytes())
    answers, code, said = prescore(manifest)
    assert (len(answers), code) == (2, 0), said


def test_a_manifest_may_come_through_a_pipe(tmp_path: Path):
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    process = start(pipe)
    here = os.path.relpath(AUDIO / "an4/0022.flac", ROOT)  # the folder that it is run in
    pipe.write_text(f"{json.dumps(YES)}\n{json.dumps({**YES, 'audio_filepath': here})}\n")
    out, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert [_strictly(line)["match"] > 0.8 for line in out.splitlines()] == [True, True]


def test_offset_and_duration_cut_a_segment_out_of_a_long_recording(tmp_path: Path):
    yes, rate_hz = soundfile.read(AUDIO / "an4/0022.flac")
    six, _ = soundfile.read(AUDIO / "an4/0010.flac")
    quiet = np.zeros(rate_hz * 40)
    soundfile.write(tmp_path / "long.flac", np.concatenate([yes, quiet, six, quiet]), rate_hz)
    first, second = len(yes) / rate_hz, len(six) / rate_hz
    manifest = write(
        tmp_path,
        {"audio_filepath": "long.flac", "text": "yes", "duration": first},
        {"audio_filepath": "long.flac", "text": "enter six two four",
         "offset": first + 40, "duration": second},
        {"audio_filepath": "long.flac", "text": "yes", "offset": 500},
        {"audio_filepath": "long.flac", "text": "yes", "offset": 1},
        {"audio_filepath": "long.flac", "text": "yes"},
        {"audio_filepath": "long.flac", "text": "yes", "duration": 70},
        {"audio_filepath": "long.flac", "text": "yes", "duration": 0},
        {**YES, "duration": 0.85},
        {**YES, "duration": 70},
    )  # fmt: skip
    answers, code, said = prescore(manifest)
    assert code == 1, said
    assert answers[0]["match"] > 0.8 and answers[1]["match"] > 0.8
    assert answers[1]["measurements"]["num_samples"] == len(six)
    errors = [answer["error"]["code"] for answer in answers[2:7]]
    assert errors == ["too_short", "too_long", "too_long", "too_long", "too_short"]
    for rounded in answers[7:]:
        assert rounded["measurements"]["num_samples"] == len(yes), "and cuts nothing"


@pytest.mark.parametrize("options", [["--workers", "0"], ["--workers", "many"], ["--what"]])
def test_wrong_usage_leaves_with_2(tmp_path: Path, options: list[str]):
    answers, code, said = prescore(write(tmp_path, YES), *options)
    assert (answers, code) == ([], 2), said


def test_a_manifest_that_is_not_there_leaves_with_2(tmp_path: Path):
    answers, code, said = prescore(tmp_path / "none.jsonl")
    assert (answers, code) == ([], 2)
    assert "There is no" in said and "Traceback" not in said


def test_a_folder_is_no_manifest(tmp_path: Path):
    answers, code, said = prescore(tmp_path)
    assert (answers, code) == ([], 2)
    assert "cannot be read" in said and "Traceback" not in said


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The command on a manifest that takes minutes, when its first answer is there."""
    process = start(write(tmp_path, *[YES] * 5_000), "--workers", "2")
    assert process.stdout is not None
    process.stdout.readline()
    yield process
    process.kill()


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def all_gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_a_signal_ends_it_and_all_its_processes(
    endless: subprocess.Popen[bytes], number: signal.Signals, code: int
):
    workers = children(endless.pid)
    assert len(workers) >= 2
    endless.send_signal(number)
    assert endless.wait(timeout=20) == code
    assert all_gone(workers)
    assert endless.stderr is not None
    assert b"Traceback" not in endless.stderr.read()


def test_a_reader_that_has_enough_ends_it_without_a_word(endless: subprocess.Popen[bytes]):
    assert endless.stdout is not None and endless.stderr is not None
    endless.stdout.close()
    assert endless.wait(timeout=20) == 141
    said = endless.stderr.read()
    assert b"Traceback" not in said and b"BrokenPipe" not in said


def test_a_process_that_dies_costs_no_recording(endless: subprocess.Popen[bytes]):
    assert endless.stdout is not None
    spawned = [pid for pid in children(endless.pid) if b"spawn_main" in command_of(pid)]
    os.kill(spawned[0], signal.SIGKILL)
    answers = [json.loads(endless.stdout.readline()) for _ in range(40)]
    assert all(answer["match"] > 0.8 for answer in answers)
