"""IRModules as JSON files, plain or gzip, the way TVM writes them: weights inside."""

from __future__ import annotations

import gzip
import json
import os
import tempfile
import zlib
from pathlib import Path
from typing import Any

import tvm

from mutatenn.errors import InputError

_GZIP_MAGIC = b"\x1f\x8b"


def load_ir_json(path: Path) -> Any:
    """Read an IRModule that TVM's ``save_json`` wrote.

    Args:
        path: a JSON file; whether it is compressed is read from its first bytes, not its name.

    Raises:
        InputError: the file is no JSON, is of TVM 0.19 or older, or holds something else.
    """
    text = _read_text(path)
    try:
        tree = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path}: not JSON (line {error.lineno}, column {error.colno}: {error.msg}); "
            "give a module that tvm.ir.save_json wrote."
        ) from error
    if isinstance(tree, dict) and "root" in tree and "nodes" in tree and "root_index" not in tree:
        raise InputError(
            f"{path}: the legacy JSON graph format of TVM 0.19 or older, which TVM "
            f"{tvm.__version__} cannot read; export the model to ONNX and import that."
        )
    if not isinstance(tree, dict) or "root_index" not in tree:
        raise InputError(
            f"{path}: JSON, but not an object saved by TVM (it has no root_index); "
            "give a module that tvm.ir.save_json wrote."
        )
    try:
        module = tvm.ir.load_json(text)
    except Exception as error:  # TVM raises whatever its readers meet.
        raise InputError(
            f"{path}: TVM {tvm.__version__} cannot read this module ({first_line(error)}); "
            "save it again with this version."
        ) from error
    if not isinstance(module, tvm.IRModule):
        raise InputError(
            f"{path}: holds a {type(module).__name__}, not an IRModule; save the whole module."
        )
    return module


def save(mod: Any, path: str | os.PathLike[str]) -> None:
    """Write an IRModule as JSON, weights inside; compressed when the name ends in ``.gz``.

    The file appears whole or not at all, and equal modules give equal bytes.

    Raises:
        InputError: the folder does not exist or cannot be written to.
    """
    target = Path(path)
    data = tvm.ir.save_json(mod).encode()
    if target.suffix.lower() == ".gz":
        # No time of day: the same module gives the same bytes.
        data = gzip.compress(data, compresslevel=6, mtime=0)
    try:
        _replace(target, data)
    except OSError as error:
        raise InputError(
            f"{target}: cannot be written ({error.strerror}); name a file in a writable folder."
        ) from error


def first_line(error: BaseException) -> str:
    """The first line of an error's text that says something, without a closing full stop."""
    lines = (line.strip() for line in str(error).splitlines())
    return next((line for line in lines if line), type(error).__name__).rstrip(".")


def _read_text(path: Path) -> str:
    data = path.read_bytes()
    try:
        if data.startswith(_GZIP_MAGIC):
            data = gzip.decompress(data)
        return data.decode()
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"{path}: damaged gzip file ({first_line(error)}); write or download it again."
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: not JSON (byte {error.start} is no text); "
            "give a module that tvm.ir.save_json wrote."
        ) from error


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
