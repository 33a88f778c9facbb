"""The difference between a kernel and its mutant, as TVMScript."""

from __future__ import annotations

import difflib
from typing import Any

import tvm_ffi
from tvm import IRModule, relax

from mutatenn.mutation.constants import changed_constants
from mutatenn.tvm_errors import last_line


def changed_functions(before: Any, after: Any) -> list[str]:
    """Names of the functions that differ between two modules, sorted.

    Functions that exist on one side alone count as changed.
    """
    old = {str(var.name_hint): func for var, func in before.functions.items()}
    new = {str(var.name_hint): func for var, func in after.functions.items()}
    return sorted(
        name
        for name in old.keys() | new.keys()
        if name not in old
        or name not in new
        or not (old[name].same_as(new[name]) or tvm_ffi.structural_equal(old[name], new[name]))
    )


def kernel_diff(before: Any, after: Any, name: str, context: int = 3) -> str:
    """A unified diff of the TVMScript of two versions of a kernel, ``context`` lines around.

    TVM's printer folds constants and refuses, say, a division by zero; the diff then says so.
    Of a graph's constants it prints no values: below the diff, a line tells each that changed.
    """
    try:
        old, new = (IRModule({name: func}).script().splitlines() for func in (before, after))
    except RuntimeError as error:
        return f"--- {name}\n+++ {name} (mutant)\nTVMScript cannot print it: {last_line(error)}"
    lines = difflib.unified_diff(
        old, new, fromfile=name, tofile=f"{name} (mutant)", n=context, lineterm=""
    )
    weights = changed_constants(before, after) if isinstance(before, relax.Function) else []
    return "\n".join([*lines, *weights])
