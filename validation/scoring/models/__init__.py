"""Which model hears which language. Pure: the folders that the settings name are handed in."""

from validation.scoring.models.listener import Listener, Method
from validation.scoring.models.onnx_folder import ModelFolderError
from validation.scoring.models.registry import BUILT_IN, listener_for

__all__ = ["BUILT_IN", "Listener", "Method", "ModelFolderError", "listener_for"]
