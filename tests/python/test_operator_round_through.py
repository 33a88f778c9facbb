"""`round-through`: values through narrower types and back, as the formats define them."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest
import tvm
from tvm import tirx
from tvm.script import from_source
from tvm.script import tirx as T  # noqa: N812

from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.equivalence import prove_equivalent
from mutatenn.mutation.mutant import plant
from mutatenn.transform import RoundThrough
from operator_kernels import each, module, run

COUNT = 4096
FLOATS = {"float16": np.float16} | {
    name: getattr(ml_dtypes, name) for name in ("bfloat16", "float8_e4m3fn", "float8_e5m2")
}
INTEGERS = ("int32", "int16", "int8")


def copy(dtype: str, loop: str = f"range({COUNT})") -> Any:
    """A kernel that copies many numbers."""
    buffers = ", ".join(f"{letter}: T.Buffer(({COUNT},), '{dtype}')" for letter in "AC")
    source = (
        f"@T.prim_func(s_tir=True)\ndef main({buffers}):\n    for i in {loop}:\n"
        f"        with T.sblock('copy'):\n            v = T.axis.spatial({COUNT}, i)\n"
        "            C[v] = A[v]\n"
    )
    return tvm.IRModule({"main": from_source(source, {"T": T})})


def through(numbers: Any, narrow: Any) -> Any:
    mutant = RoundThrough(type=narrow)(copy(str(numbers.dtype)))
    result = tvm.runtime.tensor(np.zeros_like(numbers))
    tvm.compile(mutant, target="llvm")["main"](tvm.runtime.tensor(numbers), result)
    return result.numpy()


def bits() -> Any:
    """Float32 values of all sizes, subnormal ones, infinities and NaN among them."""
    drawn = np.random.default_rng(0).integers(0, 1 << 32, COUNT, np.uint32)
    drawn[::2] = (np.random.default_rng(1).standard_normal(COUNT // 2) * 8).astype("f4").view("u4")
    numbers = drawn.view("f4")
    numbers[:4] = np.nan, np.inf, -np.inf, 0
    # Halfway between two numbers of each format, and the edge of what float8 holds.
    numbers[4:10] = 1 + 2.0**-11, 1 + 2.0**-8, 1 + 3 * 2.0**-4, 1 + 2.0**-3, 448, 2.0**-10
    return numbers


@pytest.mark.parametrize("narrow", FLOATS)
def test_floats_round_to_the_nearest_number_of_the_format(narrow: str) -> None:
    numbers = bits()
    within = numbers
    if narrow.startswith("float8"):
        most = float(ml_dtypes.finfo(FLOATS[narrow]).max)
        within = np.clip(numbers, -most, most)
    with np.errstate(over="ignore", invalid="ignore"):
        expected = within.astype(FLOATS[narrow]).astype("f4")
    np.testing.assert_array_equal(through(numbers, narrow), expected)


@pytest.mark.parametrize("narrow", INTEGERS)
def test_floats_are_cut_to_integers_and_saturate(narrow: str) -> None:
    numbers, limits = bits(), np.iinfo(narrow)
    # Of 2 ** 31 - 1, the largest float32 below it.
    most = min(limits.max, 2147483520)
    with np.errstate(invalid="ignore"):
        expected = np.clip(np.trunc(numbers.astype("f8")), limits.min, most)
    found = through(numbers, narrow)
    is_number = ~np.isnan(numbers)
    np.testing.assert_array_equal(found[is_number], expected[is_number])
    assert np.isfinite(found).all()


@pytest.mark.parametrize("narrow", ["int16", "int8"])
@pytest.mark.parametrize("dtype", ["int32", "int64", "uint32"])
def test_integers_wrap_round_in_integer_types(dtype: str, narrow: str) -> None:
    limits = np.iinfo(dtype)
    numbers = np.random.default_rng(2).integers(limits.min, limits.max, COUNT, dtype)
    np.testing.assert_array_equal(through(numbers, narrow), numbers.astype(narrow).astype(dtype))


@pytest.mark.parametrize("narrow", FLOATS)
def test_integers_lose_digits_in_floats_and_stay_in_their_type(narrow: str) -> None:
    numbers = np.random.default_rng(3).integers(-(2**31), 2**31, COUNT, np.int32)
    numbers[: COUNT // 2] %= 60000
    numbers[-2:] = -(2**31), 2**31 - 1
    info = ml_dtypes.finfo(FLOATS[narrow])
    most = float(info.max)
    rounded = np.clip(numbers.astype("f4"), -most, most).astype(FLOATS[narrow]).astype("f8")
    # The largest number of the format below 2 ** 31.
    largest = 2.0**31 - 2.0 ** (30 - info.nmant)
    expected = np.clip(rounded, -(2.0**31), largest).astype(np.int32)
    np.testing.assert_array_equal(through(numbers, narrow), expected)


@pytest.mark.parametrize(
    ("dtype", "narrow", "text"),
    [
        ("float32", "float16", "T.Cast('float32', T.Cast('float16', A[i]))"),
        ("int32", "int8", "T.Cast('int32', T.Cast('int8', A[i]))"),
        (
            "float32",
            "int8",
            "T.Cast('float32', T.Cast('int8', "
            "T.max(T.min(A[i], T.float32(127)), T.float32(-128))))",
        ),
        (
            "float16",
            "int16",
            "T.Cast('float16', T.Cast('int16', "
            "T.max(T.min(A[i], T.float16(32752)), T.float16(-32768))))",
        ),
    ],
)
def test_a_stored_value_goes_there_and_back(dtype: str, narrow: Any, text: str) -> None:
    before, expected = (module(each(f"C[i] = {value}"), dtype) for value in ("A[i]", text))
    tvm.ir.assert_structural_equal(RoundThrough(type=narrow)(before), expected)


def test_bfloat16_is_written_out_over_the_value_bound_once() -> None:
    value = RoundThrough(type="bfloat16")(module(each("C[i] = A[i] * B[i]")))["main"]
    let = value.body.block.body.body.value
    assert isinstance(let, tirx.Let) and isinstance(let.body, tirx.Select)
    assert value.script().count("A[i] * B[i]") == 1


def test_a_loaded_value_goes_there_and_back() -> None:
    before, expected = (
        module(each(f"C[i] = {a} * B[i]"))
        for a in ("A[i]", "T.Cast('float32', T.Cast('float16', A[i]))")
    )
    tvm.ir.assert_structural_equal(RoundThrough(site=1)(before), expected)
    assert run(RoundThrough(site=1)(before), [1 + 2.0**-11] * 8, [2] * 8).tolist() == [2] * 8


def offered(value: str, dtype: str) -> list[tuple[str, str]]:
    mod = module(each(f"C[i] = {value}"), dtype)
    found = enumerate_mutants(mod, ["round-through"])
    return [(mutant.path.rpartition(".body")[2], mutant.settings["type"]) for mutant in found]


@pytest.mark.parametrize(
    ("value", "dtype", "places"),
    [
        ("A[i]", "float32", [("", "float16"), ("", "bfloat16"), ("", "int8")]),
        ("A[i]", "float16", [("", "bfloat16"), ("", "int8")]),
        ("A[i]", "int32", [("", "float16"), ("", "bfloat16"), ("", "int8")]),
        ("A[i]", "uint8", [("", "float8_e4m3fn")]),
        ("T.Cast('float32', T.Cast('int8', i))", "float32", [("", "float8_e4m3fn")]),
        ("T.float32(0.1)", "float32", []),
        ("A[i] and B[i]", "bool", []),
    ],
)
def test_a_type_that_holds_every_value_is_not_offered(
    value: str, dtype: str, places: list[tuple[str, str]]
) -> None:
    assert offered(value, dtype) == [(f".value{place}", type_) for place, type_ in places]


def test_a_load_that_is_an_index_is_left_to_narrow_index() -> None:
    mod = module(each("C[i] = A[B[i]] + 1"), "int32")
    paths = {mutant.path for mutant in enumerate_mutants(mod, ["round-through"])}
    assert [path.rpartition(".body")[2] for path in sorted(paths)] == [".value", ".value.a"]


@pytest.mark.parametrize("target", ["c", "opencl", "cuda"])
@pytest.mark.parametrize("narrow", [*FLOATS, *INTEGERS])
def test_every_backend_lowers_it_and_keeps_it(target: str, narrow: Any) -> None:
    plain = f"range({COUNT})"
    loop = plain if target == "c" else f"T.thread_binding({COUNT}, thread='threadIdx.x')"

    def source(mod: Any) -> str:
        built = tvm.compile(mod, target=target).mod
        return str((built if target == "c" else built.imports[0]).inspect_source())

    assert source(RoundThrough(type=narrow)(copy("float32", loop))) != source(copy("float32", loop))


@pytest.mark.parametrize(("extent", "proved"), [(128, True), (129, False)])
def test_an_integer_that_fits_the_type_is_proved_to_stay(extent: int, proved: bool) -> None:
    mod = module(f"for i in range({extent}):\n    C[0] = i", "int32")
    mutants = {m.settings["type"]: m for m in enumerate_mutants(mod, ["round-through"])}
    mutant = mutants["int8"]
    proof = prove_equivalent(mod["main"], plant(mod, mutant)["main"], mutant.path)
    assert (proof is not None) == proved
    if proof is not None:
        assert proof.reason.startswith("`i` is from 0 to 127, which int8 holds")
