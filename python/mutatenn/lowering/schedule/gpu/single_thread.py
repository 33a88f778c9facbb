"""A kernel that no schedule fits, on a GPU all the same: each of its loops run by one thread."""

from __future__ import annotations

from typing import Any

import tvm_ffi
from tvm import tirx

_AXES = ("blockIdx.x", "threadIdx.x")


def single_threaded(func: Any) -> Any:
    """A PrimFunc whose outermost loops are launches of one thread each, one after another.

    What it computes, and in which order, stays as it was; buffers between loops are workspaces.

    Args:
        func: a PrimFunc at stage tensor without a schedule; it is not changed.
    """
    root = func.body
    block = root.block
    statements = block.body.seq if isinstance(block.body, tirx.SeqStmt) else [block.body]
    launches = [_launch(each) for each in statements]
    body = launches[0] if len(launches) == 1 else tirx.SeqStmt(launches)

    def with_launches(node: Any) -> Any:
        return body if node.same_as(block.body) else node

    bound = tvm_ffi.structural_map(root, (type(block.body), with_launches))
    return func.with_body(bound).with_attr("tirx.is_scheduled", True)


def _launch(stmt: Any) -> Any:
    """A statement in a block of one thread."""
    for tag in reversed(_AXES):
        var = tirx.Var(tag.replace(".", "_"), "int32")
        axis = tirx.IterVar(None, tirx.Var(tag, "int32"), tirx.IterVar.ThreadIndex, tag)
        stmt = tirx.For(var, 0, 1, tirx.ForKind.THREAD_BINDING, stmt, axis)
    return stmt
