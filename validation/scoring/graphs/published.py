"""What the published model is made of: its tensors, by role, and where in the files they lie."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper

# Scales and zero points, a number each, stand in the graph itself.
SMALL_NUM_BYTES = 64


class Published:
    """One of the model's two files, `file`, in onnxruntime's own format.

    onnxruntime itself writes it as ONNX, unchanged; the nodes of the branches of an `If` are found
    like all others, and the two share their weights.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._bytes = file.read_bytes()
        self._nodes: dict[str, onnx.NodeProto] = {}
        self._tensors: dict[str, TensorProto] = {}
        for graph in _graphs(_as_onnx(file).graph):
            self._tensors |= {tensor.name: tensor for tensor in graph.initializer}
            self._nodes |= {node.name: node for node in graph.node}

    def product(self, node: str) -> dict[str, TensorProto]:
        """Of a matrix product by int8 weights: `weight`, `scale`, `zero_point`, maybe `bias`."""
        found = self._nodes[f"{node}/MatMul_quant"]
        joint = found.op_type == "DynamicQuantizeMatMul"
        places = (1, 2, 3, 4) if joint else (1, 3, 5, 6)
        names = ("weight", "scale", "zero_point", "bias")
        inputs = [*found.input, ""]
        pairs = zip(names, (inputs[place] for place in places), strict=True)
        return {role: self._tensors[name] for role, name in pairs if name}

    def operand(self, node: str) -> TensorProto:
        """What the node adds, or multiplies by."""
        return self._tensors[self._nodes[node].input[1]]

    def tensor(self, name: str) -> TensorProto:
        """By its name, or by the one that it was given where both branches use it."""
        return self._tensors[name if name in self._tensors else f"{name}_merged_0"]

    def rates(self) -> NDArray[np.float32]:
        """By how much each pair of a head's values turns from one position to the next, (16,)."""
        found = [t for t in self._tensors.values() if list(t.dims) == [1, 16, 1]]
        return np.asarray(numpy_helper.to_array(found[0]), np.float32).ravel()

    def placed(self, tensor: TensorProto, name: str) -> TensorProto:
        """The tensor as the file's bytes from an offset on, or itself where it is small."""
        data = numpy_helper.to_array(tensor)
        raw = data.tobytes()
        if len(raw) <= SMALL_NUM_BYTES:
            return numpy_helper.from_array(data, name)
        placed = TensorProto(name=name, data_type=tensor.data_type, dims=tensor.dims)
        placed.data_location = TensorProto.EXTERNAL
        place = {"location": self.file.name, "offset": self._bytes.index(raw), "length": len(raw)}
        for key, value in place.items():
            placed.external_data.add(key=key, value=str(value))
        return placed


def _as_onnx(file: Path) -> onnx.ModelProto:
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "model.onnx"
        options = ort.SessionOptions()
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.optimized_model_filepath = str(written)
        options.add_session_config_entry("session.disable_prepacking", "1")
        ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        return onnx.load(written)


def _graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                yield from _graphs(attribute.g)
    yield graph
