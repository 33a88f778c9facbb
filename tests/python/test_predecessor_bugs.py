"""One test for each defect of the predecessor's operators on conditions."""

from __future__ import annotations

from typing import Any

import pytest
import tvm
import tvm_ffi

from mutatenn import _core
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import plant
from mutatenn.transform import DropGuard, ForceCond, ShiftThreshold, SwapCmp
from operator_kernels import each, module, run

ONE = "if A[i] < B[i]:\n    C[i] = A[i]"
NESTED = "if A[i] < B[i]:\n    if A[i] < B[0]:\n        C[i] = A[i]"
FAMILY = [op.id for op in _core.catalogue() if op.category == "conditional"]


def test_b4_no_mutant_is_the_original() -> None:
    """A mutation that stored the old value was exported as a mutant."""
    mod = module(each(NESTED))
    for mutant in enumerate_mutants(mod, FAMILY, redundant=True):
        assert not tvm_ffi.structural_equal(plant(mod, mutant), mod)


@pytest.mark.parametrize("made", [SwapCmp, ForceCond, ShiftThreshold, DropGuard])
def test_b10_a_site_that_is_not_there_gives_no_module(made: Any) -> None:
    """Something matched but lay outside start and end: the original was exported as a mutant."""
    with pytest.raises(ValueError, match="has no site 1 in the module: there are 1"):
        made(site=1)(module(each(ONE)))


def test_b11_a_bound_of_integers_stays_an_integer() -> None:
    """Bounds were moved by a float32, which TVM refuses in a loop and rounds in a guard."""
    mutant = ShiftThreshold(action="add", amount=2)(module(each("if i < 4:\n    C[i] = A[i]")))
    assert "if i < 6:" in mutant.script()
    with pytest.raises(ValueError, match="does not fit site 0"):
        ShiftThreshold(amount=0.5)(module(each("if i < 4:\n    C[i] = A[i]")))


def test_b12_a_share_is_taken_off_the_left_side_too() -> None:
    """`sub_perc` of the left side added."""
    mod = module(each("if A[i] < 4.0:\n    C[i] = A[i]"))
    mutant = ShiftThreshold(side="left", action="percent", amount=-50)(mod)
    tvm.ir.assert_structural_equal(
        mutant, module(each("if A[i] * T.float32(0.5) < 4.0:\n    C[i] = A[i]"))
    )
    assert run(mutant, [6] * 8).tolist() == [6] * 8


@pytest.mark.parametrize("operator", FAMILY)
def test_b13_places_are_counted_once_from_zero(operator: str) -> None:
    """A place was counted twice, so that the first alone could never be asked for."""
    mod = module(each("if A[i] < B[i] and A[i] < 1.0:\n    C[i] = A[i]\nelse:\n    C[i] = B[i]"))
    mutants = enumerate_mutants(mod, [operator], redundant=True)
    sites = sorted({mutant.site for mutant in mutants})
    assert sites == list(range(len({mutant.path for mutant in mutants})))
    assert not tvm_ffi.structural_equal(plant(mod, mutants[0]), mod)


def test_b15_nothing_is_kept_from_one_search_to_the_next() -> None:
    """Elements were gathered in a global list that was never emptied."""
    mod = module(each(NESTED))
    first = enumerate_mutants(mod, FAMILY, redundant=True)
    for _ in range(50):
        assert enumerate_mutants(mod, FAMILY, redundant=True) == first


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
def test_b25_a_parameter_is_read_and_never_evaluated(text: Any) -> None:
    """Parameters were handed to eval()."""
    with pytest.raises(ValueError, match="cannot be"):
        ShiftThreshold(amount=text)
    with pytest.raises(ValueError, match="cannot be"):
        ForceCond(to=text)
