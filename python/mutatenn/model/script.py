"""TVMScript files: Python that is executed, hence only where the caller trusts it."""

from __future__ import annotations

import contextlib
import linecache
import re
import sys
import traceback
import types
from pathlib import Path
from typing import Any

import tvm

from mutatenn.errors import InputError
from mutatenn.model.ir_json import first_line


def load_script(path: Path, *, trust: bool) -> Any:
    """Execute a TVMScript file and return the one IRModule that it defines at module level.

    Args:
        path: a Python file; what it prints goes to stderr.
        trust: whether its code may be executed.

    Raises:
        InputError: not trusted, an error in the script, or not exactly one IRModule.
    """
    if not trust:
        raise InputError(
            f"{path}: a TVMScript file is Python code that would be executed; "
            "pass --trust (trust=True) if you trust it."
        )
    found: dict[int, tuple[str, Any]] = {}
    for name, value in _execute(path).items():
        if isinstance(value, tvm.IRModule):
            found.setdefault(id(value), (name, value))
    if len(found) != 1:
        names = ", ".join(name for name, _ in found.values())
        raise InputError(
            f"{path}: defines {len(found)} IRModules{f' ({names})' if names else ''}; "
            "exactly one must stand at module level, as an @I.ir_module class or an object."
        )
    return next(iter(found.values()))[1]


def _execute(path: Path) -> dict[str, Any]:
    """Module-level names after execution; leaves no bytecode beside the file."""
    # TVMScript reads its own source back through inspect, which asks sys.modules and linecache.
    name = f"_mutatenn_script_{path.stem}"
    module = types.ModuleType(name)
    module.__file__ = str(path)
    linecache.checkcache(str(path))
    sys.modules[name] = module
    try:
        with contextlib.redirect_stdout(sys.stderr):
            source = path.read_text(encoding="utf-8")
            exec(compile(source, str(path), "exec"), module.__dict__)
    except (Exception, SystemExit) as error:
        what = f"{type(error).__name__}: {first_line(error).removeprefix('error: ')}"
        raise InputError(f"{path}{_line(error, path)}: {what}; correct the script.") from error
    finally:
        del sys.modules[name]
    return dict(module.__dict__)


def _line(error: BaseException, path: Path) -> str:
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return f", line {error.lineno}"
    # TVM's parser tells the line in its text; the frames below the decorator are its own.
    told = re.search(rf"--> {re.escape(str(path))}:(\d+):", str(error))
    if told:
        return f", line {told.group(1)}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    return f", line {lines[-1]}" if lines else ""
