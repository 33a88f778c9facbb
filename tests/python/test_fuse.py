"""Fusion is TVM's own, and every launch says which layers went into it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.helper as oh
import pytest
import tvm
import tvm_ffi
from onnx.reference import ReferenceEvaluator
from tvm import relax

from mutatenn.errors import InputError
from mutatenn.lowering.fuse import fuse, is_fused, launches
from mutatenn.model import layers_of, load

FLOAT = onnx.TensorProto.FLOAT


def data() -> Path:
    """The read-only data folder; the test is skipped where there is none."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("MUTATENN_TEST_DATA", beside))
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder}; set MUTATENN_TEST_DATA")
    return folder


def constant(name: str, *shape: int) -> Any:
    values = np.random.default_rng(len(name)).uniform(0.5, 1.5, shape).astype("float32")
    return onnx.numpy_helper.from_array(values, name)


def imported(tmp_path: Path, nodes: list[Any], weights: list[Any], shape: list[int]) -> Any:
    graph = oh.make_graph(
        nodes,
        "g",
        [oh.make_tensor_value_info("x", FLOAT, shape)],
        [oh.make_tensor_value_info("y", FLOAT, None)],
        weights,
    )
    proto = oh.make_model(graph, opset_imports=[oh.make_opsetid("", 15)], ir_version=8)
    (tmp_path / "m.onnx").write_bytes(proto.SerializeToString())
    return load(tmp_path / "m.onnx")


def residual(tmp_path: Path) -> Any:
    """Two equal blocks of convolution, batch norm, sum and ReLU: their kernels are shared."""
    nodes, weights, before = [], [], "x"
    for block in "ab":
        stats = [f"{block}{part}" for part in ("scale", "bias", "mean", "var")]
        weights += [constant(f"{block}w", 4, 4, 3, 3), *(constant(name, 4) for name in stats)]
        conv, norm, total = (f"{kind}_{block}" for kind in ("conv", "bn", "sum"))
        after = "y" if block == "b" else "a_out"
        nodes += [
            oh.make_node("Conv", [before, f"{block}w"], [conv], name=conv, pads=[1, 1, 1, 1]),
            oh.make_node("BatchNormalization", [conv, *stats], [norm], name=norm),
            oh.make_node("Add", [norm, before], [total], name=total),
            oh.make_node("Relu", [total], [after], name=f"relu_{block}"),
        ]
        before = after
    return imported(tmp_path, nodes, weights, [1, 4, 6, 6])


def listed(mod: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(str(b.value.args[0].name_hint), layers_of(b)) for b in launches(mod)]


def zero(mod: Any) -> Any:
    with tvm.target.Target("llvm"):
        return relax.get_pipeline("zero")(mod.clone())


def run(mod: Any, *inputs: Any) -> Any:
    machine = relax.VirtualMachine(tvm.compile(mod, "llvm"), tvm.cpu())
    return machine["main"](*map(tvm.runtime.tensor, inputs)).numpy()


def test_each_launch_of_a_shared_kernel_has_its_own_names(tmp_path: Path) -> None:
    assert listed(fuse(residual(tmp_path))) == [
        ("conv2d", ("conv_a",)),
        ("fused_batch_norm_add_relu", ("bn_a", "sum_a", "relu_a")),
        ("conv2d", ("conv_b",)),
        ("fused_batch_norm_add_relu", ("bn_b", "sum_b", "relu_b")),
    ]


def test_fusion_is_what_tvm_makes_of_it(tmp_path: Path) -> None:
    mod = residual(tmp_path)
    assert tvm_ffi.structural_equal(fuse(mod), zero(mod))


def test_the_module_given_is_not_changed(tmp_path: Path) -> None:
    mod = residual(tmp_path)
    before = tvm.ir.save_json(mod)
    fuse(mod)
    assert tvm.ir.save_json(mod) == before


def test_two_fusions_are_the_same(tmp_path: Path) -> None:
    mod = residual(tmp_path)
    first, second = fuse(mod), fuse(mod)
    assert tvm_ffi.structural_equal(first, second)
    assert listed(first) == listed(second)


def test_fusing_a_fused_module_keeps_it(tmp_path: Path) -> None:
    mod = residual(tmp_path)
    once = fuse(mod)
    assert not is_fused(mod) and is_fused(once)
    assert tvm_ffi.structural_equal(fuse(once), once)
    assert listed(fuse(once)) == listed(once)


def test_names_survive_json(tmp_path: Path) -> None:
    fused = fuse(residual(tmp_path))
    back = tvm.ir.load_json(tvm.ir.save_json(fused))
    assert tvm_ffi.structural_equal(back, fused)
    assert listed(back) == listed(fused)


def test_a_module_fuses_alike_before_and_after_json(tmp_path: Path) -> None:
    mod = residual(tmp_path)
    back = tvm.ir.load_json(tvm.ir.save_json(mod))
    assert tvm_ffi.structural_equal(fuse(back), fuse(mod))
    assert listed(fuse(back)) == listed(fuse(mod))


def test_a_node_of_several_kernels_names_each(tmp_path: Path) -> None:
    nodes = [oh.make_node("Gemm", ["x", "w", "b"], ["y"], name="fc", alpha=0.5, transA=1)]
    mod = imported(tmp_path, nodes, [constant("w", 4, 4), constant("b", 4)], [4, 4])
    assert {names for _, names in listed(fuse(mod))} == {("fc",)}


def test_what_is_computed_from_constants_is_launched_by_none(tmp_path: Path) -> None:
    nodes = [
        oh.make_node("Exp", ["w"], ["e"], name="folded"),
        oh.make_node("Mul", ["x", "e"], ["y"], name="kept"),
    ]
    mod = imported(tmp_path, nodes, [constant("w", 4)], [1, 4])
    assert [names for _, names in listed(fuse(mod))] == [("kept",)]


@pytest.mark.parametrize(
    ("operator", "outputs", "number", "expected"),
    [("TopK", ["y", "index"], [2], [[4.0, 3.0]]), ("CumSum", ["y"], 1, [[3.0, 4.0, 8.0, 9.5]])],
)
def test_sorts_and_scans_become_kernels_that_run(
    tmp_path: Path, operator: str, outputs: list[str], number: Any, expected: list[list[float]]
) -> None:
    nodes = [oh.make_node(operator, ["x", "number"], outputs, name="op")]
    number = onnx.numpy_helper.from_array(np.array(number, dtype="int64"), "number")
    fused = fuse(imported(tmp_path, nodes, [number], [1, 4]))
    assert is_fused(fused) and {names for _, names in listed(fused)} == {("op",)}
    x = np.array([[3.0, 1.0, 4.0, 1.5]], dtype="float32")
    np.testing.assert_allclose(run(fused, x), np.array(expected))


def test_a_module_without_names_fuses_without_names() -> None:
    x = relax.Var("x", relax.TensorType([2], "float32"))
    builder = relax.BlockBuilder()
    with builder.function("main", [x]):
        with builder.dataflow():
            out = builder.emit_output(relax.op.exp(relax.op.abs(x)))
        builder.emit_func_output(out)
    assert listed(fuse(builder.get())) == [("fused_tir_abs_tir_exp", ())]


def test_a_public_kernel_of_the_user_is_named_and_kept(tmp_path: Path) -> None:
    legal = relax.transform.LegalizeOps()(residual(tmp_path))
    kernel = next(var for var in legal.get_global_vars() if var.name_hint == "conv2d")
    legal[kernel] = legal[kernel].with_attr("global_symbol", "conv2d")
    fused = fuse(legal)
    assert fused["conv2d"].attrs["global_symbol"] == "conv2d"


def test_a_module_without_main_is_told() -> None:
    with pytest.raises(InputError, match=r"no Relax function main \(it has no functions\)"):
        fuse(tvm.IRModule())


@pytest.mark.parametrize(
    ("file", "kernels", "count"),
    [("resnet20_cifar10", 17, 41), ("squeezenet1.1", 27, 39)],
)
def test_every_node_of_a_real_model_is_in_a_launch(file: str, kernels: int, count: int) -> None:
    path = data() / "models" / f"{file}.onnx"
    found = listed(fuse(load(path)))
    assert (len({kernel for kernel, _ in found}), len(found)) == (kernels, count)
    nodes = [
        node.name or f"{node.op_type}_{index}"
        for index, node in enumerate(onnx.load(path).graph.node)
        if node.op_type not in ("Constant", "Dropout")
    ]
    assert {name for _, names in found for name in names} == set(nodes)
    assert all(names for _, names in found)


def test_a_fused_model_computes_what_onnx_says(tmp_path: Path) -> None:
    fused = fuse(residual(tmp_path))
    x = np.random.default_rng(0).standard_normal((1, 4, 6, 6)).astype("float32")
    answers: Any = ReferenceEvaluator(str(tmp_path / "m.onnx")).run(None, {"x": x})
    np.testing.assert_allclose(run(fused, x), answers[0], rtol=1e-4, atol=1e-4)
