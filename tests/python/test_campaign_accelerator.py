"""A campaign on PoCL in which mutants misbehave: each has a verdict, and so have the others."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from campaign_fixtures import SubstitutingCompiler, demo_options, digits  # noqa: F401
from mutatenn.api import write_reports
from mutatenn.campaign.campaign import Campaign
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.watcher import Silent
from mutatenn.device import Limits
from mutatenn.lowering.backends import backend_of
from mutatenn.lowering.device_kernel import DeviceKernel
from mutatenn.lowering.kernel import parse_target
from mutatenn.report.record import Record

Change = Callable[[DeviceKernel], DeviceKernel]


def first(kernel: DeviceKernel, statement: str) -> DeviceKernel:
    """The kernel with a statement before all others of its first function."""
    symbol = kernel.launches[0].symbol
    body = re.compile(rf"(void {symbol}\([^)]*\) \{{)")
    source, count = body.subn(rf"\1 {statement}", kernel.source)
    assert count == 1
    return dataclasses.replace(kernel, source=source)


def output_of(kernel: DeviceKernel) -> str:
    """What the first function calls the buffer that it writes: its parameter without ``const``."""
    return str(re.findall(r"float\* restrict (\w+)", kernel.source)[0])


def endless(kernel: DeviceKernel) -> DeviceKernel:
    out = output_of(kernel)
    return first(kernel, f"volatile int go = 1; while (go) {out}[0] += 1.0f;")


def beyond(kernel: DeviceKernel) -> DeviceKernel:
    return first(kernel, f"if (get_global_id(0) == 0) {output_of(kernel)}[-1] = 1.0f;")


def divergent(kernel: DeviceKernel) -> DeviceKernel:
    return first(kernel, "if (get_local_id(0) & 1) barrier(CLK_LOCAL_MEM_FENCE);")


def too_large(kernel: DeviceKernel) -> DeviceKernel:
    launch = dataclasses.replace(kernel.launches[0], block=(1 << 20, 1, 1))
    return dataclasses.replace(kernel, launches=(launch, *kernel.launches[1:]))


PLANTED: dict[str, Change] = {
    "endless": endless,
    "beyond": beyond,
    "divergent": divergent,
    "too large": too_large,
}


@dataclasses.dataclass(frozen=True)
class Ended:
    """Rows by what was planted, and of ordinary mutants with and without those beside them."""

    planted: dict[str, dict[str, Any]]
    ordinary: dict[str, tuple[Any, ...]]
    alone: dict[str, tuple[Any, ...]]


def told(row: dict[str, Any]) -> tuple[Any, ...]:
    keys = ("verdict", "kill", "reach", "reason", "marks", "failing")
    return (*(row[key] for key in keys), row["evidence"].get("first_difference"))


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory, digits: Path) -> Ended:  # noqa: F811
    """Two campaigns of the same mutants; in one, four of them misbehave instead."""
    folder = tmp_path_factory.mktemp("accelerator")

    def run(name: str, make: Any) -> dict[str, dict[str, Any]]:
        options = demo_options(
            digits,
            folder / name,
            device=("opencl:0",),
            stage="kernel",
            schedule="default",
            limits=Limits(floor_ms=1500),
        )
        subject = Subject.prepare(options)
        manifest = subject.manifest()
        mutants = [m for m in manifest.mutants if m.function == "fused_conv2d_add_relu"][:8]
        manifest = dataclasses.replace(
            manifest, mutants=tuple(mutants), facts={**manifest.facts, "population": 8}
        )
        Campaign(subject, manifest, make(subject, mutants)).run(Silent())
        write_reports(options.out)
        return {row["mutant"]: row for row in Record.read(options.out).rows}

    victims: dict[str, str] = {}

    def substituting(subject: Subject, mutants: Any) -> Any:
        backend = backend_of("opencl:0", parse_target(subject.group.target))
        code = backend.lower(subject.module["fused_conv2d_add_relu"])
        original = DeviceKernel.from_json(backend.generate(code, folder).code.decode())
        prepared = {}
        # Every second one, so that an ordinary mutant follows each that misbehaves.
        for (name, change), mutant in zip(PLANTED.items(), mutants[::2], strict=True):
            path = folder / f"{mutant.id}.json"
            path.write_text(change(original).to_json())
            prepared[mutant.id] = path
            victims[name] = mutant.id
        return partial(SubstitutingCompiler, prepared)

    alone = run("alone", lambda *_: Compiler)
    beside = run("beside", substituting)
    ordinary = {mutant for mutant in beside if mutant not in victims.values()}
    return Ended(
        {name: beside[mutant] for name, mutant in victims.items()},
        {mutant: told(beside[mutant]) for mutant in ordinary},
        {mutant: told(alone[mutant]) for mutant in ordinary},
    )


def test_a_kernel_that_never_ends_is_killed_as_a_hang(ended: Ended) -> None:
    row = ended.planted["endless"]
    assert (row["verdict"], row["kill"]) == ("killed", "hang")
    assert row["reason"].startswith("Time limit passed")


def test_a_write_out_of_bounds_is_contained_and_marked(ended: Ended) -> None:
    row = ended.planted["beyond"]
    assert (row["verdict"], row["reach"]) == ("survived", "masked")
    assert "writes out of bounds" in row["marks"]
    assert any("wrote 4 bytes before" in each for each in row["evidence"]["out_of_bounds"])


def test_a_barrier_that_some_threads_skip_has_a_verdict(ended: Ended) -> None:
    row = ended.planted["divergent"]
    # Undefined by OpenCL: PoCL crashes, hangs, or runs on.
    assert row["verdict"] in ("killed", "survived")


def test_too_large_a_work_group_is_invalid_with_the_reason(ended: Ended) -> None:
    row = ended.planted["too large"]
    assert row["verdict"] == "invalid"
    assert "1048576 threads in a block" in row["reason"]


def test_the_other_mutants_have_the_verdicts_that_they_have_without_them(ended: Ended) -> None:
    assert len(ended.ordinary) == 4
    assert ended.ordinary == ended.alone


def test_what_was_not_masked_has_a_first_difference_in_the_journal(ended: Ended) -> None:
    differences = [told[-1] for told in ended.alone.values() if told[2] == "revealed"]
    assert differences
    for difference in differences:
        assert difference["kernel"] == "fused_conv2d_add_relu"
        assert 0 < difference["buffers"][0]["differing"] <= difference["buffers"][0]["elements"]
    assert "first_difference" not in ended.planted["beyond"]["evidence"]
