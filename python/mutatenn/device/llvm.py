"""Device ``llvm``: plans on this machine's CPU, each run in a process of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from mutatenn.device import records
from mutatenn.device.ending import buffer_name, describe_ending, side_name
from mutatenn.device.evidence import Golden, MutantRun
from mutatenn.device.layout import lay_out
from mutatenn.device.limits import Limits
from mutatenn.device.memory_file import MemoryFile
from mutatenn.device.plan_text import encode_path, plan_text
from mutatenn.device.results_view import ResultsView
from mutatenn.device.rows import check_rows, check_weights
from mutatenn.device.runner_process import RunnerDied, RunnerProcess
from mutatenn.errors import BaselineError, InputError
from mutatenn.lowering.plan import Plan, np_dtype

if TYPE_CHECKING:
    from typing_extensions import Self


class LlvmDevice:
    """Runs a plan on the CPU through the native runner.

    ``weights`` gives an array per weight buffer, ``rows`` one array per plan input with a leading
    axis of rows, ``kernels`` the shared object of every kernel. Activations of the golden run are
    kept up to ``cache_mb`` MiB. ``guard_kib`` is the least guard zone on each side of a buffer.
    ``threads`` is the size of TVM's thread pool in a run.
    """

    def __init__(
        self,
        plan: Plan,
        weights: Mapping[int, NDArray[Any]],
        kernels: Mapping[str, Path],
        rows: Sequence[NDArray[Any]],
        *,
        cache_mb: int = 1024,
        guard_kib: int = 64,
        threads: int = 1,
        limits: Limits | None = None,
    ) -> None:
        """Share the data with a runner and start it.

        Raises:
            InputError: rows, weights or kernels do not fit the plan.
            MissingToolError: the runner or a TVM library is missing or of another version.
            RunnerDied: the runner ended while it started.
        """
        count = check_rows(plan, rows)
        check_weights(plan, weights)
        missing = [name for name in plan.kernels if name not in kernels]
        if missing:
            raise InputError(f"kernel {missing[0]} of the plan has no library; compile it first")
        self._plan = plan
        self._threads = threads
        self._rows = [np.ascontiguousarray(array) for array in rows]
        self._weights = dict(weights)
        self._layout = lay_out(plan, count, cache_mb)
        self._golden: Golden | None = None
        self._process: RunnerProcess | None = None
        text = plan_text(plan, self._layout, kernels, limits or Limits(), guard_kib << 10)
        plan_bytes = np.frombuffer(text.encode(), np.uint8)
        sizes = {
            "plan": plan_bytes.size,
            "inputs": self._layout.inputs_size,
            "weights": self._layout.weights_size,
            "cache": self._layout.cache_size,
            "results": self._layout.results_size,
        }
        with contextlib.ExitStack() as stack:
            self._files = {name: MemoryFile(name, size) for name, size in sizes.items()}
            for file in self._files.values():
                stack.callback(file.close)
            self._files["plan"].write(0, plan_bytes)
            for buffer_id, array in zip(plan.inputs, self._rows, strict=True):
                self._files["inputs"].write(self._layout.buffers[buffer_id], array)
            for buffer_id, array in self._weights.items():
                self._files["weights"].write(self._layout.buffers[buffer_id], array)
            self._results = ResultsView(plan, self._layout, self._files["results"])
            self._process = RunnerProcess(list(self._files.values()), threads)
            stack.callback(self._stop)
            self._stack = stack.pop_all()

    @property
    def name(self) -> str:
        """``llvm``."""
        return "llvm"

    @property
    def plan(self) -> Plan:
        """The plan that it runs."""
        return self._plan

    @property
    def runner_pid(self) -> int | None:
        """Process id of the runner, or ``None`` while none is running."""
        return None if self._process is None else self._process.pid

    def golden(self) -> Golden:
        """Run the original kernels twice, under both fill patterns, and keep the activations.

        Raises:
            BaselineError: a run crashed, hung, wrote out of bounds, or the two disagree.
            RunnerDied: the runner itself failed.
        """
        self._golden = None
        self._run_golden("A")
        self._run_golden("B")
        seconds = self._files["cache"].array(
            self._layout.seconds,
            (self._layout.rows, len(self._plan.launches)),
            np.dtype(np.float64),
        )
        outputs = [self._golden_output(buffer_id) for buffer_id in self._plan.outputs]
        self._golden = Golden(outputs, seconds.copy(), self._layout.rows_cached)
        return self._golden

    def run(self, kernel: str, library: Path) -> MutantRun:
        """Run every row with ``kernel`` replaced by the one in ``library``.

        ``library`` must be a path that held no other library before.

        Raises:
            InputError: the plan has no such kernel.
            RunnerDied: the runner itself failed; the next call starts a fresh one.
            RuntimeError: ``golden`` has not been called.
        """
        if self._golden is None:
            raise RuntimeError("call golden() before run()")
        if kernel not in self._plan.kernels:
            raise InputError(f"the plan has no kernel {kernel!r}; it has {self._plan.kernels}")
        request = f"mutant {self._plan.kernels.index(kernel)} {encode_path(library)}"
        fate, seconds = self._ask(request)
        if fate == records.FATE_LOST:
            raise RunnerDied("the process that ran the mutant was killed from outside")
        return self._results.mutant_run(self._golden.outputs, seconds)

    def close(self) -> None:
        """End the runner and give the shared memory back."""
        self._stack.close()

    def __enter__(self) -> Self:
        """Return the device; the block's end closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the device."""
        self.close()

    def _ask(self, request: str) -> tuple[int, float]:
        if self._process is None:
            self._process = RunnerProcess(list(self._files.values()), self._threads)
        try:
            return self._process.ask(request)
        except BaseException:
            self._process = None  # ``ask`` has ended it
            raise

    def _stop(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None

    def _run_golden(self, pattern: Literal["A", "B"]) -> None:
        fate, _ = self._ask(f"golden {pattern}")
        header = self._results.header()
        if fate == records.FATE_LOST:
            raise RunnerDied("the process of the golden run was killed from outside")
        if fate == records.FATE_UNSTABLE:
            raise BaselineError(
                "The original kernels give different answers when unwritten memory holds other "
                f"values: {describe_ending(header, self._plan)}"
            )
        if fate != records.FATE_COMPLETED:
            ending = describe_ending(header, self._plan)
            raise BaselineError(f"The original kernels do not run: {ending}")
        writes = self._results.writes()
        if len(writes):
            first = writes[0]
            launch = self._plan.launches[int(first["launch"])]
            side = side_name(int(first["side"]))
            place = f"{side} {buffer_name(int(first['buffer']), self._plan)}"
            if side != "inside":
                place = f"{int(first['distance'])} bytes {place}"
            raise BaselineError(
                f"The original kernel {launch.kernel} writes out of bounds: {place}, row "
                f"{int(first['row'])}, launch {launch.index}."
            )

    def _golden_output(self, buffer_id: int) -> NDArray[Any]:
        buffer = self._plan.buffers[buffer_id]
        shape = (self._layout.rows, *buffer.shape)
        if buffer.role == "input":
            array = self._rows[self._plan.inputs.index(buffer_id)].copy()
        elif buffer.role == "weight":
            array = np.broadcast_to(self._weights[buffer_id], shape).copy()
        else:
            place = next(place for place in self._layout.outputs if place.buffer == buffer_id)
            cache = self._files["cache"]
            array = cache.array(place.golden, shape, np_dtype(buffer.dtype)).copy()
        array.setflags(write=False)
        return array
