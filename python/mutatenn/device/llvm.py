"""Devices ``llvm`` and ``c``: plans on this machine's CPU, each run in a process of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.evidence import Golden, MutantRun, WholeRun
from mutatenn.device.failures import ProbeFailed
from mutatenn.device.layout import FLAG_CAPACITY, lay_out
from mutatenn.device.limits import Limits
from mutatenn.device.plan_text import PlanText, encode_path
from mutatenn.device.rows import check_rows, check_weights
from mutatenn.device.runner_client import RunnerClient
from mutatenn.device.shared_data import SharedData
from mutatenn.device.step_limit import step_limit
from mutatenn.device.variant_run import VariantRun
from mutatenn.errors import BaselineError, InputError
from mutatenn.lowering.plan import Plan
from mutatenn.lowering.variant import Variant

if TYPE_CHECKING:
    from typing_extensions import Self

Oob = Literal["contain", "trap"]

_OOB = ("contain", "trap")
_PATTERN_MATTERS = (
    "The original kernels give different answers when unwritten memory holds other values"
)
_GOLDEN_CHANGED = "The original kernels give another answer than in the golden run"


class LlvmDevice(RunnerClient):
    """Runs a plan on the CPU through the native runner, whichever compiler made the kernels.

    ``weights`` gives an array per weight buffer, ``rows`` one array per plan input with a leading
    axis of rows, ``kernels`` the shared object of every kernel; these files must stay while the
    device is open. Activations of the golden run are kept up to ``cache_mb`` MiB. ``guard_kib`` is
    the least guard zone on each side of a buffer. ``threads`` is the size of TVM's thread pool in
    a run. ``oob`` is what becomes of a mutant that writes out of bounds: under ``contain`` it is
    recorded and runs on, under ``trap`` its first launch that does so ends it as a crash. Without
    ``poison`` outputs and workspaces hold what earlier launches left there, nothing runs under a
    second pattern, and no run is said to read uninitialised memory. ``name`` is that of the device
    as the user writes it: ``llvm``, or ``c:O3`` for kernels compiled so.
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
        oob: Oob = "contain",
        poison: bool = True,
        name: str = "llvm",
    ) -> None:
        """Share the data with a runner and start it.

        Raises:
            InputError: rows, weights or kernels do not fit the plan, or ``oob`` is another word.
            MissingToolError: the runner or a TVM library is missing or of another version.
            RunnerDied: the runner ended while it started.
        """
        count = check_rows(plan, rows)
        check_weights(plan, weights)
        missing = [name for name in plan.kernels if name not in kernels]
        if missing:
            raise InputError(
                f"kernel {missing[0]} of the plan has no library for the device {name}; compile it "
                "first"
            )
        if oob not in _OOB:
            raise InputError(f"oob is {oob!r}; give contain or trap")
        layout = lay_out(plan, count, cache_mb)
        text = PlanText(plan, layout, kernels, limits or Limits(), guard_kib << 10, oob, poison)
        self._name = name
        self._open(SharedData(text, rows, weights), threads, golden=None)

    @property
    def name(self) -> str:
        """The device as the user writes it."""
        return self._name

    def golden(self) -> Golden:
        """Run the original kernels twice, under both fill patterns, and keep the activations.

        Once the device has siblings, the golden run that they share is returned and none is made.

        Raises:
            BaselineError: a run crashed, hung, wrote out of bounds, or the two disagree.
            RunnerDied: the runner itself failed.
        """
        if self._golden is not None and self._has_siblings:
            return self._golden
        self._check_idle()
        self._golden = None
        for request in ("fill", f"check B {self._data.layout.rows}"):
            fault = self._original_fault(request, _PATTERN_MATTERS)
            if fault:
                raise BaselineError(f"{fault} (device {self._name})")
        self._golden = self._data.golden()
        return self._golden

    def whole_run(self) -> WholeRun:
        """Run the plan's kernels on every row, under both fill patterns, whatever they do.

        Writes out of bounds are contained, and the limit ``golden_ms`` holds of each pattern.
        There is no golden run afterwards.

        Raises:
            RunnerDied: the runner itself failed.
            RuntimeError: the device has siblings, whose golden run this would overwrite.
        """
        if self._has_siblings:
            raise RuntimeError("call whole_run() of a device without siblings")
        self._golden = None
        self._send("fill")
        seconds = self._answer()
        fate, detail = self._results.fate(), self._results.ending()
        outside = len(self._results.writes()) > 0
        if fate != "completed":
            return WholeRun(fate or "error", detail, None, False, outside, seconds)
        outputs = self._data.golden().outputs
        if not self._data.text.poison:
            return WholeRun("completed", "", outputs, False, outside, seconds)
        self._send(f"check B {self._data.layout.rows}")
        self._answer()
        fate, detail = self._results.fate(), self._results.ending()
        outside = outside or len(self._results.writes()) > 0
        if fate not in ("completed", None):
            return WholeRun(fate, detail, None, True, outside, seconds)
        return WholeRun("completed", "", outputs, fate is None, outside, seconds)

    def recheck(self, rows: int | None = None) -> str | None:
        """Run the original kernels anew and compare with the golden run, bit for bit.

        Compared are the model's outputs and the activations that are kept, on the first ``rows``
        rows (at most; ``None``: on all). What the golden run left is not changed.

        Returns:
            ``None`` if all is equal, else one sentence that says what is not.

        Raises:
            InputError: ``rows`` is less than 1.
            RunnerDied: the runner itself failed.
            RuntimeError: ``golden`` has not been called.
        """
        self._needed_golden("recheck")
        if rows is not None and rows < 1:
            raise InputError(f"recheck of {rows} rows; give at least 1")
        count = self._data.layout.rows if rows is None else min(rows, self._data.layout.rows)
        return self._original_fault(f"check A {count}", _GOLDEN_CHANGED) or None

    def run(self, kernel: str, library: Path, steps: Sequence[int] | None = None) -> MutantRun:
        """Run every row with ``kernel`` replaced by the one in ``library``.

        ``library`` must be a path that held no other library before. With ``steps``, which says
        what each launch of the original takes, as the method ``steps`` does, the kernel is one
        that counts its steps: more of them than ``step_limit`` allows end the run as a hang that
        is proved, and the clock has ten times the patience.

        Raises:
            InputError: the plan has no such kernel, or it has another number of launches.
            RunnerDied: the runner itself failed; the next call starts a fresh one.
            RuntimeError: ``golden`` has not been called.
        """
        self.begin(kernel, library, steps)
        return self.end()

    def begin(self, kernel: str, library: Path, steps: Sequence[int] | None = None) -> None:
        """Begin what ``run`` does, and return; ``end`` takes the result.

        Nothing else may be asked of the device before ``end``. ``library`` must stay until then.

        Raises:
            InputError: the plan has no such kernel, or it has another number of launches.
            RunnerDied: the runner itself failed; the next call starts a fresh one.
            RuntimeError: ``golden`` has not been called, or another run was begun.
        """
        self.begin_all({kernel: library}, steps)

    def begin_all(self, libraries: Mapping[str, Path], steps: Sequence[int] | None = None) -> None:
        """Begin a run with several kernels replaced, each by that in its library, as ``begin``.

        ``steps`` are then of all launches of these kernels, in the plan's order.

        Raises:
            InputError: the plan has no such kernel, or they have another number of launches.
            RunnerDied: the runner itself failed; the next call starts a fresh one.
            RuntimeError: ``golden`` has not been called, or another run was begun.
        """
        self._needed_golden("run")
        places = [f"{self._index_of(name)} {encode_path(path)}" for name, path in libraries.items()]
        if steps is None:
            self._send(" ".join(["mutant", *places]))
            return
        launches = self._launches_of(*libraries)
        if len(steps) != len(launches):
            raise InputError(
                f"kernel {' and '.join(libraries)} has {len(launches)} launches; give steps for "
                f"each, not for {len(steps)}"
            )
        limits = [str(step_limit(one)) for one in steps]
        self._send(" ".join(["counted", str(len(places)), *places, *limits]))

    def run_variant(self, variant: Variant) -> MutantRun:
        """Run every row by another program, as far as it differs from the plan.

        Raises:
            MissingToolError: the runner refuses one of its kernels.
            RunnerDied: the runner itself failed; the next call starts a fresh one.
            RuntimeError: ``golden`` has not been called.
        """
        self.begin_variant(variant)
        return self.end()

    def begin_variant(self, variant: Variant) -> None:
        """Begin what ``run_variant`` does, and return; ``end`` takes the result.

        The libraries of the variant must stay until then.

        Raises:
            MissingToolError: the runner refuses one of its kernels.
            RunnerDied: the runner itself failed; the next call starts a fresh one.
            RuntimeError: ``golden`` has not been called, or another run was begun.
        """
        golden = self._needed_golden("run_variant")
        self._check_idle()
        self._variant = VariantRun(variant, self._data, self._results_file, golden, self._threads)
        self._in_flight = True

    def fileno(self) -> int:
        """A descriptor that becomes readable when ``end`` will return at once.

        It is another one for each run that is begun. It becomes readable too when the runner dies;
        only a runner that was stopped from outside never makes it so, which ``end`` finds out.

        Raises:
            ValueError: no run was begun.
        """
        process = self._process if self._variant is None else self._variant.process
        if process is None or not self._in_flight:
            raise ValueError("no run was begun")
        return process.fileno()

    def end(self) -> MutantRun:
        """Wait for the run that was begun, and return what it showed.

        Raises:
            RunnerDied: the runner itself failed; the next call starts a fresh one.
            RuntimeError: no run was begun.
        """
        if not self._in_flight:
            raise RuntimeError("call begin() before end()")
        if self._variant is not None:
            return self._end_variant(self._variant)
        seconds = self._answer()
        return self._results.mutant_run(self._needed_golden("run").outputs, seconds)

    def _end_variant(self, variant: VariantRun) -> MutantRun:
        self._in_flight, self._variant = False, None
        with contextlib.closing(variant):
            return variant.result()

    def probe(self, kernel: str, library: Path, flags: int) -> NDArray[np.bool_]:
        """Run an instrumented original kernel at each of its launches, on golden inputs.

        The kernel in ``library`` takes one more argument, the last: an int32 tensor of shape
        ``(flags,)``. It is zero at first and kept over launches and rows, until no element is zero
        or all rows were run. What the kernel computes is not judged.

        Returns:
            Which flags are not zero: bool of shape ``(flags,)``.

        Raises:
            InputError: the plan has no such kernel, or there are too few or too many flags.
            ProbeFailed: the kernel crashed, hung, raised an error or wrote out of bounds.
            RunnerDied: the runner itself failed; the next call starts a fresh one.
            RuntimeError: ``golden`` has not been called.
        """
        self._needed_golden("probe")
        if not 1 <= flags <= FLAG_CAPACITY:
            raise InputError(f"a probe with {flags} flags; give 1 to {FLAG_CAPACITY}")
        self._send(f"probe {flags} {self._index_of(kernel)} {encode_path(library)}")
        self._answer()
        ending = self._results.ending()
        if ending:
            raise ProbeFailed(f"The probe of kernel {kernel} failed: {ending}")
        return self._results.flags(flags)

    def steps(self, kernel: str, library: Path) -> tuple[int, ...]:
        """Count the steps of an original kernel at each of its launches, on golden inputs.

        The kernel in ``library`` is one that counts its steps (``mutatenn.mutation.step_count``).
        What it computes is not judged.

        Returns:
            For each launch of the kernel, in the plan's order, the most steps on any row.

        Raises:
            InputError: the plan has no such kernel.
            ProbeFailed: the kernel crashed, hung, raised an error or wrote out of bounds.
            RunnerDied: the runner itself failed; the next call starts a fresh one.
            RuntimeError: ``golden`` has not been called.
        """
        self._needed_golden("steps")
        self._send(f"steps {self._index_of(kernel)} {encode_path(library)}")
        self._answer()
        ending = self._results.ending()
        if ending:
            raise ProbeFailed(f"The count of steps of kernel {kernel} failed: {ending}")
        return self._results.steps(self._launches_of(kernel))

    def sibling(self) -> Self:
        """Another runner over the same plan, data and golden run, with results of its own.

        The data is shared memory, not copied. Either may be closed first.

        Raises:
            MissingToolError: the runner cannot be started, as on creation.
            RunnerDied: the runner ended while it started.
            RuntimeError: ``golden`` has not been called.
        """
        golden = self._needed_golden("sibling")
        twin = type(self).__new__(type(self))
        twin._name = self._name
        twin._open(self._data.share(), self._threads, golden)
        self._has_siblings = True
        return twin

    def _needed_golden(self, wanted: str) -> Golden:
        if self._golden is None:
            raise RuntimeError(f"call golden() before {wanted}()")
        return self._golden

    def _index_of(self, kernel: str) -> int:
        if kernel not in self.plan.kernels:
            raise InputError(f"the plan has no kernel {kernel!r}; it has {self.plan.kernels}")
        return self.plan.kernels.index(kernel)

    def _launches_of(self, *kernels: str) -> list[int]:
        return [launch.index for launch in self.plan.launches if launch.kernel in kernels]

    def _original_fault(self, request: str, unstable: str) -> str:
        """Run the original kernels; a sentence about what is wrong, empty if nothing is."""
        self._send(request)
        self._answer()
        return self._results.baseline_fault(unstable)
