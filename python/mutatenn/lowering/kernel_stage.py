"""The module at stage kernel: each TIR function as it stands right before host and device split."""

from __future__ import annotations

from typing import Any

import tvm
import tvm_ffi
from tvm import tirx

from mutatenn.lowering.tir_halves import first_half


def lower_kernels(mod: Any, target: Any) -> Any:
    """Put every TIR function through the first half of TVM's TIR pipeline, each alone.

    Args:
        mod: a module at stage tensor; it is not changed.
        target: the ``tvm.target.Target`` that the functions are bound to.

    Returns:
        The same module with flat TIR functions; its Relax functions still refer to them.
    """
    lowered = mod.clone()
    for var, func in mod.functions.items():
        if isinstance(func, tirx.PrimFunc):
            lowered.update_func(var, lower_kernel(func, str(var.name_hint), target))
    return lowered


def lower_kernel(func: Any, name: str, target: Any) -> Any:
    """One TIR function, lowered under the symbol ``name``.

    Args:
        func: a PrimFunc at stage tensor; TVM is given a copy.
        name: the symbol that it will be compiled under.
        target: the ``tvm.target.Target`` that it is bound to.
    """
    alone = tvm.IRModule({name: func.with_attr("global_symbol", name)})
    bound = tirx.transform.BindTarget(with_own_host(target))(alone)
    return first_half(bound)[name]


def with_own_host(target: Any) -> Any:
    """A target with what runs its launches: of a GPU the host it names, else LLVM's own machine.

    Args:
        target: a ``tvm.target.Target``.
    """
    if not is_gpu(target):
        return target.with_host(target)
    return target if target.host is not None else target.with_host("llvm")


def is_gpu(target: Any) -> bool:
    """Whether kernels for a target run in blocks of threads, which a schedule has to bind.

    Args:
        target: a ``tvm.target.Target``.
    """
    return "gpu" in target.keys


def has_threads(func: Any) -> bool:
    """Whether a flat kernel launches any threads.

    Args:
        func: a PrimFunc at stage kernel.
    """
    found = False

    def see(node: Any) -> None:
        nonlocal found
        found = found or str(node.attr_key) == "thread_extent"

    tvm_ffi.structural_walk(func.body, (tirx.AttrStmt, see), order="post")
    return found
