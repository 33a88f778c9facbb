"""From a fused module to its plan: tuples, several outputs, weights, and what cannot be run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.helper as oh
import pytest
import tvm
from tvm import relax

from mutatenn.device import LlvmDevice
from mutatenn.errors import InputError
from mutatenn.lowering.extract import Lowered, lower
from mutatenn.lowering.kernel import compile_kernel, link, parse_target
from mutatenn.lowering.tensor_stage import with_kernels
from mutatenn.model import load

FLOAT = onnx.TensorProto.FLOAT


WEIGHT = np.random.default_rng(1).normal(size=(4, 4)).astype(np.float32)


def imported(
    folder: Path, nodes: list[Any], weights: dict[str, Any], shape: list[Any], outputs: str
) -> Any:
    graph = oh.make_graph(
        nodes,
        "g",
        [oh.make_tensor_value_info("x", FLOAT, shape)],
        [oh.make_tensor_value_info(name, FLOAT, None) for name in outputs],
        [onnx.numpy_helper.from_array(np.asarray(array), n) for n, array in weights.items()],
    )
    proto = oh.make_model(graph, opset_imports=[oh.make_opsetid("", 15)], ir_version=8)
    (folder / "m.onnx").write_bytes(proto.SerializeToString())
    return load(folder / "m.onnx")


def shuffle(folder: Path) -> Any:
    """The halves of ``x`` go different ways and come back in the other order, as in ShuffleNet."""
    nodes = [
        oh.make_node("Split", ["x"], ["left", "right"], name="halve", axis=1),
        oh.make_node("MatMul", ["right", "w"], ["rest"], name="matmul"),
        oh.make_node("Concat", ["rest", "left"], ["y"], name="join", axis=1),
    ]
    return imported(folder, nodes, {"w": WEIGHT}, [1, 8], "y")


def executed(lowered: Lowered, folder: Path, rows: np.ndarray) -> list[np.ndarray]:
    """Golden outputs of the plan, on the device."""
    target = parse_target("llvm")
    kernels = {
        name: link(compile_kernel(lowered.kernel(name), target, folder), folder / f"{name}.so")
        for name in lowered.plan.kernels
    }
    with LlvmDevice(lowered.plan, lowered.weights, kernels, [rows]) as device:
        return device.golden().outputs


def by_machine(module: Any, rows: np.ndarray) -> list[np.ndarray]:
    """The same by TVM's virtual machine, row by row."""
    machine = relax.VirtualMachine(tvm.compile(module.clone(), target="llvm"), tvm.cpu())
    answers = [machine["main"](tvm.runtime.tensor(row)) for row in rows]
    if not hasattr(answers[0], "numpy"):
        return [np.stack(column) for column in zip(*(_arrays(a) for a in answers), strict=True)]
    return [np.stack([answer.numpy() for answer in answers])]


def _arrays(answer: Any) -> list[np.ndarray]:
    return [item.numpy() for item in answer]


def rows(*shape: int) -> np.ndarray:
    return np.random.default_rng(2).normal(size=shape).astype(np.float32)


def test_parts_of_a_tuple_are_buffers_of_their_own(tmp_path: Path) -> None:
    module = shuffle(tmp_path)
    lowered = lower(module, "llvm")
    halves = next(launch for launch in lowered.plan.launches if "halve" in launch.layers)
    assert len(halves.outputs) >= 2
    x = rows(3, 1, 8)
    (answer,) = executed(lowered, tmp_path, x)
    expected = np.concatenate([x[..., 4:] @ WEIGHT, x[..., :4]], axis=-1)
    np.testing.assert_allclose(answer, expected, rtol=1e-5)
    assert answer.tobytes() == by_machine(module, x)[0].tobytes()


def test_several_outputs_are_told_in_their_order(tmp_path: Path) -> None:
    nodes = [
        oh.make_node("Relu", ["x"], ["a"], name="relu"),
        oh.make_node("Exp", ["a"], ["b"], name="exp"),
    ]
    module = imported(tmp_path, nodes, {}, [1, 4], "ba")
    lowered = lower(module, "llvm")
    assert len(lowered.plan.outputs) == 2
    x = rows(2, 1, 4)
    for answer, expected in zip(executed(lowered, tmp_path, x), by_machine(module, x), strict=True):
        assert answer.tobytes() == expected.tobytes()


def test_a_weight_used_twice_is_stored_once(tmp_path: Path) -> None:
    square = rows(4, 4)
    nodes = [
        oh.make_node("MatMul", ["x", "w"], ["a"], name="first"),
        oh.make_node("MatMul", ["a", "w"], ["y"], name="second"),
    ]
    lowered = lower(imported(tmp_path, nodes, {"w": square}, [1, 4], "y"), "llvm")
    (weight,) = lowered.weights
    np.testing.assert_array_equal(lowered.weights[weight], square)
    assert [launch.inputs[1] for launch in lowered.plan.launches] == [weight, weight]
    assert len(lowered.plan.kernels) == 1


def test_every_buffer_has_a_writer_of_its_kind(tmp_path: Path) -> None:
    plan = lower(shuffle(tmp_path), "llvm").plan
    written = [buffer for launch in plan.launches for buffer in launch.outputs]
    activations = [buffer.id for buffer in plan.buffers if buffer.role == "activation"]
    assert sorted(written) == activations
    assert [buffer.id for buffer in plan.buffers] == list(range(len(plan.buffers)))
    assert plan.inputs == (0,) and plan.buffers[0].role == "input"
    for launch in plan.launches:
        assert max(launch.inputs) < min(launch.outputs)


def test_lowering_twice_gives_the_same_plan(tmp_path: Path) -> None:
    module = shuffle(tmp_path)
    assert lower(module, "llvm").plan == lower(module, "llvm").plan


def built(emit: Any, shape: list[Any]) -> Any:
    x = relax.Var("x", relax.TensorType(shape, "float32"))
    builder = relax.BlockBuilder()
    with builder.function("main", [x]):
        builder.emit_func_output(builder.emit(emit(x)))
    return builder.get()


def test_a_scalar_weight_stays_a_scalar(tmp_path: Path) -> None:
    half = relax.const(0.5, "float32")
    module = built(lambda x: relax.op.where(relax.op.less(x, half), half, x), [1, 3])
    fused, _ = with_kernels(module)
    scalar = [array for array in lower(fused, "llvm").weights.values() if array.shape == ()]
    assert [array.item() for array in scalar] == [0.5]
    (answer,) = executed(lower(fused, "llvm"), tmp_path, np.array([[[-1, 0, 2]]], np.float32))
    np.testing.assert_array_equal(answer, [[[0.5, 0.5, 2]]])


def test_a_call_that_is_no_kernel_is_refused_by_name() -> None:
    kind = relax.TensorType([4], "float32")
    module = built(lambda x: relax.call_pure_packed("my.function", x, ty_args=kind), [4])
    with pytest.raises(InputError, match=r"is relax\.call_pure_packed; only call_tir launches"):
        lower(module, "llvm")


def test_an_operation_that_nothing_lowers_is_refused_by_name() -> None:
    module = built(relax.op.shape_of, [4])
    with pytest.raises(InputError, match=r"cannot be run kernel by kernel"):
        lower(module, "llvm")


def test_a_symbolic_shape_is_refused_with_the_way_out() -> None:
    module = built(relax.op.exp, [tvm.tirx.Var("n", "int64"), 4])
    with pytest.raises(InputError, match=r"symbolic shape .*n.*fix the batch with --batch"):
        lower(module, "llvm")


def test_a_module_with_kernels_is_taken_as_it_is(tmp_path: Path) -> None:
    fused, lowered = with_kernels(shuffle(tmp_path))
    assert lowered
    again, lowered = with_kernels(fused)
    assert not lowered and again.same_as(fused)


def test_a_module_with_nothing_to_mutate_is_refused() -> None:
    with pytest.raises(InputError, match=r"neither a TIR function nor a Relax function main"):
        with_kernels(tvm.IRModule())
