"""The speech model's two parts, run: samples to what the decoder needs of a clip, and tokens to how
likely each is to follow.

One thread: more workers scale better than more threads.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from validation.scoring import graphs
from validation.scoring.graphs import CROSS, HEAD_WIDTH, LIKELIHOODS, NUM_HEADS, PAST, PRESENT
from validation.scoring.sessions import session

Array = NDArray[np.float32]
States = dict[str, Array]
"""Keys and values for each layer of the decoder, by name, (1, 8, n, 36) each: of a clip's T steps
(`CROSS`, T about the number of samples / 384), or of the P tokens so far (`PAST`)."""

NO_TOKENS: Final[States] = dict.fromkeys(PAST, np.zeros((1, NUM_HEADS, 0, HEAD_WIDTH), np.float32))


class Network:
    """One loaded model. Threads may share it; processes made by fork may not."""

    def __init__(self, weights: Path) -> None:
        """`weights`: the folder that holds the files of `weights.py`."""
        self._encoder = session(graphs.ENCODER, weights)
        self._decoder = session(graphs.DECODER, weights)

    def encode(self, samples: Array) -> States:
        """What the decoder needs of a clip; `samples`: (n,) float32, mono, 16 kHz."""
        made = self._encoder.run(CROSS, {"samples": samples.reshape(1, 1, 1, -1)})
        return dict(zip(CROSS, made, strict=True))

    def decode(self, clip: States, tokens: Sequence[int], past: States) -> tuple[Array, States]:
        """Runs the decoder on L `tokens`, which follow those of `past`.

        Returns, after each, the log-probabilities of all that may follow, (L, 32768), and the
        states with them in it.
        """
        start = past[PAST[0]].shape[2]
        positions = np.arange(start, start + len(tokens), dtype=np.float32)[:, np.newaxis]
        inputs = {"tokens": np.array([tokens], np.int64), "positions": positions, **past, **clip}
        grid, *present = self._decoder.run([LIKELIHOODS, *PRESENT], inputs)
        return grid[0], dict(zip(PAST, present, strict=True))


def up_to(past: States, num_tokens: int) -> States:
    """The states as they were after `num_tokens`."""
    return {name: value[:, :, :num_tokens] for name, value in past.items()}
