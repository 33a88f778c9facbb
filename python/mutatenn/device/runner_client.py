"""A runner over shared data, asked for one thing at a time."""

from __future__ import annotations

import contextlib
from types import TracebackType
from typing import TYPE_CHECKING

from mutatenn.device.evidence import Golden
from mutatenn.device.failures import require_sound
from mutatenn.device.memory_file import MemoryFile
from mutatenn.device.results_view import ResultsView
from mutatenn.device.runner_process import RunnerProcess
from mutatenn.device.shared_data import SharedData
from mutatenn.device.variant_run import VariantRun
from mutatenn.lowering.plan import Plan

if TYPE_CHECKING:
    from typing_extensions import Self


class RunnerClient:
    """Starts a runner when one is needed, and again after one died; ends it on ``close``."""

    def _open(self, data: SharedData, threads: int, golden: Golden | None) -> None:
        """Start a runner over ``data``, which this device closes from now on."""
        self._data = data
        self._threads = threads
        self._golden = golden
        self._has_siblings = golden is not None
        self._in_flight = False
        self._process: RunnerProcess | None = None
        self._variant: VariantRun | None = None
        with contextlib.ExitStack() as stack:
            stack.callback(data.close)
            results = MemoryFile("results", data.layout.results_size)
            stack.callback(results.close)
            self._results_file = results
            self._files = [*data.files, results]
            self._results = ResultsView(data.plan, data.layout, results)
            self._start()
            stack.callback(self._stop)
            self._stack = stack.pop_all()

    @property
    def plan(self) -> Plan:
        """The plan that it runs."""
        return self._data.plan

    @property
    def runner_pid(self) -> int | None:
        """Process id of the runner, or ``None`` while none is running."""
        return None if self._process is None else self._process.pid

    def close(self) -> None:
        """End the runner, with what it is running, and give the memory back."""
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

    def _start(self) -> RunnerProcess:
        self._process = RunnerProcess(self._files, self._threads, self._results.pulse)
        return self._process

    def _stop(self) -> None:
        if self._variant is not None:
            self._variant.close()
            self._variant = None
        if self._process is not None:
            self._process.close()
            self._process = None
        self._in_flight = False

    def _check_idle(self) -> None:
        if self._in_flight:
            raise RuntimeError("a run was begun; call end() first")

    def _send(self, request: str) -> None:
        self._check_idle()
        process = self._process or self._start()
        try:
            process.send(request)
        except BaseException:
            self._process = None  # ``send`` has ended it
            raise
        self._in_flight = True

    def _answer(self) -> float:
        """Seconds that the request took, once it is done."""
        assert self._process is not None
        self._in_flight = False
        try:
            fate, seconds = self._process.answer()
        except BaseException:
            self._process = None  # ``answer`` has ended it
            raise
        require_sound(fate, self._results.message)
        return seconds
