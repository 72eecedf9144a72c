"""Write the two graphs: `python -m validation.scoring.graphs.build`.

Run it only to take up another release of the model, or of what onnxruntime can do in one node; it
needs `onnx`, which is not shipped. The layers are those of Jeffries et al. 2024, section 3.1
(https://arxiv.org/abs/2410.15608).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto

from validation.scoring import weights
from validation.scoring.graphs import (
    CROSS,
    DECODER,
    ENCODER,
    HEAD_WIDTH,
    LAYERS,
    LIKELIHOODS,
    NUM_HEADS,
    PAST,
    PRESENT,
    WIDTH,
)
from validation.scoring.graphs.construction import EPSILON, Graph, floats, integers
from validation.scoring.graphs.published import Published

BODY = "/model/decoder"
VOCABULARY = 32_768
QKV = ("q_proj", "k_proj", "v_proj")


def encoder(folder: Path) -> bytes:
    """In: `samples`, f32 (1, 1, 1, n). Out: `CROSS`, T about n / 384."""
    graph = Graph()
    hidden = _hear(graph, Published(folder / weights.ENCODER))
    _cross(graph, hidden, Published(folder / weights.DECODER))
    out = [floats(name, 1, NUM_HEADS, "T", HEAD_WIDTH) for name in CROSS]
    return graph.serialised("encoder", [floats("samples", 1, 1, 1, "n")], out)


def decoder(folder: Path) -> bytes:
    """In: `tokens`, int64 (1, L); `positions`, f32 (L, 1), of the first token 0; `PAST`; `CROSS`.

    Out: `LIKELIHOODS`, of each token to follow each, f32 (1, L, 32768); `PRESENT`.
    """
    graph, model = Graph(), Published(folder / weights.DECODER)
    angles = graph.angles("positions", model)
    stream, change = _embedded(graph, model), ""
    for layer in range(LAYERS):
        stream, normed = _step(graph, model, stream, change, _norm(layer, "input"))
        place, states = f"{BODY}/layers.{layer}/self_attn", slice(2 * layer, 2 * layer + 2)
        change = _attend(graph, model, normed, angles, place,
                         past=PAST[states], out=PRESENT[states], unidirectional=1)  # fmt: skip
        stream, normed = _step(graph, model, stream, change, _norm(layer, "post_attention"))
        change = _attend_to_clip(graph, model, normed, layer)
        stream, normed = _step(graph, model, stream, change, _norm(layer, "final"))
        change = _gated(graph, model, normed, layer)
    _, normed = _step(graph, model, stream, change, "model.decoder.norm")
    graph.node("LogSoftmax", graph.product(normed, model, "/proj_out"), axis=-1, out=LIKELIHOODS)
    inputs = [
        integers("tokens", 1, "L"),
        floats("positions", "L", 1),
        *(floats(name, 1, NUM_HEADS, "P", HEAD_WIDTH) for name in PAST),
        *(floats(name, 1, NUM_HEADS, "T", HEAD_WIDTH) for name in CROSS),
    ]
    out = [
        floats(LIKELIHOODS, 1, "L", VOCABULARY),
        *(floats(name, 1, NUM_HEADS, "N", HEAD_WIDTH) for name in PRESENT),
    ]
    return graph.serialised("decoder", inputs, out)


def _hear(graph: Graph, model: Published) -> str:
    """What is in the samples, (1, T, 288)."""
    stream, change = _stem(graph, model), ""
    angles = graph.angles(_positions(graph, stream), model)
    for layer in range(LAYERS):
        place = f"layers.{layer}"
        stream, normed = _step(graph, model, stream, change, f"{place}.input_layernorm")
        change = _attend(graph, model, normed, angles, f"/{place}/self_attn")
        stream, normed = _step(graph, model, stream, change, f"{place}.post_attention_layernorm")
        wide = graph.own("Gelu", graph.product(normed, model, f"/{place}/mlp/fc1"))
        change = graph.product(wide, model, f"/{place}/mlp/fc2")
    _, normed = _step(graph, model, stream, change, "layer_norm")
    return normed


def _stem(graph: Graph, model: Published) -> str:
    """Three convolutions over time, of 4, 12 and 24 ms a step: (1, T, 288)."""
    value = graph.node("Tanh", _convolved(graph, model, "samples", "conv1", 127, 64))
    flat = graph.node("Reshape", value, graph.integers(0, 1, -1))
    one, nothing = (graph.constant(np.array([number], np.float32)) for number in (1, 0))
    even = graph.node("InstanceNormalization", flat, one, nothing, epsilon=EPSILON)
    value = graph.node("Reshape", even, graph.integers(1, WIDTH, 1, -1))
    for kind in ("Mul", "Add"):
        place = f"/groupnorm/{kind}"
        gain = model.operand(place)
        gain.dims.insert(1, 1)
        value = graph.node(kind, value, graph.weight(model, gain, place))
    value = graph.own("Gelu", _convolved(graph, model, value, "conv2", 7, 3))
    value = graph.own("Gelu", _convolved(graph, model, value, "conv3", 3, 2))
    rows = graph.node("Reshape", value, graph.integers(1, WIDTH, -1))
    return graph.node("Transpose", rows, perm=[0, 2, 1])


def _convolved(
    graph: Graph, model: Published, value: str, name: str, kernel: int, stride: int
) -> str:
    """Over one row of a plane: for those, and not for lines, onnxruntime has kernels that spare
    the copying, a tenth of the time."""
    weight = model.tensor(f"{name}.weight_add_tensor")
    weight.dims.insert(2, 1)
    tensors = [graph.weight(model, weight, f"{name}.weight")]
    if name != "conv1":
        tensors.append(graph.weight(model, model.tensor(f"{name}.bias"), f"{name}.bias"))
    return graph.node("Conv", value, *tensors, kernel_shape=[1, kernel], strides=[1, stride])


def _positions(graph: Graph, stream: str) -> str:
    """0, 1, … for each step of (1, T, 288), as (T, 1)."""
    length = graph.node("Shape", stream, start=1, end=2)
    bounds = [graph.constant(np.array(number, np.int64)) for number in (0, 1)]
    scalar = graph.node("Squeeze", length)
    steps = graph.node("Range", bounds[0], scalar, bounds[1])
    numbers = graph.node("Cast", steps, to=TensorProto.FLOAT)
    return graph.node("Unsqueeze", numbers, graph.integers(1))


def _cross(graph: Graph, hidden: str, model: Published) -> None:
    """Keys and values of the clip for each layer of the decoder."""
    places = [f"{BODY}/layers.{layer}/encoder_attn" for layer in range(LAYERS)]
    nodes = [f"{place}/{side}" for place in places for side in ("k_proj", "v_proj")]
    for made, name in zip(graph.products(hidden, model, nodes), CROSS, strict=True):
        graph.heads(made, name)


def _embedded(graph: Graph, model: Published) -> str:
    roles = ("quantized", "scale", "zero_point")
    name = "model.decoder.embed_tokens.weight_merged_0"
    table, scale, zero = (
        graph.weight(model, model.tensor(f"{name}_{role}"), f"embed_tokens.{role}")
        for role in roles
    )
    rows = graph.node("Gather", table, "tokens", axis=0)
    return graph.node("DequantizeLinear", rows, scale, zero)


def _step(graph: Graph, model: Published, stream: str, change: str, norm: str) -> tuple[str, str]:
    """Adds a layer's change to the stream; returns it, and it normed for the next layer.

    onnxruntime's node that does both at once takes twice as long as the two.
    """
    stream = graph.node("Add", stream, change) if change else stream
    return stream, graph.norm(stream, model, norm)


def _norm(layer: int, name: str) -> str:
    return f"model.decoder.layers.{layer}.{name}_layernorm"


def _attend(
    graph: Graph,
    model: Published,
    value: str,
    angles: tuple[str, str],
    place: str,
    **between: Any,
) -> str:
    """To itself; `between`: to what came before, and in which direction."""
    query, key, values = graph.products(value, model, [f"{place}/{name}" for name in QKV])
    query, key = (graph.turned(each, angles) for each in (query, key))
    mixed = graph.attention(query, key, values, **between)
    return graph.product(mixed, model, f"{place}/o_proj")


def _attend_to_clip(graph: Graph, model: Published, value: str, layer: int) -> str:
    place = f"{BODY}/layers.{layer}/encoder_attn"
    query = graph.product(value, model, f"{place}/q_proj")
    mixed = graph.attention(query, *CROSS[2 * layer :][:2])
    return graph.product(mixed, model, f"{place}/o_proj")


def _gated(graph: Graph, model: Published, value: str, layer: int) -> str:
    """One half opens and closes the other (SwiGLU, Shazeer 2020)."""
    place = f"{BODY}/layers.{layer}/mlp"
    wide = graph.product(value, model, f"{place}/fc1")
    values, gate = graph.halves(wide)
    opened = graph.own("QuickGelu", gate, alpha=1.0)
    return graph.product(graph.node("Mul", opened, values), model, f"{place}/fc2")


if __name__ == "__main__":
    FOLDER = weights.find()
    for file, made in ((ENCODER, encoder(FOLDER)), (DECODER, decoder(FOLDER))):
        file.write_bytes(made)
        print(f"{file.name}: {len(made):,} bytes")
