"""Small launches from TVMScript text."""

from __future__ import annotations

import textwrap
from typing import Any

import tvm
from tvm.script import from_source
from tvm.script import tirx as T  # noqa: N812

Axes = list[tuple[str, str, int]]
"""Name of the variable, of the axis, and extent; the outermost first."""


def launch(axes: Axes, body: str, size: int = 8, dtype: str = "int32", before: str = "") -> Any:
    """A module of one flat kernel, ``main``, over the buffers A, B and C.

    Args:
        axes: what the launch binds.
        body: statements of a thread.
        size: elements of each buffer.
        dtype: of the buffers.
        before: statements of the launch outside its innermost axis, such as allocations.
    """
    lines = []
    for number, (var, tag, extent) in enumerate(axes):
        if number == len(axes) - 1 and before:
            lines += [(number, line) for line in before.splitlines()]
        lines.append((number, f"with T.launch_thread('{tag}', {extent}) as {var}:"))
    lines += [(len(axes), line) for line in textwrap.dedent(body).strip().splitlines()]
    return flat("\n".join("    " * depth + line for depth, line in lines), size, dtype)


def flat(text: str, size: int = 8, dtype: str = "int32") -> Any:
    """A module of one kernel, ``main``, of the statements in a text."""
    buffers = ", ".join(f"{letter}: T.Buffer(({size},), '{dtype}')" for letter in "ABC")
    body = textwrap.indent(textwrap.dedent(text).strip(), "    ")
    source = f"@T.prim_func(s_tir=True)\ndef main({buffers}):\n{body}\n"
    return tvm.IRModule({"main": from_source(source, {"T": T})})
