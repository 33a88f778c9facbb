"""One comparison of a fused conv2d swapped, natively and in Python; and sites found per second.

The native *rewrite* does the swap alone, as does Python's map with a callback for one class
(typed) or for every node (untyped). The native *pass* finds the place by its number, has TVM detect
the block's access regions anew and verify the result, and puts it into a module; *checked* adds
TVM's detector and verifier to Python's map.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import tvm
import tvm_ffi
from tvm import s_tir
from tvm.ir.prim.expr import LE, LT

from benchmarks.clock import interleaved
from benchmarks.data import data_file
from benchmarks.result import Result
from mutatenn import _core
from mutatenn.demo import model_path
from mutatenn.lowering.tensor_stage import with_kernels
from mutatenn.model import load
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.location import node_at
from mutatenn.mutation.mutant import Mutant
from mutatenn.transform import SwapCmp

MODEL = "models/mobilenetv2.onnx"


def measure(quick: bool) -> Result:
    """Time the mutation and the enumeration.

    Raises:
        InputError: the data folder with mobilenetv2 is not there (not needed if ``quick``).
    """
    rounds, calls = (3, 10) if quick else (11, 60)
    enumerated, _ = with_kernels(load(model_path() if quick else data_file(MODEL)))
    kernel, mutant = sample()
    samples = interleaved(contestants(kernel, mutant), rounds, calls)
    result = Result("mutation", "µs per mutation", samples, {}, enumeration(enumerated, rounds))
    for case in samples:
        if case.startswith("python"):
            native = "native pass" if case.endswith("checked") else "native rewrite"
            result.ratios[f"{case} ÷ {native}"] = result.median(case) / result.median(native)
    return result


def sample() -> tuple[Any, Mutant]:
    """A module with one fused conv2d of the demo's model, and the last `<` of it, made `<=`.

    The last one, so that Python's callback does not end early either.
    """
    mod, _ = with_kernels(load(model_path()))
    name = min(name for name in _core.launch_order(mod) if "conv2d" in name)
    kernel = tvm.IRModule({name: mod[name]})
    found = enumerate_mutants(kernel, ["swap-cmp"], {"from": "lt", "to": "le"})
    less = [one for one in found if isinstance(node_at(kernel[name], one.path), LT)]
    return kernel, less[-1]


def contestants(kernel: Any, mutant: Mutant) -> dict[str, Callable[[], Any]]:
    """The ways to make the mutant, each checked once to make the very same one."""
    swap = SwapCmp(site=mutant.site, function=mutant.function, to="le")
    func = kernel[mutant.function]
    block = func.body.block
    path = mutant.path[: mutant.path.index(".block.body.value") + len(".block")]
    visible = {buffer: buffer for buffer in [*func.params, *block.alloc_buffers]}
    last = sum(isinstance(node, LT) for node in walked(func))

    def counting() -> Callable[[Any], Any]:
        seen = 0

        def replace(node: Any) -> Any:
            nonlocal seen
            seen += 1
            return LE(node.a, node.b) if seen == last else node

        return replace

    def typed() -> Any:
        return tvm_ffi.structural_map(func, [(LT, counting())])

    def untyped() -> Any:
        replace = counting()
        return tvm_ffi.structural_map(func, lambda n: replace(n) if isinstance(n, LT) else n)

    def checked(mutate: Callable[[], Any]) -> Any:
        mutated = mutate()
        s_tir.analysis.get_sblock_read_write_region(node_at(mutated, path), visible)
        s_tir.analysis.verify_well_formed(mutated, True)
        return mutated

    rewrite = tvm_ffi.get_global_func("mutatenn.engine.Rewrite")
    ways: dict[str, Callable[[], Any]] = {
        "native rewrite": lambda: rewrite(func, "swap-cmp", mutant.path, mutant.settings),
        "native pass": lambda: swap(kernel),
        "python typed": typed,
        "python untyped": untyped,
        "python typed, checked": lambda: checked(typed),
        "python untyped, checked": lambda: checked(untyped),
    }
    expected = swap(kernel)[mutant.function]
    for name, way in ways.items():
        made = way()[mutant.function] if name == "native pass" else way()
        tvm.ir.assert_structural_equal(made, expected)
    node = node_at(func, path)
    ways["TVM's detector alone"] = lambda: s_tir.analysis.get_sblock_read_write_region(
        node, visible
    )
    ways["TVM's verifier alone"] = lambda: s_tir.analysis.verify_well_formed(func, True)
    return ways


def walked(func: Any) -> list[Any]:
    """Every node that Python's map offers to a callback, in its order."""
    nodes: list[Any] = []

    def note(node: Any) -> Any:
        nodes.append(node)
        return node

    tvm_ffi.structural_map(func, note)
    return nodes


def enumeration(mod: Any, rounds: int) -> dict[str, float]:
    """Sites of all operators, and how many of them are found per second (median)."""
    operators = [op.id for op in _core.catalogue()]
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        sites = _core.count_sites(mod, operators)
        seconds.append(time.perf_counter() - start)
    return {"sites": sites, "sites per second": sites / statistics.median(seconds)}
