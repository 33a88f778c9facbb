"""One mutant: an operator, its settings and the place where it is planted, or several of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import tvm_ffi

from mutatenn.catalogue import catalogue
from mutatenn.transform import parameter_name, pass_of
from mutatenn.tvm_errors import last_line


class UnchangedError(ValueError):
    """A mutant is structurally equal to the original: a defect of its operator."""


_together = tvm_ffi.get_global_func("mutatenn.engine.PlantTogether")
GRAPH_STAGES = ("graph", "weight")
"""Stages of mutants of a model's graph: its calls, and the constants that they take."""


@dataclasses.dataclass(frozen=True)
class Mutant:
    """A fault at one place of one kernel or graph; ``id`` is a hash of all that determines it.

    ``stage`` is ``tensor``, ``kernel``, ``graph`` or ``weight``; ``lowering`` is the family of
    targets that a mutant of stage kernel belongs to (``cpu`` or ``gpu``), else empty.
    ``site`` counts the operator's places over the module (functions by name, nodes in pre-order),
    ``site_in_function`` within the function; ``path`` leads from a kernel's body, or from a graph,
    to the node.
    A ``semantics_preserving`` mutant computes what the original does: what it changes is a defect
    of the compiler, and it is in no score.
    A mutant of higher order has ``parts``, those of first order that are planted together; the
    rest, but for ``layers``, is then the first part's.
    """

    id: str
    operator: str
    version: int
    stage: str
    function: str
    site: int
    site_in_function: int
    path: str
    settings: dict[str, str]
    layers: tuple[str, ...] = ()
    lowering: str = ""
    semantics_preserving: bool = False
    parts: tuple[Mutant, ...] = ()

    @property
    def first_order(self) -> tuple[Mutant, ...]:
        """The mutants of first order that it is made of: itself, if it is one."""
        return self.parts or (self,)

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that it changes, in the order of its parts."""
        return tuple(dict.fromkeys(part.function for part in self.first_order))

    @property
    def program(self) -> str:
        """What its artefact is told apart by: its function; of higher order the artefact says."""
        return "" if self.parts else self.function

    @property
    def replacement(self) -> str:
        """The settings as ``name=value`` pairs joined by commas; of each part."""
        if self.parts:
            return " + ".join(part.replacement or "-" for part in self.parts)
        return ",".join(f"{name}={value}" for name, value in sorted(self.settings.items()))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; those of first order have no parts."""
        plain = dataclasses.asdict(self)
        parts = [part.to_dict() for part in self.parts]
        return {key: value for key, value in plain.items() if key != "parts"} | (
            {"parts": parts} if parts else {}
        )

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> Mutant:
        """The inverse of ``to_dict``."""
        parts = tuple(cls.from_dict(part) for part in row.get("parts", ()))
        return cls(**row | {"layers": tuple(row["layers"]), "parts": parts})


def plant(mod: Any, mutant: Mutant) -> Any:
    """The module with the mutant in it, made by the operator's TVM pass; with all of its parts.

    Args:
        mod: the module that the mutant was enumerated from; it is not changed.
        mutant: one of its mutants.

    Raises:
        UnchangedError: the result is the module that was given.
        ValueError: the place is not there, or TVM's verifier refuses the result.
    """
    if mutant.parts:
        return _plant_together(mod, mutant.parts)
    settings = {parameter_name(name): value for name, value in mutant.settings.items()}
    make = pass_of(mutant.operator)
    return _carried_out(
        lambda: make(site=mutant.site_in_function, function=mutant.function, **settings)(mod)
    )


def _plant_together(mod: Any, parts: tuple[Mutant, ...]) -> Any:
    """The module with all parts, each at its place in the module as it was given."""
    return _carried_out(
        lambda: _together(
            mod,
            [part.function for part in parts],
            [part.operator for part in parts],
            [part.path for part in parts],
            [part.settings for part in parts],
        )
    )


def _carried_out(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except ValueError as error:
        said = last_line(error)
        raise UnchangedError(said) if said.endswith(" changed nothing") else error from None


def operators_of(stage: str) -> tuple[str, ...]:
    """Ids of the operators that work at a stage, in the catalogue's order."""
    return tuple(op.id for op in catalogue() if stage in op.stages)


def operator_versions() -> dict[str, int]:
    """Version of each operator in the catalogue, by id."""
    return {op.id: op.version for op in catalogue()}
