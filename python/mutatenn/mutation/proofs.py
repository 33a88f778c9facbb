"""What is proved of mutants from their code alone, before anything is lowered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import tvm

from mutatenn.mutation.equivalence import prove_equivalent
from mutatenn.mutation.mutant import Mutant, UnchangedError, plant
from mutatenn.tvm_errors import last_line


def static_verdicts(mod: Any, mutants: Iterable[Mutant]) -> dict[str, dict[str, str]]:
    """``verdict`` and ``reason`` of each mutant that needs not be lowered, by its id.

    ``equivalent`` are those that TVM's analyzer proves to compute what the original does,
    ``invalid`` those that its verifiers refuse, in their words.

    Args:
        mod: the module that the mutants were enumerated from.
        mutants: some of them.

    Raises:
        UnchangedError: an operator made a mutant that is the original.
    """
    alone: dict[str, Any] = {}
    found: dict[str, dict[str, str]] = {}
    for mutant in mutants:
        if mutant.parts:
            continue  # what is proved of each place alone is not proved of all together
        name = mutant.function
        if name not in alone:
            alone[name] = tvm.IRModule({name: mod[name]})
        try:
            func = plant(alone[name], mutant)[name]
        except UnchangedError:
            raise
        except ValueError as error:
            found[mutant.id] = {"verdict": "invalid", "reason": f"verifier: {last_line(error)}"}
            continue
        proof = prove_equivalent(mod[name], func, mutant.path)
        if proof is not None:
            found[mutant.id] = {"verdict": "equivalent", "reason": proof.reason}
    return found
