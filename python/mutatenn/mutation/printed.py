"""Where the node at a path stands in the TVMScript of its function, by TVM's own printer."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

from tvm import IRModule, tirx
from tvm_ffi.access_path import AccessPath

from mutatenn.mutation.location import node_at, steps_of
from mutatenn.tvm_errors import last_line


@dataclasses.dataclass(frozen=True, order=True)
class Span:
    """Lines and columns from 1; the end is the first column that is not in it."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


class Printed:
    """A function as TVMScript, in a module of its own, as diffs have it."""

    def __init__(self, name: str, func: Any) -> None:
        """Take a function and the name that it has in its module."""
        self._name = name
        self._func = func
        self._module = IRModule({name: func})

    @functools.cached_property
    def text(self) -> str:
        """The whole text; a comment that says why where TVM cannot print the function."""
        try:
            return str(self._module.script()) + "\n"
        except RuntimeError as error:
            return f"# {self._name}: TVMScript cannot print it: {last_line(error)}\n"

    @property
    def head(self) -> Span:
        """The line on which the function begins; the first of all where there is none."""
        lines = self.text.splitlines()
        at = next((i for i, line in enumerate(lines) if f"def {self._name}(" in line), 0)
        return Span(at + 1, 1, at + 1, len(lines[at]) + 1)

    def span(self, path: str) -> Span | None:
        """The smallest printed part that holds the node at a path; ``None`` if nothing does."""
        try:
            # Of a path that leads nowhere the printer underlines how far it goes.
            node_at(self._func, path)
            underlined = self._module.script(path_to_underline=[self._access_path(path)])
        except (RuntimeError, ValueError):
            return None
        return _span(self.text.splitlines(), str(underlined).splitlines())

    def _access_path(self, path: str) -> Any:
        found = AccessPath.root().attr("functions")
        found = found.map_item(self._module.get_global_var(self._name))
        if isinstance(self._func, tirx.PrimFunc):
            found = found.attr("body")
        for field, item in steps_of(path):
            found = found.attr(field)
            found = found if item is None else found.array_item(item)
        return found


def _span(plain: list[str], underlined: list[str]) -> Span | None:
    """What lines of carets, each below the line that it is about, mark; ``None`` for nothing."""
    marks: list[tuple[int, str]] = []
    line = 0
    for text in underlined:
        if line < len(plain) and text == plain[line]:
            line += 1
        elif text.strip() and not text.strip(" ^"):
            marks.append((line, text))
        # Above all stands a note on the path; it is in no place that anybody looks at.
        elif line:
            return None
    if not marks or line != len(plain):
        return None
    (first, start), (last, end) = marks[0], marks[-1]
    return Span(first, start.index("^") + 1, last, end.rindex("^") + 2)
