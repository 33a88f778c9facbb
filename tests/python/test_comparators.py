"""Comparators of devices, of the host and in NumPy: the same record, bit for bit."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pyopencl as cl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparator_data import SIZES, TYPES, Bits, large_pair, random_pair, special_bits
from mutatenn import _core
from mutatenn.device.portable.archive import write_archive
from mutatenn.device.portable.comparison import Comparison
from mutatenn.device.portable.comparison_record import FLOATS, RECORD, element_bytes
from mutatenn.device.portable.opencl_comparator import OpenClComparator
from mutatenn.device.portable.reference import checksum, reference, reference_record
from mutatenn.oracle import metrics
from mutatenn.oracle.ranking import Ranking


class Devices:
    """Comparators on the first OpenCL device, by how many work-groups and items they use."""

    def __init__(self) -> None:
        self.context = cl.Context([cl.get_platforms()[0].get_devices()[0]])
        self.queue = cl.CommandQueue(self.context)
        shapes = [(None, None), (1, 1), (3, 16), (64, 4), (2, 128)]
        self.comparators = [OpenClComparator(self.context, self.queue, *each) for each in shapes]

    def buffer(self, array: Bits, before: int = 0) -> cl.Buffer:
        data = np.concatenate([np.zeros(before, np.uint8), array.view(np.uint8), [np.uint8(0)]])
        flags = cl.mem_flags.READ_WRITE | cl.mem_flags.COPY_HOST_PTR
        return cl.Buffer(self.context, flags, hostbuf=data)


@pytest.fixture(scope="session")
def devices() -> Devices:
    return Devices()


def host_record(a: Bits, b: Bits, k: int, name: str) -> np.void:
    words = _core.compare(a.view(np.uint8), b.view(np.uint8), name, k)
    return words.view(RECORD)[0]  # type: ignore[no-any-return]


def differences(one: np.void, other: np.void) -> dict[str, tuple[Any, Any]]:
    """Fields in which two records differ."""
    fields = RECORD.names or ()
    return {
        field: (one[field], other[field])
        for field in fields
        if not np.array_equal(one[field], other[field])
    }


def compare_all(devices: Devices, a: Bits, b: Bits, k: int, name: str) -> None:
    expected = reference_record(a, b, k, name)
    assert not differences(host_record(a, b, k, name), expected), "the host"
    buffers = devices.buffer(a), devices.buffer(b)
    for comparator in devices.comparators:
        got = comparator.record(*buffers, name, a.size, k)
        assert not differences(got, expected), comparator


@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=40, deadline=None)
@given(count=st.sampled_from(SIZES), seed=st.integers(0, 2**32), k=st.integers(0, 16))
def test_device_and_host_and_numpy_find_the_same(
    devices: Devices, name: str, count: int, seed: int, k: int
) -> None:
    compare_all(devices, *random_pair(name, count, seed), k, name)


@pytest.mark.parametrize("name", TYPES)
def test_every_pair_of_special_values_is_compared_alike(devices: Devices, name: str) -> None:
    special = np.array(special_bits(name), np.uint64)
    kind = f"<u{element_bytes(name)}"
    a, b = (each.reshape(-1).astype(kind) for each in np.meshgrid(special, special))
    compare_all(devices, a, b, 16, name)
    for one, other in zip(a, b, strict=True):
        pair = np.array([one]), np.array([other])
        assert not differences(host_record(*pair, 1, name), reference_record(*pair, 1, name))


@pytest.mark.parametrize("name", TYPES)
def test_ten_million_elements_are_compared_alike(devices: Devices, name: str) -> None:
    a, b = large_pair(name, 10**7 + 1)
    expected = reference_record(a, b, 3, name)
    assert expected["differing"] > 10**6
    assert not differences(host_record(a, b, 3, name), expected), "the host"
    got = devices.comparators[0].record(devices.buffer(a), devices.buffer(b), name, a.size, 3)
    assert not differences(got, expected), "the device"


@pytest.mark.parametrize(("a_begin", "b_begin"), [(16, 32), (4, 16), (4, 12), (0, 8)])
def test_elements_may_begin_anywhere_in_a_buffer(
    devices: Devices, a_begin: int, b_begin: int
) -> None:
    a, b = random_pair("float32", 1001, 7)
    expected = reference_record(a, b, 2, "float32")
    buffers = devices.buffer(a, a_begin), devices.buffer(b, b_begin)
    for comparator in devices.comparators:
        got = comparator.record(*buffers, "float32", 1001, 2, a_begin=a_begin, b_begin=b_begin)
        assert not differences(got, expected)


def test_truth_values_are_compared_as_bytes(devices: Devices) -> None:
    a, b = np.array([True, False, True]), np.array([True, True, False])
    found = devices.comparators[0].compare(devices.buffer(a), devices.buffer(b), a.dtype, 3)
    assert found == reference(a, b)
    assert (found.differing, found.first_differing, found.golden.argmax) == (2, 1, 0)


def test_a_comparison_says_what_a_record_holds() -> None:
    a = np.array([1.0, -2.0, 0.0, np.inf], np.float32)
    b = np.array([1.0, -3.0, -0.0, np.nan], np.float32)
    found = reference(a, b, 2)
    assert (found.differing, found.first_differing) == (3, 1)
    assert (found.max_abs_error, found.abs_index) == (np.inf, 3)
    assert (found.max_rel_error, found.rel_index) == (np.inf, 3)
    assert (found.ulp[0], found.one_nan) == (2, 1)
    assert found.golden.special.positive_infinity == found.mutant.special.nan == 1
    assert found.mutant.special.negative_zero == 1
    assert (found.golden.argmax, found.golden.leaders) == (3, (3, 0))
    assert (found.mutant.argmax, found.mutant.leaders) == (None, ())


def test_the_largest_relative_error_is_the_largest_fraction_and_no_rounded_one() -> None:
    a = np.array([8388608, 8388609], np.float32)
    found = reference(a, np.ones(2, np.float32))
    assert found.rel_index == 1
    assert found.max_rel_error == 8388608 / 8388609
    numbers = np.array([2**62 + 1, 2**62], np.int64)
    assert reference(numbers, numbers - np.array([2**61 + 1, 2**61])).rel_index == 0


def test_errors_that_differ_below_what_float32_can_say_are_ties(devices: Devices) -> None:
    a = np.array([2.0**30, 2.0**30, 3.0], np.float32)
    b = np.array([1.0, 2.0, 3.0], np.float32)
    found = devices.comparators[0].compare(devices.buffer(a), devices.buffer(b), "float32", 3)
    assert found == reference(a, b)
    assert (found.max_abs_error, found.abs_index) == (2.0**30, 0)


def test_denormal_numbers_are_not_flushed(devices: Devices) -> None:
    a, b = np.array([5], np.uint32).view(np.float32), np.array([1 << 31], np.uint32)
    found = devices.comparators[0].compare(devices.buffer(a), devices.buffer(b), "float32", 1)
    assert found.max_abs_error == 5 * 2.0**-149
    assert found.max_rel_error == 5 * 2.0**-149 / 2.0**-126


@pytest.mark.parametrize("name", [*(set(TYPES) - set(FLOATS)), "float64"])
def test_measures_are_those_of_the_oracles(name: str) -> None:
    a, b = (side.view(name) for side in random_pair(name, 1000, 3))
    found, golden, mutant = reference(a, b, 5), a[None], b[None]
    assert float(found.max_abs_error) == metrics.max_abs_error(golden, mutant)[0]
    assert np.isclose(found.max_rel_error, metrics.max_rel_error(golden, mutant)[0], rtol=1e-15)
    ranking = Ranking.of(mutant)
    if not ranking.nan[0, 0]:
        assert found.mutant.leaders == tuple(ranking.order[0, 0, :5])
        assert found.mutant.argmax == ranking.predictions[0, 0]


def test_a_nan_leaves_no_argmax_as_with_the_oracles() -> None:
    scores = np.array([3.0, np.nan], np.float32)
    assert Ranking.of(scores[None]).predictions[0, 0] == -1
    assert reference(scores, scores, 1).golden.argmax is None


@pytest.mark.parametrize("name", ["float32", "int8", "float64"])
def test_a_checksum_sees_any_change_of_one_element_and_any_swap(name: str) -> None:
    a = np.arange(1, 100).astype(name)
    sums = {checksum(a)}
    for at in range(a.size):
        changed = a.copy()
        changed[at] = -changed[at]
        sums.add(checksum(changed))
        changed = a.copy()
        changed[[at, -1]] = changed[[-1, at]]
        sums.add(checksum(changed))
    assert len(sums) == 1 + a.size + (a.size - 1)


def test_what_cannot_be_compared_is_refused(devices: Devices) -> None:
    comparator, buffer = devices.comparators[0], devices.buffer(np.zeros(15, np.uint8))
    with pytest.raises(ValueError, match="buffers of complex64 cannot be compared"):
        comparator.compare(buffer, buffer, "complex64", 1)
    with pytest.raises(ValueError, match="no part of a buffer of 16 bytes"):
        comparator.compare(buffer, buffer, "float32", 5)
    with pytest.raises(ValueError, match="k is 17"):
        comparator.compare(buffer, buffer, "float32", 4, 17)
    with pytest.raises(ValueError, match="power of two"):
        OpenClComparator(devices.context, devices.queue, 4, 48)
    with pytest.raises(ValueError, match="not as many float32"):
        _core.compare(np.zeros(6, np.uint8), np.zeros(6, np.uint8), "float32")


def test_a_comparison_reads_the_same_from_any_record() -> None:
    a, b = random_pair("int16", 500, 1)
    made = Comparison.from_record(host_record(a, b, 4, "int16"), "int16")
    assert made == reference(a.view(np.int16), b.view(np.int16), 4)


def test_comparators_run_from_the_archive_without_the_rest_of_the_package(tmp_path: Path) -> None:
    bundle = write_archive(tmp_path / "bundle.zip")
    program = textwrap.dedent("""
        import sys
        import numpy as np
        import pyopencl as cl
        from mutatenn.device.portable.opencl_comparator import OpenClComparator

        context = cl.Context([cl.get_platforms()[0].get_devices()[0]])
        comparator = OpenClComparator(context, cl.CommandQueue(context))
        flags = cl.mem_flags.READ_WRITE | cl.mem_flags.COPY_HOST_PTR
        a, b = (cl.Buffer(context, flags, hostbuf=np.array(x, np.int8)) for x in ([1, 2], [1, 5]))
        print(comparator.compare(a, b, "int8", 2).max_abs_error, "tvm" in sys.modules)
    """)
    environment = os.environ | {"PYTHONPATH": str(bundle)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("3 False\n", 0), done.stderr
