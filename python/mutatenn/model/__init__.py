"""Models in and out: ONNX, IRModule JSON and TVMScript to an IRModule with layer names."""

from __future__ import annotations

from mutatenn.model.ir_json import save
from mutatenn.model.layers import Layer, layers_of, with_layers
from mutatenn.model.load import load

__all__ = ["Layer", "layers_of", "load", "save", "with_layers"]
