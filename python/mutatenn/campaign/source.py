"""Where compiled mutants come from: the compiler, a few ahead of the caller, or a store."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

from mutatenn.campaign.compiled import Compiled, Task
from mutatenn.campaign.compiler import Compiler
from mutatenn.mutation.mutant import Mutant


class Source:
    """Gives mutants with their kernels; the next ones compile while the caller is busy."""

    def __init__(
        self,
        compiler: Compiler,
        jobs: int,
        ready: dict[str, Compiled],
        runs_here: Callable[[Mutant], bool] = lambda _: True,
    ) -> None:
        """Take the compiler, which must be idle.

        Args:
            compiler: compiles what is not ready.
            jobs: mutants that the caller has at hand at once.
            ready: kernels that are compiled already, by mutant; each is handed out once.
            runs_here: whether a mutant is going to run; of others only the code is compiled.
        """
        self.compiler = compiler
        self._jobs = jobs
        self._ready = ready
        self._runs_here = runs_here

    def compiled(self, mutants: Sequence[Mutant]) -> Iterator[tuple[Mutant, Compiled]]:
        """Each mutant with its kernel, in order; the compiler is idle again at the end."""
        to_come = [mutant for mutant in mutants if mutant.id not in self._ready]
        ahead = iter(to_come)
        for mutant in itertools.islice(ahead, self._jobs + 1):
            self.compiler.submit(self._task(mutant))
        for mutant in mutants:
            if mutant.id in self._ready:
                yield mutant, self._ready.pop(mutant.id)
                continue
            compiled = self.compiler.result()
            yield mutant, compiled
            for following in itertools.islice(ahead, 1):
                self.compiler.submit(self._task(following))

    def _task(self, mutant: Mutant) -> Task:
        return Task(mutant.function, mutant, unlinked=not self._runs_here(mutant))
