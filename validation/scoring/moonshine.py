"""Moonshine tiny: what speech says, and how likely it says a given text.

The model is Jeffries et al. 2024, "Moonshine: Speech Recognition for Live Transcription and Voice
Commands" (https://arxiv.org/abs/2410.15608), run by onnxruntime (`network.py`).
"""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from validation.scoring import weights
from validation.scoring.network import NO_TOKENS, Array, Network, States, up_to
from validation.scoring.sound import SAMPLING_RATE_HZ
from validation.scoring.tokenizer import BOS, EOS, Tokenizer
from validation.scoring.weights import Weights

MIN_DURATION_S: Final = 0.1
MAX_DURATION_S: Final = 60.0
# The bound of the model's authors: past it, a transcript has fallen into a loop.
TOKENS_PER_SECOND: Final = 6.5


@dataclass(frozen=True, eq=False)
class Encoded:
    """One clip as the decoder is about to read it."""

    num_samples: int
    states: States

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
    """The log-probabilities of all tokens in the place of each of its own, (L, 32768)."""
    past: States
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
    def first(self) -> Array:
        """The log-probabilities of the first token of any text, (32768,)."""
        return np.asarray(self.forced.grid[0])

    @property
    def past(self) -> States:
        """After BOS, with which all texts begin."""
        return up_to(self.forced.past, 1)


class Moonshine:
    """One loaded model. Threads may share it; processes made by fork may not, so use `load`."""

    def __init__(self, files: Weights) -> None:
        self.tokenizer = Tokenizer.from_bytes(files.tokenizer)
        self.name = weights.MODEL_NAME
        self.sha256 = weights.MODEL_SHA256
        self._network = Network(files.folder)

    def encode(self, samples: Array) -> Encoded:
        """Runs the encoder on one clip.

        `samples`: (n,) float32 in -1 to 1, mono, 16 kHz, 0.1 s to 60 s.
        Raises ValueError on any other shape, type or length.
        """
        _check(samples)
        return Encoded(samples.size, self._network.encode(samples))

    def begin(self, encoded: Encoded, text: str = "") -> Begun:
        """Runs the decoder on BOS and on the tokens of `text`, in one pass.

        What the decoder makes of BOS alone is in the same pass: another would cost half as much
        again.
        """
        tokens = self._tokens(text)
        grid, past = self._network.decode(encoded.states, [BOS, *tokens[:-1]], NO_TOKENS)
        return Begun(encoded, _forced(text, tokens, grid, past))

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
        return [float(begun.first[self._tokens(text)[0]]) for text in texts]

    def force(self, begun: Begun, text: str) -> Forced:
        """How likely the clip says `text`, with all that `hear` needs to go on from there."""
        if text == begun.forced.likelihood.text:
            return begun.forced
        tokens = self._tokens(text)
        grid, past = begun.first[np.newaxis], begun.past
        if len(tokens) > 1:
            rest, past = self._network.decode(begun.encoded.states, tokens[:-1], past)
            grid = np.concatenate([grid, rest])
        return _forced(text, tokens, grid, past)

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
        return self._hear(begun.encoded, start, up_to(forced.past, 1 + agreed), wanted.tokens)

    def transcribe(self, begun: Begun) -> str:
        """Returns what the model hears: see `greedy`."""
        return self.greedy(begun).text

    def greedy(self, begun: Begun) -> TextLikelihood:
        """Decodes the most likely token again and again, at most 6.5 for each second of audio.

        The model always hears words, in noise and in silence too: ask a speech gate first.
        """
        return self._hear(begun.encoded, _Draft((), (), begun.first), begun.past, ())

    def _hear(
        self, encoded: Encoded, start: "_Draft", past: States, draft: Sequence[int]
    ) -> TextLikelihood:
        """Decodes from `start` on; where it comes back to the draft, it tries several at once."""
        tokens, per_token = list(start.tokens), list(start.per_token)
        following = start.following
        bound = math.ceil(TOKENS_PER_SECOND * encoded.duration_s)
        while len(tokens) < bound:
            tokens.append(int(following.argmax()))
            per_token.append(float(following[tokens[-1]]))
            if tokens[-1] == EOS:
                break
            guess = _continuation(draft, tokens)[: bound - len(tokens)]
            grid, grown = self._network.decode(encoded.states, [tokens[-1], *guess], past)
            agreed = _agreement(grid, guess)
            past = up_to(grown, 1 + len(tokens) + agreed)
            tokens += guess[:agreed]
            per_token += _read(grid[:agreed], guess[:agreed])[0]
            following = grid[agreed]
        text, first = self.tokenizer.decode(tokens), (0.0,) * len(tokens)
        return TextLikelihood(text, tuple(tokens), tuple(per_token), first)


@dataclass(frozen=True, eq=False)
class _Draft:
    """A transcript so far: its tokens, their log-probabilities, and those of what may follow."""

    tokens: tuple[int, ...]
    per_token: tuple[float, ...]
    following: Array


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


def _forced(text: str, tokens: Sequence[int], grid: Array, past: States) -> Forced:
    per_token, behind = _read(grid, tokens)
    return Forced(TextLikelihood(text, tuple(tokens), per_token, behind), grid, past)


def _read(grid: Array, tokens: Sequence[int]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Of the L `tokens`, one for each row of `grid` (L, V): the log-probability of each, and
    how far it is behind the likeliest in its place."""
    chosen = grid[np.arange(len(tokens)), list(tokens)]
    behind = chosen - grid.max(axis=-1, initial=-np.inf)
    return tuple(chosen.tolist()), tuple(behind.tolist())


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
