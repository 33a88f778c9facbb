"""A worker on an accelerator, asked for one thing at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from mutatenn.device.accelerator_results import error_of
from mutatenn.device.evidence import Golden
from mutatenn.device.limits import Limits
from mutatenn.device.portable.channel import Bytes, Message
from mutatenn.device.portable.client import Pending, Setup, Unfit, WorkerClient
from mutatenn.device.portable.outcome import Outcome, WorkerLost
from mutatenn.device.portable.scratch import Scratch
from mutatenn.errors import InputError
from mutatenn.lowering.plan import Plan

if TYPE_CHECKING:
    from typing_extensions import Self


class AcceleratorClient:
    """Keeps a worker over one plan, and the golden run that it is compared with."""

    _limits: Limits

    def _open(self, setup: Setup, scratch: Scratch, golden: Golden | None) -> None:
        """Start a worker over ``scratch``, which this device closes from now on."""
        self._setup = setup
        self._scratch = scratch
        self._golden = golden
        self._has_siblings = golden is not None
        self._pending: Pending | None = None
        self._compared_by: Plan | None = None
        try:
            self._client = WorkerClient(self._setup, scratch, golden=golden is not None)
        except (Unfit, WorkerLost) as error:
            raise error_of(error) from error

    @property
    def name(self) -> str:
        """``opencl:N`` or ``cuda:N``."""
        return self._setup.device

    @property
    def plan(self) -> Plan:
        """The plan that it runs."""
        return self._setup.plan

    @property
    def model(self) -> str:
        """What the device calls itself, with the version of its driver."""
        return self._client.device_name

    @property
    def worker_pid(self) -> int | None:
        """Process id of the worker, or ``None`` while there is none."""
        return self._client.pid

    def close(self) -> None:
        """End the worker, with what it is running, and give everything back."""
        self._client.close()
        if self._pending is not None:
            pending, self._pending = self._pending, None
            with contextlib.suppress(WorkerLost, Unfit):
                pending.result()

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

    def _filled(self) -> Outcome:
        """Run the original kernels under pattern A; there is no golden run until it is accepted."""
        self._check_idle()
        self._golden = None
        self._client.has_golden = False
        self._scratch.forget_golden()
        return self._ask("fill")

    def _ask(self, wanted: str, **details: Any) -> Outcome:
        """Let the original kernels run.

        Raises:
            MutatennError: no worker can be had, or it failed by itself.
        """
        self._check_idle()
        try:
            return self._client.ask({"ask": wanted, **details}, limit_ms=self._limits.golden_ms)
        except (Unfit, WorkerLost) as error:
            raise error_of(error) from error

    def _begin(
        self,
        message: Message,
        limits_ms: Sequence[int],
        arrays: Sequence[Bytes] = (),
        plan: Plan | None = None,
    ) -> None:
        """Begin a run; ``plan`` is a variant's, by which its launches are numbered."""
        self._check_idle()
        total = self._limits.total_ms
        self._compared_by = plan
        self._pending = self._client.begin(
            message, arrays, limits_ms=limits_ms, total_ms=total, plan=plan
        )

    def _outcome(self) -> Outcome:
        """Wait for what was begun.

        Raises:
            MutatennError: no worker can be had, or it failed by itself.
            RuntimeError: nothing was begun.
        """
        if self._pending is None:
            raise RuntimeError("call begin() before end()")
        pending, self._pending = self._pending, None
        try:
            return pending.result()
        except (Unfit, WorkerLost) as error:
            raise error_of(error) from error

    def _limits_ms(self, golden: Golden) -> list[int]:
        """How long each launch of the plan may last."""
        slowest: Any = golden.seconds.max(axis=0)
        limits = self._limits
        return [limits.floor_ms + int(np.ceil(limits.factor * 1000 * one)) for one in slowest]

    def _check_idle(self) -> None:
        if self._pending is not None:
            raise RuntimeError("a run was begun; call end() first")

    def _check_kernel(self, kernel: str) -> None:
        if kernel not in self.plan.kernels:
            raise InputError(f"the plan has no kernel {kernel!r}; it has {self.plan.kernels}")

    def _needed_golden(self, wanted: str) -> Golden:
        if self._golden is None:
            raise RuntimeError(f"call golden() before {wanted}()")
        return self._golden
