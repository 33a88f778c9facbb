"""Small graphs from TVMScript text, planting in them, and running them."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import tvm
import tvm_ffi
from tvm import relax
from tvm.script import from_source
from tvm.script import relax as R  # noqa: N812

from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import Mutant
from mutatenn.transform import PASSES

SHAPE = (1, 2, 4, 4)


def graph(body: str, shape: tuple[int, ...] = SHAPE, dtype: str = "float32", **known: Any) -> Any:
    """A module whose ``main`` takes ``x`` and gives ``out``; ``known`` are constants by name."""
    lines = textwrap.indent(textwrap.dedent(body).strip(), "        ")
    source = (
        f'@R.function\ndef main(x: R.Tensor({shape}, "{dtype}")):\n    with R.dataflow():\n'
        f"{lines}\n        R.output(out)\n    return out\n"
    )
    constants = {name: relax.const(np.asarray(v, "float32")) for name, v in known.items()}
    return tvm.IRModule({"main": from_source(source, {"R": R, **constants})})


def plant(mod: Any, operator: str, site: Any = 0, **settings: Any) -> Any:
    """The module with one operator's fault."""
    return PASSES[operator](site=site, **settings)(mod)


def mutants(mod: Any, *operators: str, **settings: str) -> list[Mutant]:
    """All mutants of these operators."""
    return enumerate_mutants(mod, operators, settings, redundant=True)


def offered(mod: Any, operator: str, **settings: str) -> list[tuple[int, str]]:
    """Site and replacement of each mutant."""
    return [(m.site, m.replacement) for m in mutants(mod, operator, **settings)]


def assert_becomes(mod: Any, expected: Any, operator: str, site: Any = 0, **settings: Any) -> None:
    """The mutant is the expected graph, and gives another answer where the shapes agree."""
    mutant = plant(mod, operator, site, **settings)
    tvm.ir.assert_structural_equal(mutant["main"], expected["main"])
    before, after = answer(mod), answer(mutant)
    assert before.shape != after.shape or not np.array_equal(before, after)


def answer(mod: Any, row: np.ndarray | None = None) -> np.ndarray:
    """What ``main`` gives for seeded random numbers of both signs, in TVM's machine."""
    if row is None:
        extents = [int(extent) for extent in mod["main"].params[0].ty.shape.values]
        dtype = str(mod["main"].params[0].ty.dtype.dtype)
        row = np.random.default_rng(0).normal(size=extents).astype(dtype)
    executable = tvm.compile(mod.clone(), target="llvm")
    machine = relax.VirtualMachine(executable, tvm.cpu())
    result: np.ndarray = machine["main"](tvm.runtime.tensor(row)).numpy()
    return result


def differs(mod: Any, mutant: Any) -> bool:
    """Whether two modules' ``main`` differ in structure or in the values of constants."""
    return not tvm_ffi.structural_equal(mod["main"], mutant["main"])
