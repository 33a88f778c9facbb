"""Trials: what is known of a mutant before it runs, and what its runs say."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from mutatenn.campaign.cells import EVERY
from mutatenn.campaign.compiled import (
    LOWERED,
    LOWERING,
    PROOF,
    SHAPE,
    TRIP_COUNT,
    TWIN,
    Compiled,
)
from mutatenn.campaign.reach import Reach
from mutatenn.campaign.shards.duplicates import artifact_reason
from mutatenn.campaign.steps import OriginalSteps
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.verdict import AWAY, PROVED_OUT_OF_BOUNDS, Verdict, judge
from mutatenn.device import Golden, MutantRun
from mutatenn.mutation.bounds import OutOfBounds
from mutatenn.mutation.mutant import Mutant
from mutatenn.oracle import predictions


class Trials:
    """Decides mutants against one golden run; runs nothing itself."""

    def __init__(
        self,
        subject: Subject,
        golden: Golden,
        reach: Reach,
        originals: dict[str, Compiled],
        steps: OriginalSteps,
        earlier: Iterable[tuple[str, str, str]] = (),
    ) -> None:
        """Remember artefacts, to recognise mutants that compile to the same.

        Args:
            subject: what is mutated.
            golden: the golden run on the device.
            reach: what the probes saw.
            originals: the original kernels, compiled.
            steps: what the launches of the original take.
            earlier: kernel, artefact and id of the mutants that were tried before a resumption.
        """
        self._subject = subject
        self._golden = golden
        self._reach = reach
        self._steps = steps
        # An equal artefact in another kernel's place is another program: the kernel is in the key.
        self._first = {(name, compiled.artifact): "" for name, compiled in originals.items()}
        for kernel, artifact, mutant in earlier:
            self._first.setdefault((kernel, artifact), mutant)
        self._beyond: dict[str, tuple[OutOfBounds, ...]] = {}

    def beforehand(self, mutant: Mutant, compiled: Compiled) -> Verdict | None:
        """The verdict on a mutant that need not run; ``None`` if it must.

        What is proved of the code comes first: an equal kernel is equivalent whether or not an
        input reaches it. Asked in the manifest's order, so that of equal mutants the first runs.
        """
        reached = self._reach.of(mutant)
        if compiled.library is None:
            return _unbuilt(compiled, reached)
        same = self._same_artifact(mutant, compiled)
        if same is not None:
            return same
        if reached is False:
            count = len(self._subject.inputs)
            reason = f"no input executes the place ({count} inputs were probed)"
            return Verdict("not_reached", reason=reason, evidence={"reached": False})
        self._beyond[mutant.id] = compiled.out_of_bounds
        writes = _certain_writes(compiled.out_of_bounds)
        if writes and reached and self._subject.options.oob == "trap":
            reason = f"proved before any run: the mutant {writes[0]}"
            crash = Verdict("killed", "crash", reason=reason, evidence={"reached": True})
            return _marked(crash, compiled.out_of_bounds)
        return None

    def away(self, mutant: Mutant, compiled: Compiled) -> Verdict | None:
        """The verdict on a mutant that is not runnable, whatever inputs execute; else ``None``.

        Asked in the manifest's order, as ``beforehand``.
        """
        if compiled.artifact:
            return self._same_artifact(mutant, compiled)
        verdict = _unbuilt(compiled, reached=None)
        return verdict if verdict.verdict in AWAY else None

    def _same_artifact(self, mutant: Mutant, compiled: Compiled) -> Verdict | None:
        """Whether the object code is the original's, or that of an earlier mutant."""
        if all(self._is_original(name, one) for name, one in compiled.kernels(mutant).items()):
            reason = "the compiled kernel is byte-identical to the original's"
            return Verdict("equivalent", reason=reason)
        first = self._first.setdefault((mutant.program, compiled.artifact), mutant.id)
        if first != mutant.id:
            return Verdict("duplicate", reason=artifact_reason(first, program=compiled.variant))
        return None

    def _is_original(self, name: str, one: Compiled) -> bool:
        """Whether the object code is that of the kernel's original, as it runs or as compared."""
        own = one.original
        if own is not None and own.artifact == one.artifact:
            return True
        return self._first.get((name, one.artifact)) == ""

    def steps(self, mutant: Mutant, compiled: Compiled) -> tuple[int, ...] | None:
        """What the original takes, if the mutant is to be run counted first; else ``None``.

        Launches of kernels that do not count have 0.
        """
        kernels = compiled.kernels(mutant)
        counted = {name for name, one in kernels.items() if one.counted is not None}
        taken = {name: self._steps.of(name) for name in counted}
        if not counted or None in taken.values():
            return None
        left = {name: iter(steps or ()) for name, steps in taken.items()}
        launches = self._subject.lowered.plan.launches
        own = [launch.kernel for launch in launches if launch.kernel in kernels]
        return tuple(next(left[name]) if name in left else 0 for name in own)

    def judge(self, mutant: Mutant, run: MutantRun) -> Verdict:
        """The verdict on one run."""
        subject = self._subject
        found = judge(
            run,
            self._golden.outputs,
            subject.oracles,
            subject.inputs.labels,
            subject.inputs.names,
            run.plan or subject.lowered.plan,
        )
        found.evidence["reached"] = self._reach.of(mutant)
        if found.reach and subject.inputs.labels is not None:
            classes = predictions(run.outputs[0]).reshape(-1)
            found.evidence["right"] = int((classes == subject.inputs.labels).sum())
        return _marked(found, self._beyond.get(mutant.id, ()))


def _certain_writes(beyond: Sequence[OutOfBounds]) -> list[OutOfBounds]:
    """Writes that are in the compiled code too.

    LLVM knows how large workspaces on the stack are: what goes beyond them is undefined, and may
    be thrown away with all that hangs on it.
    """
    if any(one.workspace for one in beyond):
        return []
    return [one for one in beyond if one.writes]


def _marked(verdict: Verdict, beyond: Sequence[OutOfBounds]) -> Verdict:
    """The verdict with what is proved to go out of bounds; nothing else of it changes."""
    if not beyond:
        return verdict
    return dataclasses.replace(
        verdict,
        marks=(*verdict.marks, PROVED_OUT_OF_BOUNDS),
        evidence={**verdict.evidence, "proved_out_of_bounds": [str(one) for one in beyond]},
    )


def _unbuilt(compiled: Compiled, reached: bool | None) -> Verdict:
    """The verdict on a mutant that has no library."""
    if compiled.rejected_by in (PROOF, LOWERED):
        return Verdict("equivalent", reason=compiled.reason)
    if compiled.rejected_by == TWIN:
        return Verdict("duplicate", reason=compiled.reason)
    if compiled.rejected_by == SHAPE:
        evidence = {"reached": reached, **EVERY}
        return Verdict("killed", "shape", reason=compiled.reason, evidence=evidence)
    if compiled.rejected_by == TRIP_COUNT:
        if reached is False:
            return Verdict("not_reached", reason="no input executes the place")
        # Where it is not known whether inputs reach the place, it is killed without asking.
        evidence = {"reached": reached} if reached else {"reached": reached, **EVERY}
        return Verdict("killed", "hang", reason=compiled.reason, evidence=evidence)
    refused = compiled.rejected_by in ("verifier", LOWERING, "compiler")
    kind = "invalid" if refused else "inconclusive"
    return Verdict(kind, reason=f"{compiled.rejected_by}: {compiled.reason}")
