"""Backend ``llvm``: object code by TVM's LLVM, linked to a shared library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mutatenn.lowering.backend import backend
from mutatenn.lowering.kernel import Artifact, generate, link, lower_alone, require_llvm
from mutatenn.lowering.lowered_code import LoweredCode


class LlvmBackend:
    """Compiles kernels for CPUs through LLVM."""

    suffix = ".so"
    counts_steps = True

    def __init__(self, target: Any) -> None:
        self._target = target

    def lower(self, func: Any) -> LoweredCode:
        """See ``Backend``."""
        return lower_alone(func, self._target)

    def generate(self, code: LoweredCode, scratch: Path) -> Artifact:
        """See ``Backend``."""
        return generate(code, scratch)

    def link(self, artifact: Artifact, path: Path) -> Path:
        """See ``Backend``."""
        return link(artifact, path)


@backend("llvm")
def llvm_backend(_device: str, target: Any) -> LlvmBackend:
    """The backend for a target of kind llvm.

    Raises:
        InputError: the target is of another kind, or for a CPU that can more than this one.
    """
    require_llvm(target)
    return LlvmBackend(target)
