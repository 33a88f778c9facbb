"""Mutants that are said to compute what the original does, run against it on kernels drawn.

What the analyzer proves equal, and what an operator calls semantics-preserving, must give the same
bytes.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import numpy as np
import pytest
import tvm

from mutant_properties import planted, spread
from mutatenn import _core
from mutatenn.lowering.stage import tir_pipeline_of
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.equivalence import prove_equivalent
from mutatenn.mutation.mutant import Mutant
from property_examples import drawn
from tir_strategies import kernels

CATALOGUE = [op.id for op in _core.catalogue()]
EXAMPLES = 20
LOOKED_AT = 40
"""Mutants of one kernel that a proof is sought for."""
RUN = 4
"""Mutants of one kernel that are compiled and run, of each reason."""


def results(mod: Any) -> list[bytes] | None:
    """What a module's kernel leaves in all its buffers, from small random numbers, twice.

    ``None`` where TVM does not compile it: it folds constants, dead code's too, and refuses to
    divide by zero.
    """
    pipeline = tir_pipeline_of(mod, "llvm")
    try:
        kernel = tvm.compile(mod.clone(), target="llvm", tir_pipeline=pipeline)["main"]
    except tvm.error.InternalError as error:
        assert "Divide by zero" in str(error)
        return None
    rng, left = np.random.default_rng(0), []
    for _ in range(2):
        drawn_numbers = [rng.integers(-4, 5, list(map(int, b.shape))) for b in mod["main"].params]
        tensors = [
            tvm.runtime.tensor(numbers.astype(buffer.dtype))
            for numbers, buffer in zip(drawn_numbers, mod["main"].params, strict=True)
        ]
        kernel(*tensors)
        left.append(b"".join(tensor.numpy().tobytes() for tensor in tensors))
    return left


def said_to_be_the_same(mod: Any) -> dict[str, list[tuple[Mutant, Any]]]:
    """Mutants of the kernel with their modules, by why they compute what it does."""
    found: dict[str, list[tuple[Mutant, Any]]] = {}
    mutants = enumerate_mutants(mod, CATALOGUE, redundant=True)
    preserving = [mutant for mutant in mutants if mutant.semantics_preserving]
    for mutant in [*spread(mutants, LOOKED_AT), *spread(preserving, RUN)]:
        changed = planted(mod, mutant)
        if changed is None:
            continue
        proof = prove_equivalent(mod["main"], changed["main"], mutant.path)
        if proof is not None:
            found.setdefault(proof.kind, []).append((mutant, changed))
        if mutant.semantics_preserving:
            found.setdefault("preserving", []).append((mutant, changed))
    return {why: spread(several, RUN) for why, several in found.items()}


@pytest.mark.parametrize("stage", ["tensor", "kernel"])
def test_what_is_said_to_compute_the_same_gives_the_same_bytes(stage: str) -> None:
    seen, began = Counter[str](), time.perf_counter()

    def check(mod: Any) -> None:
        same = said_to_be_the_same(mod)
        golden = results(mod) if same else None
        for why, several in same.items():
            for mutant, changed in several:
                given = results(changed)
                seen[why if given else "not compiled"] += 1
                assert given is None or given == golden, (why, mutant)

    drawn(check, EXAMPLES, kernels((stage,), exact=True))
    print(f"stage {stage}: {dict(seen)} in {time.perf_counter() - began:.1f} s")
    assert seen["equal"] > 0 and seen["unreachable"] > 0
