"""Operators from outside: what a plug-in offers under the entry point group ``mutatenn.operators``.

An entry point is an ``Operator``, a ``NativeLibrary``, or a list or tuple of them::

    [project.entry-points."mutatenn.operators"]
    saturate = "my_package:SATURATE"
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

__all__ = ["Context", "NativeLibrary", "Operator", "Parameter", "Replacement", "include_dir"]


@dataclasses.dataclass(frozen=True)
class Context:
    """Where a node stands; of a site that is looked at, and what the user set.

    ``path`` leads to it, as ``Mutant.path``; ``parent`` is the node above, ``None`` at the root;
    ``ancestors`` are all nodes above, the root first. ``settings`` holds the parameters that the
    user gave a value, spelled as ``Parameter`` says; empty while places are counted.
    """

    path: str
    parent: Any
    ancestors: tuple[Any, ...]
    settings: Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Replacement:
    """A node that can take a site's place, and the settings that tell it from the others there.

    ``node`` is a statement for a statement, and an expression of the same type for an expression;
    in a graph any expression. ``settings`` are values of the operator's parameters, and together
    with the place all that the mutant's id is made from: the same settings must give the same node.
    A ``semantics_preserving`` one computes what the original does, and is in no score.
    """

    node: Any
    settings: Mapping[str, str] = dataclasses.field(default_factory=dict)
    semantics_preserving: bool = False


@dataclasses.dataclass(frozen=True)
class Parameter:
    """A parameter of an operator.

    ``choices`` are the values of a choice; of an integer or a number, those offered where it is
    left out, between ``least`` and ``most`` (``None``: no bound).
    """

    name: str
    summary: str
    choices: tuple[str, ...] = ()
    when_absent: str = "any of them"
    form: Literal["choice", "integer", "number"] = "choice"
    least: float | None = None
    most: float | None = None


Replacements = Callable[[Any, Context], Iterable[Replacement]]
"""What can take a node's place, the operator's first choice first; nothing: it is no site."""


@dataclasses.dataclass(frozen=True)
class Operator:
    """An operator in Python.

    ``nodes`` are the classes of the nodes that it is asked about, such as ``tvm.tirx.For``, or
    their type keys. ``stages`` are ``tensor`` and ``kernel`` for the code of kernels, ``graph`` for
    the calls of a model, ``weight`` for its constants. ``version`` is raised whenever the same
    settings begin to mean another mutant. ``replacements`` is called once for each node in every
    process of a campaign, and must give the same each time.
    """

    id: str
    summary: str
    fault_model: str
    source: str
    stages: tuple[str, ...]
    nodes: tuple[Any, ...]
    replacements: Replacements
    version: int = 1
    category: str = "plug-in"
    parameters: tuple[Parameter, ...] = ()
    suppressions: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class NativeLibrary:
    """A shared library that was built against ``mutatenn/operator.h``, with operators in C++."""

    path: Path


def include_dir() -> Path:
    """The folder to compile native plug-ins against: ``#include <mutatenn/operator.h>``."""
    return Path(__file__).parent / "include"
