"""ONNX files through TVM's Relax frontend, each call keeping the name of the node it came from."""

from __future__ import annotations

import contextlib
import io
import warnings
from pathlib import Path
from typing import Any

import google.protobuf.message
import onnx
import tvm
from tvm.relax.frontend.onnx.onnx_frontend import ONNXGraphImporter

from mutatenn.errors import InputError
from mutatenn.model import layers
from mutatenn.model.ir_json import first_line

# What TVM's from_onnx asks for.
_OLDEST_IR_VERSION = 3


def load_onnx(path: Path, *, batch: int | None = None) -> Any:
    """Read an ONNX file as a Relax module.

    Args:
        path: the file; external data is looked for beside it.
        batch: what a symbolic first dimension of the inputs becomes; 1 when not given.

    Raises:
        InputError: not readable as ONNX, a shape that stays open, an operator TVM does not know.
    """
    model = _read(path)
    shapes = _shapes(model.graph, path, batch)
    _name_nodes(model.graph)
    importer = _Importer(shapes, "float32")
    try:
        # The frontend prints what it could not convert and warns of names it changes.
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            return importer.from_onnx(model.graph, _opset(model))
    except tvm.error.OpNotImplemented as error:
        raise InputError(f"{path}: {_unsupported(model.graph, str(error))}") from error
    except Exception as error:  # Converters raise whatever they meet.
        raise InputError(
            f"{path}: TVM's ONNX frontend failed{importer.place} "
            f"({type(error).__name__}: {first_line(error)}); "
            "simplify the model or export that part differently."
        ) from error


class _Importer(ONNXGraphImporter):  # type: ignore[misc]
    """TVM's importer, noting which node each expression belongs to.

    What a converter returns is bound only when a later node uses it, so it carries its layer
    itself; what a converter emits on the way is found between that node's marker and the next.
    """

    def __init__(self, shape_dict: dict[str, list[int]], dtype_dict: str) -> None:
        super().__init__(shape_dict, dtype_dict)
        self._layers: list[tuple[layers.Layer, ...]] = []
        self.place = ""

    def from_onnx(self, graph: Any, opset: int) -> Any:
        try:
            mod = super().from_onnx(graph, opset)
        except Exception:
            if self._layers:
                # TVM leaves this block open, and says so on stderr when the builder goes.
                self.bb._end_block()
            raise
        mod["main"] = layers.unmark(mod["main"], self._layers)
        return mod

    def _convert_operator(self, op_name: str, inputs: Any, attrs: Any, opset: int) -> Any:
        layer = layers.Layer(len(self._layers), attrs["tvm_custom"]["name"])
        self.place = f" at {op_name} node {layer.name!r}"
        self._layers.append((layer,))
        layers.put_marker(self.bb)
        result = super()._convert_operator(op_name, inputs, attrs, opset)
        # Identity and the like hand back an operand, which has its own layer already.
        if isinstance(result, tvm.ir.Call) and not layers.layers(result):
            result = layers.with_layers(result, [layer])
        return result


def _read(path: Path) -> Any:
    data = path.read_bytes()
    if not data:
        raise InputError(f"{path}: an empty file, not an ONNX model; export or download it again.")
    try:
        model = onnx.load_model_from_string(data)
    except google.protobuf.message.DecodeError as error:
        raise InputError(
            f"{path}: not an ONNX model, or cut short; export or download it again."
        ) from error
    if model.ir_version < _OLDEST_IR_VERSION or not model.graph.output:
        raise InputError(
            f"{path}: not an ONNX model of IR version {_OLDEST_IR_VERSION} or newer "
            f"(IR version {model.ir_version}, {len(model.graph.output)} outputs); export it again."
        )
    try:
        onnx.load_external_data_for_model(model, str(path.parent))
    except (OSError, ValueError, onnx.checker.ValidationError) as error:
        raise InputError(
            f"{path}: its external data cannot be read ({first_line(error)}); "
            "put the data file beside the model."
        ) from error
    return model


def _opset(model: Any) -> int:
    for entry in model.opset_import:
        if entry.domain in ("", "ai.onnx"):
            return int(entry.version)
    return 1


def _shapes(graph: Any, path: Path, batch: int | None) -> dict[str, list[int]]:
    """Shapes of the inputs that have open dimensions, by input name."""
    if batch is not None and batch < 1:
        raise InputError(f"{path}: the batch size is {batch}; give a whole number of at least 1.")
    weights = {tensor.name for tensor in graph.initializer}
    inputs = [value for value in graph.input if value.name not in weights]
    written = {value.name: _written_shape(value, path) for value in inputs}
    firsts = [shape[0] for shape in written.values() if shape]
    if batch is not None and not {0, batch} & set(firsts):
        raise InputError(
            f"{path}: its inputs have no open batch dimension (first dimensions: "
            f"{', '.join(map(str, firsts)) or 'none'}); leave --batch {batch} out."
        )
    return {
        name: _closed_shape(name, shape, path, batch or 1)
        for name, shape in written.items()
        if 0 in shape
    }


def _written_shape(value: Any, path: Path) -> list[int]:
    """The shape that the file gives an input, in elements; 0 where a dimension is open."""
    tensor = value.type.tensor_type
    if not value.type.HasField("tensor_type") or not tensor.HasField("shape"):
        raise InputError(
            f"{path}: input {value.name!r} has no known shape; export the model with fixed shapes."
        )
    return [max(0, int(dim.dim_value)) for dim in tensor.shape.dim]


def _closed_shape(name: str, shape: list[int], path: Path, batch: int) -> list[int]:
    if 0 in shape[1:]:
        raise InputError(
            f"{path}: dimension {shape.index(0, 1)} of input {name!r} is open; only the first, the "
            "batch, may be: export the model with the others fixed."
        )
    return [batch, *shape[1:]]


def _name_nodes(graph: Any, prefix: str = "") -> None:
    """Give nodes without a name one that says operator and place; branches go by their node's."""
    for index, node in enumerate(graph.node):
        node.name = prefix + (node.name or f"{node.op_type}_{index}")
        for attribute in node.attribute:
            if attribute.HasField("g"):
                _name_nodes(attribute.g, f"{node.name}/")


def _unsupported(graph: Any, message: str) -> str:
    """One sentence naming the operators that the frontend refused, in graph order."""
    refused = {name.strip() for name in message.rpartition(":")[2].split(",")}
    nodes: dict[str, list[str]] = {}
    for node in graph.node:
        if node.op_type in refused:
            nodes.setdefault(node.op_type, []).append(node.name)
    if not nodes:
        return f"TVM's ONNX frontend refuses it ({first_line(Exception(message))})."
    told = ", ".join(
        f"{kind} (first of {len(names)}: node {names[0]!r})" for kind, names in nodes.items()
    )
    return (
        f"TVM's ONNX frontend does not support {told}; "
        "export the model without them, as a float model if it is a quantised one."
    )
