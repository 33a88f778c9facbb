"""Trials: a compiled mutant, tried on the device and judged."""

from __future__ import annotations

from collections.abc import Iterable

from mutatenn.campaign.compile_worker import Compiled
from mutatenn.campaign.reach import Reach
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.verdict import Verdict, judge
from mutatenn.device import Device, Golden, MutantRun, RunnerDied
from mutatenn.mutation.mutant import Mutant


class Trials:
    """Decides one mutant after the other, against one golden run."""

    def __init__(
        self,
        subject: Subject,
        device: Device,
        golden: Golden,
        reach: Reach,
        originals: dict[str, Compiled],
        earlier: Iterable[tuple[str, str, str]] = (),
    ) -> None:
        """Remember artefacts, to recognise mutants that compile to the same.

        Args:
            subject: what is mutated.
            device: what runs it.
            golden: the golden run on that device.
            reach: what the probes saw.
            originals: the original kernels, compiled.
            earlier: kernel, artefact and id of the mutants that were tried before a resumption.
        """
        self._subject = subject
        self._device = device
        self._golden = golden
        self._reach = reach
        # An equal artefact in another kernel's place is another program: the kernel is in the key.
        self._first = {(name, compiled.artifact): "" for name, compiled in originals.items()}
        for kernel, artifact, mutant in earlier:
            self._first.setdefault((kernel, artifact), mutant)

    def needs_compiling(self, mutant: Mutant) -> bool:
        """Whether a verdict cannot be given before the mutant is compiled."""
        return self._reach.of(mutant) is not False

    def untried(self, mutant: Mutant) -> Verdict:
        """The verdict on a mutant that need not be compiled."""
        reason = f"no input executes the place ({len(self._subject.inputs)} inputs were probed)"
        return Verdict("not_reached", reason=reason, evidence={"reached": False})

    def verdict(self, mutant: Mutant, compiled: Compiled) -> tuple[Verdict, float]:
        """The verdict on one mutant, and how long it ran, in seconds."""
        if compiled.library is None:
            return _rejected(compiled), 0.0
        try:
            known = self._known(mutant, compiled)
            if known is not None:
                return known, 0.0
            return self._repeated(mutant, compiled)
        except RunnerDied as error:
            return Verdict("inconclusive", reason=str(error)), 0.0
        finally:
            compiled.library.unlink()

    def _repeated(self, mutant: Mutant, compiled: Compiled) -> tuple[Verdict, float]:
        """Try a mutant as often as was asked for; one that does not repeat is inconclusive."""
        first, seconds = self._once(mutant, compiled)
        for _ in range(1, self._subject.options.repeat):
            again, more = self._once(mutant, compiled)
            seconds += more
            if again != first:
                reason = f"flaky: {_told(first)}, then {_told(again)}"
                return Verdict("inconclusive", reason=reason, evidence=first.evidence), seconds
        return first, seconds

    def _once(self, mutant: Mutant, compiled: Compiled) -> tuple[Verdict, float]:
        run = self._run(mutant, compiled)
        if run is None:
            return Verdict("inconclusive", reason="a time-out did not repeat"), 0.0
        subject = self._subject
        names, plan = subject.inputs.names, subject.lowered.plan
        found = judge(run, self._golden.outputs, subject.oracle, names, plan)
        found.evidence["reached"] = self._reach.of(mutant)
        return found, run.seconds

    def _known(self, mutant: Mutant, compiled: Compiled) -> Verdict | None:
        """The verdict on a mutant whose artefact was seen before."""
        first = self._first.setdefault((mutant.function, compiled.artifact), mutant.id)
        if first == mutant.id:
            return None
        if first == "":
            reason = "the compiled kernel is byte-identical to the original's"
            return Verdict("equivalent", reason=reason)
        return Verdict("duplicate", reason=f"the same compiled kernel as {first}")

    def _run(self, mutant: Mutant, compiled: Compiled) -> MutantRun | None:
        """Run a mutant; a time-out is run once more, and is ``None`` when it does not repeat.

        A clock alone is no proof of a hang: the machine may have been busy.
        """
        assert compiled.library is not None
        run = self._device.run(mutant.function, compiled.library)
        if run.fate != "hang":
            return run
        again = self._device.run(mutant.function, compiled.library)
        return again if again.fate == "hang" else None


def _told(verdict: Verdict) -> str:
    kill = f" ({verdict.kill})" if verdict.kill else ""
    return f"{verdict.verdict}{kill} on {verdict.failing} inputs"


def _rejected(compiled: Compiled) -> Verdict:
    refused = compiled.rejected_by in ("verifier", "compiler")
    kind = "invalid" if refused else "inconclusive"
    return Verdict(kind, reason=f"{compiled.rejected_by}: {compiled.reason}")
