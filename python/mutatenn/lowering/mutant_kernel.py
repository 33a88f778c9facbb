"""Kernels to object code under schedules: originals, and mutants with what they compare to."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from mutatenn.lowering.backend import Backend
from mutatenn.lowering.kernel import Artifact, CompileError
from mutatenn.lowering.lowered_code import LoweredCode
from mutatenn.lowering.replay import Attempt, attempts
from mutatenn.lowering.schedule import Scheduled, Scheduler
from mutatenn.lowering.scheduling import schedule_kernel


@dataclasses.dataclass(frozen=True)
class LoweredMutant:
    """A mutated kernel right before code generation: the PrimFunc, scheduled, and its code.

    ``original`` is the original under the same schedule, where that is not the schedule that the
    original runs with; ``how`` says then what was done, and why.
    """

    func: Any
    code: LoweredCode
    original: LoweredCode | None = None
    how: str = ""

    @property
    def hash(self) -> str:
        """A hash of the code, and of what it is to be compared with where that is not its own."""
        return self.code.hash if self.original is None else f"{self.code.hash}/{self.original.hash}"


@dataclasses.dataclass(frozen=True)
class MutantKernel:
    """A compiled mutant: what it was compiled from, and the object code of it and of its original.

    ``original`` is ``None`` where ``lowered.original`` is.
    """

    lowered: LoweredMutant
    artifact: Artifact
    original: Artifact | None = None


Found = TypeVar("Found")


class KernelCompiler:
    """Compiles the kernels of one module, and mutants of them, for one family of devices."""

    def __init__(
        self, module: Any, backend: Backend, scheduler: Scheduler | None, scratch: Path
    ) -> None:
        """Take what all kernels share.

        Args:
            module: the module with the original kernels, at either stage.
            backend: compiles them.
            scheduler: what schedules kernels of stage tensor; ``None``: they are compiled as they
                are, as flat kernels always are.
            scratch: a folder for object files while they are written.
        """
        self._module = module
        self._backend = backend
        self._scheduler = scheduler
        self._scratch = scratch
        self._scheduled: dict[str, Scheduled] = {}
        self._codes: dict[str, LoweredCode] = {}

    def original(self, name: str) -> Artifact:
        """The original kernel, as it runs.

        Raises:
            CompileError: TVM or LLVM rejects it.
        """
        return self._backend.generate(self.original_code(name), self._scratch)

    def original_code(self, name: str) -> LoweredCode:
        """The original kernel, as it runs, right before code generation; made once.

        Raises:
            CompileError: TVM rejects it.
        """
        if name not in self._codes:
            func, scheduler = self._module[name], self._scheduler
            func = func if scheduler is None else self._schedule(name, scheduler).func
            self._codes[name] = self._backend.lower(func)
        return self._codes[name]

    def mutant(
        self, name: str, func: Any, known: Callable[[LoweredMutant], Found | None] = lambda _: None
    ) -> MutantKernel | Found:
        """A mutated kernel, under the original's schedule as far as that is possible.

        Args:
            name: the kernel's name in the module.
            func: the PrimFunc after the mutation, at the module's stage.
            known: asked before code is generated; what it finds of the lowered kernel is the
                answer then.

        Raises:
            CompileError: TVM or LLVM rejects it, with and without schedule.
        """
        refusal = CompileError(f"kernel {name} was not compiled")
        for lowered in self.lowerings(name, func):
            found = known(lowered)
            if found is not None:
                return found
            try:
                return self._generated(lowered)
            except CompileError as error:
                refusal = error
        raise refusal

    def lowerings(self, name: str, func: Any) -> Iterator[LoweredMutant]:
        """A mutated kernel right before code generation, in each way it can be scheduled.

        Args:
            name: the kernel's name in the module.
            func: the PrimFunc after the mutation, at the module's stage.

        Raises:
            CompileError: TVM rejects the last way, which is without a schedule.
        """
        scheduler = self._scheduler
        if scheduler is None:
            yield LoweredMutant(func, self._backend.lower(func))
            return
        scheduled, refusal = self._schedule(name, scheduler), None
        for attempt in attempts(scheduler, scheduled, self._module[name], func):
            try:
                lowered, refusal = self._lowered(attempt), None
            except CompileError as error:
                refusal = error
                continue
            yield lowered
        if refusal is not None:
            raise refusal

    def _lowered(self, attempt: Attempt) -> LoweredMutant:
        code = self._backend.lower(attempt.func)
        original = None
        if attempt.original is not None:
            original = self._backend.lower(attempt.original)
        return LoweredMutant(attempt.func, code, original, attempt.how)

    def _generated(self, lowered: LoweredMutant) -> MutantKernel:
        artifact = self._backend.generate(lowered.code, self._scratch)
        original = None
        if lowered.original is not None:
            original = self._backend.generate(lowered.original, self._scratch)
        return MutantKernel(lowered, artifact, original)

    def _schedule(self, name: str, scheduler: Scheduler) -> Scheduled:
        """The original under its schedule, made once."""
        if name not in self._scheduled:
            self._scheduled[name] = schedule_kernel(self._module[name], scheduler)
        return self._scheduled[name]
