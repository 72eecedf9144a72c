"""Model folders that `onnx-asr` reads, small enough to make in a test.

Not recognisers: they say "la". But they are real networks in the layouts of NeMo's CTC models, of
Vosk and of Whisper, run on real mel features by the real package, and what they say depends on the
sound, or on the language that they are told; so all that stands between a folder and a score is
tried.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SMOOTHED_FRAMES = 15


def burst_counter(folder: Path) -> Path:
    """Write the folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(_network(), folder / "model.onnx")
    (folder / "vocab.txt").write_text("\u2581la 0\n<blk> 1\n", "utf-8")
    config = {"model_type": "nemo-conformer-ctc", "subsampling_factor": 1, "features_size": 80}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return folder


def vosk(folder: Path) -> Path:
    """Write the folder of a transducer that says "la" once, where a recording is at its loudest."""
    (folder / "am").mkdir(parents=True, exist_ok=True)
    (folder / "lang").mkdir(exist_ok=True)
    (folder / "lang" / "tokens.txt").write_text("<blk> 0\n\u2581la 1\n", "utf-8")
    (folder / "config.json").write_text(json.dumps({"model_type": "vosk"}), "utf-8")
    onnx.save(_vosk_encoder(), folder / "am" / "encoder.onnx")
    onnx.save(_vosk_decoder(), folder / "am" / "decoder.onnx")
    onnx.save(_vosk_joiner(), folder / "am" / "joiner.onnx")
    return folder


def whisper(folder: Path) -> Path:
    """Write the folder of a Whisper that says "la" in German and "si" in every other language."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({"\u0120la": 0, "\u0120si": 1}), "utf-8")
    added = ["<|endoftext|>", "<|startoftranscript|>", "<|transcribe|>", "<|notimestamps|>"]
    added += ["<|de|>", "<|no|>"]
    tokens = {name: number for number, name in enumerate(added, start=2)}
    (folder / "added_tokens.json").write_text(json.dumps(tokens), "utf-8")
    (folder / "config.json").write_text(json.dumps({"model_type": "whisper"}), "utf-8")
    onnx.save(_whisper_encoder(), folder / "encoder_model.onnx")
    onnx.save(_whisper_decoder(tokens), folder / "decoder_model_merged.onnx")
    return folder


def _network() -> onnx.ModelProto:
    """Mel frames (B, 80, T), louder or quieter than their mean, to "la" or nothing (B, T, 2)."""
    half = SMOOTHED_FRAMES // 2
    nodes = [
        helper.make_node("ReduceMean", ["audio_signal", "mels"], ["level"], keepdims=1),
        helper.make_node(
            "AveragePool", ["level"], ["smooth"], kernel_shape=[SMOOTHED_FRAMES], pads=[half, half]
        ),
        helper.make_node("Transpose", ["smooth"], ["la"], perm=[0, 2, 1]),
        helper.make_node("Neg", ["la"], ["nothing"]),
        helper.make_node("Concat", ["la", "nothing"], ["both"], axis=2),
        helper.make_node("LogSoftmax", ["both"], ["logprobs"], axis=2),
    ]
    inputs = {"audio_signal": (FLOAT, ["B", 80, "T"]), "length": (INT64, ["B"])}
    return _model(nodes, inputs, {"logprobs": (FLOAT, ["B", "T", 2])}, {"mels": np.array([1])})


def _vosk_encoder() -> onnx.ModelProto:
    """Mel frames (B, T, 80) to how far each is from the loudest, (B, T, 2): nothing, "la"."""
    nodes = [
        helper.make_node("ReduceMean", ["x", "mels"], ["level"], keepdims=1),
        helper.make_node("ReduceMax", ["level", "frames"], ["loudest"], keepdims=1),
        helper.make_node("Sub", ["level", "loudest"], ["below"]),
        helper.make_node("Mul", ["below", "zero"], ["nothing"]),
        helper.make_node("Add", ["below", "margin"], ["la"]),
        helper.make_node("Concat", ["nothing", "la"], ["encoder_out"], axis=2),
        helper.make_node("Identity", ["x_lens"], ["encoder_out_lens"]),
    ]
    inputs = {"x": (FLOAT, ["B", "T", 80]), "x_lens": (INT64, ["B"])}
    outputs = {"encoder_out": (FLOAT, ["B", "T", 2]), "encoder_out_lens": (INT64, ["B"])}
    constants = {
        "mels": np.array([2]), "frames": np.array([1]),
        "zero": np.float32([0]), "margin": np.float32([0.01]),
    }  # fmt: skip
    return _model(nodes, inputs, outputs, constants)


def _vosk_decoder() -> onnx.ModelProto:
    """Whoever has said "la" says nothing more."""
    nodes = [
        helper.make_node("Gather", ["y", "last"], ["token"], axis=1),
        helper.make_node("Gather", ["said", "token"], ["after"], axis=0),
        helper.make_node("Squeeze", ["after", "last"], ["decoder_out"]),
    ]
    constants = {"last": np.array([1]), "said": np.float32([[0, 0], [1000, 0]])}
    outputs = {"decoder_out": (FLOAT, ["B", 2])}
    return _model(nodes, {"y": (INT64, ["B", 2])}, outputs, constants)


def _vosk_joiner() -> onnx.ModelProto:
    nodes = [helper.make_node("Add", ["encoder_out", "decoder_out"], ["logit"])]
    inputs = {"encoder_out": (FLOAT, ["B", 2]), "decoder_out": (FLOAT, ["B", 2])}
    return _model(nodes, inputs, {"logit": (FLOAT, ["B", 2])}, {})


def _whisper_encoder() -> onnx.ModelProto:
    turned = helper.make_node(
        "Transpose", ["input_features"], ["last_hidden_state"], perm=[0, 2, 1]
    )
    inputs = {"input_features": (FLOAT, ["B", 80, "T"])}
    return _model([turned], inputs, {"last_hidden_state": (FLOAT, ["B", "T", 80])}, {})


def _whisper_decoder(tokens: dict[str, int]) -> onnx.ModelProto:
    """What follows on the last token, and what is said in the language that stands second."""
    size, end = 2 + len(tokens), tokens["<|endoftext|>"]
    following, spoken = np.zeros((size, size), np.float32), np.zeros((size, size), np.float32)
    following[:2, end] = 1000
    spoken[:, 1] = 1
    spoken[tokens["<|de|>"]] = np.eye(size, dtype=np.float32)[0]
    nodes = [
        helper.make_node("Gather", ["following", "input_ids"], ["next"], axis=0),
        helper.make_node("Gather", ["input_ids", "second"], ["language"], axis=1),
        helper.make_node("Gather", ["spoken", "language"], ["word"], axis=0),
        helper.make_node("Add", ["next", "word"], ["said"]),
        helper.make_node("ReduceMean", ["encoder_hidden_states", "all"], ["sound"], keepdims=1),
        helper.make_node("Mul", ["sound", "zero"], ["none"]),
        helper.make_node("Add", ["said", "none"], ["logits"]),
    ]
    inputs = {"input_ids": (INT64, ["B", "L"]), "encoder_hidden_states": (FLOAT, ["B", "T", 80])}
    constants = {
        "following": following, "spoken": spoken, "second": np.array([1]),
        "all": np.array([1, 2]), "zero": np.float32([0]),
    }  # fmt: skip
    return _model(nodes, inputs, {"logits": (FLOAT, ["B", "L", size])}, constants)


FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64
_Named = dict[str, tuple[int, list[str | int]]]


def _model(
    nodes: list[onnx.NodeProto], inputs: _Named, outputs: _Named, constants: dict[str, Any]
) -> onnx.ModelProto:
    infos = [
        [helper.make_tensor_value_info(name, *kind) for name, kind in named.items()]
        for named in (inputs, outputs)
    ]
    held = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "la", infos[0], infos[1], held)
    opset = helper.make_opsetid("", 18)
    return helper.make_model(graph, opset_imports=[opset], ir_version=9)
