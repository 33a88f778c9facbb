"""Devices ``opencl:N`` and ``cuda:N``: plans on accelerators, each in a worker process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.accelerator_client import AcceleratorClient
from mutatenn.device.accelerator_results import baseline_fault, fate_of, golden_of, mutant_run
from mutatenn.device.accelerator_variant import variant_request
from mutatenn.device.evidence import Golden, MutantRun, WholeRun
from mutatenn.device.failures import ProbeFailed
from mutatenn.device.layout import FLAG_CAPACITY
from mutatenn.device.limits import Limits
from mutatenn.device.portable.client import Setup
from mutatenn.device.portable.devices import MissingDevice, split_name
from mutatenn.device.portable.scratch import Scratch, as_bytes
from mutatenn.device.rows import check_rows, check_weights
from mutatenn.errors import BaselineError, InputError
from mutatenn.lowering.plan import Plan
from mutatenn.lowering.variant import Variant

if TYPE_CHECKING:
    from typing_extensions import Self

    from mutatenn.device.llvm import Oob

_PATTERN_MATTERS = (
    "The original kernels give different answers when unwritten memory holds other values"
)
_GOLDEN_CHANGED = "The original kernels give another answer than in the golden run"


class AcceleratorDevice(AcceleratorClient):
    """Runs a plan on an accelerator through a worker process.

    ``weights`` gives an array per weight buffer, ``rows`` one array per plan input with a leading
    axis of rows, ``kernels`` the file of each kernel as ``DeviceKernel.to_json`` writes it; these
    files must stay while the device is open. Activations of the golden run are kept on the device
    up to ``cache_mb`` MiB. ``guard_kib`` is the least guard zone on each side of a buffer. Under
    ``oob="trap"`` a mutant's first launch that writes out of bounds ends it as a crash. Without
    ``poison`` nothing is filled or looked for, and each mutant runs once.

    In the folder ``drivers`` the drivers keep what they compiled, for the next device that is given
    it; without one it goes with the device.

    A kernel that the device cannot run ends its run with fate ``refused``. What a kernel finds in
    shared (local) memory that it did not write is the device's: no fill pattern reaches there.
    """

    def __init__(
        self,
        name: str,
        plan: Plan,
        weights: Mapping[int, NDArray[Any]],
        kernels: Mapping[str, Path],
        rows: Sequence[NDArray[Any]],
        *,
        cache_mb: int = 1024,
        guard_kib: int = 64,
        limits: Limits | None = None,
        oob: Oob = "contain",
        poison: bool = True,
        drivers: Path | None = None,
    ) -> None:
        """Write the data down for a worker and start it.

        Raises:
            BaselineError: the device cannot run an original kernel.
            InputError: the name is none of an accelerator, rows, weights or kernels do not fit
                the plan, or ``oob`` is another word.
            MissingToolError: there is no such device, or what drives it is not installed.
            RunnerDied: the worker ended while it started.
        """
        count = check_rows(plan, rows)
        check_weights(plan, weights)
        missing = [one for one in plan.kernels if one not in kernels]
        if missing:
            raise InputError(f"kernel {missing[0]} of the plan has no file; lower it first")
        if oob not in ("contain", "trap"):
            raise InputError(f"oob is {oob!r}; give contain or trap")
        try:
            kind, index = split_name(name)
        except MissingDevice as error:
            raise InputError(str(error)) from error
        self._limits = limits or Limits()
        self._rows = [np.ascontiguousarray(array) for array in rows]
        self._weights = dict(weights)
        options = {
            "guard_bytes": guard_kib << 10,
            "cache_mb": cache_mb,
            "memory_mb": self._limits.memory_mb,
            "poison": poison,
            "trap": oob == "trap",
        }
        wanted = {one: kernels[one] for one in plan.kernels}
        setup = Setup(f"{kind}:{index}", plan, wanted, options, count, self._limits.golden_ms)
        self._open(setup, Scratch(plan, weights, rows, drivers), golden=None)

    def golden(self) -> Golden:
        """Run the original kernels under both fill patterns, and keep the activations.

        Once the device has siblings, the golden run that they share is returned and none is made.

        Raises:
            BaselineError: a run crashed, hung, wrote out of bounds, or the two disagree.
            RunnerDied: the worker itself failed.
        """
        if self._golden is not None and self._has_siblings:
            return self._golden
        filled = self._filled()
        fault = baseline_fault(filled, self.plan, _PATTERN_MATTERS)
        if not fault and self._setup.options["poison"]:
            checked = self._ask("check", rows=self._setup.rows, pattern="B")
            fault = baseline_fault(checked, self.plan, _PATTERN_MATTERS)
        if fault:
            raise BaselineError(fault)
        golden = golden_of(filled, self._setup, self._rows, self._weights)
        for buffer, outputs in zip(self.plan.outputs, golden.outputs, strict=True):
            self._scratch.keep_golden(buffer, as_bytes(outputs, self._setup.rows))
        self._client.has_golden = True
        self._golden = golden
        return golden

    def whole_run(self) -> WholeRun:
        """Run the plan's kernels on every row, under both fill patterns, whatever they do.

        Writes out of bounds are contained, and the limit ``golden_ms`` holds of each pattern.
        There is no golden run afterwards.

        Raises:
            RunnerDied: the worker itself failed.
            RuntimeError: the device has siblings, whose golden run this would overwrite.
        """
        if self._has_siblings:
            raise RuntimeError("call whole_run() of a device without siblings")
        first = self._filled()
        outside = any(row.out_of_bounds for row in first.rows.values())
        if first.fate != "completed":
            return WholeRun(fate_of(first), first.detail, None, False, outside, first.seconds)
        outputs = golden_of(first, self._setup, self._rows, self._weights).outputs
        if not self._setup.options["poison"]:
            return WholeRun("completed", "", outputs, False, outside, first.seconds)
        second = self._ask("check", rows=self._setup.rows, pattern="B")
        outside = outside or any(row.out_of_bounds for row in second.rows.values())
        if second.fate not in ("completed", "unstable"):
            return WholeRun(fate_of(second), second.detail, None, True, outside, first.seconds)
        other = second.fate == "unstable"
        return WholeRun("completed", "", outputs, other, outside, first.seconds)

    def recheck(self, rows: int | None = None) -> str | None:
        """Run the original kernels anew and compare with the golden run, bit for bit.

        Compared are the model's outputs and the activations that the worker keeps, on the first
        ``rows`` rows (at most; ``None``: on all). What the golden run left is not changed.

        Returns:
            ``None`` if all is equal, else one sentence that says what is not.

        Raises:
            InputError: ``rows`` is less than 1.
            RunnerDied: the worker itself failed.
            RuntimeError: ``golden`` has not been called.
        """
        self._needed_golden("recheck")
        if rows is not None and rows < 1:
            raise InputError(f"recheck of {rows} rows; give at least 1")
        count = self._setup.rows if rows is None else min(rows, self._setup.rows)
        try:
            checked = self._ask("check", rows=count, pattern="A")
        except BaselineError as error:
            return str(error)
        return baseline_fault(checked, self.plan, _GOLDEN_CHANGED) or None

    def run(self, kernel: str, library: Path, steps: Sequence[int] | None = None) -> MutantRun:
        """Run every row with ``kernel`` replaced by the one in the file ``library``.

        Raises:
            BaselineError: the original kernels do not give their golden answers any more.
            InputError: the plan has no such kernel, or ``steps`` is given.
            RunnerDied: the worker itself failed; the next call starts a fresh one.
            RuntimeError: ``golden`` has not been called.
        """
        self.begin(kernel, library, steps)
        return self.end()

    def begin(self, kernel: str, library: Path, steps: Sequence[int] | None = None) -> None:
        """Begin what ``run`` does, and return; ``end`` takes the result."""
        self.begin_all({kernel: library}, steps)

    def begin_all(self, libraries: Mapping[str, Path], steps: Sequence[int] | None = None) -> None:
        """Begin a run with several kernels replaced, each by that in its file, as ``begin``.

        Raises:
            InputError: the plan has no such kernel, or ``steps`` is given: no kernel of an
                accelerator counts its steps.
            RuntimeError: ``golden`` has not been called, or another run was begun.
        """
        golden = self._needed_golden("run")
        for kernel in libraries:
            self._check_kernel(kernel)
        if steps is not None:
            raise InputError(f"device {self.name} counts no steps; give none")
        paths = {kernel: str(path.absolute()) for kernel, path in libraries.items()}
        self._begin({"ask": "mutant", "kernels": paths}, self._limits_ms(golden))

    def run_variant(self, variant: Variant) -> MutantRun:
        """Run every row by another program, as far as it differs from the plan.

        Raises:
            BaselineError, RunnerDied, RuntimeError: as for ``run``.
        """
        self.begin_variant(variant)
        return self.end()

    def begin_variant(self, variant: Variant) -> None:
        """Begin what ``run_variant`` does, and return; ``end`` takes the result.

        Raises:
            RuntimeError: ``golden`` has not been called, or another run was begun.
        """
        golden = self._needed_golden("run_variant")
        asked = variant_request(variant, self.plan, self._limits, golden)
        limits = [*self._limits_ms(golden), *asked.limits_ms]
        self._begin(asked.message, limits, asked.weights, asked.plan)

    def fileno(self) -> int:
        """A descriptor that becomes readable when ``end`` will return at once.

        It is another one for each run that is begun.

        Raises:
            ValueError: no run was begun.
        """
        if self._pending is None:
            raise ValueError("no run was begun")
        return self._pending.fileno()

    def end(self) -> MutantRun:
        """Wait for the run that was begun, and return what it showed.

        Raises:
            BaselineError: the original kernels do not give their golden answers any more.
            RunnerDied: the worker itself failed; the next call starts a fresh one.
            RuntimeError: no run was begun.
        """
        outcome = self._outcome()
        golden = self._needed_golden("run").outputs
        return mutant_run(outcome, golden, self._setup, self._compared_by)

    def probe(self, kernel: str, library: Path, flags: int) -> NDArray[np.bool_]:
        """Run an instrumented original kernel at each of its launches, on golden inputs.

        The kernel in ``library`` takes one more parameter, the last: an int32 tensor of shape
        ``(flags,)``. It is zero at first and kept over launches and rows, until no element is zero
        or all rows were run. What the kernel computes is not judged.

        Returns:
            Which flags are not zero: bool of shape ``(flags,)``.

        Raises:
            BaselineError: the original kernels do not give their golden answers any more.
            InputError: the plan has no such kernel, or there are too few or too many flags.
            ProbeFailed: the kernel crashed, hung, was refused or wrote out of bounds.
            RunnerDied: the worker itself failed; the next call starts a fresh one.
            RuntimeError: ``golden`` has not been called.
        """
        golden = self._needed_golden("probe")
        if not 1 <= flags <= FLAG_CAPACITY:
            raise InputError(f"a probe with {flags} flags; give 1 to {FLAG_CAPACITY}")
        self._check_kernel(kernel)
        message = {
            "ask": "probe",
            "kernel": kernel,
            "path": str(library.absolute()),
            "flags": flags,
        }
        self._begin(message, self._limits_ms(golden))
        outcome = self._outcome()
        if outcome.fate != "completed" or outcome.flags is None:
            raise ProbeFailed(f"The probe of kernel {kernel} failed: {outcome.detail}")
        return outcome.flags.view(np.int32).astype(np.bool_)

    def steps(self, kernel: str, library: Path) -> tuple[int, ...]:
        """Raise ``ProbeFailed``: kernels of accelerators count no steps."""
        raise ProbeFailed(f"Device {self.name} counts no steps of kernel {kernel} in {library}.")

    def sibling(self) -> Self:
        """Another worker over the same plan, data and golden run.

        It has memory of its own on the device. Either may be closed first.

        Raises:
            MissingToolError, RunnerDied: as on creation.
            RuntimeError: ``golden`` has not been called.
        """
        golden = self._needed_golden("sibling")
        twin = type(self).__new__(type(self))
        twin._limits, twin._rows, twin._weights = self._limits, self._rows, self._weights
        twin._open(self._setup, self._scratch.share(), golden)
        self._has_siblings = True
        return twin
