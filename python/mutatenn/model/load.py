"""A model file of any accepted kind to an IRModule."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from mutatenn.errors import InputError
from mutatenn.model.ir_json import load_ir_json
from mutatenn.model.onnx import load_onnx
from mutatenn.model.script import load_script

ACCEPTED = (".onnx", ".json", ".json.gz", ".py")


def load(path: str | os.PathLike[str], *, batch: int | None = None, trust: bool = False) -> Any:
    """Read a model file as a ``tvm.IRModule``.

    Args:
        path: ``.onnx``; ``.json`` or ``.json.gz`` as TVM's ``save_json`` writes an IRModule; or
            ``.py`` (TVMScript).
        batch: what a symbolic batch dimension of an ONNX model becomes, in images; 1 when not
            given.
        trust: whether a ``.py`` file may be executed.

    Raises:
        InputError: the file is missing, of another kind, damaged, or not importable.
    """
    file = Path(path)
    if file.is_dir():
        raise InputError(f"{file}: a folder, not a model file; name a file in it.")
    if not file.exists():
        raise InputError(f"{file}: no such file; check the path.")
    name = file.name.lower()
    kind = next((suffix for suffix in ACCEPTED if name.endswith(suffix)), None)
    if kind is None:
        raise InputError(
            f"{file}: not a model file by its name; accepted are {', '.join(ACCEPTED)}."
        )
    if batch is not None and kind != ".onnx":
        raise InputError(f"{file}: --batch is for .onnx files only; leave it out.")
    try:
        if kind == ".onnx":
            return load_onnx(file, batch=batch)
        if kind == ".py":
            return load_script(file, trust=trust)
        return load_ir_json(file)
    except OSError as error:
        raise InputError(
            f"{file}: cannot be read ({error.strerror or error}); check the file's permissions."
        ) from error
