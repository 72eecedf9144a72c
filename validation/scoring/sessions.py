"""How onnxruntime runs the model: on one thread, and in one arena for all its parts."""

from functools import cache
from pathlib import Path
from typing import Final

import onnxruntime as ort

#: Above what the longest clip that is scored takes.
ARENA_NUM_BYTES: Final = 256 << 20
FOLDER_OF_WEIGHTS: Final = "session.model_external_initializers_file_folder_path"


def session(graph: Path, weights: Path) -> ort.InferenceSession:
    """A graph, loaded, with its weights from the files in the folder `weights`.

    They are mapped, and laid out anew for this processor; nothing holds on to the files.
    """
    _share_arena()
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.use_env_allocators", "1")
    # Heeded only where the graph itself is given as bytes.
    options.add_session_config_entry(FOLDER_OF_WEIGHTS, str(weights))
    return ort.InferenceSession(graph.read_bytes(), options, providers=["CPUExecutionProvider"])


@cache
def _share_arena() -> None:
    """One arena for encoder and decoder, which never run at once: a long clip leaves 70 MB less.

    It is laid out in one piece, of which only what is used becomes memory: pieces that grow with
    the clips are each too small for the next longer one. onnxruntime knows one such arena for each
    process, and refuses a second.
    """
    kind = ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR
    memory = ort.OrtMemoryInfo("Cpu", kind, 0, ort.OrtMemType.DEFAULT)
    arena = ort.OrtArenaCfg({"initial_chunk_size_bytes": ARENA_NUM_BYTES})
    ort.create_and_register_allocator(memory, arena)
