"""Models by language: the one that comes with Choir, folders of onnx-asr, and none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from django.core.exceptions import ImproperlyConfigured
from numpy.typing import NDArray

from config.speech_models import memory_bound_kb, parse_speech_models
from tests.validation.prescoring.test_command import YES, prescore, write
from tests.validation.scoring.conftest import recordings
from tests.validation.scoring.models.folders import burst_counter, vosk, whisper
from validation.scoring.models import Listener, Method, ModelFolderError, listener_for
from validation.scoring.models.onnx_folder import whisper_name

SILENCE = np.zeros(16_000, np.int16)


def yes() -> NDArray[np.int16]:
    return next(clip.samples for clip in recordings("keyword") if clip.text == "yes")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return burst_counter(tmp_path / "bursts")


def listener(language: str, folder: Path) -> Listener:
    found = listener_for(language, {"de": folder})
    assert found is not None
    return found


def test_english_is_heard_by_the_model_that_comes_along():
    found = listener_for("en-GB", {})
    assert found is not None
    assert (found.name, found.method) == ("moonshine-tiny-en", Method.FORCED_LIKELIHOOD)


def test_a_language_without_a_model_has_no_listener():
    assert listener_for("gsw", {}) is None


def test_a_folder_hears_its_language_and_says_how_it_told(folder: Path):
    found = listener("de-AT", folder)
    assert (found.name, found.method) == ("nemo-conformer-ctc bursts", Method.EDIT_DISTANCE)
    assert found is listener("de-AT", folder), "it is loaded once"


def test_the_match_follows_from_how_far_the_transcript_is_from_the_prompt(folder: Path):
    found, twice = listener("de", folder), np.concatenate([yes(), SILENCE, yes()])
    once = found.score(yes(), "La!", "keyword")
    assert (once.heard, once.features["similarity"]) == ("la", 1.0)
    assert once.match is not None and once.match > 0.9
    assert once.log_likelihood is None
    double = found.score(twice, "la la", "sentence")
    assert double.heard == "la la" and double.match == once.match
    wrong = found.score(twice, "guten morgen", "sentence")
    assert wrong.heard == "la la" and wrong.match is not None and wrong.match < 0.05


def test_a_folder_of_vosk_hears(tmp_path: Path):
    found = listener("de", vosk(tmp_path / "vosk"))
    assert (found.name, found.score(yes(), "La!", "keyword").heard) == ("vosk vosk", "la")


def test_a_whisper_is_told_which_language_it_hears(tmp_path: Path):
    folder = whisper(tmp_path / "whisper")
    assert listener("de-CH", folder).score(yes(), "la", "keyword").heard == "la"
    norwegian = listener_for("nb", {"nb": folder})
    assert norwegian is not None and norwegian.score(yes(), "si", "keyword").match is not None
    assert norwegian.score(yes(), "si", "keyword").heard == "si"


def test_a_language_that_whisper_has_no_name_for_has_no_listener(tmp_path: Path):
    assert listener_for("gsw", {"*": whisper(tmp_path / "whisper")}) is None


@pytest.mark.parametrize(
    ("language", "name"), [("de", "de"), ("nb", "no"), ("fil", None), ("gsw", None)]
)
def test_the_names_of_whisper(language: str, name: str | None):
    assert whisper_name(language, {"<|de|>", "<|no|>"}) == name


def test_without_speech_or_without_a_prompt_a_folder_answers_as_the_other_model(folder: Path):
    found = listener("de", folder)
    assert found.score(SILENCE, "la", "keyword").match == 0.0
    assert found.score(SILENCE, "keep quiet", "noise").match is None
    assert found.score(yes(), "", "sentence").match is None


def test_other_weights_have_another_hash(folder: Path, tmp_path: Path):
    other = burst_counter(tmp_path / "other")
    (other / "vocab.txt").write_text("\u2581lo 0\n<blk> 1\n", "utf-8")
    assert listener("de", folder).sha256 != listener("de", other).sha256
    assert listener("de", other).score(yes(), "lo", "keyword").heard == "lo"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("config.json", None, "needs a config.json with a model_type"),
        ("config.json", "{", "needs a config.json with a model_type"),
        ("config.json", '{"model_type": "song"}', "cannot be loaded as song"),
        ("model.onnx", "no model", "cannot be loaded as nemo-conformer-ctc"),
        ("vocab.txt", None, "cannot be loaded as nemo-conformer-ctc"),
    ],
)
def test_a_broken_folder_is_refused_with_a_remedy(
    folder: Path, name: str, content: str | None, said: str
):
    (folder / name).unlink() if content is None else (folder / name).write_text(content)
    with pytest.raises(ModelFolderError, match=said):
        listener("de", folder).warm_up()


def test_the_command_uses_a_folder_that_the_settings_name(folder: Path, tmp_path: Path):
    german = {**YES, "lang": "de-CH", "text": "la"}
    setting = f"de=onnx-asr:{folder}"
    (answer,), code, said = prescore(write(tmp_path, german), SPEECH_MODELS=setting)
    assert code == 0, said
    assert (answer["heard"], answer["method"]) == ("la", "edit-distance")
    (folder / "model.onnx").write_text("no model")
    answers, code, said = prescore(write(tmp_path, german), SPEECH_MODELS=setting)
    assert (answers, code) == ([], 2)
    assert "Nothing can be scored" in said and "Traceback" not in said


def test_the_setting_as_lines_and_as_json(tmp_path: Path):
    wanted = {"de": tmp_path, "pt-BR": tmp_path, "*": tmp_path}
    lines = [f"{tag}=onnx-asr:{tmp_path}" for tag in wanted]
    assert parse_speech_models("\n".join(lines)) == wanted
    assert parse_speech_models("; ".join(lines)) == wanted
    as_json = {tag: f"onnx-asr:{tmp_path}" for tag in wanted}
    assert parse_speech_models(json.dumps(as_json)) == wanted
    assert parse_speech_models("  ") == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("de", "`de` has no `=`"),
        ("{", "no JSON"),
        ("de_DE=onnx-asr:/tmp", "`de_DE` is no language tag"),
        ("de=/tmp", "unknown kind of model"),
        ("de=vosk:/tmp", "unknown kind of model `vosk`"),
        ("de=onnx-asr:models", "`models` is no folder on this machine"),
        ("de=onnx-asr:/nowhere/at/all", "is no folder on this machine"),
    ],
)
def test_a_malformed_setting_is_refused_with_a_remedy(text: str, said: str):
    with pytest.raises(ImproperlyConfigured, match=said) as refusal:
        parse_speech_models(text)
    assert "SPEECH_MODELS takes a line each" in str(refusal.value)


@pytest.mark.parametrize(
    ("asked_mb", "folders", "bound_kb"),
    [
        (None, {}, 400_390),
        (None, {"de": Path("whisper")}, None),
        (1024, {"de": Path("whisper")}, 1_000_000),
        (0, {}, None),
    ],
)
def test_a_process_is_replaced_beyond_what_its_models_take(
    asked_mb: int | None, folders: dict[str, Path], bound_kb: int | None
):
    assert memory_bound_kb(asked_mb, folders) == bound_kb
