"""Rows on several devices: the share of images whose top class depends on the device."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mutatenn.campaign.icst2025.study import RowResult


@dataclasses.dataclass(frozen=True)
class Across:
    """A row on all devices.

    ``endings`` says by device how its mutant ended, or the row's status where none was run.
    ``differing`` counts the images to which not all devices give the same top class (a NaN among
    the scores is a class of its own); ``None`` where fewer than two devices answered.
    ``uninitialised`` says whether some device read memory that nothing had written.
    """

    row: int
    title: str
    category: str
    endings: Mapping[str, str]
    images: int
    differing: int | None
    uninitialised: bool

    @property
    def share(self) -> float | None:
        """Share of images whose top class depends on the device."""
        return None if self.differing is None else self.differing / self.images

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {**dataclasses.asdict(self), "share": self.share}


def across(results: Mapping[str, Sequence[RowResult]]) -> list[Across]:
    """Compare the devices, row by row.

    Args:
        results: by device, the rows of one model; the same rows for each.
    """
    found = []
    for rows in zip(*results.values(), strict=True):
        by_device = dict(zip(results, rows, strict=True))
        outcomes = {name: row.outcome for name, row in by_device.items() if row.outcome is not None}
        answers = [each.top1 for each in outcomes.values() if each.top1]
        differing = None
        if len(answers) > 1:
            table = np.asarray(answers)
            differing = int((table != table[0]).any(axis=0).sum())
        found.append(
            Across(
                rows[0].row,
                rows[0].title,
                rows[0].category,
                {
                    name: outcomes[name].ending if name in outcomes else row.status
                    for name, row in by_device.items()
                },
                max((len(each) for each in answers), default=0),
                differing,
                any(each.reads_uninitialised for each in outcomes.values()),
            )
        )
    return found
