"""Static proofs, against running the mutants that they speak of."""

# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def"
from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mutatenn.device import Limits, LlvmDevice, MutantRun
from mutatenn.lowering.extract import Lowered, lower
from mutatenn.lowering.kernel import CompileError, compile_kernel, link, parse_target
from mutatenn.lowering.kernel_stage import lower_kernels
from mutatenn.mutation.accesses import accesses
from mutatenn.mutation.bounds import OutOfBounds, out_of_bounds
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.equivalence import prove_equivalent
from mutatenn.mutation.mutant import Mutant, operator_versions, plant
from proof_models import model

TARGET = parse_target("llvm")
STAGES = ("tensor", "kernel")
WRITES = 20
"""Mutants proved to write out of bounds that are run, of each stage."""


@dataclasses.dataclass(frozen=True)
class Claim:
    """A mutant's kernel, and what is proved of it."""

    mutant: Mutant
    kernel: Any
    equal: str
    beyond: tuple[OutOfBounds, ...]


@functools.cache
def lowered() -> Lowered:
    return lower(model(), "llvm")


@functools.cache
def claims(stage: str) -> tuple[Claim, ...]:
    """Everything that is proved of any mutant of the model at a stage."""
    mod = lowered().module
    if stage == "kernel":
        mod = lower_kernels(mod, TARGET)
    found = []
    before = {name: accesses(mod[name]) for name in lowered().plan.kernels}
    for mutant in enumerate_mutants(mod, operator_versions()):
        if mutant.function not in before:
            continue
        try:
            kernel = plant(mod, mutant)[mutant.function]
        except ValueError:
            continue  # TVM refuses it
        proof = prove_equivalent(mod[mutant.function], kernel, mutant.path)
        beyond = out_of_bounds(before[mutant.function], kernel)
        if proof is not None or beyond:
            found.append(Claim(mutant, kernel, "" if proof is None else proof.reason, beyond))
    return tuple(found)


class Bench:
    """Compiles and runs mutants on random inputs."""

    def __init__(self, device: LlvmDevice, folder: Path) -> None:
        self._device = device
        self._folder = folder
        self._made = 0

    def run(self, claim: Claim) -> MutantRun | None:
        """The mutant's run; ``None`` if TVM does not compile it."""
        try:
            artifact = compile_kernel(claim.kernel, TARGET, self._folder)
        except CompileError:
            return None
        self._made += 1
        library = link(artifact, self._folder / f"{claim.mutant.stage}-{self._made}.so")
        return self._device.run(claim.mutant.function, library)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("proofs")
    originals = {
        name: link(
            compile_kernel(lowered().module[name], TARGET, folder), folder / f"{name}-original.so"
        )
        for name in lowered().plan.kernels
    }
    rows = np.random.default_rng(6).normal(size=(3, 1, 2, 6, 6)).astype(np.float32)
    with LlvmDevice(
        lowered().plan, lowered().weights, originals, [rows], limits=Limits(floor_ms=2000)
    ) as device:
        device.golden()
        yield Bench(device, folder)


@pytest.mark.parametrize("stage", STAGES)
def test_a_mutant_proved_equivalent_gives_what_the_original_gives(stage: str, bench: Bench) -> None:
    proved = [claim for claim in claims(stage) if claim.equal]
    assert len(proved) >= 5
    for claim in proved:
        assert not claim.beyond, claim.mutant
        run = bench.run(claim)
        assert run is not None, claim.mutant
        assert {row.state for row in run.rows} == {"masked"}, (claim.mutant, claim.equal)
        assert not any(row.out_of_bounds for row in run.rows), claim.mutant


@pytest.mark.parametrize("stage", STAGES)
def test_a_write_proved_out_of_bounds_is_seen_by_the_device(stage: str, bench: Bench) -> None:
    outputs = [
        (claim, one)
        for claim in claims(stage)
        for one in claim.beyond
        # What goes beyond a workspace is undefined to LLVM, with all that hangs on it.
        if one.writes and not any(each.workspace for each in claim.beyond)
    ]
    assert len(outputs) >= 5
    seen = 0
    for claim, one in outputs[:: max(1, len(outputs) // WRITES)]:
        run = bench.run(claim)
        if run is None:
            continue
        writes = [write for row in run.rows for write in row.out_of_bounds]
        sides = {write.side for write in writes}
        # A division by zero is undefined to LLVM: the code may run into the kernel's own refusals.
        stopped = run.fate in ("crash", "error")
        assert stopped or one.side in sides, (claim.mutant, str(one))
        if run.fate == "completed":
            farthest = max(write.distance for write in writes if write.side == one.side)
            assert farthest <= one.bytes
            seen += 1
    assert seen >= 3
