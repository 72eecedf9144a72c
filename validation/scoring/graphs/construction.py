"""A graph under construction: each method adds nodes and returns the name of their result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from validation.scoring.graphs import HEAD_WIDTH, NUM_HEADS

OPSET, IR_VERSION = 18, 10
MICROSOFT = "com.microsoft"


class Graph:
    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: dict[str, TensorProto] = {}

    def node(self, kind: str, *inputs: str, out: str = "", **attributes: Any) -> str:
        """A node with one result."""
        (made,) = self.several(kind, inputs, [out or self.fresh(kind.lower())], **attributes)
        return made

    def own(self, kind: str, *inputs: str, out: str = "", **attributes: Any) -> str:
        """A node that onnxruntime knows and ONNX does not."""
        return self.node(kind, *inputs, out=out, domain=MICROSOFT, **attributes)

    def several(
        self, kind: str, inputs: Sequence[str], out: Sequence[str], **attributes: Any
    ) -> Sequence[str]:
        """A node with several results, whose names are `out`."""
        self.nodes.append(helper.make_node(kind, inputs, out, **attributes))
        return out

    def fresh(self, stem: str) -> str:
        """A name that nothing bears yet."""
        return f"{stem}{len(self.nodes)}"

    def tensor(self, tensor: TensorProto) -> str:
        """A weight; its own name is the one that it goes by."""
        self.tensors[tensor.name] = tensor
        return str(tensor.name)

    def constant(self, value: NDArray[np.generic]) -> str:
        return self.tensor(numpy_helper.from_array(value, f"constant{len(self.tensors)}"))

    def integers(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def heads(self, value: str, out: str) -> str:
        """(1, n, 288) as (1, 8, n, 36)."""
        shape = self.integers(0, 0, NUM_HEADS, HEAD_WIDTH)
        apart = self.node("Reshape", value, shape)
        return self.node("Transpose", apart, perm=[0, 2, 1, 3], out=out)

    def positions(self, stream: str) -> str:
        """0, 1, … for each step of (1, T, 288), as (T, 1)."""
        length = self.node("Squeeze", self.node("Shape", stream, start=1, end=2))
        first, apart = (self.constant(np.array(number, np.int64)) for number in (0, 1))
        steps = self.node("Range", first, length, apart)
        numbers = self.node("Cast", steps, to=TensorProto.FLOAT)
        return self.node("Unsqueeze", numbers, self.integers(1))

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


def states(names: Sequence[str], length: str) -> list[onnx.ValueInfoProto]:
    """Keys and values over `length` steps."""
    return [floats(name, 1, NUM_HEADS, length, HEAD_WIDTH) for name in names]
