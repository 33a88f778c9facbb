"""Mutants of graphs: types that flow on, names that stay, ids, refusals, and whole models."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm

from graph_models import answer, graph, mutants, plant
from mutatenn import _core
from mutatenn.demo import model_path
from mutatenn.errors import InputError
from mutatenn.lowering.stage import at_stage
from mutatenn.model import load
from mutatenn.model.layers import layers_of
from mutatenn.mutation.enumeration import enumerate_mutants, in_launch_order
from mutatenn.mutation.location import node_at, text_at
from mutatenn.mutation.mutant import Mutant
from mutatenn.mutation.mutant import plant as plant_mutant
from mutatenn.mutation.planting import plant_request

GRAPH = [op.id for op in _core.catalogue() if op.stages == ["graph"]]
WEIGHT = [op.id for op in _core.catalogue() if op.stages == ["weight"]]
KERNEL = np.random.default_rng(0).normal(size=(3, 2, 3, 3))
RESNET8 = "resnet8_cifar10_mlperftiny.onnx"


@pytest.fixture(scope="module")
def digits() -> Any:
    return load(model_path())


@pytest.fixture(scope="module")
def resnet8(root: Path) -> Any:
    data = Path(os.environ.get("MUTATENN_TEST_DATA", root.parent / "shared" / "data"))
    model = data / "models" / RESNET8
    if not model.exists():
        pytest.skip(f"{model} is missing")
    return load(model)


def test_the_families_are_there() -> None:
    assert len(GRAPH) == 10 and len(WEIGHT) == 7


def test_a_changed_shape_flows_on() -> None:
    body = "a = R.nn.conv2d(x, w, padding=[1, 1, 1, 1])\nb = R.nn.relu(a)\nout = R.exp(b)"
    mod = graph(body, w=KERNEL)
    mutant = plant(mod, "change-attr", attr="strides", to=2)
    types = [b.var.ty for b in mutant["main"].body.blocks[0].bindings]
    assert [tuple(int(e) for e in t.shape.values) for t in types] == [(1, 3, 2, 2)] * 3
    assert answer(mutant).shape == (1, 3, 2, 2)
    assert answer(mod).shape == (1, 3, 4, 4)


def test_a_graph_that_does_not_type_check_is_refused_in_tvms_words() -> None:
    body = "a = R.nn.conv2d(x, w, padding=[1, 1, 1, 1])\nout = R.reshape(a, (1, 48))"
    mod = graph(body, w=KERNEL)
    words = r"operator change-attr .* refused by TVM's type inference: .*[Rr]eshape"
    with pytest.raises(ValueError, match=words):
        plant(mod, "change-attr", attr="strides", to=2)


def test_bindings_beside_the_mutant_are_the_same_objects() -> None:
    mod = graph("a = R.exp(x)\nb = R.nn.relu(a)\nc = R.sin(b)\nout = R.add(c, a)")
    before = list(mod["main"].body.blocks[0].bindings)
    after = list(plant(mod, "replace-op", 1, to="tanh")["main"].body.blocks[0].bindings)
    assert [x.same_as(y) for x, y in zip(before, after, strict=True)] == [True, False, True, True]


def test_what_nothing_read_before_stays() -> None:
    mod = graph("a = R.exp(x)\nb = R.sin(x)\nout = R.nn.relu(a)")
    (unused,) = [m for m in mutants(mod, "replace-op") if m.site == 2][:1]
    after = plant_mutant(mod, unused)
    assert len(after["main"].body.blocks[0].bindings) == 3


def test_what_nothing_read_before_stays_in_another_shape_too() -> None:
    body = "a = R.nn.conv2d(x, w, padding=[1, 1, 1, 1])\nb = R.nn.relu(a)\nout = R.sin(x)"
    after = plant(graph(body, w=KERNEL), "change-attr", attr="strides", to=2)
    types = [binding.var.ty for binding in bindings(after)]
    extents = [tuple(int(extent) for extent in type_.shape.values) for type_ in types]
    assert extents == [(1, 3, 2, 2), (1, 3, 2, 2), (1, 2, 4, 4)]


def test_the_module_that_is_given_stays_as_it_is() -> None:
    mod = graph("a = R.nn.conv2d(x, w)\nout = R.nn.relu(a)", w=KERNEL)
    before = tvm.ir.save_json(mod)
    for mutant in mutants(mod, *GRAPH, *WEIGHT):
        plant_mutant(mod, mutant)
    assert tvm.ir.save_json(mod) == before


def test_inserted_calls_carry_the_layer_of_the_call(digits: Any) -> None:
    names = {name for binding in bindings(digits) for name in layers_of(binding.value)}
    found = enumerate_mutants(digits, GRAPH)
    assert all(set(mutant.layers) <= names for mutant in found)
    for mutant in found:
        if mutant.operator != "insert-op":
            continue
        after = plant_mutant(digits, mutant)
        assert all(layers_of(b.value) for b in bindings(after) if is_call(b.value))
        (inserted,) = [b for b in bindings(after) if op_of(b).endswith(mutant.settings["op"])][:1]
        assert layers_of(inserted.value) == mutant.layers


def bindings(mod: Any) -> list[Any]:
    return [b for block in mod["main"].body.blocks for b in block.bindings]


def is_call(value: Any) -> bool:
    return isinstance(value, tvm.ir.Call)


def op_of(binding: Any) -> str:
    return str(getattr(getattr(binding.value, "op", None), "name", ""))


def test_a_site_is_a_path_from_the_function(digits: Any) -> None:
    for mutant in enumerate_mutants(digits, [*GRAPH, *WEIGHT]):
        assert mutant.path.startswith(".body.blocks[0].bindings[")
        node = node_at(digits["main"], mutant.path)
        assert is_call(node) == (mutant.stage == "graph")
        assert "Metadata" not in text_at(digits["main"], mutant.path)


def test_ids_are_unique_and_the_same_in_another_process(digits: Any, root: Path) -> None:
    found = [m.id for m in enumerate_mutants(digits, [*GRAPH, *WEIGHT], redundant=True)]
    assert len(set(found)) == len(found) > 100
    code = (
        "import json, mutatenn\nfrom mutatenn.demo import model_path\n"
        "from mutatenn.mutation.enumeration import enumerate_mutants\n"
        "mod = mutatenn.load(model_path())\n"
        f"found = enumerate_mutants(mod, {[*GRAPH, *WEIGHT]!r}, redundant=True)\n"
        "print(json.dumps([m.id for m in found]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert json.loads(ended.stdout) == found


def test_ids_do_not_depend_on_names_but_on_weights_and_kernels() -> None:
    body = "a = R.nn.conv2d(x, w)\nout = R.nn.relu(a)"

    def first(mod: Any) -> str:
        return mutants(mod, "replace-op")[0].id

    mod = graph(body, w=KERNEL)
    renamed = tvm.IRModule({"other": mod["main"].without_attr("global_symbol")})
    assert first(mod) == first(renamed)
    assert first(mod) == first(graph(body.replace("a", "b"), w=KERNEL))
    assert first(mod) != first(graph(body, w=KERNEL + 1))


def test_a_mutant_survives_json(digits: Any) -> None:
    for mutant in enumerate_mutants(digits, ["replace-op", "fuzz-weights"]):
        again = Mutant.from_dict(json.loads(json.dumps(mutant.to_dict())))
        assert again == mutant
        planted = plant_mutant(digits, again)
        loaded = tvm.ir.load_json(tvm.ir.save_json(planted))
        tvm.ir.assert_structural_equal(loaded, planted)


def test_an_id_names_a_value_that_is_not_offered_by_default() -> None:
    mod = graph("out = R.nn.relu(x)")
    (mutant,) = mutants(mod, "insert-op", op="transpose", order="before")
    again = plant(mod, "insert-op", mutant.id, op="transpose", order="before")
    tvm.ir.assert_structural_equal(again, plant_mutant(mod, mutant))


def test_all_sites_at_once() -> None:
    mod = graph("a = R.nn.relu(x)\nb = R.exp(a)\nout = R.nn.relu(b)")
    expected = graph("a = R.tanh(x)\nb = R.exp(a)\nout = R.tanh(b)")
    after = plant(mod, "replace-op", "all", from_="nn.relu", to="tanh")
    tvm.ir.assert_structural_equal(after["main"], expected["main"])


def test_consecutive_calls_are_dropped_at_once() -> None:
    mod = graph("a = R.exp(x)\nb = R.sin(a)\nc = R.cos(b)\nout = R.nn.relu(c)")
    after = plant(mod, "drop-op", [0, 1, 2])
    tvm.ir.assert_structural_equal(after["main"], graph("out = R.nn.relu(x)")["main"])


def test_several_constants_of_one_call_change_at_once() -> None:
    known: dict[str, Any] = {name: np.arange(1, 3) for name in "gbmv"}
    mod = graph("t = R.nn.batch_norm(x, g, b, m, v, axis=1)\nout = t[0]", **known)
    after = plant(mod, "zero-channel", "all", channel=0)
    call = after["main"].body.blocks[0].bindings[0].value
    assert [c.value.numpy().tolist() for c in call.args[1:]] == [[0, 2]] * 4


def test_a_lowered_module_has_no_places(digits: Any) -> None:
    for stage in ("tensor", "kernel"):
        lowered = at_stage(digits, stage)[0]
        assert enumerate_mutants(lowered, [*GRAPH, *WEIGHT]) == []
        assert {m.stage for m in enumerate_mutants(lowered, ["swap-arith", *GRAPH])} == {stage}


def test_a_graph_has_no_places_for_operators_on_kernels(digits: Any) -> None:
    assert enumerate_mutants(digits, ["swap-arith", "swap-cmp"]) == []
    with pytest.raises(ValueError, match="the module has no TIR function 'main'"):
        plant(digits, "swap-arith", function="main")
    with pytest.raises(ValueError, match="the module has no Relax function 'other'"):
        plant(digits, "replace-op", function="other")


def test_graph_mutants_come_in_the_order_of_bindings(digits: Any) -> None:
    found = enumerate_mutants(digits, ["insert-op"])
    assert in_launch_order(digits, found) == found
    assert [m.site for m in found] == sorted(m.site for m in found)


def test_the_diff_tells_weights_that_changed(digits: Any) -> None:
    planted = plant_request(digits, "flip-bit", None, {"bit": "30", "count": "2"})
    assert planted.diff.count("\n") == 0
    assert "2 of " in planted.diff and "weights differ" in planted.diff
    with pytest.raises(InputError, match="fits none of the"):
        plant_request(digits, "change-attr", "all", {"attr": "epsilon"})


def test_every_graph_mutant_of_resnet8_is_well_formed_or_refused(resnet8: Any) -> None:
    outcomes: dict[str, list[bool]] = {}
    for mutant in enumerate_mutants(resnet8, GRAPH, redundant=True):
        try:
            planted = plant_mutant(resnet8, mutant)
        except ValueError as error:
            assert "refused by TVM's type inference" in str(error) and mutant.operator in str(error)
            outcomes.setdefault(mutant.operator, []).append(False)
            continue
        tvm.relax.analysis.well_formed(planted)
        outcomes.setdefault(mutant.operator, []).append(True)
    # It concatenates nothing, and its two-argument operators are commutative or take weights.
    assert set(outcomes) == {*GRAPH} - {"swap-args", "swap-concat"}
    # Only a changed shape can be refused, and not each of them is.
    refused = {operator for operator, ended in outcomes.items() if not all(ended)}
    assert refused == {"change-attr"} and any(outcomes["change-attr"])


def test_every_weight_mutant_of_resnet8_changes_one_tensor(resnet8: Any) -> None:
    for mutant in enumerate_mutants(resnet8, WEIGHT, redundant=True):
        planted = plant_mutant(resnet8, mutant)
        pairs = zip(bindings(resnet8), bindings(planted), strict=True)
        (pair,) = [(x, y) for x, y in pairs if not x.same_as(y)]
        index = int(mutant.path[-2])
        was, now = (binding.value.args[index] for binding in pair)
        assert was.value.numpy().tobytes() != now.value.numpy().tobytes()
        assert layers_of(pair[1].value) == mutant.layers
