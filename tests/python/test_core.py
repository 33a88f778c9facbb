"""What the extension takes and gives besides passes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mutatenn import _core
from operator_kernels import each, module, modules

GUARD = each("if A[i] < B[i]:\n    C[i] = A[i]")


def test_a_module_that_nothing_else_holds_lives_as_long_as_it_is_read() -> None:
    """Handing over a bare handle let the module die before the extension read it."""
    tables = [_core.enumerate_mutants(module(GUARD), ["swap-cmp"], {}) for _ in range(20)]
    assert all(len(table.id) == 7 for table in tables)


@pytest.mark.parametrize("value", [None, 7, "module", np.zeros(3)])
def test_what_is_no_object_of_tvm_is_refused_by_its_type(value: Any) -> None:
    with pytest.raises(TypeError, match=f"expected an object of TVM, got a {type(value).__name__}"):
        _core.launch_order(value)


def test_a_function_is_no_module() -> None:
    with pytest.raises(TypeError, match=r"expected an IRModule, got a tirx\.PrimFunc"):
        _core.count_sites(module(GUARD)["main"], ["swap-cmp"])


def test_a_module_is_no_function() -> None:
    with pytest.raises(TypeError, match=r"expected a PrimFunc, got a ir\.IRModule"):
        _core.kernel_hash(module(GUARD))


def test_columns_are_int32_arrays_of_one_length() -> None:
    table = _core.enumerate_mutants(modules(a=GUARD, b=GUARD), ["swap-cmp"], {})
    for column in (table.kernel, table.site, table.site_in_kernel):
        assert column.dtype == np.int32
        assert column.shape == (14,)
    assert [len(c) for c in (table.id, table.path, table.replacement, table.operator)] == [14] * 4


def test_kernels_index_their_names() -> None:
    table = _core.enumerate_mutants(modules(b=GUARD, a=GUARD), ["swap-cmp"], {})
    assert [table.kernels[k] for k in table.kernel] == ["a"] * 7 + ["b"] * 7


def test_places_are_counted_for_all_operators_together() -> None:
    mod = module(each("if A[i] < B[i]:\n    C[i] = A[i] + B[i]"))
    operators = [op.id for op in _core.catalogue()]
    assert _core.count_sites(mod, operators) == sum(
        _core.count_sites(mod, [op]) for op in operators
    )


def test_a_kernels_hash_does_not_depend_on_its_name() -> None:
    mod = modules(a=GUARD, b=GUARD, c=each("C[i] = A[i]"))
    hashes = [_core.kernel_hash(mod[name]) for name in "abc"]
    assert hashes[0] == hashes[1] != hashes[2]


def test_settings_are_checked_without_a_module() -> None:
    _core.check_settings("swap-cmp", {"to": "le"})
    with pytest.raises(ValueError, match="cannot be 'less'"):
        _core.check_settings("swap-cmp", {"to": "less"})
