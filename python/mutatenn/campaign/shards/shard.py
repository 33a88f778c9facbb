"""A shard: which part of a campaign runs here, as ``k/n`` counted from zero."""

from __future__ import annotations

import dataclasses
import re

from mutatenn.errors import InputError

MOST = 10_000
"""Parts of one campaign."""


@dataclasses.dataclass(frozen=True)
class Shard:
    """Part ``index`` of ``of``, counted from zero."""

    index: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read ``k/n``.

        Raises:
            InputError: it is not of that form, or there is no such part.
        """
        found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip())
        if found is None:
            raise InputError(f"{text!r} is no shard; give k/n, such as 0/4 for the first of four")
        index, of = int(found[1]), int(found[2])
        if not 1 <= of <= MOST:
            raise InputError(f"a campaign has 1 to {MOST} shards, not {of}")
        if index >= of:
            raise InputError(
                f"there is no shard {index}/{of}: shards are counted from 0, the last is "
                f"{of - 1}/{of}"
            )
        return cls(index, of)

    def __str__(self) -> str:
        return f"{self.index}/{self.of}"
