"""Options under which NVRTC compiles the comparators; they need neither CuPy nor a GPU."""

from __future__ import annotations


def compile_options(items: int, element: str) -> tuple[str, ...]:
    """Options for blocks of ``items`` threads and an element type.

    No option may relax arithmetic: answers are the same bits on every device.
    """
    defines = (f"-DITEMS={items}", f"-DELEMENT_{element.upper()}")
    return ("--std=c++17", "--fmad=false", *defines)
