"""A model folder that `onnx-asr` reads (Whisper, Parakeet, Vosk and others), for any language.

Such models offer a transcript and no likelihood of a given text, so the match comes from how far
the transcript is from the prompt. That is coarser than forced likelihood, above all for names and
short words; `method` says so wherever the score is shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from collector.audio.speech import Speech, find_speech
from validation.scoring.logistic import Logistic
from validation.scoring.models.listener import Method
from validation.scoring.score import EVEN_ODDS, Kind, Score
from validation.scoring.sound import FULL_SCALE_INT16, Samples, as_float
from validation.scoring.text import comparable, edit_similarity

CONFIG: Final = "config.json"
ADDED_TOKENS: Final = "added_tokens.json"
#: Where Whisper's name for a language is not the subtag of BCP 47.
WHISPER_NAMES: Final = {"cmn": "zh", "fil": "tl", "jv": "jw", "nb": "no"}
#: Even odds where three letters in four agree, 95 % where all do, 3 % where a half does. Stated,
#: not fitted: how well a model spells differs with every model and language.
MATCH: Final = Logistic(intercept=-9.0, coefficients={"similarity": 12.0})


class ModelFolderError(RuntimeError):
    """A model folder cannot be used; the sentence says what to do."""


class OnnxFolder:
    """One model folder; its model is loaded when it is to hear."""

    method = Method.EDIT_DISTANCE
    calibration = "stated-1"
    """Of MATCH; another one gets another name."""

    def __init__(self, folder: Path, language: str) -> None:
        """Look into the folder. Raises ModelFolderError where it names no model."""
        self._folder = folder
        self._type = _model_type(folder)
        self.name = f"{self._type} {folder.name}"[:80]
        self._options: dict[str, str] = {}
        self.knows_language = True
        if self._type.startswith("whisper"):
            # It writes any language that it guesses unless it is told which one this is.
            name = whisper_name(language, _whisper_tokens(folder))
            self._options = {"language": name} if name else {}
            self.knows_language = name is not None

    @cached_property
    def sha256(self) -> str:
        """See Listener."""
        return _hash(self._folder)

    @cached_property
    def _model(self) -> Any:
        # Not before it is to hear: pages that only name it must not carry it in their memory.
        return _load(self._type, self._folder)

    def warm_up(self) -> None:
        """See Listener. Raises ModelFolderError where the model cannot be loaded."""
        _ = self._model

    def score(
        self,
        samples: Samples,
        prompt: str,
        kind: Kind,
        competitors: Sequence[str] = (),
        *,
        speech: Speech | None = None,
        prior: float = EVEN_ODDS,
        transcribe: bool = False,
    ) -> Score:
        """See Listener.

        Competitors are not asked for: the transcript says what it says. Nor is the prior: the
        curve is stated, not fitted. What is heard is always a transcript.
        """
        wanted = comparable(prompt) if kind != "noise" else ""
        floats = as_float(samples)
        speech = find_speech(_as_steps(samples)) if speech is None else speech
        features = {"speech_s": speech.speech_s}
        if not speech.spans:  # such models, too, hear words in silence
            return self._answer(0.0 if wanted else None, "", features)
        heard = str(self._model.recognize(floats, **self._options)).strip()
        if not wanted:
            return self._answer(None, heard, features)
        features["similarity"] = edit_similarity(prompt, heard)
        return self._answer(MATCH.probability(features), heard, features)

    def _answer(self, match: float | None, heard: str, features: dict[str, float]) -> Score:
        return Score(match, heard, None, features, self.name, self.sha256)


def _as_steps(samples: Samples) -> NDArray[np.int16]:
    if samples.dtype == np.int16:
        return samples.astype(np.int16, copy=False)
    steps = np.rint(samples * FULL_SCALE_INT16)
    return np.clip(steps, -FULL_SCALE_INT16, FULL_SCALE_INT16 - 1).astype(np.int16)


def _model_type(folder: Path) -> str:
    try:
        config = json.loads((folder / CONFIG).read_text("utf-8"))
        return str(config["model_type"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelFolderError(
            f"{folder} is no model folder: it needs a {CONFIG} with a model_type that onnx-asr "
            f'knows, such as {{"model_type": "whisper"}} ({error}).'
        ) from error


def whisper_name(language: str, tokens: Collection[str]) -> str | None:
    """What Whisper calls a language (a primary subtag), or None where it has no word for it.

    ``tokens``: those that it has beside its text, the languages' among them.
    """
    names = (language, WHISPER_NAMES.get(language, language))
    return next((name for name in names if f"<|{name}|>" in tokens), None)


def _whisper_tokens(folder: Path) -> Collection[str]:
    try:
        tokens: dict[str, int] = json.loads((folder / ADDED_TOKENS).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFolderError(
            f"{folder} is no folder of a Whisper model: it needs its {ADDED_TOKENS} ({error})."
        ) from error
    return tokens.keys()


def _load(kind: str, folder: Path) -> Any:
    # Only here, so that a site without such models does not carry the package in its memory.
    import onnx_asr

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    try:
        # The folder exists, and then nothing is looked for on the network.
        return onnx_asr.load_model(
            kind, folder, sess_options=options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:
        raise ModelFolderError(
            f"The model in {folder} cannot be loaded as {kind}: {error} Compare its files with "
            "those that the onnx-asr documentation lists for this type."
        ) from error


def _hash(folder: Path) -> str:
    """One hash over the names and contents of all files of the folder."""
    combined = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        combined.update(f"{digest}  {path.relative_to(folder).as_posix()}\n".encode())
    return combined.hexdigest()
