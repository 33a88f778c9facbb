"""Mutants of higher order in the compile worker: each kernel that they change, by itself."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from mutatenn.campaign.compiled import LOWERED, PROOF, Compiled
from mutatenn.mutation.diff import kernel_diff
from mutatenn.mutation.mutant import Mutant

SAME = (PROOF, LOWERED)
"""Who rejects a kernel that computes what the original does: that one need not be replaced."""


def compile_together(
    mutant: Mutant,
    module: Any,
    planted: Any,
    compile_one: Callable[[str, Any, tuple[Mutant, ...]], Compiled],
) -> Compiled:
    """What became of a mutant that changes several kernels, or one in several places.

    A kernel that is proved to be its original is left out; where all are, the mutant is
    equivalent. A kernel that is refused refuses the mutant.

    Args:
        mutant: one of higher order.
        module: the module that it is planted in.
        planted: the module with all parts in it.
        compile_one: compiles a kernel, given its name, its PrimFunc and its parts.
    """
    parts = {
        name: tuple(part for part in mutant.parts if part.function == name)
        for name in mutant.functions
    }
    diff = "\n".join(kernel_diff(module[name], planted[name], name) for name in parts)
    made: dict[str, Compiled] = {}
    same: dict[str, Compiled] = {}
    for name, own in parts.items():
        one = compile_one(name, planted[name], own)
        if one.library is not None:
            made[name] = one
        elif one.rejected_by in SAME:
            same[name] = one
        else:
            for other in made.values():
                other.remove_libraries()
            return dataclasses.replace(one, diff=diff, reason=f"{name}: {one.reason}")
    if not made:
        reason = "; ".join(f"{name}: {one.reason}" for name, one in same.items())
        return Compiled(None, "", diff, 0.0, LOWERED, reason)
    return joined(made, diff)


def joined(made: Mapping[str, Compiled], diff: str) -> Compiled:
    """Several compiled kernels as one mutant's; its artefact names each with its own."""
    lines = [f"{name} {one.artifact}" for name, one in sorted(made.items())]
    ways = [f"{name}: {one.rescheduled}" for name, one in made.items() if one.rescheduled]
    return Compiled(
        next(iter(made.values())).library,
        hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        diff,
        0.0,
        out_of_bounds=tuple(beyond for one in made.values() for beyond in one.out_of_bounds),
        rescheduled="; ".join(ways),
        together=tuple(made.items()),
    )
