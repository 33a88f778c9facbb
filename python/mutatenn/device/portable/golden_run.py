"""The original kernels on an accelerator: the golden run, its check, and parts of it."""

from __future__ import annotations

from collections.abc import Iterable

from mutatenn.device.evidence import Pattern
from mutatenn.device.portable.golden_data import Bytes, model_outputs
from mutatenn.device.portable.machine import Machine
from mutatenn.lowering.plan import Launch


class Unstable(Exception):
    """The original kernels gave another answer than before; the message says in which buffer."""


def warm_up(machine: Machine) -> None:
    """Run every launch on the first row, so that nothing is compiled while time is taken."""
    machine.golden.select(0)
    for launch in machine.plan.launches:
        _run(machine, launch, "A", inspect=False)
        _keep(machine, launch)


def fill_row(machine: Machine, row: int) -> list[float]:
    """The golden run of a row: keeps its activations; the seconds of each launch."""
    machine.golden.select(row)
    seconds = []
    for launch in machine.plan.launches:
        seconds.append(_run(machine, launch, "A", inspect=True))
        _keep(machine, launch)
    machine.golden.fill()
    return seconds


def row_outputs(machine: Machine) -> list[Bytes]:
    """The model's outputs of the row that was run last, as bytes."""
    slots = machine.slots
    return [
        machine.accelerator.download(slots[buffer].data, slots.nbytes(buffer))
        for buffer in model_outputs(machine.plan)
    ]


def ready_row(machine: Machine, row: int) -> None:
    """Turn to a row, with what was kept of it; in a new worker that is what an earlier one kept."""
    golden = machine.golden
    golden.select(row)
    if golden.cached and not golden.filled:
        assert golden.kept_rows is not None
        golden.restore_row(golden.kept_rows[row])


def check_row(machine: Machine, row: int, pattern: Pattern) -> None:
    """Run a row anew and compare with what is kept; nothing of that is changed.

    Raises:
        Unstable: an activation that is kept, or an output of the model, is another one.
    """
    ready_row(machine, row)
    for launch in machine.plan.launches:
        _run(machine, launch, pattern, inspect=True)
        if machine.golden.cached:
            _compare(machine, launch)
        else:
            _keep(machine, launch)
    _compare_outputs(machine, row)


def recompute(machine: Machine, buffers: Iterable[int]) -> None:
    """Make golden data of ``buffers`` known for the selected row; slots are overwritten."""
    golden = machine.golden
    needed = {buffer for buffer in buffers if not golden.knows(buffer)}
    for launch in _wanted(machine, needed):
        _run(machine, launch, "A", inspect=False)
        _keep(machine, launch)


def _wanted(machine: Machine, needed: set[int]) -> list[Launch]:
    """Launches that give ``needed``, and what those need, in order."""
    wanted = []
    for launch in reversed(machine.plan.launches):
        if needed.isdisjoint(launch.outputs):
            continue
        wanted.append(launch)
        needed.update(one for one in launch.inputs if not machine.golden.knows(one))
    return wanted[::-1]


def _run(machine: Machine, launch: Launch, pattern: Pattern, *, inspect: bool) -> float:
    """Run a launch on golden inputs; ``inspect`` records what it changed beside its outputs."""
    kernel = machine.kernels[launch.kernel]
    sources = machine.load_golden_inputs(launch)
    seconds = machine.run(launch, kernel, pattern, None)
    if not inspect:
        return seconds
    notes = [
        machine.look(launch, kernel, pattern, None),
        machine.look_inside(launch, sources, pattern),
    ]
    machine.inspection.read()
    for note in notes:
        note()
    return seconds


def _keep(machine: Machine, launch: Launch) -> None:
    golden, slots = machine.golden, machine.slots
    for buffer in launch.outputs:
        machine.accelerator.copy(golden.store(buffer), slots[buffer].data, slots.nbytes(buffer))
        golden.learn(buffer)
        slots.mark_golden(buffer, golden.row)


def _compare(machine: Machine, launch: Launch) -> None:
    golden, slots, inspection = machine.golden, machine.slots, machine.inspection
    asked = []
    for buffer in launch.outputs:
        place, nbytes = golden.store(buffer), slots.nbytes(buffer)
        asked.append((buffer, inspection.differing(slots[buffer].data, place, nbytes)))
    inspection.read()
    for buffer, number in asked:
        if inspection.count(number):
            raise Unstable(f"buffer {buffer}")
        slots.mark_golden(buffer, golden.row)


def _compare_outputs(machine: Machine, row: int) -> None:
    golden = machine.golden.outputs
    found = zip(model_outputs(machine.plan), row_outputs(machine), strict=True)
    for index, (buffer, data) in enumerate(found):
        if buffer in golden and data.tobytes() != golden[buffer][row].tobytes():
            raise Unstable(f"model output {index}")
