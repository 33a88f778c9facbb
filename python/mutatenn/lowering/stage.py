"""A model at the stage where mutants are to be planted, and how such a module is compiled."""

from __future__ import annotations

import json
from typing import Any

from tvm import relax, tirx

from mutatenn import _core
from mutatenn.errors import InputError
from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.kernel_stage import has_threads, is_gpu, lower_kernel, with_own_host
from mutatenn.lowering.tensor_stage import with_kernels
from mutatenn.lowering.tir_halves import register_second_half
from mutatenn.mutation.mutant import GRAPH_STAGES
from mutatenn.tvm_errors import last_line

STAGES = ("tensor", "kernel")
"""Before scheduling, and flat code right before host and device code are split."""

SECOND_HALF = register_second_half()
"""Pipeline for ``tvm.compile`` that goes on where flat kernels stand."""


def at_stage(mod: Any, stage: str, target: str = "llvm") -> tuple[Any, bool]:
    """A module in which operators of one stage find their places.

    At stage kernel ``main`` has no dataflow blocks: TVM's Relax pipeline looks in those for
    kernels that only reshape, and fails on flat ones.

    Args:
        mod: an IRModule; it is not changed.
        stage: ``tensor`` or ``kernel``; at ``graph`` and ``weight`` the module is taken as it is.
        target: what flat kernels are bound to, as text; without effect at stage tensor.

    Returns:
        The module, and whether it was lowered here. Kernels that are flat already stay as they
        are, at either stage.

    Raises:
        InputError: there is no such stage or target, the module holds no code that can be brought
            there, or TVM cannot lower a kernel for the target.
    """
    if stage in GRAPH_STAGES:
        if not any(isinstance(func, relax.Function) for func in mod.functions.values()):
            raise InputError("the module holds no Relax function, so it has no graph")
        return mod, False
    if stage not in STAGES:
        raise InputError(f"there is no stage {stage!r}; give --stage tensor or --stage kernel")
    bound = parse_target(target)
    kernels, lowered = with_kernels(mod)
    if stage == "tensor":
        return kernels, lowered
    flat = relax.transform.ToNonDataflow()(kernels.clone())
    for name, func in _kernels(kernels).items():
        if _core.stage_of(func) == "kernel":
            continue
        try:
            kernel = lower_kernel(func, name, bound)
        except Exception as error:  # TVM raises whatever its passes meet.
            raise InputError(
                f"TVM cannot lower kernel {name} for {target}: {last_line(error)}"
            ) from error
        if is_gpu(bound) and not has_threads(kernel):
            # TVM says nothing: it leaves the loops to the host.
            raise InputError(
                f"kernel {name} has no schedule that binds its loops to threads, which code for "
                f"{bound.kind.name} needs; give --schedule default"
            )
        flat.update_func(flat.get_global_var(name), kernel)
        lowered = True
    return flat, lowered


def tir_pipeline_of(mod: Any, target: str) -> str:
    """The pipeline that compiles a module's kernels as they stand: none is lowered twice.

    Args:
        mod: an IRModule with kernels.
        target: what it is to be compiled for, as text.

    Returns:
        A name for ``tvm.compile(mod, target, tir_pipeline=...)``.

    Raises:
        InputError: a flat kernel was lowered for another target.
    """
    kernels = _kernels(mod)
    flat = {name: func for name, func in kernels.items() if _core.stage_of(func) == "kernel"}
    wanted = parse_target(target)
    # As JSON, read again: the order of a target's keys depends on how it was made.
    known = [json.loads(str(each)) for each in (wanted, with_own_host(wanted))]
    for name, func in flat.items():
        bound = (func.attrs or {}).get("target")
        if bound is not None and json.loads(str(bound)) not in known:
            raise InputError(
                f"kernel {name} is flat code for {bound}, not for {target}; build it for that "
                "target, or start from the model"
            )
    return SECOND_HALF if flat and len(flat) == len(kernels) else "default"


def _kernels(mod: Any) -> dict[str, Any]:
    functions = {str(var.name_hint): func for var, func in mod.functions.items()}
    return {name: f for name, f in sorted(functions.items()) if isinstance(f, tirx.PrimFunc)}
