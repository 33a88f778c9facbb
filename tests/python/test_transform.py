"""The passes as TVM passes: choosing sites, what is refused, and what is left alone."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm

from mutatenn import _core, transform
from mutatenn.mutation.diff import changed_functions
from mutatenn.transform import NegateCond, SwapArith, SwapCmp
from operator_kernels import body_of, each, module, modules, with_body

ONE = each("if A[i] < B[i]:\n    C[i] = A[i] + B[i]")
TWO = each("if A[i] < B[i]:\n    if A[i] < 1.0:\n        C[i] = A[i]")


def sample() -> Any:
    """Comparisons: 0 and 1 in ``first``, 2 in ``second``, 3 and 4 in ``third``."""
    return modules(first=TWO, second=ONE, third=TWO)


def signs(mod: Any) -> str:
    """The comparisons of ``sample``, in order, as ``<`` and ``≤``."""
    return "".join(c for c in str(mod.script()).replace("<=", "≤") if c in "<≤")


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        (0, "≤<<<<"),
        (4, "<<<<≤"),
        (np.int32(2), "<<≤<<"),
        ([1, 3], "<≤<≤<"),
        ([3, 1, 3], "<≤<≤<"),
        (range(1, 4), "<≤≤≤<"),
        (np.array([0, 4]), "≤<<<≤"),
        ("all", "≤≤≤≤≤"),
    ],
)
def test_sites_are_a_number_several_or_all(site: Any, expected: str) -> None:
    assert signs(SwapCmp(site=site)(sample())) == expected


@pytest.mark.parametrize(
    ("function", "site", "expected"),
    [
        ("first", 1, "<≤<<<"),
        ("third", 0, "<<<≤<"),
        ("third", [1], "<<<<≤"),
        ("first", "all", "≤≤<<<"),
    ],
)
def test_a_function_narrows_the_pass_and_its_numbers(
    function: str, site: Any, expected: str
) -> None:
    assert signs(SwapCmp(site=site, function=function)(sample())) == expected


def test_an_id_names_a_place_and_its_replacement() -> None:
    mod = sample()
    table = _core.enumerate_mutants(mod, ["swap-cmp"], {})
    for mutant, site, replacement in zip(table.id, table.site, table.replacement, strict=True):
        to: Any = replacement.removeprefix("to=")
        tvm.ir.assert_structural_equal(SwapCmp(site=mutant)(mod), SwapCmp(site=site, to=to)(mod))


def test_without_arguments_the_first_place_is_mutated() -> None:
    assert signs(SwapCmp()(sample())) == "≤<<<<"


@pytest.mark.parametrize("site", [5, -1, [0, 5], range(4, 7)])
def test_a_site_out_of_range_is_refused_with_the_number_there_are(site: Any) -> None:
    """The predecessor exported the original as a mutant instead."""
    with pytest.raises(ValueError, match=r"swap-cmp has no site -?\d+ in the module: there are 5"):
        SwapCmp(site=site)(sample())


def test_a_site_out_of_range_in_a_function_says_how_many_it_has() -> None:
    with pytest.raises(ValueError, match=r"no site 2 in function 'first': there are 2"):
        SwapCmp(site=2, function="first")(sample())


def test_an_unknown_function_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="the module has no TIR function 'fourth'"):
        SwapCmp(function="fourth")(sample())


def test_an_id_of_another_module_is_refused() -> None:
    table = _core.enumerate_mutants(sample(), ["swap-cmp"], {})
    with pytest.raises(ValueError, match=f"the module has no swap-cmp mutant .* '{table.id[0]}'"):
        SwapCmp(site=table.id[0])(module(ONE, "int32"))


def test_all_is_refused_where_nothing_fits() -> None:
    with pytest.raises(ValueError, match=r"\[from=eq\] fits none of the 5 sites in the module"):
        SwapCmp(site="all", from_="eq")(sample())


def test_a_module_without_kernels_has_no_sites() -> None:
    with pytest.raises(ValueError, match="there are 0"):
        SwapCmp()(tvm.IRModule())


@pytest.mark.parametrize("site", [[], "", range(0)])
def test_a_request_for_no_site_is_refused(site: Any) -> None:
    with pytest.raises(ValueError, match="swap-cmp was given no site"):
        SwapCmp(site=site)(sample())


@pytest.mark.parametrize("site", [1.5, [0.5], True, [True], None, ["0"]])
def test_a_site_of_the_wrong_kind_is_refused(site: Any) -> None:
    with pytest.raises(TypeError, match="site must be a number, several, a mutant id or 'all'"):
        SwapCmp(site=site)


def test_an_unknown_parameter_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"swap-cmp has no parameter 'into'; it has: from, to"):
        SwapCmp(into="le")  # type: ignore[call-arg]


def test_an_unknown_choice_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"'to' cannot be 'less'; give one of: lt, le, gt, ge"):
        SwapCmp(to="less")  # type: ignore[arg-type]


def test_a_parameter_is_never_evaluated(tmp_path: Path) -> None:
    """The predecessor handed its parameters to eval()."""
    written = tmp_path / "written"
    with pytest.raises(ValueError, match="cannot be"):
        SwapCmp(to=f"__import__('pathlib').Path({str(written)!r}).touch()")  # type: ignore[arg-type]
    assert not written.exists()


def test_the_module_that_is_given_stays_as_it_is() -> None:
    mod, twin = sample(), sample()
    before = {str(var.name_hint): function for var, function in mod.functions.items()}
    SwapCmp(site="all")(mod)
    tvm.ir.assert_structural_equal(mod, twin)
    assert all(mod[name].same_as(function) for name, function in before.items())


def test_functions_beside_the_mutated_one_are_the_same_objects() -> None:
    mod = sample()
    mutant = SwapCmp(site=2)(mod)
    assert changed_functions(mod, mutant) == ["second"]
    assert mutant["first"].same_as(mod["first"])


def test_attributes_of_the_mutated_function_stay() -> None:
    mod = sample()
    mod["second"] = mod["second"].with_attr("tirx.noalias", True)
    mutant = SwapCmp(site=2)(mod)["second"]
    assert mutant.attrs["tirx.noalias"]
    assert mutant.attrs["global_symbol"] == "second"


def test_a_pass_runs_in_a_sequential() -> None:
    sequence = tvm.transform.Sequential([SwapCmp(site=2), SwapArith(to="mul"), NegateCond(site=0)])
    mod = sample()
    by_hand = NegateCond(site=0)(SwapArith(to="mul")(SwapCmp(site=2)(mod)))
    tvm.ir.assert_structural_equal(sequence(mod), by_hand)
    assert changed_functions(mod, by_hand) == ["first", "second"]


def test_an_error_in_a_sequential_keeps_its_message() -> None:
    with pytest.raises(ValueError, match="there are 5"):
        tvm.transform.Sequential([SwapCmp(site=9)])(sample())


def test_a_pass_remembers_nothing_between_modules() -> None:
    """The predecessor kept the nodes it had seen in a global list."""
    swap = SwapCmp(site=1, to="ne")
    first = swap(sample())
    swap(module(TWO))
    tvm.ir.assert_structural_equal(swap(sample()), first)


def test_a_pass_is_an_ordinary_module_pass_with_the_operators_name() -> None:
    swap = SwapCmp(site=0)
    assert isinstance(swap, tvm.transform.ModulePass)
    assert swap.info.name == "mutatenn.swap-cmp"


def test_there_is_one_class_for_each_operator_of_the_catalogue() -> None:
    assert sorted(transform.PASSES) == [op.id for op in _core.catalogue()]
    for operator, made in transform.PASSES.items():
        assert getattr(transform, transform.class_name(operator)) is made
        assert made.__name__ in vars(transform)["__all__"]


@pytest.mark.parametrize(
    ("made", "parameters"),
    [
        (SwapCmp, ["site", "function", "from_", "to"]),
        (SwapArith, ["site", "function", "from_", "to"]),
        (NegateCond, ["site", "function", "where"]),
    ],
)
def test_the_signature_lists_the_operators_parameters(made: Any, parameters: list[str]) -> None:
    signature = inspect.signature(made)
    assert list(signature.parameters) == parameters
    assert all(p.kind is p.KEYWORD_ONLY for p in signature.parameters.values())


@pytest.mark.parametrize("op", _core.catalogue(), ids=lambda op: op.id)
def test_help_says_what_an_operator_does_and_takes(op: Any) -> None:
    text = inspect.getdoc(transform.PASSES[op.id]) or ""
    assert text.startswith(op.summary)
    assert f"Fault model: {op.fault_model}" in text
    assert f"Source: {op.source}" in text
    for parameter in op.parameters:
        assert f"{transform.parameter_name(parameter.name)}: {parameter.summary}" in text
        assert parameter.accepted in text
    for suppression in op.suppressions:
        assert suppression in text


def test_a_positional_argument_is_refused() -> None:
    with pytest.raises(TypeError, match="positional"):
        SwapCmp(0)  # type: ignore[call-arg]


def test_a_kernel_that_tvm_rejects_itself_is_no_operators_fault() -> None:
    stray = tvm.tirx.Var("stray", "int32")
    main = module(ONE)["main"]
    store = tvm.tirx.BufferStore(main.params[2], tvm.tirx.const(1.0, "float32"), [stray])
    mod = tvm.IRModule({"main": with_body(main, tvm.tirx.SeqStmt([body_of(main), store]))})
    with pytest.raises(ValueError, match="the kernel is refused before any mutation by s_tir"):
        SwapCmp()(mod)
