"""Graph preparation: the Relax passes that give a model kernels which schedules can speed up."""

from __future__ import annotations

from typing import Any

from mutatenn.lowering.fuse import is_fused
from mutatenn.lowering.graph.batch_norm import decompose_batch_norm, fold_scale
from mutatenn.lowering.graph.block_channels import block_channels
from mutatenn.lowering.graph.constants import fold_constants
from mutatenn.lowering.graph.pack_matmul import pack_matmul
from mutatenn.lowering.graph.simplify import simplify


def passes(lanes: int) -> tuple[Any, ...]:
    """The module passes in their order.

    Args:
        lanes: float32 elements that a vector of the target holds.
    """
    plain = (fold_constants, simplify, decompose_batch_norm, fold_scale)
    return (*plain, block_channels(lanes), pack_matmul(lanes))


def prepare(mod: Any, lanes: int) -> Any:
    """Prepare a model for fusion; its calls keep their layer names.

    Args:
        mod: a module with a Relax function ``main``; it is not changed. One that launches kernels
            already comes back as it is: its graph is decided.
        lanes: float32 elements that a vector of the target holds.

    Raises:
        InputError: there is no Relax function ``main``.
    """
    if is_fused(mod):
        return mod
    for each in passes(lanes):
        mod = each(mod)
    return mod
