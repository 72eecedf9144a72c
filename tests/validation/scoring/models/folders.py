"""A model folder that `onnx-asr` reads, small enough to make in a test.

Not a recogniser: it says "la" for each burst of sound. But it is a real network in the layout of a
NeMo CTC model, run on real mel features by the real package, and what it says depends on the
sound; so all that stands between a folder and a score is tried.
"""

from __future__ import annotations

import json
from pathlib import Path

import onnx
from onnx import TensorProto, helper

SMOOTHED_FRAMES = 15


def burst_counter(folder: Path) -> Path:
    """Write the folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(_network(), folder / "model.onnx")
    (folder / "vocab.txt").write_text("\u2581la 0\n<blk> 1\n", "utf-8")
    config = {"model_type": "nemo-conformer-ctc", "subsampling_factor": 1, "features_size": 80}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
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
    graph = helper.make_graph(
        nodes,
        "bursts",
        [
            helper.make_tensor_value_info("audio_signal", TensorProto.FLOAT, ["B", 80, "T"]),
            helper.make_tensor_value_info("length", TensorProto.INT64, ["B"]),
        ],
        [helper.make_tensor_value_info("logprobs", TensorProto.FLOAT, ["B", "T", 2])],
        [helper.make_tensor("mels", TensorProto.INT64, [1], [1])],
    )
    opset = helper.make_opsetid("", 18)
    return helper.make_model(graph, opset_imports=[opset], ir_version=9)
