"""Mutants as a bundle holds them: what became of each in the compiler, and the files of kernels."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mutatenn.campaign.compiled import Compiled
from mutatenn.campaign.verdict import Verdict
from mutatenn.device.bundle.contents import KERNELS
from mutatenn.mutation.bounds import OutOfBounds
from mutatenn.mutation.mutant import Mutant

_PLAIN = (
    *("artifact", "diff", "rejected_by", "reason", "steps", "uncounted", "rescheduled", "lowered"),
)
"""Fields of ``Compiled`` that are kept as they are; seconds would make each bundle another one."""


class KernelFiles:
    """Kernels by their names in the archive; equal ones are kept once."""

    def __init__(self) -> None:
        self.members: dict[str, bytes] = {}

    def keep(self, library: Path) -> str:
        """Keep what lies in a file; the file goes."""
        data = library.read_bytes()
        library.unlink()
        name = f"{KERNELS}{hashlib.sha256(data).hexdigest()[:32]}.json"
        self.members[name] = data
        return name


def entry(
    mutant: Mutant, compiled: Compiled, decided: Verdict | None, files: KernelFiles
) -> dict[str, Any]:
    """A mutant in a bundle.

    Args:
        mutant: the mutant.
        compiled: what became of it; its files are kept or removed.
        decided: the verdict of a mutant that need not run.
        files: takes the kernels of one that is to run.
    """
    keep = files.keep if decided is None else _removed
    plain = to_plain(compiled, keep)
    own = dict(plain["together"]) or {mutant.function: plain}
    run = decided is None
    return {
        "id": mutant.id,
        "function": mutant.function,
        "operator": mutant.operator,
        "replacement": mutant.replacement,
        "verdict": "" if decided is None else decided.verdict,
        "reason": "" if decided is None else decided.reason,
        "kernels": {name: one["kernel"] for name, one in own.items()} if run else {},
        "originals": {
            name: one["original"]["kernel"] for name, one in own.items() if run and one["original"]
        },
        "places": [[part.function, part.path] for part in mutant.first_order],
        "mutant": mutant.to_dict(),
        "compiled": plain,
    }


def to_plain(compiled: Compiled, keep: Callable[[Path], str]) -> dict[str, Any]:
    """All of what became of a task, as plain values; ``keep`` takes each file."""
    joint = {name: to_plain(one, keep) for name, one in compiled.together}
    library = compiled.library
    # The library of one of higher order is its first part's.
    alone = library is not None and not joint
    return {
        **{name: getattr(compiled, name) for name in _PLAIN},
        "built": library is not None,
        "kernel": keep(library) if alone and library is not None else "",
        "original": None if compiled.original is None else to_plain(compiled.original, keep),
        "out_of_bounds": [dataclasses.asdict(one) for one in compiled.out_of_bounds],
        "together": list(joint.items()),
    }


def from_plain(plain: Mapping[str, Any], place: Callable[[str], Path]) -> Compiled:
    """The inverse of ``to_plain``.

    Args:
        plain: what it wrote.
        place: gives a file for each kernel that was built, from its name in the archive.
    """
    joint = tuple((name, from_plain(one, place)) for name, one in plain["together"])
    library = place(plain["kernel"]) if plain["built"] and not joint else None
    return Compiled(
        **{name: plain[name] for name in _PLAIN},
        seconds=0.0,
        library=joint[0][1].library if joint else library,
        original=None if plain["original"] is None else from_plain(plain["original"], place),
        out_of_bounds=tuple(OutOfBounds(**one) for one in plain["out_of_bounds"]),
        together=joint,
    )


def _removed(library: Path) -> str:
    library.unlink()
    return ""
