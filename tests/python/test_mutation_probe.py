"""Probes: which places of a kernel are evaluated, measured beside an unchanged answer."""

# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def, misc"
from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tvm
from tvm.script import from_source
from tvm.script import ir as I  # noqa: N812
from tvm.script import tirx as T  # noqa: N812

from mutant_properties import complaints
from mutatenn.demo import model_path
from mutatenn.lowering.extract import lower
from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.kernel_stage import lower_kernels
from mutatenn.model import load
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.location import text_at
from mutatenn.mutation.probe import probe_kernel
from operator_kernels import each, module


@I.ir_module
class Guarded:
    @T.prim_func(s_tir=True)
    def f(x: T.Buffer((4,), "float32"), y: T.Buffer((4,), "float32")):  # noqa: N805
        for i in range(4):
            with T.sblock("y"):
                v_i = T.axis.spatial(4, i)
                y[v_i] = T.if_then_else(
                    T.float32(0) < x[v_i], x[v_i] + T.float32(1), x[v_i] * T.float32(3)
                )


@I.ir_module
class Summed:
    @T.prim_func(s_tir=True)
    def f(x: T.Buffer((2, 4), "float32"), y: T.Buffer((2,), "float32")):  # noqa: N805
        for i, k in T.grid(2, 4):
            with T.sblock("y"):
                v_i, v_k = T.axis.remap("SR", [i, k])
                with T.init():
                    y[v_i] = T.float32(0)
                y[v_i] = y[v_i] + x[v_i, v_k] * T.float32(2)


def test_a_block_with_an_initialisation_can_be_probed_before_it_is_lowered() -> None:
    paths = list({mutant.path: None for mutant in enumerate_mutants(Summed, ["swap-arith"])})
    probe = probe_kernel(Summed["f"], paths).with_attr("global_symbol", "f")
    built = tvm.compile(tvm.IRModule({"f": probe}), target="llvm")
    x = tvm.runtime.tensor(np.ones((2, 4), "float32"))
    y = tvm.runtime.tensor(np.zeros(2, "float32"))
    flags = tvm.runtime.tensor(np.zeros(len(paths), "int32"))
    built["f"](x, y, flags)
    assert y.numpy().tolist() == [8, 8]
    assert flags.numpy().tolist() == [1, 1]


@pytest.mark.parametrize(("bound", "flag"), [(4, 1), (-1, 0)])
def test_a_block_is_evaluated_where_its_predicate_holds(bound: int, flag: int) -> None:
    line = 'v_i, v_k = T.axis.remap("SR", [i, k])'
    summed: Any = Summed
    text = summed.script().replace(line, f"{line}\n                T.where(k < {bound})")
    guarded = from_source(text, {"T": T, "I": I})
    (mutant,) = enumerate_mutants(guarded, ["drop-init"], redundant=True)
    assert mutant.path.endswith(".block")
    probe = probe_kernel(guarded["f"], [mutant.path]).with_attr("global_symbol", "f")
    arrays = np.ones((2, 4), "float32"), np.zeros(2, "float32"), np.zeros(1, "int32")
    tensors = [tvm.runtime.tensor(array) for array in arrays]
    tvm.compile(tvm.IRModule({"f": probe}), target="llvm")["f"](*tensors)
    assert tensors[-1].numpy().tolist() == [flag]


def probed(numbers: list[float]) -> tuple[dict[str, int], list[float]]:
    """Flags by the text of each arithmetic place or comparison, and the kernel's answer."""
    mutants = enumerate_mutants(Guarded, ["swap-cmp", "swap-arith"])
    paths = list(dict.fromkeys(mutant.path for mutant in mutants))
    probe = probe_kernel(Guarded["f"], paths).with_attr("global_symbol", "f")
    built = tvm.compile(tvm.IRModule({"f": probe}), target="llvm")
    x = tvm.runtime.tensor(np.array(numbers, "float32"))
    y = tvm.runtime.tensor(np.zeros(4, "float32"))
    flags = tvm.runtime.tensor(np.zeros(len(paths), "int32"))
    built["f"](x, y, flags)
    texts = [text_at(Guarded["f"], path) for path in paths]
    return dict(zip(texts, flags.numpy().tolist(), strict=True)), y.numpy().tolist()


@pytest.mark.parametrize(
    ("numbers", "added", "multiplied"),
    [([1, 2, 3, 4], 1, 0), ([-1, -2, 0, -4], 0, 1), ([-1, 2, -3, 4], 1, 1)],
)
def test_a_place_in_a_branch_is_flagged_when_some_element_takes_it(
    numbers: list[float], added: int, multiplied: int
) -> None:
    flags, answer = probed(numbers)
    by_operation = {
        operation: flag for text, flag in flags.items() for operation in "+*<" if operation in text
    }
    assert by_operation == {"<": 1, "+": added, "*": multiplied}
    assert answer == [n + 1 if n > 0 else n * 3 for n in numbers]


def test_every_kernel_of_the_demo_can_be_probed_at_all_its_places_in_both_stages() -> None:
    lowered = lower(load(model_path()), "llvm")
    flat = lower_kernels(lowered.module, parse_target("llvm"))
    for mod in (lowered.module, flat):
        places: dict[str, dict[str, None]] = {}
        for mutant in enumerate_mutants(mod, ["swap-cmp", "swap-arith", "negate-cond"]):
            places.setdefault(mutant.function, {})[mutant.path] = None
        for name, paths in places.items():
            probe = probe_kernel(mod[name], list(paths))
            assert len(probe.params) == len(mod[name].params) + 1


def test_a_path_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="leads nowhere"):
        probe_kernel(Guarded["f"], [".block.body.nothing"])


def test_the_probed_function_is_left_alone() -> None:
    before: Any = Guarded["f"].script()
    (path,) = {m.path for m in enumerate_mutants(Guarded, ["swap-cmp"])}
    probe_kernel(Guarded["f"], [path])
    assert Guarded["f"].script() == before


def test_a_place_under_a_named_value_is_probed_by_a_name_of_its_own() -> None:
    """Bound a second time, the value's variable would make code that TVM's verifiers refuse."""
    body = "C[i] = T.Let(T.if_then_else(k < T.float32(1), k + k, k), where={k: A[i] + B[i]})"
    mod = module(f"k = T.float32()\n{each(body)}")
    paths = list({mutant.path: None for mutant in enumerate_mutants(mod, ["swap-arith"])})
    probe = probe_kernel(mod["main"], paths)
    assert complaints(probe) == []
    built = tvm.compile(tvm.IRModule({"main": probe}), target="llvm")
    a, b = (np.asarray(numbers, "float32") for numbers in ([0.25] * 8, [0.5] * 8))
    for sums, wanted in ((0.5, [1, 1]), (2, [1, 0])):
        tensors = [tvm.runtime.tensor(x) for x in (a, b * 0 + sums - a, b)]
        flags = tvm.runtime.tensor(np.zeros(len(paths), "int32"))
        built["main"](*tensors, flags)
        assert flags.numpy().tolist() == wanted
