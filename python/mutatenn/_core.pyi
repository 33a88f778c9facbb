"""Native engine of mutatenn: catalogue, site tables and content hashes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

TVM_FFI_VERSION: str

class MutantTable:
    """Mutants of a module, one a row; int32 columns of shape (rows,)."""

    @property
    def kernels(self) -> list[str]:
        """Names that the kernel column indexes."""

    @property
    def lowerings(self) -> list[str]:
        """Lowering of each of these kernels."""

    @property
    def kernel(self) -> NDArray[np.int32]: ...
    @property
    def site(self) -> NDArray[np.int32]: ...
    @property
    def site_in_kernel(self) -> NDArray[np.int32]: ...
    @property
    def stage(self) -> list[str]: ...
    @property
    def operator(self) -> list[str]: ...
    @property
    def path(self) -> list[str]: ...
    @property
    def replacement(self) -> list[str]: ...
    @property
    def id(self) -> list[str]: ...
    @property
    def semantics_preserving(self) -> list[bool]: ...

class Operator:
    """A mutation operator of the native catalogue."""

    @property
    def id(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def stages(self) -> list[str]: ...
    @property
    def summary(self) -> str: ...
    @property
    def fault_model(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def suppressions(self) -> list[str]: ...
    @property
    def redundant(self) -> str: ...
    @property
    def semantics_preserving(self) -> str: ...
    @property
    def parameters(self) -> list[Parameter]: ...

class Parameter:
    """A parameter of a mutation operator."""

    @property
    def name(self) -> str: ...
    @property
    def choices(self) -> list[str]: ...
    @property
    def when_absent(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def form(self) -> str: ...
    @property
    def accepted(self) -> str: ...
    @property
    def least(self) -> float: ...
    @property
    def most(self) -> float: ...

def catalogue() -> list[Operator]:
    """All operators, sorted by id."""

def check_settings(operator: str, settings: Mapping[str, str]) -> dict[str, str]:
    """Settings in their one spelling; ValueError for an unknown parameter or value."""

def compare(
    a: NDArray[np.uint8],
    b: NDArray[np.uint8],
    type: str,
    k: int = 0,
) -> NDArray[np.uint64]:
    """Compare two buffers of bytes: the record of a comparator, uint64 of shape (120,)."""

def count_sites(module: Any, operators: Sequence[str]) -> int:
    """Number of places where the operators apply, found in one walk."""

def enumerate_mutants(
    module: Any,
    operators: Sequence[str],
    settings: Mapping[str, str],
    redundant: bool = False,
) -> MutantTable:
    """First-order mutants of an IRModule, in one walk; with or without redundant ones."""

def kernel_hash(function: Any) -> int:
    """Structural hash of a PrimFunc without what says where it stands: name, target, entry."""

def launch_order(module: Any) -> list[str]:
    """Kernel names of an IRModule, by first launch."""

def select_mutants(
    module: Any,
    operator: str,
    numbers: Sequence[int],
    id: str,
    all: bool,
    settings: Mapping[str, str],
) -> MutantTable:
    """Mutants that an operator's pass plants when it is asked for these sites."""

def stage_of(function: Any) -> str:
    """Stage that a PrimFunc is at: `tensor` or `kernel`."""
