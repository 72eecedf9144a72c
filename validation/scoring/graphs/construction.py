"""A graph under construction: each method adds nodes and returns the name of their result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from validation.scoring.graphs import HEAD_WIDTH, NUM_HEADS
from validation.scoring.graphs.published import Published

OPSET, IR_VERSION = 18, 10
MICROSOFT = "com.microsoft"
EPSILON = float(np.float32(1e-5))
SCALE = float(np.float32(1 / 6))  # of a head's 36 values


class Graph:
    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: dict[str, TensorProto] = {}

    def product(self, value: str, published: Published, node: str, *, out: str = "") -> str:
        """By int8 weights: the values are brought to 8 bits by a scale that all of them share."""
        weight, scale, zero, *bias = self._weights(published, node)
        return self.own("DynamicQuantizeMatMul", value, weight, scale, zero, *bias, out=out)

    def products(self, value: str, published: Published, nodes: Sequence[str]) -> list[str]:
        """Of one value by several weights; it is brought to 8 bits but once."""
        made = f"bytes{len(self.nodes)}"
        quantised = [made, f"{made}.scale", f"{made}.zero_point"]
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [value], quantised))
        found = [self._weights(published, node) for node in nodes]
        return [
            self.own("MatMulIntegerToFloat", made, weight, quantised[1], scale, quantised[2], zero)
            for weight, scale, zero in found
        ]

    def _weights(self, published: Published, node: str) -> list[str]:
        found = published.product(node)
        return [self.weight(published, found[role], f"{node}.{role}") for role in found]

    def norm(self, value: str, published: Published, layer: str) -> str:
        gain = self.weight(published, published.tensor(f"{layer}.weight"), f"{layer}.weight")
        return self.node("LayerNormalization", value, gain, axis=-1, epsilon=EPSILON)

    def attention(
        self,
        query: str,
        key: str,
        value: str,
        *,
        past: Sequence[str] = (),
        out: Sequence[str] = (),
        **how: Any,
    ) -> str:
        """Of 8 heads; `past`: keys and values before, whose successors are named by `out`."""
        inputs = [query, key, value, *(["", "", "", *past] if past else [])]
        name = f"attention{len(self.nodes)}"
        self._add("MultiHeadAttention", inputs, [name, *out], num_heads=NUM_HEADS, scale=SCALE,
                  domain=MICROSOFT, **how)  # fmt: skip
        return name

    def angles(self, positions: str, published: Published) -> tuple[str, str]:
        """Cosines and sines for `positions`, (n, 1): (n, 16) each."""
        angles = self.node("Mul", positions, self.constant(published.rates()[np.newaxis]))
        return self.node("Cos", angles), self.node("Sin", angles)

    def turned(self, value: str, angles: tuple[str, str]) -> str:
        """By position, the first 32 of a head's 36 values, in pairs (Su et al. 2021)."""
        return self.own("RotaryEmbedding", value, self.integers(0), *angles, interleaved=1,
                        num_heads=NUM_HEADS, rotary_embedding_dim=32)  # fmt: skip

    def halves(self, value: str) -> tuple[str, str]:
        """Of the last axis."""
        out = [f"half{len(self.nodes)}.{number}" for number in (0, 1)]
        self._add("Split", [value], out, axis=-1, num_outputs=2)
        return out[0], out[1]

    def heads(self, value: str, out: str) -> str:
        """(1, n, 288) as (1, 8, n, 36)."""
        shape = self.integers(0, 0, NUM_HEADS, HEAD_WIDTH)
        return self.node("Transpose", self.node("Reshape", value, shape), perm=[0, 2, 1, 3],
                         out=out)  # fmt: skip

    def weight(self, published: Published, tensor: TensorProto, name: str) -> str:
        self.tensors[name] = published.placed(tensor, name)
        return name

    def integers(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def constant(self, value: NDArray[np.generic]) -> str:
        name = f"constant{len(self.tensors)}"
        self.tensors[name] = numpy_helper.from_array(value, name)
        return name

    def own(self, kind: str, *inputs: str, out: str = "", **attributes: Any) -> str:
        """A node that onnxruntime knows and ONNX does not."""
        return self.node(kind, *inputs, out=out, domain=MICROSOFT, **attributes)

    def node(self, kind: str, *inputs: str, out: str = "", **attributes: Any) -> str:
        out = out or f"{kind.lower()}{len(self.nodes)}"
        self._add(kind, inputs, [out], **attributes)
        return out

    def _add(self, kind: str, inputs: Sequence[str], out: Sequence[str], **attributes: Any) -> None:
        self.nodes.append(helper.make_node(kind, inputs, out, **attributes))

    def serialised(
        self, name: str, inputs: Sequence[onnx.ValueInfoProto], out: Sequence[onnx.ValueInfoProto]
    ) -> bytes:
        graph = helper.make_graph(self.nodes, name, inputs, out, [*self.tensors.values()])
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
        return bytes(model.SerializeToString(deterministic=True))


def floats(name: str, *shape: int | str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def integers(name: str, *shape: int | str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.INT64, shape)
