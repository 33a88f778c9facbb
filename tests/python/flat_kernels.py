"""Small flat kernels, as they are right before host and device code are split, and running them."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import tvm
from tvm.script import from_source
from tvm.script import tirx as T  # noqa: N812

from mutatenn.lowering.stage import SECOND_HALF


def flat(body: str, dtype: str = "float32", target: str = "llvm") -> Any:
    """A module of one flat kernel over the buffers A, B and C of eight elements each."""
    buffers = ", ".join(f"{letter}: T.Buffer((8,), '{dtype}')" for letter in "ABC")
    text = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    host = '"host": {"kind": "llvm"}, ' if target != "llvm" else ""
    attrs = (
        "    T.func_attr({'global_symbol': 'main', "
        f'\'target\': T.target({{{host}"kind": "{target}"}})}})'
    )
    source = f"@T.prim_func(s_tir=True)\ndef main({buffers}):\n{attrs}\n{text}\n"
    return tvm.IRModule({"main": from_source(source, {"T": T})})


def run_flat(mod: Any, a: Any, b: Any | None = None, c: float = 0) -> Any:
    """What ``main`` leaves in C, which holds ``c`` before; compiled for the CPU."""
    arrays = [np.asarray(a, "float32"), np.zeros(8, "float32") if b is None else b]
    tensors = [tvm.runtime.tensor(np.asarray(one, "float32")) for one in arrays]
    tensors.append(tvm.runtime.tensor(np.full(8, c, "float32")))
    tvm.compile(mod, target="llvm", tir_pipeline=SECOND_HALF)["main"](*tensors)
    return tensors[-1].numpy()
