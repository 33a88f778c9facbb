"""Small kernels from TVMScript text, running them, and telling where two of them differ."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np
import tvm
import tvm_ffi
from tvm import s_tir, tirx
from tvm.script import from_source
from tvm.script import tirx as T  # noqa: N812

REGIONS = ("reads", "writes")


def kernel(
    body: str, dtype: str = "float32", name: str = "main", shape: tuple[int, ...] = (8,)
) -> Any:
    """A PrimFunc over the buffers A, B and C of one shape; its body is a root block."""
    buffers = ", ".join(f"{letter}: T.Buffer({shape}, '{dtype}')" for letter in "ABC")
    text = textwrap.indent(textwrap.dedent(body).strip(), "        ")
    root = "    with T.sblock('root'):\n        T.reads()\n        T.writes()"
    source = f"@T.prim_func(s_tir=True)\ndef {name}({buffers}):\n{root}\n{text}\n"
    return from_source(source, {"T": T})


def body_of(func: Any) -> Any:
    """What stands in a kernel's root block."""
    return func.body.block.body


def with_body(func: Any, body: Any) -> Any:
    """A kernel with another body in its root block."""
    root = s_tir.SBlock([], [], [], "root", body)
    return func.with_body(s_tir.SBlockRealize([], True, root))


def module(body: str, dtype: str = "float32") -> Any:
    """A module of one kernel, ``main``."""
    return modules(dtype, main=body)


def modules(dtype: str = "float32", **bodies: str) -> Any:
    """A module of kernels by name."""
    return tvm.IRModule({name: kernel(body, dtype, name) for name, body in bodies.items()})


def square(body: str, dtype: str = "float32") -> Any:
    """A module of one kernel, ``main``, whose buffers are 4 by 4."""
    return tvm.IRModule({"main": kernel(body, dtype, shape=(4, 4))})


def each(statement: str) -> str:
    """A statement in a loop over all eight elements, under the variable ``i``."""
    return f"for i in range(8):\n{textwrap.indent(textwrap.dedent(statement).strip(), '    ')}"


def storing(value: Callable[[Any, Any], Any], dtype: str = "float32") -> Any:
    """A module that stores what ``value`` makes of A[i] and B[i]; unlike in text, nothing folds."""
    func = kernel(each("C[i] = T.max(A[i], B[i])"), dtype)
    loop = body_of(func)
    store = loop.body
    body = tirx.BufferStore(store.buffer, value(store.value.a, store.value.b), store.indices)
    loop = tirx.For(loop.loop_var, loop.min, loop.extent, loop.kind, body)
    return tvm.IRModule({"main": with_body(func, loop)})


def block(statement: str, before: str = "") -> str:
    """A statement in a block with the spatial axis ``v``; TVM detects its regions."""
    lines = ["with T.sblock('compute'):", "    v = T.axis.spatial(8, i)"]
    lines += [f"    {line}" for line in (before, statement) if line]
    return each("\n".join(lines))


def run(mod: Any, a: Any, b: Any | None = None, dtype: str = "float32") -> Any:
    """What ``main`` leaves in C, from zeros; compiled for the CPU."""
    first = np.asarray(a, dtype)
    second = np.zeros_like(first) if b is None else np.asarray(b, dtype)
    tensors = [tvm.runtime.tensor(array) for array in (first, second, np.zeros_like(first))]
    tvm.compile(mod, target="llvm")["main"](*tensors)
    return tensors[-1].numpy()


def changed_places(before: Any, after: Any, path: str = "") -> list[str]:
    """Paths at which nodes of another class stand, or other values; access regions left out.

    Copy-on-write keeps everything beside the way to a change, so identity ends the descent.
    """
    if isinstance(before, tvm_ffi.Array):
        if len(before) != len(after):
            return [path]
        pairs = enumerate(zip(before, after, strict=True))
        return [p for i, (x, y) in pairs for p in changed_places(x, y, f"{path}[{i}]")]
    if not isinstance(before, tvm_ffi.Object):
        return [] if before == after else [path]
    if before.same_as(after):
        return []
    if type(before) is not type(after):
        return [path]
    return [
        place
        for field in fields(before)
        if field not in REGIONS
        for place in changed_places(
            getattr(before, field), getattr(after, field), f"{path}.{field}"
        )
    ]


def fields(node: Any) -> list[str]:
    """Names of a node's reflected fields, inherited ones included."""
    info, names = type(node).__tvm_ffi_type_info__, []
    while info is not None:
        names += [field.name for field in info.fields]
        info = info.parent_type_info
    return names
