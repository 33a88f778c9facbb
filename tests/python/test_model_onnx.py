"""ONNX files become the module that TVM's own frontend makes, with layer names in it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.helper as oh
import pytest
import tvm_ffi
from tvm.relax.frontend.onnx import from_onnx

from mutatenn.errors import InputError
from mutatenn.model import layers_of, load
from mutatenn.model.layers import bindings

FLOAT = onnx.TensorProto.FLOAT


def data() -> Path:
    """The read-only data folder; the test is skipped where there is none."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("MUTATENN_TEST_DATA", beside))
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder}; set MUTATENN_TEST_DATA")
    return folder


def weight(name: str, *shape: int) -> Any:
    values = np.random.default_rng(len(name)).standard_normal(shape).astype("float32")
    return onnx.numpy_helper.from_array(values, name)


def model(
    nodes: list[Any],
    weights: Sequence[Any] = (),
    shape: Any = (1, 4),
    name: str = "x",
    out: str = "y",
) -> Any:
    graph = oh.make_graph(
        nodes,
        "g",
        [oh.make_tensor_value_info(name, FLOAT, shape)],
        [oh.make_tensor_value_info(out, FLOAT, ["rows", "columns"])],
        list(weights),
    )
    return oh.make_model(graph, opset_imports=[oh.make_opsetid("", 13)], ir_version=8)


def saved(tmp_path: Path, proto: Any) -> Path:
    path = tmp_path / "m.onnx"
    path.write_bytes(proto.SerializeToString())
    return path


def small() -> Any:
    """A Gemm with a transposed weight, a Relu used twice, an Add; one node without a name."""
    nodes = [
        oh.make_node("Gemm", ["x", "w", "b"], ["g"], name="fc", transB=1),
        oh.make_node("Relu", ["g"], ["r"]),
        oh.make_node("Softmax", ["r"], ["s"], name="soft"),
        oh.make_node("Add", ["r", "s"], ["y"], name="sum"),
    ]
    return model(nodes, [weight("w", 4, 4), weight("b", 4)])


def names_by_operator(mod: Any) -> list[tuple[str, tuple[str, ...]]]:
    calls = [b for b in bindings(mod["main"]) if hasattr(b.value, "op")]
    return [(b.value.op.name.removeprefix("relax."), layers_of(b)) for b in calls]


def reason(path: Path, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        load(path, **options)
    text = str(caught.value)
    assert text.startswith(str(path)) and "\n" not in text
    return text.removeprefix(str(path))


def test_every_call_carries_the_node_it_came_from(tmp_path: Path) -> None:
    found = names_by_operator(load(saved(tmp_path, small())))
    assert found == [
        ("permute_dims", ("fc",)),
        ("matmul", ("fc",)),
        ("add", ("fc",)),
        ("nn.relu", ("Relu_1",)),
        ("nn.softmax", ("soft",)),
        ("add", ("sum",)),
    ]


def test_a_small_model_equals_what_the_frontend_makes_of_it(tmp_path: Path) -> None:
    assert tvm_ffi.structural_equal(load(saved(tmp_path, small())), from_onnx(small()))


def test_variables_are_called_as_the_frontend_calls_them(tmp_path: Path) -> None:
    ours = [str(b.var.name) for b in bindings(load(saved(tmp_path, small()))["main"])]
    assert ours == [str(b.var.name) for b in bindings(from_onnx(small())["main"])]


@pytest.mark.parametrize("file", ["resnet20_cifar10.onnx", "shufflenetv2_0.5_cifar10.onnx"])
def test_a_real_model_equals_what_the_frontend_makes_of_it(file: str) -> None:
    path = data() / "models" / file
    assert tvm_ffi.structural_equal(load(path), from_onnx(onnx.load(path)))


def test_an_identity_does_not_take_over_the_node_before_it(tmp_path: Path) -> None:
    nodes = [
        oh.make_node("Relu", ["x"], ["r"], name="act"),
        oh.make_node("Identity", ["r"], ["i"], name="same"),
        oh.make_node("Abs", ["i"], ["y"], name="abs"),
    ]
    found = names_by_operator(load(saved(tmp_path, model(nodes))))
    assert found == [("nn.relu", ("act",)), ("abs", ("abs",))]


def test_a_node_with_several_outputs_keeps_its_name(tmp_path: Path) -> None:
    nodes = [
        oh.make_node("Split", ["x"], ["a", "b"], name="halves", axis=1),
        oh.make_node("Mul", ["a", "b"], ["y"], name="product"),
    ]
    found = names_by_operator(load(saved(tmp_path, model(nodes))))
    assert found == [("split", ("halves",)), ("multiply", ("product",))]


def test_the_branches_of_an_if_keep_their_nodes(tmp_path: Path) -> None:
    def branch(kind: str) -> Any:
        out = [oh.make_tensor_value_info("o", FLOAT, [1, 4])]
        return oh.make_graph([oh.make_node(kind, ["x"], ["o"])], kind, [], out)

    nodes = [
        oh.make_node("ReduceSum", ["x"], ["s"], name="total", keepdims=0),
        oh.make_node("Greater", ["s", "zero"], ["c"], name="sign"),
        oh.make_node(
            "If", ["c"], ["y"], name="fork", then_branch=branch("Abs"), else_branch=branch("Neg")
        ),
    ]
    zero = onnx.numpy_helper.from_array(np.zeros((), "float32"), "zero")
    found = dict(names_by_operator(load(saved(tmp_path, model(nodes, [zero])))))
    assert found["abs"] == ("fork/Abs_0",) and found["negative"] == ("fork/Neg_0",)
    assert found["greater"] == ("sign",)


@pytest.mark.parametrize(("option", "rows"), [({}, 1), ({"batch": 3}, 3)])
def test_a_symbolic_batch_is_fixed(tmp_path: Path, option: dict[str, Any], rows: int) -> None:
    proto = model([oh.make_node("Relu", ["x"], ["y"])], shape=("N", 4))
    main = load(saved(tmp_path, proto), **option)["main"]
    assert [int(size) for size in main.params[0].ty.shape] == [rows, 4]
    assert [int(size) for size in main.ret_ty.shape] == [rows, 4]


def test_an_input_name_with_a_dot_gives_no_warning(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    proto = model([oh.make_node("Relu", ["in.1"], ["y"])], name="in.1")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load(saved(tmp_path, proto))
    assert capfd.readouterr() == ("", "")


def test_weights_beside_the_model_are_read(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    onnx.save(small(), path, save_as_external_data=True, location="w.bin", size_threshold=0)
    assert tvm_ffi.structural_equal(load(path), from_onnx(small()))


def test_missing_external_weights_are_told(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    onnx.save(small(), path, save_as_external_data=True, location="w.bin", size_threshold=0)
    (tmp_path / "w.bin").unlink()
    assert "external data" in reason(path) and "w.bin" in reason(path)


def test_a_truncated_file_is_told(tmp_path: Path) -> None:
    path = saved(tmp_path, small())
    path.write_bytes(path.read_bytes()[:-50])
    assert "cut short" in reason(path)


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").touch()
    assert "empty file" in reason(tmp_path / "m.onnx")


def test_a_model_without_a_graph_is_told(tmp_path: Path) -> None:
    assert "0 outputs" in reason(saved(tmp_path, onnx.ModelProto(ir_version=8)))


def test_an_unknown_operator_is_named_with_its_node(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    nodes = [
        oh.make_node("Quux", ["x"], ["q"], name="odd"),
        oh.make_node("Frob", ["q"], ["y"]),
    ]
    text = reason(saved(tmp_path, model(nodes)))
    assert "Quux (first of 1: node 'odd'), Frob (first of 1: node 'Frob_1')" in text
    assert capfd.readouterr() == ("", "")


def test_the_int8_model_names_conv_integer() -> None:
    text = reason(data() / "models" / "mobilenetv2-12_dynint8.onnx")
    assert "does not support ConvInteger (first of 52: node 'Conv_0_quant')" in text


def test_a_node_that_cannot_be_converted_is_named_and_nothing_is_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    nodes = [
        oh.make_node("Relu", ["x"], ["r"], name="fine"),
        oh.make_node("MatMul", ["r", "w"], ["m"], name="mismatch"),
        oh.make_node("Relu", ["m"], ["y"]),
    ]
    text = reason(saved(tmp_path, model(nodes, [weight("w", 5, 5)])))
    assert "MatMul node 'mismatch'" in text
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("shape", "batch", "part"),
    [
        ((2, 4), 3, "no open batch dimension"),
        (("N", 4), 0, "at least 1"),
        ((1, "W"), None, "dimension 1 of input 'x' is open"),
        (None, None, "no known shape"),
    ],
)
def test_shapes_that_do_not_fit_are_told(
    tmp_path: Path, shape: Any, batch: int | None, part: str
) -> None:
    proto = model([oh.make_node("Relu", ["x"], ["y"])], shape=shape)
    assert part in reason(saved(tmp_path, proto), batch=batch)
