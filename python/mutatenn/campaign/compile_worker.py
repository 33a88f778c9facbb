"""What a compile worker is asked for and answers, and how it mutates and compiles kernels."""

from __future__ import annotations

import dataclasses
import time
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mutatenn import _core
from mutatenn.campaign.alike import Lowerings, Twin
from mutatenn.campaign.compile_together import compile_together
from mutatenn.campaign.compiled import (
    LOWERED,
    OPERATOR,
    PROOF,
    SHAPE,
    TRIP_COUNT,
    TWIN,
    Compiled,
    Task,
)
from mutatenn.lowering.backends import backend_of
from mutatenn.lowering.kernel import (
    SYMBOL,
    Artifact,
    CompileError,
    parse_target,
)
from mutatenn.lowering.kernel_stage import lower_kernel
from mutatenn.lowering.mutant_kernel import KernelCompiler, LoweredMutant, MutantKernel
from mutatenn.lowering.scheduling import scheduler_of
from mutatenn.mutation.accesses import Access, accesses
from mutatenn.mutation.bounds import OutOfBounds, out_of_bounds
from mutatenn.mutation.diff import kernel_diff
from mutatenn.mutation.equivalence import prove_equivalent
from mutatenn.mutation.mutant import Mutant, UnchangedError, plant
from mutatenn.mutation.probe import probe_kernel
from mutatenn.mutation.signature import signature_change
from mutatenn.mutation.step_count import count_steps
from mutatenn.mutation.trip_count import never_ends, trip_count
from mutatenn.tvm_errors import last_line


class KernelBuilder:
    """Does the work of the process: holds the module and numbers the libraries it makes."""

    def __init__(
        self,
        module: Any,
        target: str,
        scratch: Path,
        schedule: str = "none",
        threads: int = 1,
        known: Iterable[tuple[Mutant, str]] = (),
        device: str = "llvm",
    ) -> None:
        self._module = module
        self._target = parse_target(target)
        self._scratch = scratch
        self._made = 0
        self._accesses: dict[str, list[Access]] = {}
        self._scheduler = scheduler = scheduler_of(schedule, target, threads)
        self._backend = backend_of(device, self._target)
        self._kernels = KernelCompiler(module, self._backend, scheduler, scratch)
        self._lowerings = Lowerings(module, self._kernels, known)

    def do(self, task: Task) -> Compiled:
        """Carry out one task; only defects of mutatenn itself raise."""
        start = time.perf_counter()
        original = self._module[task.function]
        func, diff = original, ""
        beyond: tuple[OutOfBounds, ...] = ()
        if task.places:
            func = probe_kernel(original, task.places)
        if task.mutant is not None:
            try:
                planted = plant(self._module, task.mutant)
            except UnchangedError as error:
                return self._rejected(OPERATOR, str(error), "", start)
            except ValueError as error:
                return self._rejected("verifier", last_line(error), "", start)
            if task.mutant.parts:
                found = compile_together(task.mutant, self._module, planted, self._part)
                return dataclasses.replace(found, seconds=time.perf_counter() - start)
            func = planted[task.function]
            diff = kernel_diff(original, func, task.function)
            verdict = _decided_statically(original, func, task.mutant.path)
            if verdict is not None:
                return self._rejected(*verdict, diff, start)
            beyond = out_of_bounds(self._accesses_of(task.function), func)
        return self._built(task, func, diff, beyond, start)

    def _part(self, name: str, func: Any, parts: tuple[Mutant, ...]) -> Compiled:
        """One kernel of a mutant of higher order."""
        start, original = time.perf_counter(), self._module[name]
        reshaped = signature_change(original, func)
        if reshaped:
            return self._rejected(SHAPE, reshaped, "", start)
        # What is proved of a place is proved of the kernel only if nothing else changed in it.
        proof = prove_equivalent(original, func, parts[0].path) if len(parts) == 1 else None
        if proof is not None:
            return self._rejected(PROOF, proof.reason, "", start)
        beyond = out_of_bounds(self._accesses_of(name), func)
        return self._built(Task(name, together=True), func, "", beyond, start)

    def _built(
        self, task: Task, func: Any, diff: str, beyond: tuple[OutOfBounds, ...], start: float
    ) -> Compiled:
        """A kernel, mutated or not, compiled in the way of its original."""
        try:
            made = self._made_of(task, func)
        except CompileError as error:
            return self._rejected("compiler", str(error), diff, start)
        if isinstance(made, Twin):
            return self._rejected(
                LOWERED if made.mutant is None else TWIN, made.reason, diff, start
            )
        compiled = Compiled(
            None if task.unlinked else self._link(made.artifact),
            made.artifact.sha256,
            diff,
            0.0,
            out_of_bounds=beyond,
            lowered=made.lowered.hash,
        )
        if task.mutant is not None:
            self._lowerings.add(task.mutant, compiled.lowered)
        if not task.places and not task.unlinked:
            compiled = self._with_steps(compiled, self._module[task.function], func)
        if made.original is not None:
            library = None if task.unlinked else self._link(made.original)
            other = Compiled(library, made.original.sha256, "", 0.0)
            compiled = dataclasses.replace(compiled, rescheduled=made.lowered.how, original=other)
        return dataclasses.replace(compiled, seconds=time.perf_counter() - start)

    def _made_of(self, task: Task, func: Any) -> MutantKernel | Twin:
        mutant = task.mutant
        if mutant is not None:
            return self._kernels.mutant(
                task.function, func, lambda lowered: self._lowerings.twin(mutant, lowered)
            )
        if task.together:
            return self._kernels.mutant(
                task.function, func, lambda low: self._lowerings.of_original(task.function, low)
            )
        if task.places:
            # A probe's answers do not count: it needs no schedule, and its stores would hinder one.
            bare = func
            if self._scheduler is not None and _core.stage_of(func) == "tensor":
                bare = self._scheduler.bare(func)
            code = self._backend.lower(bare)
        else:
            code = self._kernels.original_code(task.function)
        return MutantKernel(LoweredMutant(func, code), self._backend.generate(code, self._scratch))

    def _link(self, artifact: Artifact) -> Path:
        self._made += 1
        # The process's own number keeps paths fresh after a restart in the same folder.
        name = f"kernel-{time.monotonic_ns()}-{self._made}{self._backend.suffix}"
        return self._backend.link(artifact, self._scratch / name)

    def _with_steps(self, compiled: Compiled, original: Any, func: Any) -> Compiled:
        """What the loop nest says, or a counted build where it or the original's does not.

        At stage tensor both are counted without their schedules: only their proportion matters.
        """
        steps = trip_count(func.body)
        if steps is not None and trip_count(original.body) is not None:
            return dataclasses.replace(compiled, steps=steps)
        if not self._backend.counts_steps:
            return dataclasses.replace(compiled, uncounted="its device counts no steps")
        try:
            flat = func
            if _core.stage_of(func) == "tensor":
                flat = lower_kernel(func, SYMBOL, self._target)
            code = self._backend.lower(count_steps(flat))
            counted = self._backend.generate(code, self._scratch)
        except (CompileError, ValueError) as error:
            # The clock remains; the log says why nothing better does.
            traceback.print_exc()
            return dataclasses.replace(compiled, uncounted=last_line(error))
        return dataclasses.replace(compiled, counted=self._link(counted))

    def _accesses_of(self, function: str) -> list[Access]:
        """The original kernel's accesses, gathered once."""
        if function not in self._accesses:
            self._accesses[function] = accesses(self._module[function])
        return self._accesses[function]

    def _rejected(self, by: str, reason: str, diff: str, start: float) -> Compiled:
        return Compiled(None, "", diff, time.perf_counter() - start, by, reason)


def _decided_statically(original: Any, func: Any, path: str) -> tuple[str, str] | None:
    """Who rejects a mutant for what its code says, and why; ``None`` where nobody does."""
    reshaped = signature_change(original, func)
    if reshaped:
        return SHAPE, reshaped
    proof = prove_equivalent(original, func, path)
    if proof is not None:
        return PROOF, proof.reason
    endless = never_ends(original, func)
    return (TRIP_COUNT, endless) if endless else None
