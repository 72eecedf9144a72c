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
from numpy.typing import NDArray

from validation.scoring import weights
from validation.scoring.sessions import session
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
OF_ENCODER: Final = tuple(name for name in CACHE if "encoder" in name)
PRESENT: Final = tuple(f"present.{name}" for name in CACHE)
EMPTY_CACHE: Final[Cache] = dict.fromkeys(CACHE, np.zeros((1, 8, 0, 36), np.float32))


@dataclass(frozen=True, eq=False)
class Encoded:
    """One clip as the decoder is about to read it."""

    num_samples: int
    hidden: Array
    """What the encoder returned, (1, T, 288), T about `num_samples` / 384."""

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
    behind: tuple[float, ...]
    """How much less likely each token is than the likeliest in its place, at most 0."""

    @property
    def total(self) -> float:
        return math.fsum(self.per_token)

    @property
    def mean(self) -> float:
        return self.total / len(self.per_token)

    @property
    def worst(self) -> float:
        return min(self.per_token)

    @property
    def mean_behind(self) -> float:
        return math.fsum(self.behind) / len(self.behind)

    @property
    def worst_behind(self) -> float:
        return min(self.behind)


@dataclass(frozen=True, eq=False)
class Forced:
    """A text that the decoder was given, and what it left behind."""

    likelihood: TextLikelihood
    grid: Array
    """The logits before each of its tokens, (L, 32768)."""
    cache: Cache
    """After them."""


@dataclass(frozen=True, eq=False)
class Begun:
    """A clip of which one text was read: any number of others go on from its beginning."""

    encoded: Encoded
    forced: Forced
    """The text with which it was begun."""

    @property
    def duration_s(self) -> float:
        return self.encoded.duration_s

    @property
    def logits(self) -> Array:
        """For the first token of any text, (32768,)."""
        return np.asarray(self.forced.grid[0])

    @property
    def cache(self) -> Cache:
        """After BOS: it spares each text the clip's keys and values, half a short one's cost."""
        return _first(self.forced.cache, 1)


class Moonshine:
    """One loaded model. Threads may share it; processes made by fork may not, so use `load`."""

    def __init__(self, files: Weights) -> None:
        self.tokenizer = Tokenizer.from_bytes(files.tokenizer)
        self.name = weights.MODEL_NAME
        self.sha256 = weights.MODEL_SHA256
        self._encoder = session(files.encoder)
        self._decoder = session(files.decoder)

    def encode(self, samples: Array) -> Encoded:
        """Runs the encoder on one clip.

        `samples`: (n,) float32 in -1 to 1, mono, 16 kHz, 0.1 s to 60 s.
        Raises ValueError on any other shape, type or length.
        """
        _check(samples)
        inputs = {"input_values": samples[np.newaxis], "attention_mask": _mask(samples.size)}
        (hidden,) = self._encoder.run(["last_hidden_state"], inputs)
        return Encoded(samples.size, hidden)

    def begin(self, encoded: Encoded, text: str = "") -> Begun:
        """Runs the decoder on BOS and on the tokens of `text`, in one pass.

        What the decoder makes of BOS alone, and of the clip, is in the same pass: a pass for
        each would cost half as much again.
        """
        tokens = self._tokens(text)
        grid, cache = self._run_decoder(encoded, [BOS, *tokens[:-1]], EMPTY_CACHE)
        return Begun(encoded, _forced(text, tokens, grid, cache))

    def log_likelihoods(self, begun: Begun, texts: Sequence[str]) -> list[TextLikelihood]:
        """Returns for each text how likely the clip says just that, from BOS to EOS.

        The decoder is given the text instead of its own guesses (teacher forcing). An empty text
        stands for "nothing was said". A text's figures never depend on the others, only on the
        one with which was begun: the weights are int8 and scale their inputs over the whole
        batch, so texts batched together would move each other's figures by up to one nat a token.
        """
        return [self.force(begun, text).likelihood for text in texts]

    def first_token(self, begun: Begun, texts: Sequence[str]) -> list[float]:
        """How likely each text begins: above its `log_likelihoods` total, and known already."""
        normalised = begun.logits - _log_sum(begun.logits[np.newaxis])[0]
        return [float(normalised[self._tokens(text)[0]]) for text in texts]

    def force(self, begun: Begun, text: str) -> Forced:
        """How likely the clip says `text`, with all that `hear` needs to go on from there."""
        if text == begun.forced.likelihood.text:
            return begun.forced
        tokens = self._tokens(text)
        grid, cache = begun.logits[np.newaxis], begun.cache
        if len(tokens) > 1:
            rest, cache = self._decode(begun.encoded, tokens[:-1], cache)
            grid = np.concatenate([grid, rest])
        return _forced(text, tokens, grid, cache)

    def _tokens(self, text: str) -> list[int]:
        return [*self.tokenizer.encode(text), EOS]

    def hear(self, begun: Begun, forced: Forced) -> TextLikelihood:
        """Returns what the model hears, with a text that was forced as its draft.

        As far as the two agree, the forced pass has answered already; where they part, greedy
        decoding goes on. Aggressive decoding of Sun et al. 2021
        (https://aclanthology.org/2021.acl-long.462); a pass over ten tokens costs little more
        than one over a single token.
        """
        wanted = forced.likelihood
        agreed = next((at for at, gap in enumerate(wanted.behind) if gap < 0), None)
        if agreed is None:
            return wanted
        start = _Draft(wanted.tokens[:agreed], wanted.per_token[:agreed], forced.grid[agreed])
        return self._hear(begun.encoded, start, _first(forced.cache, 1 + agreed), wanted.tokens)

    def transcribe(self, begun: Begun) -> str:
        """Returns what the model hears: see `greedy`."""
        return self.greedy(begun).text

    def greedy(self, begun: Begun) -> TextLikelihood:
        """Decodes the most likely token again and again, at most 6.5 for each second of audio.

        The model always hears words, in noise and in silence too: ask a speech gate first.
        """
        return self._hear(begun.encoded, _Draft((), (), begun.logits), begun.cache, ())

    def _hear(
        self, encoded: Encoded, start: "_Draft", cache: Cache, draft: Sequence[int]
    ) -> TextLikelihood:
        """Decodes from `start` on; where it comes back to the draft, it tries several at once."""
        tokens, per_token = list(start.tokens), list(start.per_token)
        logits = start.logits
        bound = math.ceil(TOKENS_PER_SECOND * encoded.duration_s)
        while len(tokens) < bound:
            tokens.append(int(logits.argmax()))
            per_token += _read(logits[np.newaxis], tokens[-1:])[0]
            if tokens[-1] == EOS:
                break
            guess = _continuation(draft, tokens)[: bound - len(tokens)]
            grid, grown = self._decode(encoded, [tokens[-1], *guess], cache)
            agreed = _agreement(grid, guess)
            cache = _first(grown, 1 + len(tokens) + agreed)
            tokens += guess[:agreed]
            per_token += _read(grid[:agreed], guess[:agreed])[0]
            logits = grid[agreed]
        text, first = self.tokenizer.decode(tokens), (0.0,) * len(tokens)
        return TextLikelihood(text, tuple(tokens), tuple(per_token), first)

    def _decode(self, encoded: Encoded, tokens: Sequence[int], cache: Cache) -> tuple[Array, Cache]:
        """Runs the decoder on `tokens`, which follow those in the cache.

        Returns the logits after each, (L, 32768), and the cache with them in it.
        """
        logits, grown = self._run_decoder(encoded, tokens, cache)
        # The model returns the encoder's part on the first call only.
        return logits, grown | {name: cache[name] for name in OF_ENCODER}

    def _run_decoder(
        self, encoded: Encoded, tokens: Sequence[int], cache: Cache
    ) -> tuple[Array, Cache]:
        inputs = {
            "input_ids": np.array([tokens], np.int64),
            "encoder_hidden_states": encoded.hidden,
            "encoder_attention_mask": _mask(encoded.num_samples),
            "use_cache_branch": np.array([cache is not EMPTY_CACHE]),
            **{f"past_key_values.{name}": value for name, value in cache.items()},
        }
        logits, *present = self._decoder.run(["logits", *PRESENT], inputs)
        return logits[0], dict(zip(CACHE, present, strict=True))


@dataclass(frozen=True, eq=False)
class _Draft:
    """A transcript so far: its tokens, their log-probabilities, and the logits of the next."""

    tokens: tuple[int, ...]
    per_token: tuple[float, ...]
    logits: Array


def load() -> Moonshine:
    """Returns this process's model, loaded and checked on the first call (about 0.6 s).

    Call it where the work is done, not on import: a child made by fork loads its own, since
    sessions do not survive a fork. Raises WeightsError where the files are missing or altered.
    """
    return _load(os.getpid())


@lru_cache(maxsize=1)
def _load(_process_id: int) -> Moonshine:
    return Moonshine(weights.read())


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


def _forced(text: str, tokens: Sequence[int], grid: Array, cache: Cache) -> Forced:
    per_token, behind = _read(grid, tokens)
    return Forced(TextLikelihood(text, tuple(tokens), per_token, behind), grid, cache)


def _read(logits: Array, tokens: Sequence[int]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Of the L `tokens`, one for each row of `logits` (L, V): the log-probability of each, and
    how far it is behind the likeliest in its place."""
    chosen = logits[np.arange(len(tokens)), list(tokens)]
    behind = chosen - logits.max(axis=-1, initial=-np.inf)
    return tuple((chosen - _log_sum(logits)).tolist()), tuple(behind.tolist())


def _log_sum(logits: Array) -> Array:
    """log(sum(exp(logits))) of each row, (L,).

    Row by row: a row fits into the processor's cache, and a long text's whole grid would be held
    twice more, 20 MB.
    """
    return np.array([_log_sum_of_row(row) for row in logits], np.float32)


def _log_sum_of_row(row: Array) -> float:
    top = row.max()
    return float(np.log(np.exp(row - top).sum()) + top)


def _agreement(grid: Array, tokens: Sequence[int]) -> int:
    """How many of `tokens`, from the first on, are the most likely ones; `grid`: (L, V)."""
    best = grid[: len(tokens)].argmax(axis=-1)
    differ = np.flatnonzero(best != np.array(tokens, dtype=best.dtype))
    return int(differ[0]) if differ.size else len(tokens)


def _continuation(draft: Sequence[int], tokens: Sequence[int]) -> list[int]:
    """What follows in the draft on the last of `tokens`, at the place nearest to its position."""
    places = [at for at, token in enumerate(draft) if token == tokens[-1]]
    if not places:
        return []
    nearest = min(places, key=lambda at: abs(at - len(tokens) + 1))
    return [token for token in draft[nearest + 1 :] if token != EOS]


def _first(cache: Cache, num_tokens: int) -> Cache:
    """The cache as it was after `num_tokens`, BOS included."""
    return {
        name: value if "encoder" in name else value[:, :, :num_tokens]
        for name, value in cache.items()
    }
