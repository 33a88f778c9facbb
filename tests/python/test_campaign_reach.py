"""Reach: the probes of a kernel together say the same, however many places each of them flags."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tvm.script import tirx as T  # noqa: N812

import audit_kernels as audit
from mutatenn.campaign.compiled import Task
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.options import Options
from mutatenn.campaign.reach import Reach, measure
from mutatenn.campaign.subject import Subject
from mutatenn.device import LlvmDevice
from mutatenn.model import save


class CountingCompiler(Compiler):
    """A compiler that remembers how many places each probe flags."""

    places: list[int]

    def submit(self, task: Task) -> None:
        self.places.append(len(task.places))
        super().submit(task)


def test_a_kernel_with_more_places_than_a_probe_can_flag_has_several_probes(
    tmp_path: Path,
) -> None:
    whole, all_at_once = reach(tmp_path / "whole", None)
    parts, in_parts = reach(tmp_path / "parts", 1)
    assert parts == whole
    assert in_parts == [1] * sum(all_at_once)
    assert len(in_parts) > len(all_at_once) == 3
    assert whole.unknown == {} and whole.executed and whole.never


def reach(folder: Path, places_a_probe: int | None) -> tuple[Reach, list[int]]:
    """What the probes say of the audit's model, and how many places each of them flagged."""
    folder.mkdir()
    save(audit.model(T.serial), folder / "model.json")
    np.save(folder / "x.npy", audit.inputs())
    options = Options(
        model=folder / "model.json", inputs=folder / "x.npy", out=folder / "out", stage="kernel"
    )
    subject = Subject.prepare(options)
    save(subject.module, folder / "module.json")
    mutants, plan = subject.manifest().mutants, subject.lowered.plan
    log = folder / "compiler.log"
    compiler = CountingCompiler(folder / "module.json", "llvm", folder, log)
    with compiler:
        compiler.places = []
        kernels = {name: compiler.compile(Task(name)).library for name in plan.kernels}
        libraries = {name: library for name, library in kernels.items() if library is not None}
        weights, rows = subject.lowered.weights, subject.inputs.rows
        with LlvmDevice(plan, weights, libraries, rows) as device:
            device.golden()
            compiler.places = []
            if places_a_probe is None:
                return measure(compiler, device, mutants), compiler.places
            return measure(compiler, device, mutants, places_a_probe), compiler.places
