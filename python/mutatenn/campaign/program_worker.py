"""Mutants of a model's graph and weights: lowered whole, and compared with the original's plan."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import pickle
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mutatenn.campaign.compiled import (
    DEVICE,
    LOWERED,
    LOWERING,
    OPERATOR,
    SHAPE,
    Compiled,
    Task,
)
from mutatenn.campaign.kernel_store import KernelStore
from mutatenn.errors import InputError, MutatennError
from mutatenn.lowering.backends import backend_of
from mutatenn.lowering.comparison import changed_outputs, variant_of
from mutatenn.lowering.extract import Lowered, lower
from mutatenn.lowering.kernel import Artifact, CompileError, parse_target
from mutatenn.lowering.plan import Plan
from mutatenn.lowering.variant import Variant
from mutatenn.mutation.diff import kernel_diff
from mutatenn.mutation.mutant import Mutant, UnchangedError, plant
from mutatenn.tvm_errors import is_tvm_error, last_line

SAME = "the lowered program is the original's: the same kernels on the same data"


def plan_hash(plan: Plan) -> str:
    """SHA-256 of a plan."""
    return hashlib.sha256(plan.to_json().encode()).hexdigest()


def read_variant(path: Path) -> Variant:
    """The variant in a file that ``ProgramBuilder`` wrote, of this campaign only."""
    with path.open("rb") as file:
        found = pickle.load(file)
    if not isinstance(found, Variant):
        raise MutatennError(f"{path} holds no variant")
    return found


class _Refused(Exception):
    """A mutant has its answer: who rejects it, and why."""

    def __init__(self, by: str, reason: str) -> None:
        super().__init__(reason)
        self.by = by
        self.reason = reason


class ProgramBuilder:
    """Does the work of a compile worker for mutants of stage graph and weight."""

    def __init__(
        self,
        module: Any,
        target: str,
        scratch: Path,
        schedule: str,
        threads: int,
        plan: str,
        device: str = "llvm",
    ) -> None:
        """Lower the original.

        Args:
            module: the model as it was imported.
            target: what kernels are lowered for, as text.
            scratch: a folder for libraries.
            schedule: as for ``lower``.
            threads: likewise.
            plan: the hash of the campaign's plan, by whose buffers variants are given.
            device: what kernels are compiled for.

        Raises:
            MutatennError: the model lowers to another plan here.
        """
        self._module = module
        self._how = (target, schedule, threads)
        self._original: Lowered = lower(module, *self._how)
        if plan_hash(self._original.plan) != plan:
            raise MutatennError(
                "the model lowers to another plan in the compile worker than in the campaign; this "
                "is a defect, please report it"
            )
        self._scratch = scratch
        self._made = 0
        self._backend = backend_of(device, parse_target(target))
        self._store = KernelStore(self._original, self._backend, scratch, self._link)
        self._spent: dict[str, float] = {}

    def do(self, task: Task) -> Compiled:
        """Carry out one task; only defects of mutatenn itself raise."""
        start = time.perf_counter()
        mutant = task.mutant
        compiled = self._kernel(task.function) if mutant is None else self._mutant(mutant)
        return dataclasses.replace(compiled, seconds=time.perf_counter() - start)

    def _kernel(self, name: str) -> Compiled:
        """One of the original's kernels."""
        try:
            artifact = self._store.original(name)
        except CompileError as error:
            return Compiled(None, "", "", 0.0, "compiler", str(error))
        return Compiled(self._link(artifact), artifact.sha256, "", 0.0)

    def _mutant(self, mutant: Mutant) -> Compiled:
        self._spent = {}
        before, spent = self._store.compiled, self._store.seconds
        found, diff = Compiled(None, "", "", 0.0), ""
        try:
            with self._phase("plant"):
                planted = _planted(self._module, mutant)
            with self._phase("diff"):
                name = mutant.function
                diff = kernel_diff(self._module[name], planted[name], name)
            with self._phase("lower"):
                lowered = self._lowered(planted)
            with self._phase("compare"):
                variant = self._variant(lowered)
                path = self._scratch / f"{self._fresh('variant')}.pickle"
                path.write_bytes(pickle.dumps(variant))
            found = Compiled(
                path, variant.sha256, diff, 0.0, variant=True, program=self._told(variant)
            )
        except _Refused as refused:
            found = Compiled(None, "", diff, 0.0, refused.by, refused.reason)
        compiling = self._store.seconds - spent
        if "compare" in self._spent:
            self._spent["compare"] -= compiling
        return dataclasses.replace(
            found,
            effort={
                **self._spent,
                "compile": compiling,
                "kernels": self._store.compiled - before,
            },
        )

    def _told(self, variant: Variant) -> dict[str, Any]:
        """What the evidence says of a program."""
        mutated = [one for one in variant.launches if one.mutated]
        launches = self._original.plan.launches
        stand_for = [launches[one.counterpart] for one in mutated if one.counterpart is not None]
        return {
            "mutated": len(mutated),
            "kernels": list(dict.fromkeys(launch.kernel for launch in stand_for)),
        }

    def _lowered(self, planted: Any) -> Lowered:
        try:
            lowered = lower(planted, *self._how)
        except InputError as error:
            raise _Refused(LOWERING, str(error)) from error
        except Exception as error:  # TVM raises whatever its passes meet
            if not is_tvm_error(error):
                raise
            raise _Refused(LOWERING, last_line(error)) from error
        reshaped = changed_outputs(self._original.plan, lowered.plan)
        if reshaped:
            raise _Refused(SHAPE, reshaped)
        return lowered

    def _variant(self, lowered: Lowered) -> Variant:
        original = self._original
        try:
            variant = variant_of(
                original.plan,
                original.weights,
                lowered.plan,
                lowered.weights,
                lambda name: self._store.content(lowered.kernel(name)),
            )
        except CompileError as error:
            raise _Refused("compiler", str(error)) from error
        except InputError as error:
            raise _Refused(DEVICE, str(error)) from error
        if variant is None:
            raise _Refused(LOWERED, SAME)
        found = {name: self._store.library(what) for name, what in variant.contents.items()}
        libraries = {name: library for name, library in found.items() if library is not None}
        return dataclasses.replace(variant, kernels=libraries)

    @contextlib.contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self._spent[name] = time.perf_counter() - start

    def _link(self, artifact: Artifact) -> Path:
        path = self._scratch / f"{self._fresh('kernel')}{self._backend.suffix}"
        return self._backend.link(artifact, path)

    def _fresh(self, what: str) -> str:
        self._made += 1
        # The clock keeps paths fresh after a restart in the same folder.
        return f"{what}-{time.monotonic_ns()}-{self._made}"


def _planted(module: Any, mutant: Mutant) -> Any:
    try:
        return plant(module, mutant)
    except UnchangedError as error:
        raise _Refused(OPERATOR, str(error)) from error
    except ValueError as error:
        raise _Refused("verifier", last_line(error)) from error
