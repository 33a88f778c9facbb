"""The parts that a run on an accelerator works with, and the execution of one launch."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence

from mutatenn.device.evidence import Pattern
from mutatenn.device.portable.accelerator import Accelerator, Place
from mutatenn.device.portable.golden_data import GoldenData
from mutatenn.device.portable.guarded_buffer import PATTERN_BYTES, GuardedBuffer
from mutatenn.device.portable.inspection import Damage, Inspection
from mutatenn.device.portable.loaded_kernel import LoadedKernel
from mutatenn.device.portable.row_record import RowRecord
from mutatenn.device.portable.slots import Slots
from mutatenn.device.portable.status import BETWEEN_SECONDS, Status
from mutatenn.lowering.plan import Launch, Plan


class Trapped(Exception):
    """A write out of bounds that ends the run."""


@dataclasses.dataclass
class Machine:
    """A plan on an accelerator.

    ``limits_ns`` says how long each launch may last, by its index; where it is empty, ``until_ns``
    holds for all together. Without ``poison`` memory is left as it is and not looked at.
    """

    accelerator: Accelerator
    plan: Plan
    kernels: Mapping[str, LoadedKernel]
    slots: Slots
    golden: GoldenData
    inspection: Inspection
    status: Status
    tell: Callable[[RowRecord], None]
    """Told of a row whenever more is known of it."""
    poison: bool
    trap: bool
    record: RowRecord = dataclasses.field(default_factory=lambda: RowRecord(0))
    """Of the row that is being run."""
    limits_ns: Sequence[int] = ()
    until_ns: int = 0
    suspect: bool = False
    """Some write may have gone farther than the guard zones reach."""

    def run(
        self, launch: Launch, kernel: LoadedKernel, pattern: Pattern, extra: GuardedBuffer | None
    ) -> float:
        """Run a launch on inputs that are in their slots; its seconds on the device.

        Outputs, workspaces and guard zones hold ``pattern`` before. ``extra`` is the last argument
        of a probe.
        """
        value = PATTERN_BYTES[pattern]
        if self.poison:
            for _, guarded in self._in_play(launch, kernel, extra):
                guarded.paint(value)
            for filled in (*(self.slots[one] for one in launch.outputs), *kernel.workspaces):
                filled.fill(value)
        for one in launch.outputs:
            self.slots.mark_other(one)
        tensors = [self.slots[one].data for one in (*launch.inputs, *launch.outputs)]
        if extra is not None:
            tensors.append(extra.data)
        try:
            return kernel.run(tensors, lambda fresh: self._enter(launch, pattern, fresh))
        finally:
            self.status.leave()

    def look(
        self, launch: Launch, kernel: LoadedKernel, pattern: Pattern, extra: GuardedBuffer | None
    ) -> Callable[[], None]:
        """Ask for damage to the guard zones of a launch.

        Returns:
            What records it, once the inspection was read.
        """
        if not self.poison:
            return lambda: None
        asked = [
            (buffer, guarded, guarded.look(self.inspection))
            for buffer, guarded in self._in_play(launch, kernel, extra)
        ]

        def note() -> None:
            for buffer, guarded, answer in asked:
                before, after = answer()
                if before.count:
                    self.record.write(buffer, "before", before, launch.index, pattern)
                if after.count:
                    self.record.write(buffer, "after", after, launch.index, pattern)
                self.suspect |= guarded.reaches_edge(before, after)
                if before.count or after.count:
                    self.tell(self.record)

        return note

    def look_inside(
        self, launch: Launch, sources: Mapping[int, Place | None], pattern: Pattern
    ) -> Callable[[], None]:
        """Ask whether a launch changed its inputs, which hold what lies at ``sources``.

        Returns:
            What records it and repairs them, once the inspection was read.
        """
        slots = self.slots
        asked = {
            buffer: (source, self.inspection.differing(slots[buffer].data, source, size))
            for buffer, source in sources.items()
            if source is not None and (size := slots.nbytes(buffer))
        }

        def note() -> None:
            for buffer, (source, number) in asked.items():
                count = self.inspection.count(number)
                if not count:
                    continue
                if self.poison:
                    damage = Damage(count, 0)
                    self.record.write(buffer, "inside", damage, launch.index, pattern)
                    self.tell(self.record)
                self.accelerator.copy(slots[buffer].data, source, slots.nbytes(buffer))

        return note

    def stop_at_write(self) -> None:
        """End the run if a write out of bounds has been recorded.

        Raises:
            Trapped: there is one.
        """
        if self.record.writes:
            raise Trapped

    def load_golden_inputs(self, launch: Launch) -> dict[int, Place | None]:
        """Bring golden data of the selected row into the inputs of a launch; where it lies."""
        sources = {buffer: self.golden.find(buffer) for buffer in launch.inputs}
        for buffer, source in sources.items():
            assert source is not None
            self.slots.load(buffer, self.golden.row, source)
        return sources

    def _in_play(
        self, launch: Launch, kernel: LoadedKernel, extra: GuardedBuffer | None
    ) -> list[tuple[int | None, GuardedBuffer]]:
        """What a launch is handed; ``None`` for what is no buffer of the plan."""
        ids = dict.fromkeys((*launch.inputs, *launch.outputs))
        found: list[tuple[int | None, GuardedBuffer]] = [(one, self.slots[one]) for one in ids]
        found += [(None, workspace) for workspace in kernel.workspaces]
        if extra is not None:
            found.append((None, extra))
        return found

    def _enter(self, launch: Launch, pattern: Pattern, compiling: bool) -> None:
        now = time.monotonic_ns()
        if not self.limits_ns:
            deadline = self.until_ns
        elif compiling:
            deadline = now + int(BETWEEN_SECONDS * 1e9)
        else:
            deadline = now + self.limits_ns[launch.index]
        self.status.enter(self.golden.row, launch.index, pattern, deadline)
