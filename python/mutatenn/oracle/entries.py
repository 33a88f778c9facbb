"""The oracles there are: their names, parameters and meaning, in the one place that lists them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mutatenn.errors import InputError
from mutatenn.oracle.accuracy_oracle import Accuracy
from mutatenn.oracle.base import Oracle
from mutatenn.oracle.class_oracles import Rank, Top1, TopK
from mutatenn.oracle.label_oracle import Label
from mutatenn.oracle.parameters import Parameter, choice, number, whole
from mutatenn.oracle.rank_metrics import PERSISTENCE
from mutatenn.oracle.value_oracles import AllClose, Exact, Ulp

Values = dict[str, Any]
"""Value of each parameter by name; those left out that have no default are missing."""


@dataclass(frozen=True)
class Entry:
    """One oracle: ``usage`` is how it is written, ``meaning`` one sentence on what it accepts."""

    name: str
    usage: str
    meaning: str
    parameters: tuple[Parameter, ...]
    make: Callable[[Values], Oracle]


def catalogue() -> tuple[Entry, ...]:
    """Every oracle that can be named, the strictest first."""
    output = whole("output", 0)
    return (
        Entry("exact", "exact", "every bit of every output is golden's", (), lambda _: Exact()),
        Entry(
            "allclose",
            "allclose[:rtol=1e-5,atol=1e-8]",
            "|a - g| <= atol + rtol * |g| for every element of every output",
            (_tolerance("rtol", "1e-5"), _tolerance("atol", "1e-8")),
            lambda values: AllClose(float(values["rtol"]), float(values["atol"])),
        ),
        Entry(
            "ulp",
            "ulp:max=4",
            "no element is more than max representable values away from golden's",
            (whole("max", 0),),
            _ulp,
        ),
        Entry(
            "top1",
            "top1",
            "the first class is golden's",
            (output,),
            lambda values: Top1(output=values.get("output")),
        ),
        Entry(
            "topk",
            "topk[:k=5,ordered=false]",
            "the k first classes are golden's, as a set or in order",
            (
                whole("k", 1, "5"),
                choice("ordered", {"false": False, "true": True}, "false"),
                output,
            ),
            lambda values: TopK(values["k"], values["ordered"], output=values.get("output")),
        ),
        Entry(
            "rank",
            "rank[:min=0.9,measure=rbo,p=0.9]",
            "the order of all classes is like golden's, by rank-biased overlap or Kendall's tau",
            (
                number("min", "a number from -1 to 1", lambda value: -1 <= value <= 1, "0.9"),
                choice("measure", {"rbo": "rbo", "kendall": "kendall"}, "rbo"),
                number("p", "a number from 0.01 to 0.99", _is_persistence),
                output,
            ),
            _rank,
        ),
        Entry(
            "label",
            "label",
            "the first class is the label, on inputs where golden's is",
            (output,),
            lambda values: Label(output=values.get("output")),
        ),
        Entry(
            "accuracy",
            "accuracy:min=0.93 or accuracy:drop=0.01",
            "so many inputs of the set are right, at least or compared to golden",
            (
                number("min", "a number above 0, up to 1", lambda value: 0 < value <= 1),
                number("drop", "a number from 0, below 1", lambda value: 0 <= value < 1),
                output,
            ),
            _accuracy,
        ),
    )


def _tolerance(name: str, default: str) -> Parameter:
    takes = "a number from 0 to 1e100"
    return number(name, takes, lambda value: 0 <= value <= Decimal("1e100"), default)


def _is_persistence(value: Decimal) -> bool:
    return Decimal("0.01") <= value <= Decimal("0.99")


def _ulp(values: Values) -> Oracle:
    if "max" not in values:
        raise InputError("the oracle ulp needs its max, as in ulp:max=4")
    return Ulp(values["max"])


def _rank(values: Values) -> Oracle:
    least, measure = float(values["min"]), values["measure"]
    output = values.get("output")
    if measure == "kendall":
        if "p" in values:
            raise InputError("the oracle rank takes p with measure=rbo only; leave p out")
        return Rank(least, "kendall", None, output=output)
    if least < 0:
        raise InputError(f"the oracle rank has min={least!r} and RBO is never below 0; give 0 to 1")
    return Rank(least, "rbo", float(values.get("p", PERSISTENCE)), output=output)


def _accuracy(values: Values) -> Oracle:
    output = values.get("output")
    if "min" in values and "drop" not in values:
        return Accuracy("min", values["min"], output=output)
    if "drop" in values and "min" not in values:
        return Accuracy("drop", values["drop"], output=output)
    raise InputError(
        "the oracle accuracy takes either min or drop, as in accuracy:min=0.93 or "
        "accuracy:drop=0.01; for both give two oracles"
    )
