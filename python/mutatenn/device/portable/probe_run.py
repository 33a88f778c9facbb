"""Runs an instrumented original kernel on golden inputs, and collects the flags that it raises."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.portable.golden_run import ready_row, recompute
from mutatenn.device.portable.guarded_buffer import GuardedBuffer
from mutatenn.device.portable.loaded_kernel import LoadedKernel
from mutatenn.device.portable.machine import Machine
from mutatenn.device.portable.row_record import RowRecord
from mutatenn.lowering.plan import Launch


def run_probe(
    machine: Machine, kernel: str, probe: LoadedKernel, count: int, guard_bytes: int
) -> NDArray[np.int32]:
    """Run ``probe`` at each launch of ``kernel`` until all flags are raised or all rows were run.

    Raises:
        Trapped: it wrote out of bounds: its flags say nothing.
    """
    flags = GuardedBuffer(machine.accelerator, 4 * count, guard_bytes)
    flags.fill(0)
    launches = machine.plan.launches_of(kernel)
    needs = {buffer for launch in launches for buffer in launch.inputs}
    raised = np.zeros(count, np.int32)
    for row in range(machine.golden.rows):
        machine.record = RowRecord(row)
        ready_row(machine, row)
        recompute(machine, needs)
        for launch in launches:
            _run(machine, launch, probe, flags)
            found = machine.accelerator.download(flags.data, flags.nbytes)
            raised = found.view(np.int32)
            if raised.all():
                return raised
    return raised


def _run(machine: Machine, launch: Launch, probe: LoadedKernel, flags: GuardedBuffer) -> None:
    sources = machine.load_golden_inputs(launch)
    machine.run(launch, probe, "A", flags)
    notes = [
        machine.look(launch, probe, "A", flags),
        machine.look_inside(launch, sources, "A"),
    ]
    machine.inspection.read()
    for note in notes:
        note()
    machine.stop_at_write()
    for buffer in launch.outputs:
        machine.slots.mark_other(buffer)
