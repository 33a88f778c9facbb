"""Plants one fault in an ordinary TVM pipeline and shows on which data it changes the answer."""

# mypy: disable-error-code="untyped-decorator, valid-type"
from __future__ import annotations

from typing import Any

import numpy as np
import tvm
import tvm_ffi
from tvm import relax
from tvm.script import ir as I  # noqa: N812
from tvm.script import relax as R  # noqa: N812

import mutatenn.transform


@I.ir_module
class Model:
    """The larger of two numbers, doubled where it is the second."""

    @R.function
    def main(  # noqa: D102
        x: R.Tensor((4,), "float32"),  # noqa: N805
        y: R.Tensor((4,), "float32"),
    ) -> R.Tensor((4,), "float32"):
        with R.dataflow():
            second = R.less(x, y)
            doubled = R.add(y, y)
            larger = R.where(second, doubled, x)
            R.output(larger)
        return larger


def lowered(*more: Any) -> Any:
    """The model through TVM's passes up to fused kernels, and then through ``more``."""
    passes = [
        relax.transform.LegalizeOps(),
        relax.transform.AnnotateTIROpPattern(),
        relax.transform.FoldConstant(),
        relax.transform.FuseOps(),
        relax.transform.FuseTIR(),
        *more,
    ]
    with tvm.target.Target("llvm"):
        return tvm.transform.Sequential(passes)(Model)


def answer(mod: Any, x: Any, y: Any) -> Any:
    """What a module computes on the CPU."""
    machine = relax.VirtualMachine(tvm.compile(mod, target="llvm"), tvm.cpu())
    return machine["main"](tvm.runtime.tensor(x), tvm.runtime.tensor(y)).numpy()


def main() -> None:
    original = lowered()
    mutant = lowered(mutatenn.transform.SwapCmp(site=0, to="le"))

    changed = [
        variable.name_hint
        for variable, function in original.functions.items()
        if not tvm_ffi.structural_equal(function, mutant[variable.name_hint], map_free_vars=True)
    ]
    assert len(changed) == 1, changed
    print(f"the fault is in {changed[0]}")

    x = np.array([1, 2, 3, 4], "float32")
    y = np.array([0, 2, 5, 3], "float32")
    before, after = answer(original, x, y), answer(mutant, x, y)
    print(f"x {x}, y {y}: original {before}, mutant {after}")
    assert np.flatnonzero(before != after).tolist() == np.flatnonzero(x == y).tolist() == [1]
    print("the answers differ exactly where x equals y")


if __name__ == "__main__":
    main()
