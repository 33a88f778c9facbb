"""Checksums of what no kernel is handed, to find out about one that wrote there."""

from __future__ import annotations

from typing import Any

from mutatenn.device.portable.inspection import CAPACITY, Inspection


class Seals:
    """Allocations by name, each with the checksum of what it held when it was sealed."""

    def __init__(self, inspection: Inspection) -> None:
        self._inspection = inspection
        self._sealed: dict[str, tuple[Any, int]] = {}
        self._checksums: dict[str, int] = {}

    def seal(self, name: str, block: Any, nbytes: int) -> None:
        """Remember what an allocation of ``nbytes`` bytes, a multiple of 4, holds now."""
        self._sealed[name] = block, nbytes
        self._checksums |= self._taken([name])

    def broken(self) -> list[str]:
        """Names of the allocations that hold something else."""
        names = list(self._sealed)
        found: dict[str, int] = {}
        for begin in range(0, len(names), CAPACITY):
            found |= self._taken(names[begin : begin + CAPACITY])
        return [name for name in names if found[name] != self._checksums[name]]

    def _taken(self, names: list[str]) -> dict[str, int]:
        looks = {name: self._inspection.checksum(*self._sealed[name]) for name in names}
        self._inspection.read()
        return {name: self._inspection.count(look) for name, look in looks.items()}
