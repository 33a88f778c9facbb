"""One device set up to show every activation of the original and of chosen mutants."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from mutatenn.campaign.compiled import Compiled, Task
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.parting.search import Trace
from mutatenn.campaign.subject import Subject
from mutatenn.device import AnyDevice, open_device
from mutatenn.errors import BaselineError
from mutatenn.lowering.plan import Plan
from mutatenn.model import save
from mutatenn.mutation.mutant import Mutant


@dataclasses.dataclass(frozen=True)
class Bench:
    """The kernels of one device: the original's by name, the mutants' by id."""

    device: str
    subject: Subject
    plan: Plan
    originals: Mapping[str, Compiled]
    mutants: Mapping[str, Compiled]
    scratch: Path

    @classmethod
    def made(
        cls,
        device: str,
        subject: Subject,
        mutants: Sequence[Mutant],
        scratch: Path,
        log: Path,
        make_compiler: Callable[..., Compiler],
    ) -> Bench:
        """Compile the original and some mutants for a device.

        Args:
            device: its name.
            subject: what runs on it.
            mutants: those of its lowering that are to be shown.
            scratch: a folder for what is compiled, which must stay while the bench is used.
            log: a file to which what the compiler prints is appended.
            make_compiler: starts what compiles; it is called as ``Compiler`` is.

        Raises:
            BaselineError: an original kernel does not compile.
        """
        module = scratch / f"module-{subject.group.lowering}.json"
        save(subject.module, module)
        names = subject.lowered.plan.kernels
        tasks = [*map(Task, names), *(Task(mutant.function, mutant) for mutant in mutants)]
        with make_compiler(
            module,
            subject.group.target,
            scratch,
            log,
            schedule=subject.schedule,
            threads=subject.options.threads,
            device=device,
        ) as compiler:
            for task in tasks:
                compiler.submit(task)
            results = [compiler.result() for _ in tasks]
        originals = dict(zip(names, results, strict=False))
        for name, one in originals.items():
            if one.library is None:
                raise BaselineError(f"the original kernel {name} does not compile: {one.reason}")
        compiled = results[len(names) :]
        made = {mutant.id: one for mutant, one in zip(mutants, compiled, strict=True)}
        plan = activations_shown(subject.lowered.plan)
        return cls(device, subject, plan, originals, made, scratch)

    def unbuilt(self, mutant: Mutant) -> str:
        """Why a mutant cannot be run, in a sentence; empty if it can."""
        one = self.mutants[mutant.id]
        if one.library is not None:
            return ""
        return f"compiled once more for {self.device}, it is refused: {one.reason}"

    def open(self, row: int, mutant: Mutant) -> AnyDevice:
        """The device over one input; every activation is an output of its plan.

        Where the mutant could not take the original's schedule, the original is the one that it is
        compared with.

        Raises:
            BaselineError: the device cannot run the original.
            RunnerDied: what runs its kernels ended.
        """
        options = self.subject.options
        kernels = {name: one.library for name, one in self._originals(mutant).items()}
        return open_device(
            self.device,
            self.plan,
            self.subject.lowered.weights,
            {name: library for name, library in kernels.items() if library is not None},
            [array[row : row + 1] for array in self.subject.inputs.rows],
            cache_mb=options.cache_mb,
            threads=options.threads,
            limits=options.limits,
            oob=options.oob,
            poison=options.poison,
            drivers=self.scratch,
        )

    def key(self, mutant: Mutant) -> tuple[str, ...]:
        """Equal for mutants that can run on the same opened device."""
        return tuple(one.artifact for one in self._originals(mutant).values())

    def original(self, device: AnyDevice) -> Trace:
        """What the original computes.

        Raises:
            BaselineError, RunnerDied: as for ``open``.
        """
        return self._trace(device.golden().outputs)

    def run(self, device: AnyDevice, mutant: Mutant) -> Trace | str:
        """What a mutant computes, or a sentence why that is not known.

        Args:
            device: opened; its original has run.
            mutant: one of those that were compiled.

        Raises:
            RunnerDied: as for ``open``.
        """
        compiled = self.mutants[mutant.id]
        kernels = compiled.kernels(mutant)
        libraries = {name: one.library for name, one in kernels.items()}
        device.begin_all({name: path for name, path in libraries.items() if path is not None})
        found = device.end()
        if found.fate != "completed":
            return f"run once more on {self.device}, it ends otherwise: {found.detail}"
        return self._trace(found.outputs)

    def _originals(self, mutant: Mutant) -> dict[str, Compiled]:
        return {**self.originals, **self.mutants[mutant.id].originals(mutant)}

    def _trace(self, outputs: Sequence[NDArray[Any]]) -> Trace:
        return {buffer: one[0] for buffer, one in zip(self.plan.outputs, outputs, strict=True)}


def activations_shown(plan: Plan) -> Plan:
    """The plan with every activation for an output."""
    shown = tuple(buffer.id for buffer in plan.buffers if buffer.role == "activation")
    return dataclasses.replace(plan, outputs=shown)
