"""The layers of Moonshine, by the weights of one of its published files.

They are those of Jeffries et al. 2024, section 3.1 (https://arxiv.org/abs/2410.15608). Values are
named; those of the stream are (1, n, 288).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from validation.scoring.graphs import NUM_HEADS, WIDTH
from validation.scoring.graphs.construction import MICROSOFT, Graph
from validation.scoring.graphs.published import Published

EPSILON = float(np.float32(1e-5))
SCALE = float(np.float32(1 / 6))  # of a head's 36 values
TURNED_WIDTH = 32
QKV = ("q_proj", "k_proj", "v_proj")
Angles = tuple[str, str]


@dataclass(frozen=True)
class Layers:
    graph: Graph
    published: Published

    def stem(self, samples: str) -> str:
        """Three convolutions over time, whose steps are 4, 12 and 24 ms."""
        graph = self.graph
        value = graph.node("Tanh", self._convolved(samples, "conv1", 127, 64))
        value = self._evened(value)
        value = graph.own("Gelu", self._convolved(value, "conv2", 7, 3))
        value = graph.own("Gelu", self._convolved(value, "conv3", 3, 2))
        rows = graph.node("Reshape", value, graph.integers(1, WIDTH, -1))
        return graph.node("Transpose", rows, perm=[0, 2, 1])

    def _convolved(self, value: str, name: str, kernel: int, stride: int) -> str:
        """Over a plane one high, (1, channels, 1, n): for planes, and not for lines, onnxruntime
        has kernels that spare the copying, a tenth of the time."""
        weight = self.published.tensor(f"{name}.weight_add_tensor")
        weight.dims.insert(2, 1)
        tensors = [self._weight(weight, f"{name}.weight")]
        if name != "conv1":
            tensors.append(self._weight(self.published.tensor(f"{name}.bias"), f"{name}.bias"))
        shape: dict[str, Any] = {"kernel_shape": [1, kernel], "strides": [1, stride]}
        return self.graph.node("Conv", value, *tensors, **shape)

    def _evened(self, value: str) -> str:
        """All channels brought to one mean and one spread together; each has its own gain."""
        graph = self.graph
        flat = graph.node("Reshape", value, graph.integers(0, 1, -1))
        one, nothing = (graph.constant(np.array([number], np.float32)) for number in (1, 0))
        even = graph.node("InstanceNormalization", flat, one, nothing, epsilon=EPSILON)
        value = graph.node("Reshape", even, graph.integers(1, WIDTH, 1, -1))
        for kind in ("Mul", "Add"):
            place = f"/groupnorm/{kind}"
            operand = self.published.operand(place)
            operand.dims.insert(1, 1)
            value = graph.node(kind, value, self._weight(operand, place))
        return value

    def embedded(self, tokens: str) -> str:
        roles = ("quantized", "scale", "zero_point")
        name = "model.decoder.embed_tokens.weight_merged_0"
        table, scale, zero = (
            self._weight(self.published.tensor(f"{name}_{role}"), f"embed_tokens.{role}")
            for role in roles
        )
        rows = self.graph.node("Gather", table, tokens, axis=0)
        return self.graph.node("DequantizeLinear", rows, scale, zero)

    def step(self, stream: str, change: str, norm: str) -> tuple[str, str]:
        """Adds a layer's change to the stream; returns it, and it normed for the next layer.

        onnxruntime's node that does both at once takes twice as long as the two.
        """
        stream = self.graph.node("Add", stream, change) if change else stream
        gain = self._weight(self.published.tensor(f"{norm}.weight"), f"{norm}.weight")
        normed = self.graph.node("LayerNormalization", stream, gain, axis=-1, epsilon=EPSILON)
        return stream, normed

    def angles(self, positions: str) -> Angles:
        """Cosines and sines for `positions`, (n, 1): (n, 16) each."""
        rates = self.graph.constant(self.published.rates()[np.newaxis])
        angles = self.graph.node("Mul", positions, rates)
        return self.graph.node("Cos", angles), self.graph.node("Sin", angles)

    def attend(self, value: str, angles: Angles, place: str, **between: Any) -> str:
        """To itself; `between`: to what came before, and in which direction."""
        query, key, values = self.products(value, [f"{place}/{name}" for name in QKV])
        query, key = (self._turned(each, angles) for each in (query, key))
        mixed = self._attention([query, key, values], **between)
        return self.product(mixed, f"{place}/o_proj")

    def attend_to(self, states: Sequence[str], value: str, place: str) -> str:
        """To keys and values that were made already."""
        query = self.product(value, f"{place}/q_proj")
        return self.product(self._attention([query, *states]), f"{place}/o_proj")

    def _turned(self, value: str, angles: Angles) -> str:
        """By position, the first 32 of a head's 36 values, in pairs (Su et al. 2021)."""
        start = self.graph.integers(0)
        how: dict[str, Any] = {"rotary_embedding_dim": TURNED_WIDTH, "num_heads": NUM_HEADS}
        return self.graph.own("RotaryEmbedding", value, start, *angles, interleaved=1, **how)

    def _attention(
        self, inputs: list[str], past: Sequence[str] = (), out: Sequence[str] = (), **how: Any
    ) -> str:
        """Of 8 heads; `past`: keys and values before, whose successors are named by `out`."""
        inputs += ["", "", "", *past] if past else []
        how |= {"num_heads": NUM_HEADS, "scale": SCALE, "domain": MICROSOFT}
        names = [self.graph.fresh("attention"), *out]
        return self.graph.several("MultiHeadAttention", inputs, names, **how)[0]

    def widened(self, value: str, place: str) -> str:
        wide = self.product(value, f"{place}/fc1")
        return self.product(self.graph.own("Gelu", wide), f"{place}/fc2")

    def gated(self, value: str, place: str) -> str:
        """One half opens and closes the other (SwiGLU, Shazeer 2020)."""
        graph, wide = self.graph, self.product(value, f"{place}/fc1")
        halves = [f"{graph.fresh('half')}.{number}" for number in (0, 1)]
        values, gate = graph.several("Split", [wide], halves, axis=-1, num_outputs=2)
        opened = graph.node("Mul", graph.own("QuickGelu", gate, alpha=1.0), values)
        return self.product(opened, f"{place}/fc2")

    def product(self, value: str, node: str) -> str:
        """By int8 weights: the values are brought to 8 bits by a scale that all of them share."""
        return self.graph.own("DynamicQuantizeMatMul", value, *self._weights(node))

    def products(self, value: str, nodes: Sequence[str]) -> list[str]:
        """Of one value by several weights; it is brought to 8 bits but once."""
        name = self.graph.fresh("bytes")
        out = [name, f"{name}.scale", f"{name}.zero_point"]
        made, scale, zero = self.graph.several("DynamicQuantizeLinear", [value], out)
        found = [self._weights(node) for node in nodes]
        return [
            self.graph.own("MatMulIntegerToFloat", made, weight, scale, of_weight, zero, its_zero)
            for weight, of_weight, its_zero in found
        ]

    def _weights(self, node: str) -> list[str]:
        found = self.published.product(node)
        return [self._weight(tensor, f"{node}.{role}") for role, tensor in found.items()]

    def _weight(self, tensor: Any, name: str) -> str:
        return self.graph.tensor(self.published.placed(tensor, name))
