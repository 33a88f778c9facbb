"""Host halves of kernels for accelerators as launches: what is read, refused, and what they do."""

from __future__ import annotations

import textwrap

import numpy as np
import pytest
import tvm
from tvm import relax, te, tirx
from tvm.ir import PrimType, Var
from tvm.script import from_source
from tvm.script import tirx as T  # noqa: N812

from launch_kernels import launch
from mutatenn.lowering.device_kernel import Argument, DeviceLaunch
from mutatenn.lowering.kernel import CompileError
from mutatenn.lowering.launches import HostLaunches, host_launches
from opencl_kernels import device_kernel, flat, only_kernel, run, scheduled

A, B = Argument("parameter", 0), Argument("parameter", 1)


def host(body: str) -> HostLaunches:
    """What a host function over the float32 tensors A and B of eight elements launches."""
    head = "@T.prim_func(s_tir=True)\ndef main(A: T.Buffer((8,)), B: T.Buffer((8,))):\n"
    return host_launches(from_source(head + textwrap.indent(body, "    "), {"T": T}))


def call(arguments: str = "A.data, B.data", blocks: str = "4", tag: str = "blockIdx.x") -> str:
    """A launch of ``k``; its threads stand before its blocks."""
    tags = f"['threadIdx.x', {tag!r}]"
    return (
        f"T.call_ffi_kernel('k', {arguments}, 32, {blocks}, launch_params={tags}, ret_ty='int32')"
    )


def launched(*arguments: Argument, blocks: int = 4, shared: int = 0) -> DeviceLaunch:
    return DeviceLaunch("k", arguments, (blocks, 1, 1), (32, 1, 1), shared)


def test_a_launch_has_its_arguments_in_the_order_of_the_device_function() -> None:
    assert host(call("B.data, A.data")) == HostLaunches((launched(B, A),), (), 2)


def test_launches_stand_in_their_order() -> None:
    found = host(f"{call(blocks='1')}\n{call(blocks='2')}")
    assert found.launches == (launched(A, B, blocks=1), launched(A, B, blocks=2))


def test_temporaries_are_numbered_with_their_bytes() -> None:
    allocations = "V = T.alloc_buffer((2, 3), 'float16')\nW = T.alloc_buffer((5,), 'int64')\n"
    found = host(allocations + call("W.data, V.data"))
    assert found.workspaces == (12, 40)
    assert found.launches[0].arguments == (Argument("workspace", 1), Argument("workspace", 0))


def test_an_alias_stands_for_its_tensor() -> None:
    assert host(f"C = T.decl_buffer((2, 4), data=B.data)\n{call('A.data, C.data')}").launches == (
        launched(A, B),
    )


def test_an_alias_begins_where_its_offset_says() -> None:
    first = "C = T.decl_buffer((4,), data=T.handle_add_byte_offset(B.data, 16))\n"
    second = "D = T.decl_buffer((2,), data=T.handle_add_byte_offset(C.data, 4 + 4))\n"
    found = host(first + second + call("C.data, D.data"))
    assert [argument.offset for argument in found.launches[0].arguments] == [16, 24]
    assert {argument.index for argument in found.launches[0].arguments} == {1}


def test_extents_and_scalars_are_evaluated() -> None:
    found = host(f"n: T.let[T.int32] = 3\n{call('T.float32(2.5), n + 4', 'T.max(n * 2, 5)')}")
    scalars = (
        Argument("scalar", dtype="float32", value=2.5),
        Argument("scalar", dtype="int32", value=7),
    )
    assert found.launches == (launched(*scalars, blocks=6),)


def test_dynamic_shared_memory_is_told_from_extents() -> None:
    found = host(call(blocks="4096", tag="tirx.use_dyn_shared_memory"))
    assert found.launches == (launched(A, B, blocks=1, shared=4096),)


def test_decided_conditions_are_followed() -> None:
    body = (
        f"n: T.let[T.int32] = 3\nif n < 2:\n    {call(blocks='1')}\nelse:\n    {call(blocks='2')}"
    )
    assert host(body).launches == (launched(A, B, blocks=2),)


def test_assertions_are_passed_over() -> None:
    assert len(host(f"assert A[0] < T.float32(1), 'small'\n{call()}").launches) == 1


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (f"for i in range(3):\n    {call()}", "a loop that no schedule bound"),
        (f"while A[0] < B[0]:\n    {call()}", "a loop while"),
        (f"A[0] = B[0]\n{call()}", "a store to A"),
        (f"T.evaluate(T.call_extern('int32', 'f'))\n{call()}", "a call of tirx.call_extern"),
        (f"if A[0] < T.float32(2):\n    {call()}", "a condition .* is no constant"),
        (f"with T.attr(0, 'pragma_x', 1):\n    {call()}", "the attribute pragma_x"),
        (f"W = T.alloc_buffer((4,), scope='shared')\n{call()}", "a temporary in shared memory"),
        (call(tag="clusterCtaIdx.x"), "a launch with clusterCtaIdx.x"),
        (call(blocks="0"), "a launch of k with blockIdx.x of extent 0"),
        (call(blocks="T.Cast('int32', A[0])"), "blockIdx.x of a launch .* is no constant"),
        (call("A[0]"), "a launch's argument .* is no constant"),
        ("T.evaluate(0)", "launches nothing"),
    ],
)
def test_what_is_no_launch_is_refused_by_name(body: str, named: str) -> None:
    with pytest.raises(CompileError, match=named):
        host(body)


def test_a_kernel_without_schedule_is_refused_for_its_loop() -> None:
    with pytest.raises(CompileError, match="a loop that no schedule bound"):
        device_kernel(only_kernel(relax.op.nn.relu, (4, 8)))


def test_a_launch_in_a_loop_of_the_host_is_refused() -> None:
    module = launch([("t", "threadIdx.x", 8)], "A[t] = B[t]")
    func = module["main"]
    assert len(device_kernel(flat(module)).launches) == 1
    turn = tirx.For(Var("i", PrimType("int32")), 0, 3, tirx.ForKind.SERIAL, func.body)
    with pytest.raises(CompileError, match="a loop that no schedule bound"):
        device_kernel(flat(tvm.IRModule({"main": func.with_body(turn)})))


def test_a_softmax_runs_as_launches_with_temporaries() -> None:
    kernel = device_kernel(scheduled(only_kernel(relax.op.nn.softmax, (4, 8))))
    assert len(kernel.launches) == 3
    assert kernel.workspaces == (16, 16)
    x = np.random.default_rng(1).standard_normal((4, 8)).astype("float32")
    _, found = run(kernel, x, np.zeros_like(x))
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    np.testing.assert_allclose(found, powers / powers.sum(axis=1, keepdims=True), rtol=1e-6)


def test_each_argument_reaches_its_parameter() -> None:
    tensors = [te.placeholder((16,), name=f"x{index}") for index in range(11)]
    weighted = te.compute(
        (16,), lambda i: sum(tensor[i] * (2.0**power) for power, tensor in enumerate(tensors))
    )
    kernel = device_kernel(scheduled(te.create_prim_func([*tensors, weighted])))
    order = [argument.index for argument in kernel.launches[0].arguments]
    assert sorted(order) == list(range(12))
    assert order != sorted(order), "TVM sorts by name: p10 stands before p2"
    values = np.random.default_rng(2).integers(0, 9, (11, 16)).astype("float32")
    found = run(kernel, *values, np.zeros(16, "float32"))
    np.testing.assert_array_equal(found[-1], (values * 2.0 ** np.arange(11)[:, None]).sum(axis=0))


def test_two_outputs_are_written_by_a_launch_each() -> None:
    kernel = device_kernel(scheduled(only_kernel(lambda x: relax.op.split(x, 2, 1), (4, 10))))
    assert len(kernel.launches) == 2
    x = np.arange(40, dtype="float32").reshape(4, 10)
    _, left, right = run(kernel, x, *np.zeros((2, 4, 5), "float32"))
    np.testing.assert_array_equal(np.hstack([left, right]), x)
