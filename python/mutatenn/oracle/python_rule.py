"""An oracle that a user writes in Python: a function of golden's and the mutant's answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.errors import InputError
from mutatenn.oracle.base import Kind, Labels, RowOracle, Shapes
from mutatenn.oracle.outputs import Flags, Outputs

Rule = Callable[[list[NDArray[Any]], list[NDArray[Any]]], bool]
"""Takes golden's and the answer's outputs on one input, each of the output's own shape, read-only;
returns whether the answer is accepted."""


@dataclass(frozen=True)
class PythonRule(RowOracle):
    """Calls ``rule`` on every input whose answer changed."""

    rule: Rule
    label: str
    kill: Kind

    @property
    def name(self) -> str:
        """See `Oracle.name`."""
        return f"python:{self.label}"

    @property
    def kind(self) -> Kind:
        """See `Oracle.kind`."""
        return self.kill

    def require(self, shapes: Shapes, labels: Labels | None) -> None:
        """Every model will do, as far as can be said from outside."""

    def fails(self, golden: Outputs, answer: Outputs, labels: Labels | None) -> Flags:
        """See `RowOracle.fails`.

        Raises:
            InputError: the function raised an error, or returned something else than a bool.
        """
        rows = range(golden[0].shape[0])
        accepted = [self._accepts(_row(golden, row), _row(answer, row)) for row in rows]
        return ~np.array(accepted, np.bool_)

    def _accepts(self, golden: list[NDArray[Any]], answer: list[NDArray[Any]]) -> bool:
        try:
            said = self.rule(golden, answer)
        except Exception as error:
            raise InputError(
                f"the oracle {self.name} raised {type(error).__name__}: {error}; mend the function"
            ) from error
        if not isinstance(said, (bool, np.bool_)):
            raise InputError(
                f"the oracle {self.name} returned {said!r}; let it return True to accept an "
                "answer and False to refuse it"
            )
        return bool(said)


def callable_oracle(rule: Rule, name: str, kind: Kind = "numeric") -> PythonRule:
    """The oracle that accepts an answer when ``rule`` returns True.

    Args:
        rule: takes golden's and the answer's outputs on one input as lists of read-only arrays.
        name: what it is called in reports.
        kind: what a kill by it is called, ``label`` when it looks at classes.

    Raises:
        InputError: the name is empty, or ``rule`` cannot be called.
    """
    if not name or not name.isprintable():
        raise InputError(f"an oracle cannot be called {name!r}; give it a printable name")
    if not callable(rule):
        raise InputError(f"the oracle {name} is {rule!r}; give a function of two lists of arrays")
    return PythonRule(rule, name, kind)


def _row(outputs: Outputs, row: int) -> list[NDArray[Any]]:
    views = [array[row : row + 1].reshape(array.shape[1:]).view() for array in outputs]
    for view in views:
        view.setflags(write=False)
    return views
