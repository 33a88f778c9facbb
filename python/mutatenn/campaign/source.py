"""Where compiled mutants come from: the compiler, a few ahead of the caller, or a store."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from mutatenn.campaign.compiled import Compiled, Task
from mutatenn.campaign.compiler import Compiler
from mutatenn.mutation.mutant import Mutant


class Source:
    """Gives mutants with their kernels; the next ones compile while the caller is busy."""

    def __init__(self, compiler: Compiler, jobs: int, ready: dict[str, Compiled]) -> None:
        """Take the compiler, which must be idle.

        Args:
            compiler: compiles what is not ready.
            jobs: mutants that the caller has at hand at once.
            ready: kernels that are compiled already, by mutant; each is handed out once.
        """
        self.compiler = compiler
        self._jobs = jobs
        self._ready = ready

    def compiled(self, mutants: Sequence[Mutant]) -> Iterator[tuple[Mutant, Compiled]]:
        """Each mutant with its kernel, in order; the compiler is idle again at the end."""
        to_come = [mutant for mutant in mutants if mutant.id not in self._ready]
        ahead = iter(to_come)
        for mutant in itertools.islice(ahead, self._jobs + 1):
            self.compiler.submit(Task(mutant.function, mutant))
        for mutant in mutants:
            if mutant.id in self._ready:
                yield mutant, self._ready.pop(mutant.id)
                continue
            compiled = self.compiler.result()
            yield mutant, compiled
            for following in itertools.islice(ahead, 1):
                self.compiler.submit(Task(following.function, following))
