"""Counts an operator catalogue on models: places, and what is decided of mutants before any run.

    python scripts/operator_census.py MODEL [MODEL ...] [--target llvm|opencl|cuda|TEXT ...]
        [--sample N] [--seed N] [--json]

For each model and target: one walk finds all places at stage kernel under the default schedule;
then, of a seeded sample of the mutants, how many are invalid, proved equal by the analyzer, equal
after TVM's remaining passes to the original (equivalent) or to another mutant of the sample
(duplicate), also byte-identical as object code or, for a GPU, as source and launches, and how many
are left to run. No device is needed.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mutatenn import _core
from mutatenn.campaign.alike import Lowerings
from mutatenn.campaign.manifest import in_order
from mutatenn.lowering.accelerator import accelerator_target
from mutatenn.lowering.backends import backend_of
from mutatenn.lowering.extract import lower
from mutatenn.lowering.host import host_target
from mutatenn.lowering.kernel import CompileError, parse_target
from mutatenn.lowering.kernel_stage import lower_kernels
from mutatenn.lowering.mutant_kernel import KernelCompiler
from mutatenn.model import load
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.equivalence import prove_equivalent
from mutatenn.mutation.mutant import Mutant, plant

FATES = ("invalid", "analyzer", "lowered", "artefact", "duplicate", "preserving", "runnable")
"""``analyzer``, ``lowered`` and ``artefact`` are the three proofs that a mutant is equivalent;
``preserving`` keeps the meaning by its making, and runs outside the score."""


class Census:
    """Decides mutants of one lowered model, one after another."""

    def __init__(self, module: Any, target: Any, scratch: Path) -> None:
        self._module = module
        kind = str(target.kind.name)
        self._backend = backend_of(kind if kind == "llvm" else f"{kind}:0", target)
        self._kernels = KernelCompiler(module, self._backend, None, scratch)
        self._lowerings = Lowerings(module, self._kernels, ())
        self._scratch = scratch
        self._artefacts: dict[tuple[str, str], str] = {}
        self._compiled: set[str] = set()
        """Kernels whose originals are among the artefacts."""

    def fate(self, mutant: Mutant) -> str:
        """What becomes of a mutant before it runs: one of ``FATES``."""
        name = mutant.function
        try:
            func = plant(self._module, mutant)[name]
        except ValueError:
            return "invalid"
        if prove_equivalent(self._module[name], func, mutant.path) is not None:
            return "analyzer"
        try:
            (lowered,) = self._kernels.lowerings(name, func)
            twin = self._lowerings.twin(mutant, lowered)
            if twin is not None:
                return "lowered" if twin.mutant is None else "duplicate"
            fate = self._by_artefact(mutant, lowered.code)
        except CompileError:
            return "invalid"
        self._lowerings.add(mutant, lowered.hash)
        if fate == "runnable" and mutant.semantics_preserving:
            return "preserving"
        return fate

    def _by_artefact(self, mutant: Mutant, code: Any) -> str:
        name = mutant.function
        if name not in self._compiled:
            self._compiled.add(name)
            self._artefacts[name, self._kernels.original(name).sha256] = ""
        made = self._backend.generate(code, self._scratch).sha256
        first = self._artefacts.setdefault((name, made), mutant.id)
        if first == mutant.id:
            return "runnable"
        return "duplicate" if first else "artefact"


def census(model: Path, target: str, sample: int | None, seed: int) -> dict[str, Any]:
    """Places and fates by operator, with the seconds that finding all places took."""
    text = host_target() if target == "llvm" else target
    if target in ("opencl", "cuda"):
        text = accelerator_target(target)
    bound = parse_target(text)
    lowered = lower(load(model), text, "default")
    module = lower_kernels(lowered.scheduled, bound)
    operators = [op.id for op in _core.catalogue()]
    start = time.perf_counter()
    mutants = enumerate_mutants(module, operators)
    seconds = time.perf_counter() - start
    everything = enumerate_mutants(module, operators, redundant=True)
    places = {(mutant.operator, mutant.site) for mutant in everything}
    chosen = in_order(mutants, sample or len(mutants), seed)[:sample]
    fates: collections.Counter[tuple[str, str]] = collections.Counter()
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        judge = Census(module, bound, Path(scratch))
        for index, mutant in enumerate(chosen, 1):
            fates[mutant.operator, judge.fate(mutant)] += 1
            if index % 500 == 0:
                print(f"{model.stem} {target}: {index} of {len(chosen)}", file=sys.stderr)
    return {
        "model": model.stem,
        "target": text,
        "seed": seed,
        "mutants": len(mutants),
        "with_redundant": len(everything),
        "sample": len(chosen),
        "seconds_enumeration": seconds,
        "seconds_decision": time.perf_counter() - begun,
        "operators": {
            operator: {
                "sites": sum(1 for op, _ in places if op == operator),
                "mutants": sum(1 for mutant in mutants if mutant.operator == operator),
                **{fate: fates[operator, fate] for fate in FATES},
            }
            for operator in operators
        },
    }


def _table(result: dict[str, Any]) -> Iterable[str]:
    columns = ("sites", "mutants", *FATES)
    yield f"{result['model']} for {result['target']}: {result['mutants']} mutants, of which " + (
        f"{result['sample']} are decided; enumerated in {result['seconds_enumeration']:.2f} s"
    )
    yield "operator".ljust(24) + "".join(f"{column:>11}" for column in columns)
    rows = {**result["operators"]}
    total = {column: sum(row[column] for row in rows.values()) for column in columns}
    for operator, row in [*rows.items(), ("all", total)]:
        yield operator.ljust(24) + "".join(f"{row[column]:>11}" for column in columns)


def main() -> None:
    """Count, and print tables or JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", nargs="+", type=Path, metavar="MODEL")
    parser.add_argument("--target", nargs="+", default=["llvm"])
    parser.add_argument("--sample", type=int, help="how many mutants are decided; default: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    for model in asked.models:
        for target in asked.target:
            result = census(model, target, asked.sample, asked.seed)
            print(json.dumps(result) if asked.json else "\n".join(_table(result)), flush=True)


if __name__ == "__main__":
    main()
