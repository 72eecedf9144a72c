"""The speech model's two graphs: what is computed, in which order, with which of the weights.

As published, the decoder asks for the same shapes in each of its layers, turns positions by some
thirty nodes at a time, pads its heads, and has the first pass and the later ones as branches of an
`If`: 900 nodes, half of whose time goes between the products. Here the same weights stand in
graphs of some 150 nodes each. The decoder's keys and values of the clip, which no text changes,
are made by the encoder's.

The files hold no weights: they point into those of the wheel (`weights.py`), by file and offset.
`python -m validation.scoring.graphs.build` writes them anew, and a test compares them byte for
byte; `docs/scoring.md` says how near their answers are to those of the published graphs.
"""

from pathlib import Path
from typing import Final

ENCODER: Final = Path(__file__).with_name("encoder.onnx")
DECODER: Final = Path(__file__).with_name("decoder.onnx")

LAYERS: Final = 6
NUM_HEADS: Final = 8
HEAD_WIDTH: Final = 36
WIDTH: Final = NUM_HEADS * HEAD_WIDTH

SIDES: Final = ("key", "value")
PAST: Final = tuple(f"past.{layer}.{side}" for layer in range(LAYERS) for side in SIDES)
"""What the decoder takes of the tokens before: (1, 8, P, 36) each, P = 0 at first."""
PRESENT: Final = tuple(name.replace("past", "present") for name in PAST)
"""The same with the tokens of the pass, (1, 8, P + L, 36)."""
CROSS: Final = tuple(name.replace("past", "cross") for name in PAST)
"""What the encoder makes of the clip for each layer of the decoder, (1, 8, T, 36)."""
LIKELIHOODS: Final = "log_probabilities"
