"""What a worker is asked for: golden runs, checks, mutants, variants and probes of one plan."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.evidence import Pattern
from mutatenn.device.portable.accelerator import Accelerator, OutOfMemory, Refused
from mutatenn.device.portable.channel import Bytes, Message
from mutatenn.device.portable.golden_data import GoldenData, model_outputs, require_cache
from mutatenn.device.portable.golden_run import check_row, fill_row, row_outputs, warm_up
from mutatenn.device.portable.inspection import Inspection
from mutatenn.device.portable.loaded_kernel import LoadedKernel
from mutatenn.device.portable.machine import Machine
from mutatenn.device.portable.mutant_run import MutantRun, Step, planted
from mutatenn.device.portable.probe_run import run_probe
from mutatenn.device.portable.row_record import RowRecord, to_json
from mutatenn.device.portable.scratch import (
    load_golden,
    load_inputs,
    load_rows,
    load_weights,
    rows_path,
)
from mutatenn.device.portable.seals import Seals
from mutatenn.device.portable.slots import Slots
from mutatenn.device.portable.status import Status
from mutatenn.lowering.device_kernel import DeviceKernel
from mutatenn.lowering.plan import Plan

Tell = Callable[[Message, list[Bytes]], None]


class Desk:
    """A plan on an accelerator, and the requests that it takes; ``tell`` hears of each row."""

    def __init__(
        self,
        accelerator: Accelerator,
        status: Status,
        tell: Tell,
        folder: Path,
        options: Mapping[str, Any],
    ) -> None:
        """Load the plan and its data.

        Raises:
            OutOfMemory: the device has no room.
        """
        self.plan = plan = Plan.from_json((folder / "plan.json").read_text())
        self.flags: NDArray[np.int32] | None = None
        self._guard_bytes: int = options["guard_bytes"]
        self._memory_mb: int = options["memory_mb"]
        self._accelerator = accelerator
        self._status = status
        self._tell = tell
        self._folder = folder
        cache = options["cache_mb"] << 20
        inspection = Inspection(accelerator)
        self._seals = Seals(inspection)
        inputs, weights = load_inputs(folder, plan), load_weights(folder, plan)
        golden = GoldenData(accelerator, plan, inputs, weights, cache, self._seals)
        require_cache(golden)
        golden.outputs.update(load_golden(folder, plan, model_outputs(plan)))
        golden.kept_rows = load_rows(folder, golden.rows_cached)
        self._originals: dict[str, LoadedKernel] = {}
        self._machine = Machine(
            accelerator,
            plan,
            self._originals,
            Slots(accelerator, plan.buffers, self._guard_bytes),
            golden,
            inspection,
            status,
            self._tell_partly,
            poison=options["poison"],
            trap=options["trap"],
        )

    @property
    def device_name(self) -> str:
        """What the device calls itself."""
        properties = self._accelerator.properties
        return f"{properties.name} ({properties.version})"

    @property
    def suspect(self) -> bool:
        """Whether a kernel may have written where nothing is looked at."""
        return self._machine.suspect

    def stray_write(self) -> str:
        """What was changed that no kernel is handed, in one sentence; empty: nothing."""
        broken = self._seals.broken()
        if not broken:
            return ""
        self._machine.suspect = True
        return f"Wrote into memory that it was not handed: {broken[0]} changed."

    @property
    def record(self) -> RowRecord:
        """Of the row that was run last."""
        return self._machine.record

    def load(self, kernels: Mapping[str, str]) -> None:
        """Build the original kernels, each from its file.

        Raises:
            OutOfMemory: a workspace has no room.
            Refused: the device cannot run one.
        """
        for name, path in kernels.items():
            self._originals[name] = self._kernel(name, path)

    def answer(self, message: Message, arrays: list[Bytes]) -> None:
        """Do what a message asks for."""
        asked = message["ask"]
        self._machine.slots.forget()  # a request that failed may have left anything there
        if asked in ("fill", "check"):
            self._machine.limits_ns = ()
            self._machine.until_ns = time.monotonic_ns() + message["limit_ms"] * 1_000_000
        else:
            self._machine.limits_ns = [limit * 1_000_000 for limit in message["limits_ms"]]
        if asked == "fill":
            self._fill()
        elif asked == "check":
            self._check(message["rows"], message["pattern"])
        elif asked == "mutant":
            self._mutant(message["kernels"])
        elif asked == "variant":
            self._variant(message, arrays)
        elif asked == "probe":
            probe = self._kernel(message["kernel"], message["path"])
            self.flags = run_probe(
                self._machine, message["kernel"], probe, message["flags"], self._guard_bytes
            )
        else:
            raise ValueError(f"nobody knows the request {asked!r}")

    def clear(self) -> None:
        """Forget what only the last request needed."""
        self.flags = None
        self.plan = self._machine.plan

    def _kernel(self, name: str, path: str) -> LoadedKernel:
        kernel = DeviceKernel.from_json(Path(path).read_text())
        try:
            loaded = LoadedKernel(self._accelerator, kernel, self._guard_bytes, self._memory_mb)
        except (Refused, OutOfMemory) as error:
            raise type(error)(f"kernel {name}: {error}") from error
        self._status.leave()  # one kernel more: it is alive
        return loaded

    def _fill(self) -> None:
        machine, golden = self._machine, self._machine.golden
        golden.forget()
        warm_up(machine)
        kept = [
            np.empty((golden.rows, self.plan.buffers[buffer].nbytes), np.uint8)
            for buffer in model_outputs(self.plan)
        ]
        with rows_path(self._folder).open("wb") as file:
            for row in range(golden.rows):
                machine.record = RowRecord(row)
                seconds = fill_row(machine, row)
                outputs = row_outputs(machine)
                for rows, output in zip(kept, outputs, strict=True):
                    rows[row] = output
                if golden.cached:
                    golden.row_bytes().tofile(file)
                machine.record.reach("masked")
                self._tell_row({"A": outputs}, seconds)
        golden.outputs.update(zip(model_outputs(self.plan), kept, strict=True))

    def _check(self, rows: int, pattern: Pattern) -> None:
        for row in range(rows):
            self._machine.record = RowRecord(row)
            check_row(self._machine, row, pattern)
            self._machine.record.reach("masked")
            self._tell_row({})

    def _mutant(self, kernels: Mapping[str, str]) -> None:
        mutants = {name: self._kernel(name, path) for name, path in kernels.items()}
        run = MutantRun(self._machine, planted(self._machine, mutants))
        self._run_rows(run)

    def _variant(self, message: Message, arrays: list[Bytes]) -> None:
        machine = self._machine
        own = len(machine.plan.buffers)
        self.plan = combined = Plan.from_json(message["plan"])
        kernels = dict(self._originals)
        for name, path in message["kernels"].items():
            kernels[name] = self._kernel(name, path)
        weights = dict(zip(message["weights"], arrays, strict=True))
        launches = combined.launches[len(machine.plan.launches) :]
        steps = [
            Step(launch, kernels[launch.kernel], mutated)
            for launch, mutated in zip(launches, message["mutated"], strict=True)
        ]
        machine.golden.add_weights(weights)
        try:
            machine.slots.add(combined.buffers[own:])
            self._run_rows(MutantRun(machine, steps, message["outputs"]))
        finally:
            machine.golden.drop_weights(weights)
            machine.slots.cut(own)

    def _run_rows(self, run: MutantRun) -> None:
        for row in range(self._machine.golden.rows):
            self._tell_row(run.run_row(row))

    def _tell_row(
        self, outputs: Mapping[Pattern, list[Bytes]], seconds: list[float] | None = None
    ) -> None:
        """Tell of a row that has been run; ``outputs`` under A stand before those under B."""
        patterns = sorted(outputs)
        row = {
            "say": "row",
            "row": self.record.row,
            "evidence": to_json(self.record.evidence()),
            "patterns": patterns,
            "seconds": seconds,
        }
        self._tell(row, [array for pattern in patterns for array in outputs[pattern]])

    def _tell_partly(self, record: RowRecord) -> None:
        """Tell what is known of a row that is still being run."""
        evidence = to_json(record.evidence())
        self._tell({"say": "partly", "row": record.row, "evidence": evidence}, [])
