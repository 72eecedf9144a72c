"""Moonshine tiny: what speech says, and how likely it says a given text.

The model is Jeffries et al. 2024, "Moonshine: Speech Recognition for Live Transcription and Voice
Commands" (https://arxiv.org/abs/2410.15608), run by onnxruntime on one thread: more workers
scale better than more threads.
"""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from validation.scoring import weights
from validation.scoring.sound import SAMPLING_RATE_HZ
from validation.scoring.tokenizer import BOS, EOS, Tokenizer
from validation.scoring.weights import Weights

MIN_DURATION_S: Final = 0.1
MAX_DURATION_S: Final = 60.0
# The bound of the model's authors: past it, a transcript has fallen into a loop.
TOKENS_PER_SECOND: Final = 6.5

Array = NDArray[np.float32]
Cache = dict[str, Array]
"""By name: the keys and values of each layer, (1, 8, P, 36) after P tokens or T encoder frames."""

LAYERS: Final = 6
CACHE: Final = tuple(
    f"{layer}.{side}.{part}"
    for layer in range(LAYERS)
    for side in ("decoder", "encoder")
    for part in ("key", "value")
)
PRESENT: Final = tuple(f"present.{name}" for name in CACHE)
EMPTY_CACHE: Final[Cache] = dict.fromkeys(CACHE, np.zeros((1, 8, 0, 36), np.float32))


@dataclass(frozen=True, eq=False)
class Encoded:
    """One clip as the decoder is about to read it; give it to any number of calls."""

    num_samples: int
    hidden: Array
    """What the encoder returned, (1, T, 288), T about `num_samples` / 384."""
    logits: Array
    """For the first token of any text, (32768,)."""
    cache: Cache
    """After BOS: it spares each text the clip's keys and values, half the cost of a short text."""

    @property
    def duration_s(self) -> float:
        return self.num_samples / SAMPLING_RATE_HZ


@dataclass(frozen=True)
class TextLikelihood:
    """How likely the clip says `text`, in natural logarithms of probability, token by token."""

    text: str
    tokens: tuple[int, ...]
    """The text's ids with the closing EOS (which a transcript cut off by its bound lacks)."""
    per_token: tuple[float, ...]

    @property
    def total(self) -> float:
        return math.fsum(self.per_token)

    @property
    def mean(self) -> float:
        return self.total / len(self.per_token)

    @property
    def worst(self) -> float:
        return min(self.per_token)


class Moonshine:
    """One loaded model. Threads may share it; processes made by fork may not, so use `load`."""

    def __init__(self, files: Weights) -> None:
        self.tokenizer = Tokenizer.from_bytes(files.tokenizer)
        self.name = weights.MODEL_NAME
        self.sha256 = weights.MODEL_SHA256
        self._encoder = _session(files.encoder)
        self._decoder = _session(files.decoder)

    def encode(self, samples: Array) -> Encoded:
        """Runs the encoder on one clip, and the decoder on BOS.

        `samples`: (n,) float32 in -1 to 1, mono, 16 kHz, 0.1 s to 60 s.
        Raises ValueError on any other shape, type or length.
        """
        _check(samples)
        inputs = {"input_values": samples[np.newaxis], "attention_mask": _mask(samples.size)}
        (hidden,) = self._encoder.run(["last_hidden_state"], inputs)
        logits, cache = self._decode(samples.size, hidden, [BOS], EMPTY_CACHE)
        return Encoded(samples.size, hidden, logits[0], cache)

    def log_likelihoods(self, encoded: Encoded, texts: Sequence[str]) -> list[TextLikelihood]:
        """Returns for each text how likely the clip says just that, from BOS to EOS.

        The decoder is given the text instead of its own guesses (teacher forcing). An empty text
        stands for "nothing was said". A text's figures never depend on the others: the weights
        are int8 and scale their inputs over the whole batch, so texts batched together would
        move each other's figures by up to one nat a token.
        """
        return [self._forced(encoded, text) for text in texts]

    def transcribe(self, encoded: Encoded) -> str:
        """Returns what the model hears: see `greedy`."""
        return self.greedy(encoded).text

    def greedy(self, encoded: Encoded) -> TextLikelihood:
        """Decodes the most likely token again and again, at most 6.5 for each second of audio.

        The model always hears words, in noise and in silence too: ask a speech gate first.
        """
        tokens: list[int] = []
        per_token: list[float] = []
        logits, cache = encoded.logits, encoded.cache
        for _ in range(math.ceil(TOKENS_PER_SECOND * encoded.duration_s)):
            tokens.append(int(logits.argmax()))
            per_token += _log_probabilities(logits[np.newaxis], tokens[-1:])
            if tokens[-1] == EOS:
                break
            grid, cache = self._decode(encoded.num_samples, encoded.hidden, tokens[-1:], cache)
            logits = grid[0]
        return TextLikelihood(self.tokenizer.decode(tokens), tuple(tokens), tuple(per_token))

    def _forced(self, encoded: Encoded, text: str) -> TextLikelihood:
        tokens = [*self.tokenizer.encode(text), EOS]
        grid = encoded.logits[np.newaxis]
        if len(tokens) > 1:
            rest, _ = self._decode(encoded.num_samples, encoded.hidden, tokens[:-1], encoded.cache)
            grid = np.concatenate([grid, rest])
        return TextLikelihood(text, tuple(tokens), tuple(_log_probabilities(grid, tokens)))

    def _decode(
        self, num_samples: int, hidden: Array, tokens: Sequence[int], cache: Cache
    ) -> tuple[Array, Cache]:
        """Runs the decoder on `tokens`, which follow those in the cache.

        Returns the logits after each, (L, 32768), and the cache with them in it.
        """
        inputs = {
            "input_ids": np.array([tokens], np.int64),
            "encoder_hidden_states": hidden,
            "encoder_attention_mask": _mask(num_samples),
            "use_cache_branch": np.array([cache is not EMPTY_CACHE]),
            **{f"past_key_values.{name}": value for name, value in cache.items()},
        }
        logits, *present = self._decoder.run(["logits", *PRESENT], inputs)
        grown = dict(zip(CACHE, present, strict=True))
        if cache is not EMPTY_CACHE:
            # The model returns the encoder's part on the first call only.
            grown |= {name: value for name, value in cache.items() if "encoder" in name}
        return logits[0], grown


def load() -> Moonshine:
    """Returns this process's model, loaded and checked on the first call (about 0.6 s).

    Call it where the work is done, not on import: a child made by fork loads its own, since
    sessions do not survive a fork. Raises WeightsError where the files are missing or altered.
    """
    return _load(os.getpid())


@lru_cache(maxsize=1)
def _load(_process_id: int) -> Moonshine:
    return Moonshine(weights.read())


def _session(model: bytes) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _check(samples: Array) -> None:
    if samples.ndim != 1 or samples.dtype != np.float32:
        raise ValueError(
            f"The model takes mono float32 samples, shape (n,); got {samples.dtype}, "
            f"shape {samples.shape}."
        )
    duration_s = samples.size / SAMPLING_RATE_HZ
    if not MIN_DURATION_S <= duration_s <= MAX_DURATION_S:
        raise ValueError(
            f"The model takes {MIN_DURATION_S} to {MAX_DURATION_S:.0f} s of audio, "
            f"not {duration_s:.2f} s: cut the clip or leave it unscored."
        )


def _mask(num_samples: int) -> NDArray[np.int64]:
    return np.ones((1, num_samples), np.int64)


def _log_probabilities(logits: Array, tokens: Sequence[int]) -> list[float]:
    """Log-softmax of `logits` (L, V), read at the L `tokens`."""
    top = logits.max(axis=-1)
    log_sum = np.log(np.exp(logits - top[:, np.newaxis]).sum(axis=-1)) + top
    chosen = logits[np.arange(len(tokens)), tokens]
    return [float(value) for value in chosen - log_sum]
