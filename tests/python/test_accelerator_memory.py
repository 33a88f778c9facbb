"""What is seen of an accelerator's memory: differing bytes, damaged zones, broken seals."""

from __future__ import annotations

import os

import numpy as np
import pytest

from accelerator_fixtures import (  # noqa: F401
    ORIGINALS,
    WEIGHT,
    Write,
    plan,
    pocl_cache,
    rows,
    write,
)
from mutatenn.device.portable.accelerator import LaunchFailed, OutOfMemory, Place
from mutatenn.device.portable.desk import Desk
from mutatenn.device.portable.guarded_buffer import GuardedBuffer
from mutatenn.device.portable.inspection import CAPACITY, Damage, Inspection
from mutatenn.device.portable.memory_kernels import source
from mutatenn.device.portable.opencl import OpenClAccelerator
from mutatenn.device.portable.scratch import Scratch
from mutatenn.device.portable.seals import Seals
from mutatenn.device.portable.status import Status
from mutatenn.lowering.nvrtc import compile_cuda

GUARD = 4096


@pytest.fixture(scope="module")
def opened(pocl_cache: None) -> OpenClAccelerator:  # noqa: F811
    return OpenClAccelerator(0)


@pytest.fixture(scope="module")
def inspection(opened: OpenClAccelerator) -> Inspection:
    return Inspection(opened)


def place_of(opened: OpenClAccelerator, data: np.ndarray) -> Place:
    place = Place(opened.allocate(data.size + 64), 64)
    opened.upload(place, data)
    return place


@pytest.mark.parametrize("size", [1, 3, 4, 63, 1000, 100_003])
def test_differing_bytes_are_counted_and_bytes_behind_them_are_not(
    opened: OpenClAccelerator, inspection: Inspection, size: int
) -> None:
    rng = np.random.default_rng(size)
    one = rng.integers(0, 256, size, np.uint8)
    other = np.where(rng.random(size) < 0.3, one ^ 1, one).astype(np.uint8)
    behind = (np.zeros(4, np.uint8), np.ones(4, np.uint8))
    a = place_of(opened, np.concatenate([one, behind[0]]))
    b = place_of(opened, np.concatenate([other, behind[1]]))
    looks = [inspection.differing(a, b, size), inspection.differing(a, a, size)]
    inspection.read()
    assert [inspection.count(look) for look in looks] == [int((one != other).sum()), 0]


@pytest.mark.parametrize("nbytes", [1, 6, 64, 4095, 5001])
@pytest.mark.parametrize("offset", [-GUARD, -5, -1, 0, 2, 77, GUARD - 1])
def test_the_farthest_changed_byte_of_a_zone_is_found(
    opened: OpenClAccelerator, inspection: Inspection, nbytes: int, offset: int
) -> None:
    buffer = GuardedBuffer(opened, nbytes, GUARD)
    buffer.fill(3)
    buffer.paint(0xFF)
    after = offset >= 0
    places = [nbytes + offset, nbytes] if after else [offset, -1]
    for place in set(places):
        opened.fill(buffer.data + place, 1, 0x7B)
    look = buffer.look(inspection)
    inspection.read()
    distance = offset + 1 if after else -offset
    damage = Damage(len(set(places)), distance)
    intact = Damage(0, 0)
    assert look() == ((intact, damage) if after else (damage, intact))


@pytest.mark.parametrize(
    ("offset", "edge"), [(-GUARD, True), (-5, False), (GUARD + 9, False), (2 * GUARD - 1, True)]
)
def test_damage_at_a_zones_outer_end_may_go_on_behind_it(
    opened: OpenClAccelerator, inspection: Inspection, offset: int, edge: bool
) -> None:
    buffer = GuardedBuffer(opened, GUARD, GUARD)
    buffer.paint(0xFF)
    opened.fill(buffer.data + offset, 1, 0)
    look = buffer.look(inspection)
    inspection.read()
    assert buffer.reaches_edge(*look()) == edge


def test_damaged_zones_are_painted_anew(opened: OpenClAccelerator, inspection: Inspection) -> None:
    buffer = GuardedBuffer(opened, 10, GUARD)
    for value in (0xFF, 0x7B, 0x7B):
        buffer.paint(value)
        opened.fill(buffer.data + 12, 1, 1)
        look = buffer.look(inspection)
        inspection.read()
        assert look() == (Damage(0, 0), Damage(1, 3))
    buffer.paint(0x7B)
    look = buffer.look(inspection)
    inspection.read()
    assert look() == (Damage(0, 0), Damage(0, 0))


def test_a_seal_is_broken_by_any_byte(opened: OpenClAccelerator, inspection: Inspection) -> None:
    seals = Seals(inspection)
    blocks = [opened.allocate(4096) for _ in range(CAPACITY + 3)]
    for index, block in enumerate(blocks):
        opened.fill(Place(block, 0), 4096, index % 256)
        seals.seal(f"block {index}", block, 4096)
    assert seals.broken() == []
    for index, byte in ((0, 0), (7, 4095), (CAPACITY + 2, 1234)):
        opened.fill(Place(blocks[index], byte), 1, 99)
    assert seals.broken() == ["block 0", "block 7", f"block {CAPACITY + 2}"]
    # Words that change places are seen too.
    swapped = np.array([2, 1], np.uint32).view(np.uint8)
    opened.upload(Place(blocks[3], 0), np.array([1, 2], np.uint32).view(np.uint8))
    seals.seal("block 3", blocks[3], 4096)
    opened.upload(Place(blocks[3], 0), swapped)
    assert "block 3" in seals.broken()


def test_copies_fills_and_odd_offsets(opened: OpenClAccelerator) -> None:
    data = np.arange(200, dtype=np.uint8)
    source, target = place_of(opened, data), Place(opened.allocate(256), 0)
    opened.fill(target, 256, 0xAB)
    opened.copy(target + 3, source + 5, 90)
    found = opened.download(target, 256)
    expected = np.full(256, 0xAB, np.uint8)
    expected[3:93] = data[5:95]
    np.testing.assert_array_equal(found, expected)
    assert opened.download(target, 0).size == 0


def test_too_much_memory_and_wrong_copies_are_told_by_name(opened: OpenClAccelerator) -> None:
    with pytest.raises(OutOfMemory, match=r"was refused|a fill"):
        opened.fill(Place(opened.allocate(1 << 50), 0), 64, 0)
    place = Place(opened.allocate(64), 0)
    with pytest.raises(LaunchFailed, match="a copy on the device"):
        opened.copy(place + 32, place, 64)


@pytest.mark.parametrize(
    ("dtype", "name"),
    [
        ("int8", "char"),
        ("uint8", "uchar"),
        ("int16", "short"),
        ("uint16", "ushort"),
        ("int32", "int"),
        ("uint32", "uint"),
        ("int64", "long"),
        ("uint64", "ulong"),
        ("float32", "float"),
        ("float64", "double"),
    ],
)
def test_a_scalar_argument_arrives_with_all_its_bytes(
    opened: OpenClAccelerator, dtype: str, name: str
) -> None:
    module = opened.build(
        f"__kernel void put({name} first, __global {name}* y, {name} last)"
        " { y[0] = first; y[1] = last; }"
    )
    kind = np.dtype(dtype)
    place = Place(opened.allocate(64), 0)
    for values in ([-3.75, 100.0], [7.0, 2.5]):
        given = np.array(values).astype(np.int64 if kind.kind in "iu" else kind).astype(kind)
        opened.wait(opened.launch(module, "put", [given[0], place, given[1]], (1,) * 3, (1,) * 3))
        np.testing.assert_array_equal(opened.download(place, 2 * kind.itemsize).view(kind), given)


@pytest.mark.parametrize("arch", ["sm_75", "sm_90"])
def test_the_same_looks_compile_for_cuda(arch: str) -> None:
    assert compile_cuda(source("cuda"), arch).startswith(b"\x7fELF")


def test_golden_data_that_a_kernel_reached_is_found_out(
    opened: OpenClAccelerator,
    write: Write,  # noqa: F811
) -> None:
    scratch = Scratch(plan(), {2: WEIGHT}, [rows()])
    descriptor, status = Status.create()
    os.close(descriptor)
    options = {
        "guard_bytes": GUARD,
        "cache_mb": 1,
        "memory_mb": 64,
        "poison": True,
        "trap": False,
    }
    try:
        desk = Desk(opened, status, lambda row, arrays: None, scratch.path, options)
        desk.load({name: str(write(kernel)) for name, kernel in ORIGINALS.items()})
        desk.answer({"ask": "fill", "limit_ms": 60_000}, [])
        assert (desk.stray_write(), desk.suspect) == ("", False)
        desk._machine.golden.select(1)
        opened.fill(desk._machine.golden.store(3) + 17, 1, 0x55)
        assert desk.stray_write() == (
            "Wrote into memory that it was not handed: golden data of row 1 changed."
        )
        assert desk.suspect
    finally:
        scratch.close()
