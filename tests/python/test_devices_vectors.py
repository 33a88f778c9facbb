"""Vectors of verdicts fall into the classes that their documentation names."""

from __future__ import annotations

import pytest

from device_axes import DEVICES, row, vector
from mutatenn.analysis.devices.vectors import Class, class_counts, vectors
from mutatenn.campaign.verdict import OUT_OF_BOUNDS, PROVED_OUT_OF_BOUNDS, UNINITIALISED

CPU = ("llvm", "c")


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (("killed/label",) * 3, Class.KILLED_EVERYWHERE),
        (("killed/label", "killed/crash", "killed/nan"), Class.KILLED_EVERYWHERE),
        (("survived",) * 3, Class.SURVIVED_EVERYWHERE),
        (("survived", "not_reached", "survived"), Class.SURVIVED_EVERYWHERE),
        (("killed/label", "survived", "killed/label"), Class.DEVICE_DEPENDENT),
        (("killed/label", "not_reached", "invalid"), Class.DEVICE_DEPENDENT),
        (("killed/label", "killed/label", "invalid"), Class.PARTLY),
        (("survived", "equivalent", "survived"), Class.PARTLY),
        (("killed/label", "equivalent", "duplicate"), Class.PARTLY),
        (("equivalent", "duplicate", "inconclusive"), Class.UNDECIDED),
        (("killed/label", "survived", ""), Class.INCOMPLETE),
    ],
)
def test_each_vector_has_its_class(verdicts: tuple[str, ...], expected: Class) -> None:
    assert vector(*verdicts).of_class is expected


def test_a_mutant_of_one_device_is_compared_with_nobody() -> None:
    assert vector("", "", "killed/label", on=("opencl:0",)).of_class is Class.ONE_DEVICE


def test_a_device_of_another_lowering_is_in_no_denominator() -> None:
    found = vector("killed/label", "survived", on=CPU)
    assert found.of_class is Class.DEVICE_DEPENDENT
    assert found.told_everywhere == {
        "llvm": "killed (label)",
        "c": "survived",
        "opencl:0": "not applicable",
    }


def test_a_verdict_that_has_not_fallen_is_pending() -> None:
    assert vector("survived", "survived", "").told("opencl:0") == "pending"


@pytest.mark.parametrize(
    ("verdicts", "agrees"),
    [
        (("killed/label",) * 3, True),
        (("equivalent",) * 3, True),
        (("killed/label", "killed/label", "killed/crash"), False),
        (("survived", "survived", "not_reached"), False),
        (("survived", "survived", ""), False),
    ],
)
def test_agreement_is_of_verdict_and_kind(verdicts: tuple[str, ...], agrees: bool) -> None:
    assert vector(*verdicts).agrees is agrees


def test_one_device_agrees_with_nobody() -> None:
    assert not vector("killed/label", on=("llvm",)).agrees


def test_marks_on_any_device_may_explain_a_difference() -> None:
    def marked(mark: str) -> tuple[bool, bool]:
        rows = [row("m", "llvm", "killed", "label"), row("m", "c", "survived", "", mark)]
        found = vectors(rows, CPU, {device: ["m"] for device in CPU})[0]
        return found.uninitialised, found.out_of_bounds

    assert marked(UNINITIALISED) == (True, False)
    assert marked(OUT_OF_BOUNDS) == (False, True)
    assert marked(PROVED_OUT_OF_BOUNDS) == (False, True)
    assert marked("rescheduled") == (False, False)


def test_classes_are_counted_once_each_with_agreement_beside_them() -> None:
    found = [
        vector("killed/label", "killed/label", "killed/label"),
        vector("killed/label", "killed/label", "killed/crash"),
        vector("survived", "survived", "survived"),
        vector("killed/label", "survived", "invalid"),
        vector("killed/label", on=("llvm",)),
    ]
    counted = class_counts(found)
    assert counted == {
        "agrees_everywhere": 2,
        "one_device": 1,
        "incomplete": 0,
        "device_dependent": 1,
        "undecided": 0,
        "partly": 0,
        "killed_everywhere": 2,
        "survived_everywhere": 1,
    }


def test_vectors_keep_the_devices_order_whatever_the_journals() -> None:
    rows = [row("m", device, "survived") for device in reversed(DEVICES)]
    found = vectors(rows, DEVICES, {device: ["m"] for device in DEVICES})
    assert [tuple(one.rows) for one in found] == [DEVICES]
