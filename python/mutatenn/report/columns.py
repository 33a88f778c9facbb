"""The columns of the table of rows: one list for CSV, Parquet and their documentation."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Literal

from mutatenn.oracle.columns import CLASS_COLUMNS, VALUE_COLUMNS

Type = Literal["string", "bool", "int64", "uint64", "float64"]
FAILED = "failed:"
"""Begins the name of an oracle's own column."""


@dataclasses.dataclass(frozen=True)
class Column:
    """A column: its name, the type of its values, and what they say."""

    name: str
    type: Type
    meaning: str


OF_MUTANT = (
    Column("mutant", "string", "the mutant's id, a content hash"),
    Column(
        "operator",
        "string",
        "the operator's id; of higher order, those of the parts joined by `+`",
    ),
    Column("stage", "string", "tensor, kernel, graph or weight"),
    Column("lowering", "string", "the family of targets of a mutant of stage kernel; else empty"),
    Column("function", "string", "the function that is mutated"),
    Column("layers", "string", "the model's layers that the function computes, joined by `;`"),
    Column("replacement", "string", "the operator's settings, `name=value` joined by commas"),
    Column("order", "int64", "how many first-order mutants are planted together"),
    Column("semantics_preserving", "bool", "whether it is to compute what the original does"),
)
OF_VERDICT = (
    Column("device", "string", "where it ran"),
    Column(
        "verdict",
        "string",
        "killed, survived, not_reached, invalid, equivalent, duplicate or inconclusive",
    ),
    Column(
        "kill", "string", "how it was killed: label, numeric, nan, crash, hang, shape; else empty"
    ),
    Column(
        "reach", "string", "masked, infected, propagated or revealed; empty without a whole run"
    ),
    Column("how_far", "string", "the same in words, for mutants that count"),
    Column("reason", "string", "why, in a sentence"),
    Column("marks", "string", "what else was seen, joined by `;`"),
    Column("seconds_compile", "float64", "seconds that making the mutant took"),
    Column("seconds_run", "float64", "seconds that running it on all inputs took"),
)
OF_INPUT = (
    Column("input", "int64", "number of the input, from 0; empty for a mutant that no input ran"),
    Column("input_name", "string", "the input's name: its file, or its name in the archive"),
    Column("label", "int64", "the input's class as labelled"),
    Column(
        "failed",
        "bool",
        "whether this input alone kills: an oracle refuses the answer, or the run ends there",
    ),
    Column("golden_top1", "int64", "the original's first class on the device; -1 with a NaN"),
    Column("mutant_top1", "int64", "the mutant's first class, likewise"),
)
OF_ORACLE = Column(
    f"{FAILED}ORACLE",
    "bool",
    "a column for each oracle: whether it refuses the answer on this input; empty where several "
    "killed the mutant and it is not known which refused this input, and for rules on whole sets",
)
_TYPES: dict[str, Type] = {"?": "bool", "<f8": "float64", "<u8": "uint64", "<u4": "uint64"}
OF_ANSWER = (
    *(Column(one.name, _TYPES[one.dtype], one.meaning) for one in CLASS_COLUMNS),
    *(
        Column(one.name, _TYPES[one.dtype], f"{one.meaning}, the worst of the outputs")
        for one in VALUE_COLUMNS
    ),
)
"""Of the mutant's answer against golden's; the meanings are the evidence's own."""


def columns(oracles: Sequence[str]) -> tuple[Column, ...]:
    """All columns of a campaign's table, in their order."""
    own = [Column(FAILED + name, "bool", f"whether {name} refuses the answer") for name in oracles]
    return (*OF_MUTANT, *OF_VERDICT, *OF_INPUT, *own, *OF_ANSWER)


def documented() -> tuple[Column, ...]:
    """The columns of any campaign, for the documentation."""
    return (*OF_MUTANT, *OF_VERDICT, *OF_INPUT, OF_ORACLE, *OF_ANSWER)
