"""Runs a plan with some kernels replaced, or a variant, row by row, as far as results differ."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from mutatenn.device.evidence import LaunchDifference, Pattern
from mutatenn.device.portable.accelerator import Place
from mutatenn.device.portable.copies import Copies
from mutatenn.device.portable.golden_data import Bytes, model_outputs
from mutatenn.device.portable.golden_run import ready_row, recompute
from mutatenn.device.portable.launch_difference import measure_buffers
from mutatenn.device.portable.loaded_kernel import LoadedKernel
from mutatenn.device.portable.machine import Machine
from mutatenn.device.portable.row_record import RowRecord
from mutatenn.lowering.plan import Launch


@dataclasses.dataclass(frozen=True)
class Step:
    """A launch of the program that is compared with the golden one."""

    launch: Launch
    kernel: LoadedKernel
    mutated: bool
    """It runs whatever its inputs are."""


def planted(machine: Machine, mutants: Mapping[str, LoadedKernel]) -> list[Step]:
    """The plan's launches, some kernels replaced."""
    kernels = {**machine.kernels, **mutants}
    return [
        Step(launch, kernels[launch.kernel], launch.kernel in mutants)
        for launch in machine.plan.launches
    ]


class MutantRun:
    """One program, compared with the golden one on one row after another."""

    def __init__(
        self, machine: Machine, steps: Sequence[Step], outputs: Sequence[int] | None = None
    ) -> None:
        """Make ready.

        Args:
            machine: what it runs on.
            steps: the program.
            outputs: the buffer that holds each of the model's outputs; ``None``: the plan's.
        """
        self._machine = machine
        self._steps = steps
        self._golden_outputs = model_outputs(machine.plan)
        self._outputs = tuple(self._golden_outputs if outputs is None else outputs)
        self._needs = set() if outputs is None else self._known(outputs)
        for step in steps:
            if step.mutated:
                self._needs |= self._known((*step.launch.inputs, *step.launch.outputs))
        self._copies = Copies(machine.accelerator, machine.slots)
        self._dirty: set[int] = set()
        self._record = RowRecord(0)
        self._sent: dict[Pattern, list[Bytes]] = {}
        self._measured = False

    def run_row(self, row: int) -> dict[Pattern, list[Bytes]]:
        """Run one row; its record is the machine's.

        Returns:
            The model's outputs as bytes under the patterns under which they may differ.
        """
        machine = self._machine
        self._record = machine.record = RowRecord(row)
        self._sent = {}
        ready_row(machine, row)
        recompute(machine, self._needs)
        infected = self._pass("A")
        # A variant may give another buffer as its output without any launch of its own.
        differs = self._keep_outputs("A", always=self._record.reads_uninitialised)
        if not infected and not differs:
            self._confirm_masked()
            return self._sent
        if differs:
            self._record.reach("propagated")
        if self._record.reads_uninitialised:
            self._pass("B")
            if self._keep_outputs("B", always=True):
                self._record.reach("propagated")
        return self._sent

    def _known(self, buffers: Sequence[int]) -> set[int]:
        """Those of ``buffers`` of which there is golden data."""
        own = len(self._machine.plan.buffers)
        return {buffer for buffer in buffers if buffer < own}

    def _confirm_masked(self) -> None:
        # A NaN can hide that it was read: the larger of it and a number may be the number.
        if not self._machine.poison or not self._pass("B"):
            self._record.reach("masked")
            return
        self._record.reads_uninitialised = True
        if self._keep_outputs("B", always=True):
            self._record.reach("propagated")
        self._dirty.clear()  # as the first pass left it
        self._keep_outputs("A", always=True)

    def _pass(self, pattern: Pattern) -> bool:
        """One pass over the steps: mutated launches always run, others when an input differs.

        Returns:
            Whether any launch differed.
        """
        infected = False
        self._dirty.clear()
        for index, step in enumerate(self._steps):
            if not step.mutated and self._dirty.isdisjoint(step.launch.inputs):
                continue
            self._load_clean_inputs(step.launch)
            run = self._run_mutated if step.mutated else self._run_original
            if not run(step, pattern):
                continue
            if not infected:
                self._record.infect(step.launch.index)
                self._machine.tell(self._record)
            if pattern == "A" and not self._measured:
                self._measure(step.launch)
            if not infected:
                self._recompute_for_suffix(index)
            infected = True
        return infected

    def _measure(self, launch: Launch) -> None:
        """Measure the outputs of a launch that differ, if there is something golden of any."""
        machine = self._machine
        differing = [buffer for buffer in launch.outputs if buffer in self._dirty]
        places = [(buffer, machine.golden.find(buffer)) for buffer in differing]
        known = [(buffer, place) for buffer, place in places if place is not None]
        self._measured = bool(known)
        found = measure_buffers(machine, known)
        if found:
            self._record.difference = LaunchDifference(self._record.row, launch.index, found)
            machine.tell(self._record)

    def _run_mutated(self, step: Step, pattern: Pattern) -> bool:
        """Run a mutated launch; whether an output differs from golden."""
        machine = self._machine
        sources = {
            buffer: self._copies.save("input", buffer)
            if buffer in self._dirty
            else machine.golden.find(buffer)
            for buffer in step.launch.inputs
        }
        golden = {buffer: machine.golden.find(buffer) for buffer in step.launch.outputs}
        if not self._settle(step.launch, self._call(step, pattern, sources, golden)):
            return False
        if machine.poison and pattern == "A" and not self._record.reads_uninitialised:
            self._record.reads_uninitialised = self._depends_on_pattern(step, sources)
        return True

    def _run_original(self, step: Step, pattern: Pattern) -> bool:
        """Run an original launch on inputs that differ.

        Guards are not looked at: it was shown to stay in bounds on golden inputs, and what a wrong
        input makes it write outside is contained, but not recorded.
        """
        machine = self._machine
        machine.run(step.launch, step.kernel, pattern, None)
        golden = {buffer: machine.golden.find(buffer) for buffer in step.launch.outputs}
        return self._settle(step.launch, self._compare(golden))

    def _call(
        self,
        step: Step,
        pattern: Pattern,
        sources: Mapping[int, Place | None],
        outputs: Mapping[int, Place | None],
    ) -> set[int]:
        """Run a mutated launch; the outputs that do not hold what lies at ``outputs``."""
        machine, launch = self._machine, step.launch
        machine.status.count_launch()
        machine.run(launch, step.kernel, pattern, None)
        notes = [
            machine.look(launch, step.kernel, pattern, None),
            machine.look_inside(launch, sources, pattern),
        ]
        differing = self._compare(outputs)
        for note in notes:
            note()
        if machine.trap:
            machine.stop_at_write()
        return differing

    def _compare(self, outputs: Mapping[int, Place | None]) -> set[int]:
        """Read the inspection; the buffers that do not hold what lies at a place."""
        machine = self._machine
        asked = {
            buffer: machine.inspection.differing(
                machine.slots[buffer].data, place, machine.slots.nbytes(buffer)
            )
            for buffer, place in outputs.items()
            if place is not None
        }
        machine.inspection.read()
        return {
            buffer
            for buffer in outputs
            if buffer not in asked or machine.inspection.count(asked[buffer])
        }

    def _settle(self, launch: Launch, differing: set[int]) -> bool:
        """Note which outputs of a launch are dirty; whether any is."""
        slots = self._machine.slots
        for buffer in launch.outputs:
            if buffer in differing:
                self._dirty.add(buffer)
                slots.mark_other(buffer)
            else:
                self._dirty.discard(buffer)
                slots.mark_golden(buffer, self._record.row)
        return bool(differing)

    def _depends_on_pattern(self, step: Step, sources: Mapping[int, Place | None]) -> bool:
        """Run the launch again under pattern B: do its outputs depend on the pattern?"""
        outputs = step.launch.outputs
        saved = {buffer: self._copies.save("output", buffer) for buffer in outputs}
        if not self._call(step, "B", sources, saved):
            return False
        self._copies.restore(saved)
        return True

    def _recompute_for_suffix(self, at: int) -> None:
        """For a row that is not kept: golden data that launches after step ``at`` may need."""
        machine = self._machine
        if machine.golden.cached:
            return
        tainted = set(self._dirty)
        needs: set[int] = set()
        for step in self._steps[at + 1 :]:
            launch = step.launch
            if step.mutated or not tainted.isdisjoint(launch.inputs):
                # A tainted input that turns out clean needs nothing: only a known one can be so.
                needs |= self._known([one for one in launch.inputs if one not in tainted])
                tainted.update(launch.outputs)
        first = self._steps[at].launch
        saved = {buffer: self._copies.save("output", buffer) for buffer in first.outputs}
        recompute(machine, needs)
        self._copies.restore(saved)
        for buffer in first.outputs:
            if buffer in self._dirty:
                machine.slots.mark_other(buffer)

    def _load_clean_inputs(self, launch: Launch) -> None:
        machine = self._machine
        for buffer in launch.inputs:
            if buffer not in self._dirty:
                golden = machine.golden.find(buffer)
                assert golden is not None
                machine.slots.load(buffer, self._record.row, golden)

    def _keep_outputs(self, pattern: Pattern, *, always: bool) -> bool:
        """Fetch the pass's model outputs; whether one differs from golden."""
        machine = self._machine
        held = [self._held(buffer) for buffer in self._outputs]
        nbytes = [machine.slots.nbytes(buffer) for buffer in self._golden_outputs]
        differs = False
        asked = []
        for buffer, own, place, size in zip(
            self._golden_outputs, self._outputs, held, nbytes, strict=True
        ):
            if own == buffer:
                differs |= buffer in self._dirty
                continue
            golden = machine.golden.find(buffer)
            assert golden is not None
            asked.append(machine.inspection.differing(place, golden, size))
        machine.inspection.read()
        differs |= any(machine.inspection.count(look) for look in asked)
        if differs or always:
            places = zip(held, nbytes, strict=True)
            self._sent[pattern] = [machine.accelerator.download(*place) for place in places]
        return differs

    def _held(self, buffer: int) -> Place:
        """Where the program holds a buffer's value."""
        machine = self._machine
        golden = None if buffer in self._dirty else machine.golden.find(buffer)
        return machine.slots[buffer].data if golden is None else golden
