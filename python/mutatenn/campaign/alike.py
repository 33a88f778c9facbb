"""Mutants that TVM's remaining passes turn into code that is there already."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from mutatenn.campaign.shards.duplicates import twin_reason
from mutatenn.lowering.kernel import CompileError
from mutatenn.lowering.mutant_kernel import KernelCompiler, LoweredMutant
from mutatenn.mutation.mutant import Mutant, plant


@dataclasses.dataclass(frozen=True)
class Twin:
    """Whose code a mutant's is, once lowered: the original's if ``mutant`` is ``None``."""

    mutant: Mutant | None = None

    @property
    def reason(self) -> str:
        """One sentence that says what was proved, and how."""
        return twin_reason(None if self.mutant is None else self.mutant.id)


class Lowerings:
    """The lowered code of a campaign's mutants so far: hashes, and code where hashes are equal.

    The code itself is made again when it is asked for, which is rare: of tens of thousands of
    mutants it would not fit into memory.
    """

    def __init__(
        self, module: Any, kernels: KernelCompiler, known: Iterable[tuple[Mutant, str]]
    ) -> None:
        """Take what is compared.

        Args:
            module: the module that mutants are planted in.
            kernels: lowers its kernels, and mutants of them.
            known: mutants with the hashes of their code, from before this process; of equal ones
                the first counts.
        """
        self._module = module
        self._kernels = kernels
        self._first: dict[tuple[str, str], Mutant] = {}
        for mutant, code in known:
            self.add(mutant, code)

    def add(self, mutant: Mutant, code: str) -> None:
        """Remember a mutant by the hash of its lowered code, unless another had that before."""
        # Equal code in another kernel's place is another program.
        self._first.setdefault((mutant.function, code), mutant)

    def twin(self, mutant: Mutant, lowered: LoweredMutant) -> Twin | None:
        """Whose code a mutant's is; ``None`` where it is its own."""
        same = self.of_original(mutant.function, lowered)
        if same is not None:
            return same
        first = self._first.get((mutant.function, lowered.hash))
        if first is None or first.id == mutant.id:
            return None
        return Twin(first) if self._is_code_of(first, lowered) else None

    def of_original(self, name: str, lowered: LoweredMutant) -> Twin | None:
        """The original as the twin of one of its mutants; ``None`` where the code is another."""
        original = lowered.original or self._kernels.original_code(name)
        same = lowered.code.hash == original.hash and lowered.code.same_as(original)
        return Twin() if same else None

    def _is_code_of(self, mutant: Mutant, lowered: LoweredMutant) -> bool:
        func = plant(self._module, mutant)[mutant.function]
        try:
            for other in self._kernels.lowerings(mutant.function, func):
                if other.hash == lowered.hash:
                    return other.code.same_as(lowered.code)
        except CompileError:
            return False
        return False
