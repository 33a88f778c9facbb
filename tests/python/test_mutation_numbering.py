"""Numbers and ids of mutants: what they depend on, and what they do not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tvm
from tvm import relax

from mutatenn import _core
from mutatenn.errors import InputError
from mutatenn.lowering import tir_pipeline
from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.kernel_stage import lower_kernels
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import Mutant, plant
from operator_kernels import (
    block,
    body_of,
    changed_places,
    each,
    kernel,
    module,
    modules,
    with_body,
)

OPERATORS = [op.id for op in _core.catalogue()]
HERE = Path(__file__).parent
NESTED = each("if A[i] < B[i]:\n    if A[i] == 1.0:\n        C[i] = T.max(A[i], B[i]) * 2.0")
PLAIN = each("C[i] = T.if_then_else(A[i] <= B[i], A[i], B[i] + 1.0)")


def mutants(mod: Any, **settings: str) -> list[Mutant]:
    operators = ["swap-cmp"] if settings else OPERATORS
    return enumerate_mutants(mod, operators, settings, redundant=True)


def ids(mod: Any) -> list[str]:
    return [mutant.id for mutant in mutants(mod)]


def test_functions_are_numbered_by_name_and_nodes_in_pre_order() -> None:
    mod = modules(b=NESTED, a=PLAIN)
    found = dict.fromkeys((m.site, m.function, m.path) for m in mutants(mod) if "cmp" in m.operator)
    assert list(found) == [
        (0, "a", ".block.body.body.value.args[0]"),
        (1, "b", ".block.body.body.condition"),
        (2, "b", ".block.body.body.then_case.condition"),
    ]


def test_numbers_within_a_function_start_at_zero() -> None:
    found = {(m.function, m.site_in_function) for m in mutants(modules(a=PLAIN, b=NESTED), to="ge")}
    assert found == {("a", 0), ("b", 0), ("b", 1)}


def test_settings_narrow_the_mutants_and_keep_their_numbers_and_ids() -> None:
    mod = modules(a=PLAIN, b=NESTED)
    everything = {mutant.id: mutant for mutant in mutants(mod)}
    narrowed = mutants(mod, to="eq")
    assert [mutant.site for mutant in narrowed] == [0, 1]
    assert all(everything[mutant.id] == mutant for mutant in narrowed)


def test_an_operator_has_the_same_numbers_alone_and_among_others() -> None:
    mod = modules(a=PLAIN, b=NESTED)
    for operator in OPERATORS:
        together = [mutant for mutant in mutants(mod) if mutant.operator == operator]
        assert enumerate_mutants(mod, [operator], redundant=True) == together


def test_every_mutant_has_an_id_of_its_own() -> None:
    found = ids(modules(a=NESTED, b=NESTED, c=PLAIN))
    assert len(set(found)) == len(found) > 0


def test_ids_use_all_of_their_sixteen_digits() -> None:
    digits = [found.rsplit("-", 1)[1] for found in ids(modules(a=NESTED, b=PLAIN))]
    assert all(len(text) == 16 for text in digits)
    assert all(len({text[place] for text in digits}) > 4 for place in range(16))


def test_ids_are_the_same_in_another_process() -> None:
    script = (
        "import json, test_mutation_numbering as t\n"
        "print(json.dumps(t.ids(t.modules(a=t.NESTED, b=t.PLAIN))))"
    )
    path = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {"PYTHONPATH": path, "PYTHONHASHSEED": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == ids(modules(a=NESTED, b=PLAIN))


def test_ids_do_not_depend_on_function_names() -> None:
    assert ids(modules(a=NESTED, b=PLAIN)) == ids(modules(x=NESTED, y=PLAIN))
    assert set(ids(modules(a=NESTED, b=PLAIN))) == set(ids(modules(y=NESTED, x=PLAIN)))


def test_ids_do_not_depend_on_target_attributes() -> None:
    mod = module(NESTED)
    targeted = tvm.IRModule({"main": mod["main"].with_attr("target", tvm.target.Target("llvm"))})
    assert ids(mod) == ids(targeted)


def test_ids_depend_on_what_the_kernel_computes() -> None:
    one, other = (module(each(f"if A[i] < B[i]:\n    C[i] = A[i] + {n}")) for n in ("1.0", "2.0"))
    assert not set(ids(one)) & set(ids(other))


def launching(*names: str) -> Any:
    """Equal kernels of these names, launched one after the other."""
    builder = relax.BlockBuilder()
    out = relax.TensorType((8,), "float32")
    value = relax.Var("x", out)
    with builder.function("main", [value]):
        with builder.dataflow():
            for name in names:
                callee = builder.add_func(kernel(PLAIN, name=name), name)
                value = builder.emit(relax.call_tir(callee, (value, value), out))
            value = builder.emit_output(value)
        builder.emit_func_output(value)
    return builder.get()


def test_equal_kernels_are_told_apart_by_their_first_launch() -> None:
    straight, crossed = launching("k1", "k2"), launching("k2", "k1")
    assert _core.launch_order(straight) == ["k1", "k2"]
    assert _core.launch_order(crossed) == ["k2", "k1"]

    def of(mod: Any, function: str) -> list[str]:
        return [mutant.id for mutant in mutants(mod) if mutant.function == function]

    assert of(straight, "k1") == of(crossed, "k2")
    assert of(straight, "k2") == of(crossed, "k1")
    assert not set(of(straight, "k1")) & set(of(straight, "k2"))


def test_access_regions_and_shapes_hold_no_places() -> None:
    mod = module(block("C[v] = A[v - 1]", "T.where(1 <= i)"))
    block_node = mod["main"].body.block.body.body.block
    assert "- 1" in str(block_node.reads[0])
    places = {mutant.path for mutant in mutants(mod)}
    assert places >= {
        ".block.body.body.predicate",
        ".block.body.body.block.body.value.indices[0]",
    }
    declared = (".reads", ".writes", ".shape", ".buffer", ".params", ".iter_vars")
    assert not [path for path in places if any(field in path for field in declared)]


def test_a_shared_node_is_mutated_at_one_of_its_places_alone() -> None:
    main = module(each("C[i] = A[i]"))["main"]
    loop = body_of(main)
    index = loop.loop_var + 1
    store = tvm.tirx.BufferStore(
        main.params[2], tvm.tirx.BufferLoad(main.params[0], [index]), [index]
    )
    shared = tvm.tirx.For(loop.loop_var, 0, 7, loop.kind, store)
    mod = tvm.IRModule({"main": with_body(main, shared)})
    found = [mutant for mutant in mutants(mod) if mutant.settings == {"to": "sub"}]
    assert [mutant.path for mutant in found] == [
        ".block.body.body.indices[0]",
        ".block.body.body.value.indices[0]",
    ]
    for mutant in found:
        after = plant(mod, mutant)["main"]
        assert changed_places(mod["main"].body, after.body) == [mutant.path]


def test_a_mutant_survives_a_round_trip_through_plain_values() -> None:
    for mutant in mutants(modules(a=PLAIN)):
        assert Mutant.from_dict(json.loads(json.dumps(mutant.to_dict()))) == mutant


def test_an_id_at_stage_kernel_is_the_same_wherever_the_kernel_is_lowered() -> None:
    """A campaign lowers each kernel alone, ``tvm.compile`` all of a module together."""
    mod = modules(a=PLAIN, b=NESTED)
    seen: list[Any] = []

    def look(lowered: Any) -> Any:
        seen.append(lowered)
        return lowered

    tvm.compile(mod, target="llvm", tir_pipeline=tir_pipeline([look]))
    alone = lower_kernels(mod, parse_target("llvm"))
    assert "tirx.is_entry_func" in alone["a"].attrs
    assert "tirx.is_entry_func" not in seen[0]["a"].attrs
    assert ids(alone) == ids(seen[0]) != []


def test_an_unknown_operator_is_bad_input() -> None:
    with pytest.raises(InputError, match=r"no operator 'swap-all'; there are: .*negate-cond"):
        enumerate_mutants(module(PLAIN), ["swap-all"])


def test_an_unknown_setting_is_bad_input() -> None:
    with pytest.raises(InputError, match="swap-cmp has no parameter 'into'"):
        enumerate_mutants(module(PLAIN), ["swap-cmp"], {"into": "le"})
