"""Write the two graphs: `python -m validation.scoring.graphs.build`.

Run it only to take up another release of the model, or of what onnxruntime can do in one node; it
needs `onnx`, which is not shipped.
"""

from __future__ import annotations

from pathlib import Path

from validation.scoring import weights
from validation.scoring.graphs import CROSS, DECODER, ENCODER, LAYERS, LIKELIHOODS, PAST, PRESENT
from validation.scoring.graphs.construction import Graph, floats, integers, states
from validation.scoring.graphs.layers import Angles, Layers
from validation.scoring.graphs.published import Published

BODY = "/model/decoder"
VOCABULARY = 32_768


def encoder(folder: Path) -> bytes:
    """In: `samples`, f32 (1, 1, 1, n). Out: `CROSS`, T about n / 384."""
    graph = Graph()
    hidden = _hidden(Layers(graph, Published(folder / weights.ENCODER)))
    places = [f"{BODY}/layers.{number}/encoder_attn" for number in range(LAYERS)]
    nodes = [f"{place}/{side}" for place in places for side in ("k_proj", "v_proj")]
    of_decoder = Layers(graph, Published(folder / weights.DECODER))
    for made, name in zip(of_decoder.products(hidden, nodes), CROSS, strict=True):
        graph.heads(made, name)
    return graph.serialised("encoder", [floats("samples", 1, 1, 1, "n")], states(CROSS, "T"))


def _hidden(layers: Layers) -> str:
    """What is in the samples, (1, T, 288)."""
    stream, change = layers.stem("samples"), ""
    angles = layers.angles(layers.graph.positions(stream))
    for number in range(LAYERS):
        place = f"layers.{number}"
        stream, normed = layers.step(stream, change, f"{place}.input_layernorm")
        change = layers.attend(normed, angles, f"/{place}/self_attn")
        stream, normed = layers.step(stream, change, f"{place}.post_attention_layernorm")
        change = layers.widened(normed, f"/{place}/mlp")
    return layers.step(stream, change, "layer_norm")[1]


def decoder(folder: Path) -> bytes:
    """In: `tokens`, int64 (1, L); `positions`, f32 (L, 1), of the first token 0; `PAST`; `CROSS`.

    Out: `LIKELIHOODS`, of each token to follow each, f32 (1, L, 32768); `PRESENT`.
    """
    layers = Layers(Graph(), Published(folder / weights.DECODER))
    angles = layers.angles("positions")
    stream, change = layers.embedded("tokens"), ""
    for number in range(LAYERS):
        stream, change = _read(layers, stream, change, angles, number)
    _, normed = layers.step(stream, change, "model.decoder.norm")
    logits = layers.product(normed, "/proj_out")
    layers.graph.node("LogSoftmax", logits, axis=-1, out=LIKELIHOODS)
    inputs = [integers("tokens", 1, "L"), floats("positions", "L", 1)]
    inputs += states(PAST, "P") + states(CROSS, "T")
    out = [floats(LIKELIHOODS, 1, "L", VOCABULARY), *states(PRESENT, "N")]
    return layers.graph.serialised("decoder", inputs, out)


def _read(layers: Layers, stream: str, change: str, angles: Angles, number: int) -> tuple[str, str]:
    """One layer of the decoder: to the text so far, to the clip, and each token by itself."""
    place, norm = f"{BODY}/layers.{number}", f"model.decoder.layers.{number}"
    mine = slice(2 * number, 2 * number + 2)
    before = {"past": PAST[mine], "out": PRESENT[mine], "unidirectional": 1}
    stream, normed = layers.step(stream, change, f"{norm}.input_layernorm")
    change = layers.attend(normed, angles, f"{place}/self_attn", **before)
    stream, normed = layers.step(stream, change, f"{norm}.post_attention_layernorm")
    change = layers.attend_to(CROSS[mine], normed, f"{place}/encoder_attn")
    stream, normed = layers.step(stream, change, f"{norm}.final_layernorm")
    return stream, layers.gated(normed, f"{place}/mlp")


if __name__ == "__main__":
    FOLDER = weights.find()
    for file, made in ((ENCODER, encoder(FOLDER)), (DECODER, decoder(FOLDER))):
        file.write_bytes(made)
        print(f"{file.name}: {len(made):,} bytes")
