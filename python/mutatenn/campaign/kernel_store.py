"""Kernels by content: the original's, and those of mutated graphs, each compiled once."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tvm_ffi

from mutatenn import _core
from mutatenn.lowering.backend import Backend
from mutatenn.lowering.extract import Lowered
from mutatenn.lowering.kernel import Artifact
from mutatenn.lowering.lowered_code import LoweredCode, without_names, without_place
from mutatenn.lowering.scheduling import schedule_kernel
from mutatenn.mutation.signature import signature_change


class KernelStore:
    """Tells kernels by what they do; those that nobody has had before are compiled."""

    def __init__(
        self, original: Lowered, backend: Backend, scratch: Path, link: Callable[[Artifact], Path]
    ) -> None:
        """Take the original's kernels.

        Args:
            original: the lowered model; its scheduler is everyone's.
            backend: compiles kernels.
            scratch: a folder for object files while they are written.
            link: makes a library of object code.
        """
        self._original = original
        self._backend = backend
        self._scratch = scratch
        self._link = link
        self._contents: dict[int, list[tuple[Any, str]]] = {}
        for name in original.plan.kernels:
            self._remember(original.kernel(name), name)
        self._codes: dict[str, LoweredCode] = {}
        self._artifacts: dict[str, Artifact] = {}
        self._libraries: dict[str, Path] = {}
        self.compiled = 0
        """Kernels for which code was generated, the original's left out."""
        self.seconds = 0.0
        """Seconds that it took to schedule, lower and compile kernels."""

    def content(self, func: Any) -> str:
        """The name of the original's kernel that does the same, else a hash of the object code.

        Args:
            func: a PrimFunc of a fused graph, before scheduling.

        Raises:
            CompileError: TVM or LLVM rejects it.
        """
        for known, content in self._contents.get(_core.kernel_hash(func), []):
            if tvm_ffi.structural_equal(without_place(func), without_place(known)):
                return content
        start = time.perf_counter()
        try:
            content = self._compiled(func)
        finally:
            self.seconds += time.perf_counter() - start
        self._remember(func, content)
        return content

    def library(self, content: str) -> Path | None:
        """The library of a kernel that the original does not have; ``None`` for one that it has."""
        return self._libraries.get(content)

    def original(self, name: str) -> Artifact:
        """One of the original's kernels, compiled.

        Raises:
            CompileError: TVM or LLVM rejects it.
        """
        if name not in self._artifacts:
            self._artifacts[name] = self._backend.generate(self._original_code(name), self._scratch)
        return self._artifacts[name]

    def _compiled(self, func: Any) -> str:
        scheduler = self._original.scheduler
        scheduled = func if scheduler is None else schedule_kernel(func, scheduler).func
        code = self._backend.lower(without_names(scheduled))
        alike = [
            name
            for name in self._original.plan.kernels
            if not signature_change(self._original.kernel(name), func)
        ]
        for name in alike:
            other = self._original_code(name)
            if other.hash == code.hash and other.same_as(code):
                return name
        self.compiled += 1
        artifact = self._backend.generate(code, self._scratch)
        for name in alike:
            if self.original(name).sha256 == artifact.sha256:
                return name
        if artifact.sha256 not in self._libraries:
            self._libraries[artifact.sha256] = self._link(artifact)
        return artifact.sha256

    def _original_code(self, name: str) -> LoweredCode:
        if name not in self._codes:
            func = without_names(self._original.scheduled[name])
            self._codes[name] = self._backend.lower(func)
        return self._codes[name]

    def _remember(self, func: Any, content: str) -> None:
        self._contents.setdefault(_core.kernel_hash(func), []).append((func, content))
