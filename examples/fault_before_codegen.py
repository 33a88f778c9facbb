"""Plants one fault in flat TIR, right before code generation, and finds what a campaign says of it.

``tvm.compile`` builds the model with the fault; ``mutatenn.run`` judges the same fault by itself.
"""

# mypy: disable-error-code="untyped-decorator, valid-type"
from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import tvm
from tvm import relax
from tvm.script import ir as I  # noqa: N812
from tvm.script import relax as R  # noqa: N812

import mutatenn as mn
from mutatenn.lowering import tir_pipeline
from mutatenn.lowering.fuse import fuse
from mutatenn.mutation.diff import changed_functions
from mutatenn.mutation.enumeration import select_mutants
from mutatenn.oracle import Evidence
from mutatenn.report.record import Record

INPUTS = np.array([[-1, 2, 3], [-1, 0, -2], [4, 0, 1], [-3, -2, 0], [1, 1, 0]], "float32")


@I.ir_module
class Model:
    """Scores of three classes: a penalty where a feature is negative, then doubled."""

    @R.function
    def main(x: R.Tensor((1, 3), "float32")) -> R.Tensor((1, 3), "float32"):  # noqa: D102, N805
        with R.dataflow():
            negative = R.less(x, R.const(0, "float32"))
            penalised = R.where(negative, R.const(-9, "float32"), x)
            scores = R.matmul(penalised, R.const(np.eye(3, dtype="float32") * 2))
            R.output(scores)
        return scores


class Seen:
    """A pass that changes nothing and keeps the modules that it is shown."""

    def __init__(self) -> None:
        self.modules: list[Any] = []

    def __call__(self, mod: Any) -> Any:
        """Take a module as a pass does."""
        self.modules.append(mod)
        return mod


def predictions(mod: Any, *kernel_passes: Any) -> np.ndarray:
    """The first class of each input, when these passes run right before the split."""
    built = tvm.compile(mod, target="llvm", tir_pipeline=tir_pipeline(kernel_passes))
    main = relax.VirtualMachine(built, tvm.cpu())["main"]
    return np.array([main(tvm.runtime.tensor(row[None])).numpy().argmax() for row in INPUTS])


def judged(mutant: str) -> dict[str, Any]:
    """What the journal of a campaign says of one mutant alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mn.save(Model, folder / "model.json")
        np.save(folder / "x.npy", INPUTS[:, None])
        mn.run(
            folder / "model.json",
            inputs=folder / "x.npy",
            out=folder / "out",
            oracle="top1",
            schedule="none",  # the code that tvm.compile makes of it
            only=[mutant],
        )
        return Record.read(folder / "out").rows[0]


def main() -> None:
    fused, before, after = fuse(Model), Seen(), Seen()
    original = predictions(fused)
    mutant = predictions(fused, before, mn.transform.SwapCmp(site=0), after)

    (flat,), (mutated,) = before.modules, after.modules
    changed = changed_functions(flat, mutated)
    print(f"{len(changed)} of {len(flat.functions)} functions differs: {', '.join(changed)}")
    assert len(changed) == 1

    failing = original != mutant
    (planted,) = select_mutants(flat, "swap-cmp", 0, {})
    row = judged(planted.id)
    accepted = Evidence.from_bytes(row["measures"]).column("top1")
    for x, was, now, fine in zip(INPUTS, original, mutant, accepted, strict=True):
        says = "accepted" if fine else "failed"
        print(f"{x}: class {was} became {now}; the campaign says {says}")

    print(f"tvm.compile: {failing.sum()} inputs fail; campaign: {row['failing']}, {row['reach']}")
    assert failing.any()
    assert (row["reach"] == "revealed") == failing.any()
    assert row["failing"] == failing.sum()
    assert (~accepted == failing).all()


if __name__ == "__main__":
    main()
