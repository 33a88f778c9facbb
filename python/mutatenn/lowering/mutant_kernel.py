"""Kernels to object code under schedules: originals, and mutants with what they compare to."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from mutatenn.lowering.kernel import Artifact, CompileError, compile_kernel
from mutatenn.lowering.replay import Attempt, attempts
from mutatenn.lowering.schedule import Scheduled, Scheduler
from mutatenn.lowering.scheduling import schedule_kernel


@dataclasses.dataclass(frozen=True)
class MutantKernel:
    """A compiled mutant: the PrimFunc that was compiled, and its object code.

    ``original`` is the original under the same schedule, where that is not the schedule that the
    original runs with; ``how`` says then what was done, and why.
    """

    func: Any
    artifact: Artifact
    original: Artifact | None = None
    how: str = ""


class KernelCompiler:
    """Compiles the kernels of one module, and mutants of them, for one target."""

    def __init__(
        self, module: Any, target: Any, scheduler: Scheduler | None, scratch: Path
    ) -> None:
        """Take what all kernels share.

        Args:
            module: the module with the original kernels, at either stage.
            target: a ``tvm.target.Target`` of kind llvm.
            scheduler: what schedules kernels of stage tensor; ``None``: they are compiled as they
                are, as flat kernels always are.
            scratch: a folder for object files while they are written.
        """
        self._module = module
        self._target = target
        self._scheduler = scheduler
        self._scratch = scratch
        self._scheduled: dict[str, Scheduled] = {}

    def original(self, name: str) -> Artifact:
        """The original kernel, as it runs.

        Raises:
            CompileError: TVM or LLVM rejects it.
        """
        func, scheduler = self._module[name], self._scheduler
        return self._compile(func if scheduler is None else self._schedule(name, scheduler).func)

    def mutant(self, name: str, func: Any) -> MutantKernel:
        """A mutated kernel, under the original's schedule as far as that is possible.

        Args:
            name: the kernel's name in the module.
            func: the PrimFunc after the mutation, at the module's stage.

        Raises:
            CompileError: TVM or LLVM rejects it, with and without schedule.
        """
        scheduler = self._scheduler
        if scheduler is None:
            return MutantKernel(func, self._compile(func))
        refusal = CompileError(f"kernel {name} was not compiled")
        scheduled = self._schedule(name, scheduler)
        for attempt in attempts(scheduler, scheduled, self._module[name], func):
            try:
                return self._attempted(attempt)
            except CompileError as error:
                refusal = error
        raise refusal

    def _attempted(self, attempt: Attempt) -> MutantKernel:
        artifact = self._compile(attempt.func)
        original = None if attempt.original is None else self._compile(attempt.original)
        return MutantKernel(attempt.func, artifact, original, attempt.how)

    def _schedule(self, name: str, scheduler: Scheduler) -> Scheduled:
        """The original under its schedule, made once."""
        if name not in self._scheduled:
            self._scheduled[name] = schedule_kernel(self._module[name], scheduler)
        return self._scheduled[name]

    def _compile(self, func: Any) -> Artifact:
        return compile_kernel(func, self._target, self._scratch)
