"""The networks that inference is measured on, by name, and what they are fed with."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from google.protobuf.message import DecodeError

from benchmarks.data import data_file
from benchmarks.random_weights import with_random_weights
from mutatenn.demo import inputs_path, model_path
from mutatenn.errors import InputError
from mutatenn.model.input_spec import InputSpec
from mutatenn.model.inputs import load_inputs
from mutatenn.model.preprocess import Preprocess

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DEMO = "digits"
TRAINED = {
    "squeezenet1.1": "squeezenet1_1",
    "mobilenetv2": "mobilenetv2",
    "mobilenetv1_0.25": "mobilenetv1_025_128",
    "resnet20": "resnet20",
    "resnet44": "resnet44",
    "resnet8": "resnet8",
    "resnet_4b": "resnet_4b",
    "shufflenetv2": "shufflenetv2_05",
}
"""Names, and the sections of the data folder's ``models.toml`` that describe them."""
LIGHT = (
    "resnet50",
    "densenet121",
    "inception_v1",
    "inception_v2",
    "vgg19",
    "bvlc_alexnet",
    "shufflenet",
    "zfnet512",
)
"""Models of the onnx package that come without weights."""
ALL = (*TRAINED, *LIGHT)
RANDOM_ROWS = 10
"""For models without pictures; networks of random weights tell random rows hardly apart."""
QUICK = (DEMO, "shufflenet", "inception_v1")
"""Models that need no data folder."""


@dataclasses.dataclass(frozen=True)
class Subject:
    """A model to measure: its file, and float32 rows, each what one call takes."""

    name: str
    path: Path
    rows: np.ndarray


def names_of(wanted: Sequence[str] | None, quick: bool) -> tuple[str, ...]:
    """The models to measure: those that are wanted, else three or all.

    Raises:
        InputError: there is no such model; names of ``.onnx`` files are taken as they are.
    """
    names = tuple(wanted) if wanted else (QUICK if quick else ALL)
    for name in names:
        if name not in (DEMO, *ALL) and not name.endswith(".onnx"):
            raise InputError(
                f"there is no model {name!r} to measure; give {', '.join((DEMO, *ALL))}, or the "
                "path of an .onnx file"
            )
    return names


def subject(name: str, folder: Path, limit: int) -> Subject:
    """A model with its rows.

    Args:
        name: one of ``names_of``.
        folder: where a file may be written that lasts as long as the measurement.
        limit: how many rows at most.

    Raises:
        InputError: a file is not there, or is no model of one input of float32.
    """
    if name == DEMO:
        rows = load_inputs(inputs_path(), [_spec(model_path())], None, limit=limit).rows[0]
        return Subject(name, model_path(), rows)
    if name in TRAINED:
        return _trained(name, limit)
    path = Path(name)
    if name in LIGHT:
        path = folder / f"{name}.onnx"
        with_random_weights(_light(name), path)
    rng = np.random.default_rng(0)
    shape = (min(limit, RANDOM_ROWS), *_spec(path).shape)
    return Subject(path.stem, path, rng.standard_normal(shape, "float32"))


def _trained(name: str, limit: int) -> Subject:
    sections = tomllib.loads(data_file("models.toml").read_text())
    section: dict[str, Any] = sections[TRAINED[name]]
    path = data_file(section["file"])
    settings: dict[str, Any] = dict(section["preprocess"])
    if "resize" in section:
        settings["resize"] = (section["size"], section["size"])
    for key in ("mean", "std"):
        if key in settings:
            settings[key] = tuple(map(float, settings[key]))
    pictures = data_file(f"{section['images']}/labels.csv").parent
    rows = load_inputs(pictures, [_spec(path)], Preprocess(**settings)).rows[0]
    return Subject(name, path, _spread(rows, limit))


def _spread(rows: np.ndarray, limit: int) -> np.ndarray:
    """Rows from everywhere: files are sorted by class."""
    chosen = np.linspace(0, len(rows) - 1, min(limit, len(rows))).round().astype(int)
    return np.ascontiguousarray(rows[chosen])


def _light(name: str) -> Path:
    package = Path(onnx.__file__).parent
    return package / "backend" / "test" / "data" / "light" / f"light_{name}.onnx"


def _spec(path: Path) -> InputSpec:
    if not path.is_file():
        raise InputError(f"{path}: no such file; check the path")
    try:
        graph = onnx.load(str(path), load_external_data=False).graph
    except DecodeError as error:
        raise InputError(f"{path} is no ONNX model, or cut short; measure another") from error
    weights = {tensor.name for tensor in graph.initializer}
    inputs = [value for value in graph.input if value.name not in weights]
    kinds = [value.type.tensor_type.elem_type for value in inputs]
    if kinds != [onnx.TensorProto.FLOAT]:
        raise InputError(f"{path} does not take one input of float32; measure another model")
    sizes = [int(dim.dim_value) or 1 for dim in inputs[0].type.tensor_type.shape.dim]
    return InputSpec(inputs[0].name, tuple(sizes), "float32")
