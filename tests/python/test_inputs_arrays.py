"""NumPy files become rows as they are, or are refused in one sentence that names the array."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from mutatenn.errors import InputError
from mutatenn.model.casting import cast
from mutatenn.model.inputs import InputSpec, load_inputs
from mutatenn.model.preprocess import PRESETS, Preprocess

SPEC = InputSpec("x", (1, 3, 2, 2), "float32")
MASK = InputSpec("mask", (4,), "int64")


def _npy(folder: Path, array: NDArray[Any]) -> Path:
    path = folder / "in.npy"
    np.save(path, array)
    return path


def _npz(folder: Path, **arrays: Any) -> Path:
    path = folder / "in.npz"
    np.savez(path, **arrays)
    return path


def _rows(count: int, *shape: int) -> NDArray[np.float32]:
    values = np.random.default_rng(1).normal(size=(count, *(shape or SPEC.shape)))
    return values.astype(np.float32)


def _refusal(path: Path, *specs: InputSpec, preprocess: Preprocess | None = None) -> str:
    with pytest.raises(InputError) as caught:
        load_inputs(path, specs or [SPEC], preprocess)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize("preprocess", [None, PRESETS["raw"]])
def test_rows_of_an_npy_are_used_as_they_are(tmp_path: Path, preprocess: Preprocess | None) -> None:
    rows = _rows(5)
    inputs = load_inputs(_npy(tmp_path, rows), [SPEC], preprocess)
    np.testing.assert_array_equal(inputs.rows[0], rows)
    assert inputs.names == ("0", "1", "2", "3", "4")
    assert inputs.labels is None


def test_one_row_and_rows_without_the_batch_dimension_are_understood(tmp_path: Path) -> None:
    rows = _rows(5)
    one = load_inputs(_npy(tmp_path, rows[2]), [SPEC], None)
    np.testing.assert_array_equal(one.rows[0], rows[2:3])
    flat = load_inputs(_npy(tmp_path, rows[:, 0]), [SPEC], None)
    np.testing.assert_array_equal(flat.rows[0], rows)


def test_nan_and_infinity_are_kept(tmp_path: Path) -> None:
    rows = _rows(2)
    rows[0, 0, 0, 0] = [np.nan, np.inf]
    inputs = load_inputs(_npy(tmp_path, rows), [SPEC], None)
    np.testing.assert_array_equal(inputs.rows[0], rows)


def test_the_hash_does_not_depend_on_the_stored_byte_order_or_memory_order(tmp_path: Path) -> None:
    rows = _rows(3)
    first = load_inputs(_npy(tmp_path, rows), [SPEC], None).sha256
    for other in (rows.astype(">f4"), np.asfortranarray(rows), rows.astype(np.float64)):
        inputs = load_inputs(_npy(tmp_path, other), [SPEC], None)
        assert inputs.sha256 == first
        assert inputs.rows[0].flags.c_contiguous
        assert inputs.rows[0].dtype == np.float32


@pytest.mark.parametrize("shape", [(5, 3, 3, 2), (5, 2, 3, 2, 2), (12,), (), (2, 12)])
def test_a_wrong_shape_is_refused_with_both_shapes(tmp_path: Path, shape: tuple[int, ...]) -> None:
    message = _refusal(_npy(tmp_path, np.zeros(shape, np.float32)))
    assert str(list(shape)) in message
    assert "[rows, 1, 3, 2, 2]" in message


def test_an_array_without_rows_is_refused(tmp_path: Path) -> None:
    assert "no rows" in _refusal(_npy(tmp_path, _rows(0)))


def test_one_array_for_a_model_with_two_inputs_is_refused(tmp_path: Path) -> None:
    assert "'x', 'mask'" in _refusal(_npy(tmp_path, _rows(1)), SPEC, MASK)


def test_an_npz_gives_each_input_by_name(tmp_path: Path) -> None:
    rows, masks = _rows(3), np.arange(12).reshape(3, 4)
    path = _npz(
        tmp_path, mask=masks, x=rows, labels=np.array([2, 0, 1], np.uint8), names=["p", "q", "r"]
    )
    inputs = load_inputs(path, [SPEC, MASK], None)
    np.testing.assert_array_equal(inputs.rows[0], rows)
    np.testing.assert_array_equal(inputs.rows[1], masks)
    assert inputs.names == ("p", "q", "r")
    assert inputs.labels is not None
    assert inputs.labels.dtype == np.int64
    assert inputs.labels.tolist() == [2, 0, 1]


def test_a_single_array_may_have_any_name(tmp_path: Path) -> None:
    rows = _rows(2)
    inputs = load_inputs(_npz(tmp_path, images=rows), [SPEC], None)
    np.testing.assert_array_equal(inputs.rows[0], rows)


def test_an_input_may_be_called_labels(tmp_path: Path) -> None:
    rows = _rows(2)
    spec = InputSpec("labels", SPEC.shape, "float32")
    inputs = load_inputs(_npz(tmp_path, labels=rows), [spec], None)
    np.testing.assert_array_equal(inputs.rows[0], rows)
    assert inputs.labels is None


def test_a_label_file_outranks_labels_in_the_npz(tmp_path: Path) -> None:
    path = _npz(tmp_path, x=_rows(2), labels=[0, 1])
    labels = tmp_path / "labels.csv"
    labels.write_text("file,class_index\n1,5\n0,4\n")
    inputs = load_inputs(path, [SPEC], None, labels=labels)
    assert inputs.labels is not None
    assert inputs.labels.tolist() == [4, 5]


def test_a_limit_cuts_every_array(tmp_path: Path) -> None:
    path = _npz(tmp_path, x=_rows(3), mask=np.zeros((3, 4), np.int64), labels=[0, 1, 2])
    inputs = load_inputs(path, [SPEC, MASK], None, limit=2)
    assert [len(array) for array in inputs.rows] == [2, 2]
    assert inputs.names == ("0", "1")
    assert inputs.labels is not None
    assert inputs.labels.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        ({"x": _rows(2)}, "no array 'mask'"),
        ({"x": _rows(2), "mask": np.zeros((2, 4)), "y": np.zeros(2)}, "unknown array 'y'"),
        ({"x": _rows(2), "mask": np.zeros((3, 4), np.int64)}, "numbers of rows"),
        ({"x": _rows(2), "mask": np.zeros((2, 5), np.int64)}, "'mask'"),
        ({"x": _rows(2), "mask": np.full((2, 4), 0.5)}, "'mask'"),
    ],
)
def test_an_npz_that_does_not_match_the_inputs_is_refused(
    tmp_path: Path, arrays: dict[str, Any], told: str
) -> None:
    assert told in _refusal(_npz(tmp_path, **arrays), SPEC, MASK)


@pytest.mark.parametrize(
    "labels", [[0], [0, -1], [0.0, 1.0], [[0, 1]], ["0", "1"], np.array([0, 2**63], np.uint64)]
)
def test_labels_that_are_not_a_class_index_per_row_are_refused(tmp_path: Path, labels: Any) -> None:
    assert "'labels'" in _refusal(_npz(tmp_path, x=_rows(2), labels=labels))


@pytest.mark.parametrize("names", [["a"], ["a", "a"], ["a", ""], [1, 2], [["a", "b"]]])
def test_names_that_are_not_a_different_text_per_row_are_refused(
    tmp_path: Path, names: Any
) -> None:
    assert "'names'" in _refusal(_npz(tmp_path, x=_rows(2), names=names))


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    npy, npz = _npy(tmp_path, _rows(20)), _npz(tmp_path, x=_rows(20))
    for path in (npy, npz):
        whole = path.read_bytes()
        for content in (b"", b"hello", whole[: len(whole) // 2], whole[:40]):
            path.write_bytes(content)
            assert "damaged" in _refusal(path)
    packed = bytearray(whole)
    packed[300] ^= 255
    npz.write_bytes(bytes(packed))
    assert "damaged" in _refusal(npz)


def test_a_pickle_is_never_loaded(tmp_path: Path) -> None:
    path = tmp_path / "in.npy"
    path.write_bytes(pickle.dumps(_rows(1)))
    assert "not a NumPy file of numbers" in _refusal(path)
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    assert "not a NumPy file of numbers" in _refusal(path)
    objects = _npz(tmp_path, x=np.array([None], dtype=object))
    assert "'x'" in _refusal(objects)


def test_a_wrong_suffix_is_told(tmp_path: Path) -> None:
    npy, npz = _npy(tmp_path, _rows(1)), _npz(tmp_path, x=_rows(1))
    npz.rename(tmp_path / "archive.npy")
    npy.rename(tmp_path / "array.npz")
    assert ".npz archive" in _refusal(tmp_path / "archive.npy")
    assert "suffix .npy" in _refusal(tmp_path / "array.npz")
    other = tmp_path / "in.txt"
    other.write_text("1 2 3")
    assert "neither" in _refusal(other)


def test_arithmetic_applies_to_picture_arrays(tmp_path: Path) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (4, 1, 3, 2, 2), dtype=np.uint8)
    inputs = load_inputs(_npy(tmp_path, pixels), [SPEC], PRESETS["imagenet"])
    mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    expected = (pixels / 255 - mean.reshape(3, 1, 1)) / std.reshape(3, 1, 1)
    np.testing.assert_allclose(inputs.rows[0], expected, atol=1e-5)


def test_arithmetic_follows_the_channels_of_an_nhwc_model(tmp_path: Path) -> None:
    spec = InputSpec("x", (1, 2, 2, 3), "float32")
    settings = Preprocess(mean=(1.0, 2.0, 3.0))
    inputs = load_inputs(_npy(tmp_path, np.zeros((2, *spec.shape))), [spec], settings)
    np.testing.assert_array_equal(inputs.rows[0][1, 0, 1, 1], [-1, -2, -3])


def test_arrays_are_neither_resized_nor_cropped(tmp_path: Path) -> None:
    message = _refusal(_npy(tmp_path, _rows(2)), preprocess=Preprocess(resize=8))
    assert "neither resized nor cropped" in message


def test_arithmetic_for_two_inputs_is_refused(tmp_path: Path) -> None:
    path = _npz(tmp_path, x=_rows(2), mask=np.zeros((2, 4), np.int64))
    assert "2 inputs" in _refusal(path, SPEC, MASK, preprocess=PRESETS["imagenet"])


def test_an_element_type_that_numpy_lacks_is_refused(tmp_path: Path) -> None:
    spec = InputSpec("x", (1, 3, 2, 2), "float8_e4m3fn")
    with pytest.raises(InputError, match="float8_e4m3fn"):
        load_inputs(_npy(tmp_path, _rows(1)), [spec], None)


NUMBERS = st.sampled_from(
    ["bool", "int8", "uint8", "int16", "int32", "int64", "uint64", "float16", "float32", "float64"]
)


@settings(deadline=None)
@given(NUMBERS.flatmap(lambda dtype: hnp.arrays(dtype, 3)), NUMBERS)
def test_a_cast_keeps_every_value_or_is_refused(array: NDArray[Any], name: str) -> None:
    dtype = np.dtype(name)
    floats = array.dtype.kind == dtype.kind == "f"
    try:
        result = cast(array, dtype, "it")
    except InputError:
        same = array.dtype == dtype
        assert not same
        return
    assert result.dtype == dtype
    for before, after in zip(array.tolist(), result.tolist(), strict=True):
        if floats:
            with np.errstate(over="ignore"):
                np.testing.assert_equal(after, float(dtype.type(before)))
            assert np.isinf(after) == np.isinf(before)
        else:
            # Python compares integers and floats exactly.
            assert before == after


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (np.array([256]), "uint8"),
        (np.array([-1], np.int8), "uint8"),
        (np.array([2**24 + 1]), "float32"),
        (np.array([2.0**63]), "int64"),
        (np.array([np.nan]), "int64"),
        (np.array([1e300]), "float32"),
        (np.array([2]), "bool"),
        (np.array([1j]), "float32"),
        (np.array(["1"]), "float32"),
    ],
)
def test_a_cast_that_would_change_a_value_is_refused(values: NDArray[Any], dtype: str) -> None:
    with pytest.raises(InputError, match=r"do not fit|does not fit"):
        cast(values, np.dtype(dtype), "it")


@settings(deadline=None)
@given(hnp.arrays(np.int16, 4), st.sampled_from(["int32", "int64", "float32", "float64"]))
def test_a_cast_to_a_wider_type_is_never_refused(array: NDArray[np.int16], name: str) -> None:
    np.testing.assert_array_equal(cast(array, np.dtype(name), "it"), array)
