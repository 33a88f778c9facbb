"""The mutated text of a function: its original with the diff applied that the journal keeps."""

from __future__ import annotations

import re

_HUNK = re.compile(r"@@ -(?P<first>\d+)(?:,(?P<count>\d+))? \+\d+(?:,\d+)? @@")


def patched(original: str, diff: str) -> str | None:
    """The text that a unified diff makes of another; ``None`` where it does not fit that.

    Args:
        original: lines, the last one ended too.
        diff: of one file; lines after its last hunk that belong to none are not looked at.
    """
    old, new, at = original.splitlines(), [], 0
    lines = iter(diff.splitlines())
    hunks = 0
    left = 0  # lines of the original that the hunk still stands for
    for line in lines:
        head = _HUNK.match(line)
        if head is not None:
            hunks += 1
            count = int(head["count"] or 1)
            # A hunk without any old line stands after the line that it names.
            first = int(head["first"]) - (1 if count else 0)
            if left or first < at:
                return None
            new += old[at:first]
            at, left = first, count
        elif hunks and line.startswith("+"):
            new.append(line[1:])
        elif hunks and left and line[:1] in (" ", "-", ""):
            if at >= len(old) or old[at] != line[1:]:
                return None
            if line.startswith(" "):
                new.append(line[1:])
            at, left = at + 1, left - 1
        elif hunks and left:
            return None
    if not hunks or left:
        return None
    return "".join(f"{line}\n" for line in [*new, *old[at:]])
