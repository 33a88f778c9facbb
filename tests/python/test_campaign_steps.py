"""Mutants of a kernel whose loops end on data: hangs are proved by counting, run once, no clock."""

# ruff: noqa: N803, N806, N812  (TVMScript's own customs)
# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def"
from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tvm.script import tirx as T

import step_kernels as kernels
from campaign_fixtures import OPERATORS
from campaign_kernels import model
from device_fixtures import chain, compile_to
from mutatenn.campaign.campaign import Campaign
from mutatenn.campaign.compile_worker import KernelBuilder
from mutatenn.campaign.compiled import Compiled, Task
from mutatenn.campaign.options import Options
from mutatenn.campaign.steps import count_originals
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.watcher import Silent
from mutatenn.device import Limits, LlvmDevice
from mutatenn.lowering.extract import lower
from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.kernel_stage import lower_kernels
from mutatenn.model import save
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.trip_count import trip_count
from mutatenn.report.record import Record

PROOF = "its loops run more than 100 times as often as the original's (limit 1000000), row 0"
# Without counters a mutant that does not end would keep the test waiting for a day.
PATIENT = Limits(floor_ms=86_400_000)


def counting(n: int, loop: Callable[[Any], Any]) -> Any:
    """Counts up in steps of one to a bound that is a difference of data."""

    @T.prim_func(s_tir=True)
    def counting(A: T.Buffer((n,), "float32"), C: T.Buffer((n,), "float32")):
        for i in loop(n):
            N = T.alloc_buffer((1,), "int32")
            N[0] = 0
            C[i] = T.float32(0)
            while N[0] < T.Cast("int32", A[i]) - 4:
                C[i] = C[i] + T.float32(2)
                N[0] = N[0] + 1

    return counting


@dataclasses.dataclass(frozen=True)
class Ended:
    """Rows of a campaign on ``counting`` by what was changed; its runs, and which were counted."""

    rows: dict[str, dict[str, Any]]
    runs: list[bool]
    repeat: int
    facts: dict[str, Any]
    left: list[Path]


@pytest.fixture(
    scope="module",
    params=[("tensor", 1, T.serial, 1), ("kernel", 2, T.parallel, 1), ("kernel", 1, T.serial, 2)],
    ids=["stage tensor", "stage kernel, two threads", "every mutant twice"],
)
def ended(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """A campaign on all mutants of the kernel, under a clock that never ends a run."""
    stage, threads, loop, repeat = request.param
    folder = tmp_path_factory.mktemp("steps")
    save(model(8, loop, counting), folder / "model.json")
    np.save(folder / "x.npy", np.full((2, 8), 8, np.float32))
    options = Options(
        model=folder / "model.json",
        operators=OPERATORS,
        inputs=folder / "x.npy",
        out=folder / "out",
        stage=stage,
        threads=threads,
        repeat=repeat,
        limits=PATIENT,
    )
    subject = Subject.prepare(options)
    manifest = subject.manifest()
    mutants = tuple(mutant for mutant in manifest.mutants if mutant.function == "scale")
    begun: list[bool] = []
    begin = LlvmDevice.begin_all

    def recorded(
        self: LlvmDevice, libraries: Mapping[str, Path], steps: tuple[int, ...] | None = None
    ) -> None:
        begun.append(steps is not None)
        begin(self, libraries, steps)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LlvmDevice, "begin_all", recorded)
        Campaign(subject, dataclasses.replace(manifest, mutants=mutants)).run(Silent())
    record = Record.read(options.out)
    rows = {f"{m.operator} {m.site_in_function} {m.replacement}": m.id for m in mutants}
    by_id = {row["mutant"]: row for row in record.rows}
    left = list(options.out.rglob("*.so"))
    return Ended(
        {name: by_id[one] for name, one in rows.items()}, begun, repeat, record.facts, left
    )


@pytest.mark.parametrize("to", ["sub", "mul", "max"])
def test_a_loop_that_never_reaches_its_bound_is_killed_without_a_clock(
    ended: Ended, to: str
) -> None:
    row = ended.rows[f"swap-arith 2 to={to}"]
    assert (row["verdict"], row["kill"], row["reach"]) == ("killed", "hang", "")
    assert row["reason"].startswith(PROOF)
    assert row["evidence"]["reached"] is True


@pytest.mark.parametrize("mutant", ["swap-cmp 0 to=le", "swap-arith 1 to=sub"])
def test_a_loop_that_ends_otherwise_is_judged_by_its_answers(ended: Ended, mutant: str) -> None:
    row = ended.rows[mutant]
    assert (row["verdict"], row["reach"]) == ("survived", "propagated")


def test_no_mutant_is_left_to_the_clock(ended: Ended) -> None:
    assert ended.facts["steps_unknown"] == {"llvm": {}}
    verdicts = {row["verdict"] for row in ended.rows.values()}
    assert verdicts == {"killed", "survived", "duplicate"}


def test_a_proved_hang_is_run_once_and_others_are_run_plain_after_their_count(
    ended: Ended,
) -> None:
    run = [row for row in ended.rows.values() if row["verdict"] != "duplicate"]
    hangs = [row for row in run if row["kill"] == "hang"]
    assert len(hangs) >= 3
    assert ended.runs.count(True) == len(run)
    assert ended.runs.count(False) == ended.repeat * (len(run) - len(hangs))


def test_no_library_is_left(ended: Ended) -> None:
    assert ended.left == []


@pytest.mark.parametrize("stage", ["tensor", "kernel"])
def test_only_kernels_that_the_loop_nest_does_not_tell_have_a_counted_build(
    stage: str, tmp_path: Path
) -> None:
    target = parse_target("llvm")
    lowered = lower(model(8, T.serial, counting), "llvm").module
    module = lowered if stage == "tensor" else lower_kernels(lowered, target)
    builder = KernelBuilder(module, "llvm", tmp_path)
    counted, static = builder.do(Task("scale")), builder.do(Task("shift"))
    assert counted.counted is not None and counted.counted != counted.library
    assert (counted.steps, counted.uncounted) == (None, "")
    assert static.counted is None
    assert static.steps == trip_count(module["shift"].body)
    (mutant, *_) = enumerate_mutants(module, ["swap-cmp"])
    assert builder.do(Task("scale", mutant)).counted is not None
    assert builder.do(Task("scale", places=(mutant.path,))).counted is None


def test_an_original_that_cannot_be_counted_is_told(tmp_path: Path) -> None:
    plan = chain(["extent"])
    library = compile_to(tmp_path, kernels.extent)
    crashing = compile_to(tmp_path, kernels.far)
    with LlvmDevice(plan, {}, {"extent": library}, [np.full((1, 8), 3, np.float32)]) as device:
        device.golden()
        crashed = Compiled(library, "", "", 0.0, counted=crashing)
        failed = count_originals(device, {"extent": crashed})
        refused = count_originals(
            device, {"extent": Compiled(library, "", "", 0.0, uncounted="a reason")}
        )
    assert failed.of("extent") is None and refused.of("extent") is None
    assert "SIGSEGV" in failed.unknown["extent"]
    assert refused.unknown == {"extent": "a reason"}
    assert not crashing.exists()


def test_an_original_that_its_loop_nest_tells_needs_no_run(tmp_path: Path) -> None:
    plan = chain(["extent", "extent"])
    library = compile_to(tmp_path, kernels.extent)
    with LlvmDevice(plan, {}, {"extent": library}, [np.full((1, 8), 3, np.float32)]) as device:
        steps = count_originals(device, {"extent": Compiled(library, "", "", 0.0, steps=17)})
    assert steps.of("extent") == (17, 17)
