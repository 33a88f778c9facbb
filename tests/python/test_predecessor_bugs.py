"""One test or more for each defect of the predecessor's operators, by its number.

What does not depend on an operator is asked of all in the catalogue, on kernels drawn.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import tvm
import tvm_ffi
from tvm import tirx

from mutant_properties import nodes_below, planted, spread
from mutatenn import _core
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import plant
from mutatenn.transform import PASSES, ForceCond, ShiftThreshold, SwapCmp
from operator_kernels import each, module, run
from property_examples import drawn
from tir_strategies import kernels

ONE = "if A[i] < B[i]:\n    C[i] = A[i]"
NESTED = "if A[i] < B[i]:\n    if A[i] < B[0]:\n        C[i] = A[i]"
CATALOGUE = [op.id for op in _core.catalogue()]
PARAMETERS = [(op.id, parameter.name) for op in _core.catalogue() for parameter in op.parameters]
FEW = 20
"""Kernels drawn for a property."""
PER_OPERATOR = 3
"""Mutants of one operator that are made of one kernel."""
LEAK = 16
"""MiB that the process may grow by: far less than what 2,000 searches find together."""


def mutants_of(mod: Any) -> list[Any]:
    return enumerate_mutants(mod, CATALOGUE, redundant=True)


def some_of_each(mod: Any) -> list[Any]:
    """A few mutants of every operator."""
    groups: dict[str, list[Any]] = {}
    for mutant in mutants_of(mod):
        groups.setdefault(mutant.operator, []).append(mutant)
    return [mutant for group in groups.values() for mutant in spread(group, PER_OPERATOR)]


def test_b4_no_mutant_is_the_original() -> None:
    """A mutation that stored the old value was exported as a mutant."""
    seen = Counter[str]()

    def check(mod: Any) -> None:
        for mutant in some_of_each(mod):
            changed = planted(mod, mutant)
            assert changed is None or not tvm_ffi.structural_equal(changed, mod), mutant
            seen[mutant.operator] += changed is not None

    drawn(check, FEW, kernels())
    assert len(seen) >= 5


@pytest.mark.parametrize("operator", CATALOGUE)
def test_b10_a_site_that_is_not_there_gives_no_module(operator: str) -> None:
    """Something matched but lay outside start and end: the original was exported as a mutant."""
    mod = module(each(f"{ONE}\nelse:\n    C[i] = B[i] + 2.0"))
    beyond = 1 + max((m.site for m in mutants_of(mod) if m.operator == operator), default=-1)
    with pytest.raises(
        ValueError, match=rf"has no site {beyond} in the module: there are {beyond} "
    ):
        PASSES[operator](site=beyond)(mod)


def test_b11_a_bound_of_integers_stays_an_integer() -> None:
    """Bounds were moved by a float32, which TVM refuses in a loop and rounds in a guard."""
    mutant = ShiftThreshold(action="add", amount=2)(module(each("if i < 4:\n    C[i] = A[i]")))
    assert "if i < 6:" in mutant.script()
    with pytest.raises(ValueError, match="does not fit site 0"):
        ShiftThreshold(amount=0.5)(module(each("if i < 4:\n    C[i] = A[i]")))


def test_b11_a_loop_keeps_bounds_of_the_type_of_its_variable() -> None:
    """The same, of whatever changes a loop."""
    seen = Counter[str]()

    def check(mod: Any) -> None:
        for mutant in some_of_each(mod):
            changed = planted(mod, mutant)
            if changed is None:
                continue
            for _, node in nodes_below(changed[mutant.function].body):
                if isinstance(node, tirx.For):
                    kinds = {str(part.ty.dtype) for part in (node.loop_var, node.min, node.extent)}
                    assert kinds == {"int32"}, (mutant, kinds)
                    seen["loops"] += 1

    drawn(check, FEW, kernels())
    assert seen["loops"] > 0


def test_b12_a_share_is_taken_off_the_left_side_too() -> None:
    """`sub_perc` of the left side added."""
    mod = module(each("if A[i] < 4.0:\n    C[i] = A[i]"))
    mutant = ShiftThreshold(side="left", action="percent", amount=-50)(mod)
    tvm.ir.assert_structural_equal(
        mutant, module(each("if A[i] * T.float32(0.5) < 4.0:\n    C[i] = A[i]"))
    )
    assert run(mutant, [6] * 8).tolist() == [6] * 8


def test_b13_places_are_counted_once_from_zero() -> None:
    """A place was counted twice, so that the first alone could never be asked for."""
    seen = Counter[str]()

    def check(mod: Any) -> None:
        found = mutants_of(mod)
        for operator in {mutant.operator for mutant in found}:
            own = [mutant for mutant in found if mutant.operator == operator]
            places = list(dict.fromkeys((mutant.function, mutant.path) for mutant in own))
            numbers = {(mutant.function, mutant.path): mutant.site for mutant in own}
            seen[operator] += 1
            assert [numbers[place] for place in places] == list(range(len(places))), operator
            first = planted(mod, own[0])
            assert first is None or not tvm_ffi.structural_equal(first, mod)

    drawn(check, FEW, kernels())
    assert len(seen) >= 5


def test_b15_nothing_is_kept_from_one_search_to_the_next() -> None:
    """Elements were gathered in a global list that was never emptied."""
    mod = module(each(NESTED))
    first = mutants_of(mod)

    def search(times: int) -> int:
        for _ in range(times):
            assert _core.count_sites(mod, CATALOGUE) > 0
            plant(mod, first[0])
        status = Path("/proc/self/status").read_text().splitlines()
        (line,) = (line for line in status if line.startswith("VmRSS"))
        return int(line.split()[1]) // 1024

    before = search(200)
    assert search(2000) - before < LEAK
    assert mutants_of(mod) == first


@pytest.mark.parametrize("made", [SwapCmp, ForceCond, ShiftThreshold])
def test_b16_a_condition_around_a_mutated_one_is_mutated_too(made: Any) -> None:
    """The outer `if` was a new object by then, and was skipped silently."""
    mod = module(each(NESTED))
    both, outer, inner = (made(site=site)(mod) for site in ("all", 0, 1))
    again = made(site=0)(inner)
    tvm.ir.assert_structural_equal(both, again)
    assert not tvm_ffi.structural_equal(both, outer)
    assert not tvm_ffi.structural_equal(both, inner)


@pytest.mark.parametrize("text", ["__import__('os').getpid()", "1 + 1", "0x10"])
@pytest.mark.parametrize(("operator", "name"), PARAMETERS)
def test_b25_a_parameter_is_read_and_never_evaluated(operator: str, name: str, text: str) -> None:
    """Parameters were handed to eval()."""
    with pytest.raises(ValueError, match="cannot be"):
        _core.check_settings(operator, {name: text})
    with pytest.raises(ValueError, match="cannot be"):
        PASSES[operator](**{f"{name}_" if name == "from" else name: text})
