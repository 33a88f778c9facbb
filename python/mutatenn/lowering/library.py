"""A whole module to one library on disk, by TVM's own pipelines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tvm
from tvm import relax

from mutatenn.errors import InputError
from mutatenn.lowering.kernel import CompileError, parse_target
from mutatenn.lowering.scheduling import has_scheduled
from mutatenn.lowering.stage import tir_pipeline_of
from mutatenn.tvm_errors import last_line


def build_library(mod: Any, target: str, path: Path) -> None:
    """Compile a module and export it; the file appears whole or not at all.

    Args:
        mod: an IRModule; TVM is given a copy. Flat kernels go through the second half of the TIR
            pipeline only.
        target: a TVM target as text.
        path: the library to write, ending in ``.so``.

    Raises:
        InputError: the target, or the file's name or folder, cannot be used, or the module holds
            flat kernels for another target.
        CompileError: TVM rejects the module for this target.
    """
    parsed = parse_target(target)
    if path.suffix != ".so":
        raise InputError(f"{path} does not end in .so; TVM loads libraries by that suffix")
    if not path.parent.is_dir():
        raise InputError(f"{path.parent} is no folder; make it first")
    pipeline = tir_pipeline_of(mod, target)
    # TVM's default Relax pipeline fuses anew, and would take scheduled kernels for plain ones.
    relax_pipeline = relax.get_pipeline("default_build") if has_scheduled(mod) else "default"
    partial = path.with_name(f".{path.stem}.partial.so")
    try:
        executable = tvm.compile(
            mod.clone(), target=parsed, relax_pipeline=relax_pipeline, tir_pipeline=pipeline
        )
    except Exception as error:
        raise CompileError(f"TVM rejects the module for {target}: {last_line(error)}") from error
    try:
        executable.export_library(str(partial))
        partial.replace(path)
    except (OSError, RuntimeError) as error:
        # The linker's own words come first, the command that it was given last.
        said = next((line for line in str(error).splitlines() if ": " in line), str(error))
        raise CompileError(f"{path} cannot be written: {said}") from error
    finally:
        partial.unlink(missing_ok=True)
