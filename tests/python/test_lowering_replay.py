"""Mutants under schedules: replayed where that is possible, never without the fault."""

from __future__ import annotations

from pathlib import Path

import pytest
import tvm_ffi

from mutatenn.lowering.extract import Lowered
from mutatenn.lowering.kernel import compile_kernel, parse_target
from mutatenn.lowering.replay import Attempt, attempts, replay
from mutatenn.lowering.schedule import Scheduled
from mutatenn.mutation.mutant import Mutant
from schedule_fixtures import (
    compiler_of,
    mutants_of,
    planted,
    scheduled_digits,
    scheduled_resnet8,
)


def own(lowered: Lowered, name: str) -> Scheduled:
    assert lowered.scheduler is not None
    return lowered.scheduler.schedule(lowered.kernel(name))


def ways(lowered: Lowered, mutant: Mutant) -> list[Attempt]:
    """All ways to schedule a mutant, none for one that TVM's verifier refuses."""
    func = planted(lowered, mutant)
    if func is None:
        return []
    assert lowered.scheduler is not None
    original = lowered.kernel(mutant.function)
    return list(attempts(lowered.scheduler, own(lowered, mutant.function), original, func))


def first_that(lowered: Lowered, mutants: list[Mutant], how: str) -> tuple[Mutant, Attempt]:
    """The first mutant whose best way is of one kind."""
    for mutant in mutants:
        found = ways(lowered, mutant)[:1]
        if found and found[0].how.startswith(how):
            return mutant, found[0]
    pytest.skip(f"no mutant of the demo is {how}: the rules have got better")


def test_an_unmutated_copy_compiles_to_the_originals_bytes(tmp_path: Path) -> None:
    lowered = scheduled_digits()
    target = parse_target(lowered.plan.target)
    for name in lowered.plan.kernels:
        scheduled = own(lowered, name)
        copy = replay(scheduled.trace, lowered.kernel(name))
        codes = [compile_kernel(f, target, tmp_path).code for f in (copy, scheduled.func)]
        assert codes[0] == codes[1], name


def test_mutants_of_resnet8_replay_and_keep_their_fault(data: Path) -> None:
    lowered = scheduled_resnet8(data)
    everything = mutants_of(lowered)
    replayed = total = 0
    for mutant in everything[:: len(everything) // 60]:
        found = ways(lowered, mutant)
        total += bool(found)
        if found and not found[0].how:
            replayed += 1
            assert found[0].original is None
            assert not tvm_ffi.structural_equal(found[0].func, own(lowered, mutant.function).func)
    assert replayed > 0.8 * total > 40


def test_the_fault_of_a_replayed_mutant_is_in_its_code(tmp_path: Path) -> None:
    lowered = scheduled_digits()
    kernels = compiler_of(lowered, tmp_path)
    for mutant in mutants_of(lowered, to="sub")[::12]:
        func = planted(lowered, mutant)
        if func is None:
            continue
        made = kernels.mutant(mutant.function, func)
        if not made.lowered.how:
            assert made.artifact.sha256 != kernels.original(mutant.function).sha256, mutant.id


def test_the_last_way_is_without_schedules_on_both_sides() -> None:
    lowered = scheduled_digits()
    for mutant in mutants_of(lowered, to="max")[::10]:
        found = ways(lowered, mutant)
        if found:
            last = found[-1]
            assert last.how.startswith("not scheduled, as ")
            assert tvm_ffi.structural_equal(last.func, planted(lowered, mutant))
            assert tvm_ffi.structural_equal(last.original, lowered.kernel(mutant.function))


def test_a_mutant_that_the_schedule_does_not_fit_is_scheduled_afresh_as_is_its_original() -> None:
    lowered = scheduled_digits()
    reshapes = [m for m in mutants_of(lowered) if "reshape" in m.function]
    mutant, attempt = first_that(lowered, reshapes, "scheduled afresh")
    assert "the original's schedule does not fit (" in attempt.how
    assert lowered.scheduler is not None
    fresh = lowered.scheduler.schedule(planted(lowered, mutant))
    assert tvm_ffi.structural_equal(attempt.func, fresh.func)
    twin = replay(fresh.trace, lowered.kernel(mutant.function))
    assert tvm_ffi.structural_equal(attempt.original, twin)


def test_a_schedule_that_hides_the_mutation_is_not_trusted() -> None:
    lowered = scheduled_digits()
    for name in lowered.plan.kernels:
        original = lowered.kernel(name)
        assert lowered.scheduler is not None
        (only,) = attempts(lowered.scheduler, own(lowered, name), original, original)
        assert only.how == "not scheduled, as the original's schedule hides the mutation"
        assert only.func.same_as(original)
