"""A lowered module as a program to run whole, its kernels compiled once for each content."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mutatenn.lowering.backend import Backend
from mutatenn.lowering.extract import Lowered
from mutatenn.lowering.plan import Plan


@dataclasses.dataclass(frozen=True)
class WholeProgram:
    """A plan with its weights and, by kernel, a library and the hash of its object code."""

    plan: Plan
    weights: dict[int, np.ndarray]
    libraries: dict[str, Path]
    artifacts: dict[str, str]

    @functools.cached_property
    def fingerprint(self) -> str:
        """A hash of all that decides what the program computes; names do not count."""
        digest = hashlib.sha256()
        for buffer in self.plan.buffers:
            digest.update(f"{buffer.role} {buffer.shape} {buffer.dtype}\n".encode())
        for launch in self.plan.launches:
            code = self.artifacts[launch.kernel]
            digest.update(f"{code} {launch.inputs} {launch.outputs}\n".encode())
        digest.update(f"{self.plan.inputs} {self.plan.outputs}\n".encode())
        for index in sorted(self.weights):
            digest.update(self.weights[index].tobytes())
        return digest.hexdigest()


class ProgramCompiler:
    """Compiles programs for one family of devices; kernels of equal code are compiled once."""

    def __init__(self, backend: Backend, scratch: Path) -> None:
        """Take what compiles kernels, and a folder for libraries."""
        self._backend = backend
        # Of its own: another one's libraries may lie there, and a path must be fresh.
        self._scratch = Path(tempfile.mkdtemp(dir=scratch))
        self._known: dict[str, tuple[Path, str]] = {}

    @property
    def compiled(self) -> int:
        """Kernels that were compiled so far."""
        return len(self._known)

    def program(self, lowered: Lowered, kernels: Mapping[str, Any]) -> WholeProgram:
        """Compile a plan's kernels.

        Args:
            lowered: plan and weights.
            kernels: PrimFuncs by name, those of the plan at least, at either stage.

        Raises:
            CompileError: TVM or LLVM rejects a kernel.
        """
        built = {name: self._library(kernels[name]) for name in lowered.plan.kernels}
        libraries = {name: path for name, (path, _) in built.items()}
        artifacts = {name: sha256 for name, (_, sha256) in built.items()}
        return WholeProgram(lowered.plan, lowered.weights, libraries, artifacts)

    def _library(self, func: Any) -> tuple[Path, str]:
        code = self._backend.lower(func)
        if code.hash not in self._known:
            artifact = self._backend.generate(code, self._scratch)
            path = self._scratch / f"program{len(self._known)}{self._backend.suffix}"
            self._known[code.hash] = (self._backend.link(artifact, path), artifact.sha256)
        return self._known[code.hash]
