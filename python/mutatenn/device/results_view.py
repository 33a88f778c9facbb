"""Reads what a run left in the results file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from mutatenn.device import records
from mutatenn.device.ending import (
    SIDES,
    describe_ending,
    describe_write,
    ending_message,
    side_name,
)
from mutatenn.device.evidence import Fate, MutantRun, OutOfBoundsWrite, RowEvidence, RowState
from mutatenn.device.failures import RunnerDied
from mutatenn.device.layout import WRITE_CAPACITY, Layout, OutputPlace
from mutatenn.device.memory_file import MemoryFile
from mutatenn.lowering.plan import Plan, np_dtype

_FATES: dict[int, Fate] = {
    records.FATE_COMPLETED: "completed",
    records.FATE_CRASH: "crash",
    records.FATE_HANG: "hang",
    records.FATE_MEMORY: "memory",
    records.FATE_ERROR: "error",
    records.FATE_STEPS: "hang",
}
_STATES: tuple[RowState, ...] = ("not run", "masked", "infected", "propagated")
_PROPAGATED = 3


class ResultsView:
    """The results file of one device; what it returns are copies."""

    def __init__(self, plan: Plan, layout: Layout, file: MemoryFile) -> None:
        """Look at ``file``, whose parts lie as ``layout`` says."""
        self._plan = plan
        self._layout = layout
        self._file = file

    @property
    def plan(self) -> Plan:
        """The plan that its launches and buffers are numbered by."""
        return self._plan

    def header(self) -> np.void:
        """The header (dtype ``records.HEADER``)."""
        return cast(np.void, self._file.array(0, (1,), records.HEADER).copy()[0])

    def writes(self) -> NDArray[np.void]:
        """Recorded writes out of bounds (dtype ``records.WRITE``)."""
        count = min(int(self.header()["writes"]), WRITE_CAPACITY)
        return self._file.array(self._layout.write_records, (count,), records.WRITE).copy()

    def message(self) -> str:
        """What the run said of its end."""
        return ending_message(self.header())

    def pulse(self) -> int:
        """A number that changes every few seconds while the runner works."""
        return int(self.header()["pulse"])

    def fate(self) -> Fate | None:
        """How the run ended; ``None`` where another answer under another pattern ended it."""
        return _FATES.get(int(self.header()["fate"]))

    def ending(self) -> str:
        """What ended the run, in one sentence; empty when it completed."""
        return describe_ending(self.header(), self.writes(), self._plan)

    def baseline_fault(self, unstable: str) -> str:
        """What is wrong with the run of the original kernels that has just ended; empty: nothing.

        ``unstable`` is what another answer means.
        """
        fate = int(self.header()["fate"])
        if fate == records.FATE_UNSTABLE:
            return f"{unstable}: {self.ending()}"
        if fate != records.FATE_COMPLETED:
            return f"The original kernels do not run: {self.ending()}"
        writes = self.writes()
        if not len(writes):
            return ""
        first = writes[0]
        launch = self._plan.launches[int(first["launch"])]
        return (
            f"The original kernel {launch.kernel} writes out of bounds: "
            f"{describe_write(first, self._plan)}, row {int(first['row'])}, launch {launch.index}."
        )

    def flags(self, count: int) -> NDArray[np.bool_]:
        """The first ``count`` flags that a probe left: raised or not."""
        left = self._file.array(self._layout.flags, (count,), np.dtype(np.int32))
        return left.astype(np.bool_)

    def steps(self, launches: Sequence[int]) -> tuple[int, ...]:
        """The most steps that each of these launches needed, as a count of steps left them."""
        left = self._file.array(self._layout.steps, (len(self._plan.launches),), np.dtype(np.int64))
        return tuple(int(left[index]) for index in launches)

    def mutant_run(self, golden: list[NDArray[Any]], seconds: float) -> MutantRun:
        """The run that has just ended; ``golden`` holds the golden outputs."""
        header = self.header()
        shape = (self._layout.rows,)
        rows = self._file.array(self._layout.row_records, shape, records.ROW).copy()
        self._require_sound(header, rows)
        propagated = np.flatnonzero(rows["state"] == _PROPAGATED)
        again = np.flatnonzero(rows["flags"] & records.HAS_OUTPUTS_B)
        outputs = self._outputs(golden, propagated, second=False)
        return MutantRun(
            fate=_FATES[int(header["fate"])],
            detail=self.ending(),
            rows=self._rows(rows),
            outputs=outputs,
            outputs_b=self._outputs(outputs, again, second=True) if again.size else None,
            seconds=seconds,
            launches=int(header["launches"]),
            proved=int(header["fate"]) == records.FATE_STEPS,
            stopped_in=self._stopped_in(header),
        )

    def _stopped_in(self, header: np.void) -> int | None:
        row, launch = int(header["row"]), int(header["launch"])
        if int(header["fate"]) == records.FATE_COMPLETED:
            return None
        placed = 0 <= launch < len(self._plan.launches) and 0 <= row < self._layout.rows
        return row if placed else None

    def _require_sound(self, header: np.void, rows: NDArray[np.void]) -> None:
        """Refuse results that no runner writes: a kernel may write anywhere.

        Raises:
            RunnerDied: some field is out of its range.
        """
        writes = self.writes()
        sound = (
            int(header["fate"]) in _FATES
            and bool(np.isin(rows["state"], range(len(_STATES))).all())
            and bool(np.isin(writes["side"], range(SIDES)).all())
            and bool((writes["buffer"] >= records.FLAG_BUFFER).all())
            and bool((writes["buffer"] < len(self._plan.buffers)).all())
        )
        if not sound:
            raise RunnerDied("the results file was overwritten, most likely by the kernel that ran")

    def _rows(self, rows: NDArray[np.void]) -> list[RowEvidence]:
        writes: dict[int, list[OutOfBoundsWrite]] = {}
        for write in self.writes():
            buffer = int(write["buffer"])
            record = OutOfBoundsWrite(
                buffer=None if buffer == records.WORKSPACE else buffer,
                side=side_name(int(write["side"])),
                distance=int(write["distance"]),
                count=int(write["count"]),
                launch=int(write["launch"]),
                pattern="A" if int(write["pattern"]) == 0 else "B",
            )
            writes.setdefault(int(write["row"]), []).append(record)
        return [
            RowEvidence(
                state=_STATES[int(row["state"])],
                first_launch=int(row["first_launch"]),
                reads_uninitialised=bool(row["flags"] & records.READS_UNINITIALISED),
                out_of_bounds=tuple(writes.get(index, ())),
            )
            for index, row in enumerate(rows)
        ]

    def _outputs(
        self, base: list[NDArray[Any]], rows: NDArray[np.intp], *, second: bool
    ) -> list[NDArray[Any]]:
        """``base`` with the given rows replaced by what the run left."""
        if not rows.size:
            return list(base)
        places = {place.buffer: place for place in self._layout.outputs}
        return [
            self._replaced(array, rows, places[buffer_id], second) if buffer_id in places else array
            for buffer_id, array in zip(self._plan.outputs, base, strict=True)
        ]

    def _replaced(
        self, base: NDArray[Any], rows: NDArray[np.intp], place: OutputPlace, second: bool
    ) -> NDArray[Any]:
        dtype = np_dtype(self._plan.buffers[place.buffer].dtype)
        left = self._file.array(place.b if second else place.a, base.shape, dtype)
        array = base.copy()
        array[rows] = left[rows]
        array.setflags(write=False)
        return array
