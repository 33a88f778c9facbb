"""Files of the original's code, and where in them each mutant stands."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from mutatenn.campaign.code import read_code
from mutatenn.campaign.folder import Folder
from mutatenn.campaign.manifest import Manifest
from mutatenn.mutation.mutant import Mutant
from mutatenn.mutation.printed import Printed, Span
from mutatenn.report.change import Change, change
from mutatenn.report.patched import patched
from mutatenn.report.record import Record

FOLDER = "kernels"
_UNFIT = re.compile(r"[^A-Za-z0-9_]")


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a mutant stands; of one of higher order, its first part.

    Attributes:
        file: the path of the file, below a report's folder.
        span: the smallest printed part that holds the mutated node; where that is not known, the
            first line of the function.
        known: whether it is.
    """

    file: str
    span: Span
    known: bool


class Places:
    """Finds the places of a campaign's mutants; each is looked up once."""

    def __init__(self, manifest: Manifest, modules: Mapping[str, Any]) -> None:
        """Take the mutants, and the modules that they are planted in, by lowering."""
        self._modules = modules
        self._lowering: dict[str, str] = {}
        if len(modules) > 1:
            for name in modules:
                device = manifest.facts["lowerings"][name]["devices"][0]
                self._lowering |= {mutant.id: name for mutant in manifest.of(device)}
        self._printed: dict[str, Printed] = {}
        self._spans: dict[tuple[str, str], Span | None] = {}

    @classmethod
    def read(cls, record: Record) -> Places:
        """Read the code from a campaign's folder.

        Raises:
            InputError: the file of that name there holds something else.
        """
        return cls(record.manifest, read_code(Folder(record.folder).code))

    def file(self, mutant: Mutant) -> str:
        """The file of the function that a mutant is planted in."""
        lowering = self._lowering.get(mutant.id, "")
        parts = (FOLDER, lowering, f"{_file_name(mutant.function)}.py")
        return "/".join(part for part in parts if part)

    def text(self, mutant: Mutant) -> str:
        """The whole text of that file."""
        function = self._function(mutant)
        if function is None:
            return f"# {mutant.function}: the campaign's folder does not hold its code\n"
        return function.text

    def of(self, mutant: Mutant) -> Place:
        """Where a mutant stands."""
        file, function = self.file(mutant), self._function(mutant)
        if function is None:
            return Place(file, Span(1, 1, 1, 2), known=False)
        path = mutant.first_order[0].path
        key = (file, path)
        if key not in self._spans:
            self._spans[key] = function.span(path)
        span = self._spans[key]
        return Place(file, span or function.head, known=span is not None)

    def change(self, mutant: Mutant, diff: str) -> Change | None:
        """What the mutation replaces, and by what; ``None`` where that cannot be told.

        Args:
            mutant: any.
            diff: what the journal keeps of it.
        """
        place, original = self.of(mutant), self.text(mutant)
        mutated = patched(original, diff) if place.known and not mutant.parts else None
        if mutated is None or mutated == original:
            return None
        return change(original, mutated, place.span)

    def _function(self, mutant: Mutant) -> Printed | None:
        file = self.file(mutant)
        if file not in self._printed:
            lowering = self._lowering.get(mutant.id, next(iter(self._modules), ""))
            names = {} if not self._modules else self._functions(lowering)
            if mutant.function not in names:
                return None
            self._printed[file] = Printed(mutant.function, names[mutant.function])
        return self._printed[file]

    def _functions(self, lowering: str) -> dict[str, Any]:
        module = self._modules[lowering]
        return {str(var.name_hint): func for var, func in module.functions.items()}


def _file_name(function: str) -> str:
    """A function's name, changed where it cannot be a file's; two never share one."""
    plain = _UNFIT.sub("_", function)
    if plain == function:
        return plain
    return f"{plain}-{hashlib.sha256(function.encode()).hexdigest()[:8]}"
