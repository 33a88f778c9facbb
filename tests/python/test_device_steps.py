"""Step counters: hangs that are proved without a clock, in kernels that the nest does not tell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import step_kernels as kernels
from device_fixtures import chain, compile_to, runner_children
from mutatenn.device import Limits, LlvmDevice, ProbeFailed
from mutatenn.device.step_limit import LEAST_STEPS, MOST_STEPS, step_limit
from mutatenn.errors import InputError
from mutatenn.lowering.kernel import SYMBOL, compile_kernel, link, parse_target
from mutatenn.lowering.kernel_stage import lower_kernel
from mutatenn.mutation.step_count import count_steps

TARGET = parse_target("llvm")
# Without counters a run that does not end would keep a test waiting for a day.
PATIENT = Limits(floor_ms=86_400_000)
X = np.array([[3] * 8, [1, 2, 3, 4, 5, 6, 7, 8], [200] * 8], np.float32)

Counted = Callable[[Any], Path]


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Counted:
    """Compiles the counted build of a kernel, to a path of its own."""
    folder = tmp_path_factory.mktemp("counted")

    def build(func: Any) -> Path:
        flat = lower_kernel(func, SYMBOL, TARGET)
        artifact = compile_kernel(count_steps(flat), TARGET, folder)
        return link(artifact, folder / f"{symbol(func)}-{len(list(folder.iterdir()))}.so")

    return build


def symbol(func: Any) -> str:
    return str(func.attrs["global_symbol"])


def opened(
    folder: Path, func: Any, x: np.ndarray = X, launches: int = 1, threads: int = 1
) -> LlvmDevice:
    """A device with a plan of one kernel, launched on its own answers, its golden run done."""
    name = symbol(func)
    plan = chain([name] * launches, x.shape[1])
    library = compile_to(folder, func)
    llvm = LlvmDevice(plan, {}, {name: library}, [x], limits=PATIENT, threads=threads)
    llvm.golden()
    return llvm


@pytest.mark.parametrize(
    "func", [kernels.count_up, kernels.extent, kernels.nested, kernels.left_early], ids=symbol
)
def test_a_counted_original_gives_the_golden_answers(
    func: Any, counted: Counted, tmp_path: Path
) -> None:
    name = symbol(func)
    with opened(tmp_path, func) as llvm:
        library = counted(func)
        run = llvm.run(name, library, llvm.steps(name, library))
    assert run.fate == "completed"
    assert {row.state for row in run.rows} == {"masked"}


def test_steps_are_the_statements_run_on_the_row_with_the_most(
    counted: Counted, tmp_path: Path
) -> None:
    with opened(tmp_path, kernels.count_up, X[:2]) as llvm:
        steps = llvm.steps("count_up", counted(kernels.count_up))
        (again,) = llvm.steps("count_up", counted(kernels.count_up))
    # Allocation and two declarations, two stores for each element, two for each iteration.
    assert steps == (again,)
    assert again == pytest.approx(16 + 2 * 36, abs=4)


def test_each_launch_has_its_own_steps(counted: Counted, tmp_path: Path) -> None:
    with opened(tmp_path, kernels.extent, X[:1], launches=2) as llvm:
        first, second = llvm.steps("extent", counted(kernels.extent))
    # Each element is 3 at first, then 3 times 3.
    assert second - first == 8 * (9 - 3)


def test_an_inner_loop_is_counted_whenever_it_is_entered(counted: Counted, tmp_path: Path) -> None:
    short, long = (np.full((1, 8), value, np.float32) for value in (1, 4))
    with opened(tmp_path, kernels.nested, np.concatenate([short])) as llvm:
        (few,) = llvm.steps("nested", counted(kernels.nested))
    with opened(tmp_path, kernels.nested, np.concatenate([short, long])) as llvm:
        (many,) = llvm.steps("nested", counted(kernels.nested))
    # A step for each round of the outer loop, and the rounds of the inner: 1; 4 + 5 + 6 + 7.
    assert many - few == (4 + 22) - (1 + 1)


@pytest.mark.parametrize(
    ("original", "mutant"),
    [
        (kernels.count_up, kernels.count_down),
        (kernels.extent, kernels.extent_enormous),
        (kernels.nested, kernels.nested_enormous),
        (kernels.left_early, kernels.never_left),
    ],
    ids=symbol,
)
def test_a_loop_without_end_is_a_hang_that_no_clock_has_seen(
    original: Any, mutant: Any, counted: Counted, tmp_path: Path
) -> None:
    name = symbol(original)
    with opened(tmp_path, original) as llvm:
        steps = llvm.steps(name, counted(original))
        run = llvm.run(name, counted(mutant), steps)
        assert runner_children(llvm) == []
    assert (run.fate, run.proved) == ("hang", True)
    assert run.detail == (
        "its loops run more than 100 times as often as the original's "
        f"(limit {step_limit(steps[0])}), row 0, launch 0 ({name})."
    )


def test_the_row_on_which_a_mutant_hangs_is_told(counted: Counted, tmp_path: Path) -> None:
    with opened(tmp_path, kernels.count_up) as llvm:
        steps = llvm.steps("count_up", counted(kernels.count_up))
        run = llvm.run("count_up", counted(kernels.count_down_third_row), steps)
    assert run.detail.endswith(", row 2, launch 0 (count_up).")
    assert [row.state for row in run.rows] == ["masked", "masked", "not run"]


@pytest.mark.parametrize("mutant", [kernels.count_up_longer, kernels.extent_negative], ids=symbol)
def test_a_mutant_that_takes_a_few_times_the_steps_runs_to_its_end(
    mutant: Any, counted: Counted, tmp_path: Path
) -> None:
    with opened(tmp_path, kernels.count_up) as llvm:
        steps = llvm.steps("count_up", counted(kernels.count_up))
        run = llvm.run("count_up", counted(mutant), steps)
    assert (run.fate, run.proved, run.detail) == ("completed", False, "")
    assert {row.state for row in run.rows} == {"propagated"}


def test_a_loop_that_is_left_early_is_not_taken_for_its_extent(
    counted: Counted, tmp_path: Path
) -> None:
    with opened(tmp_path, kernels.extent) as llvm:
        steps = llvm.steps("extent", counted(kernels.extent))
        run = llvm.run("extent", counted(kernels.left_early), steps)
    assert run.fate == "completed"
    assert {row.state for row in run.rows} == {"masked"}


@pytest.mark.parametrize("threads", [1, 2])
def test_threads_count_together(threads: int, counted: Counted, tmp_path: Path) -> None:
    x = np.full((2, 64), 50, np.float32)
    with opened(tmp_path, kernels.parallel, x, threads=threads) as llvm:
        (steps,) = llvm.steps("parallel", counted(kernels.parallel))
        run = llvm.run("parallel", counted(kernels.parallel_endless), (steps,))
        sound = llvm.run("parallel", counted(kernels.parallel), (steps,))
    assert steps == pytest.approx(64 * (2 + 2 * 50), rel=0.02)
    assert (run.fate, run.proved) == ("hang", True)
    assert sound.fate == "completed"


def test_a_clock_proves_no_hang(counted: Counted, tmp_path: Path) -> None:
    name = "count_up"
    library = compile_to(tmp_path, kernels.count_up)
    with LlvmDevice(
        chain([name]), {}, {name: library}, [X], limits=Limits(floor_ms=200, factor=0)
    ) as llvm:
        llvm.golden()
        run = llvm.run(name, compile_to(tmp_path, kernels.count_down))
        # The counter would let it run for a very long time.
        slow = llvm.run(name, counted(kernels.count_down), (MOST_STEPS,))
    assert (run.fate, run.proved) == ("hang", False)
    assert (slow.fate, slow.proved) == ("hang", False)
    assert slow.seconds > 5 * run.seconds


def test_steps_for_another_number_of_launches_are_refused(counted: Counted, tmp_path: Path) -> None:
    with opened(tmp_path, kernels.extent, launches=2) as llvm:
        with pytest.raises(InputError, match=r"kernel extent has 2 launches; .* not for 1"):
            llvm.run("extent", counted(kernels.extent), (5,))
        assert llvm.recheck() is None


def test_a_counted_original_that_crashes_gives_no_steps(counted: Counted, tmp_path: Path) -> None:
    with opened(tmp_path, kernels.extent) as llvm:
        with pytest.raises(ProbeFailed, match=r"count of steps of kernel extent failed: SIGSEGV"):
            llvm.steps("extent", counted(kernels.far))
        assert llvm.recheck() is None


def test_few_steps_are_taken_for_more_and_no_limit_is_beyond_the_counter() -> None:
    assert step_limit(1) == step_limit(LEAST_STEPS) == 100 * LEAST_STEPS
    assert step_limit(LEAST_STEPS + 1) == 100 * LEAST_STEPS + 100
    assert step_limit(MOST_STEPS) == MOST_STEPS


def test_of_several_kernels_each_launch_has_its_own_limit(counted: Counted, tmp_path: Path) -> None:
    originals = {"extent": kernels.extent, "count_up": kernels.count_up}
    libraries = {name: compile_to(tmp_path, func) for name, func in originals.items()}
    plan = chain([*originals])
    with LlvmDevice(plan, {}, libraries, [X[:2]], limits=PATIENT) as llvm:
        llvm.golden()
        (own,) = llvm.steps("count_up", counted(kernels.count_up))
        plain = compile_to(tmp_path, kernels.extent)
        for mutant, outcome in (
            (kernels.count_up_longer, ("completed", False)),
            (kernels.count_down, ("hang", True)),
        ):
            # Whichever is named first: limits are in the order of launches, and what does not
            # count needs none.
            llvm.begin_all({"count_up": counted(mutant), "extent": plain}, (0, own))
            run = llvm.end()
            assert (run.fate, run.proved) == outcome
    assert run.detail.endswith(f"(limit {step_limit(own)}), row 0, launch 1 (count_up).")
