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


def results(mod: Any, seed: int) -> bytes:
    """What a module's kernel leaves in all its buffers, from small random numbers."""
    rng = np.random.default_rng(seed)
    tensors = [
        tvm.runtime.tensor(rng.integers(-4, 5, [int(n) for n in buffer.shape]).astype(buffer.dtype))
        for buffer in mod["main"].params
    ]
    tvm.compile(mod.clone(), target="llvm", tir_pipeline=tir_pipeline_of(mod, "llvm"))["main"](
        *tensors
    )
    return b"".join(tensor.numpy().tobytes() for tensor in tensors)


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
        golden = {seed: results(mod, seed) for seed in (0, 1)} if same else {}
        for why, several in same.items():
            for mutant, changed in several:
                seen[why] += 1
                for seed, wanted in golden.items():
                    assert results(changed, seed) == wanted, (why, mutant)

    drawn(check, EXAMPLES, kernels((stage,), exact=True))
    print(f"stage {stage}: {dict(seen)} in {time.perf_counter() - began:.1f} s")
    assert seen["equal"] > 0 and seen["unreachable"] > 0
