"""Options that several commands share, so that they read and mean the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mutatenn.errors import InputError

ModelFile = Annotated[
    Path,
    typer.Argument(
        help="Model: .onnx, IRModule .json or .json.gz, or TVMScript .py (with --trust).",
        show_default=False,
    ),
]
Batch = Annotated[
    int | None,
    typer.Option(help="What a symbolic batch of an ONNX model becomes; 1 if not given.", min=1),
]
Trust = Annotated[bool, typer.Option("--trust", help="Execute a TVMScript .py file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print results and errors, nothing else.")]
PassName = Annotated[
    str, typer.Option("--pass", help="The operator; `mutatenn-ir operators` lists them.")
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="A parameter of the operator; may be repeated."
    ),
]
All = Annotated[
    bool, typer.Option("--all", help="List redundant replacements too; see `operators`.")
]
Stage = Annotated[
    str | None,
    typer.Option(
        help="Where mutants are planted: tensor (before scheduling) or kernel (flat code, as "
        "`mutatenn-ir run` does by default). If not given: tensor, or graph or weight for an "
        "operator that works there.",
        show_default=False,
    ),
]
Schedule = Annotated[
    str,
    typer.Option(
        help="none: kernels as fusion leaves them; default: fast ones, from a prepared graph. They "
        "have other mutants."
    ),
]
Target = Annotated[
    str | None,
    typer.Option(
        help="TVM target of kind llvm, as text or JSON, or host: this machine's CPU. If not given: "
        "host under schedules, else llvm."
    ),
]
CodeTarget = Annotated[
    str | None,
    typer.Option(
        "--target",
        help="TVM target, as text or JSON: of kind llvm, opencl or cuda, or host: this machine's "
        "CPU. If not given: host under schedules, else llvm.",
    ),
]
Parts = Annotated[
    str | None,
    typer.Option(
        "--pass",
        help="The operator; `mutatenn-ir operators` lists them. Not needed where --at holds ids.",
        show_default=False,
    ),
]
Functions = Annotated[
    list[str] | None,
    typer.Option(
        "--function",
        help="Shell pattern: only functions that fit one. May be repeated.",
        show_default=False,
    ),
]
Layers = Annotated[
    list[str] | None,
    typer.Option(
        "--layer",
        help="Shell pattern: only functions that compute a layer that fits one. May be repeated.",
        show_default=False,
    ),
]
Positions = Annotated[
    str | None,
    typer.Option(
        help="Range such as 2:5 (the end is not in it) of the mutants that are left, from 0, in "
        "the order in which a campaign takes them (functions by first launch).",
        show_default=False,
    ),
]
Verbose = Annotated[
    bool, typer.Option("--verbose", help="Also say which schedule rules did not apply, and why.")
]
At = Annotated[
    str | None,
    typer.Option(
        help="Site number, range such as 2:5 (the end is not in it), mutant id, several ids "
        "joined by + (a mutant of higher order), or `all`; the first place by launch if not given."
    ),
]


def settings(pairs: list[str] | None) -> dict[str, str]:
    """``["to=le"]`` → ``{"to": "le"}``.

    Raises:
        InputError: a pair has no ``=``, or a name comes twice.
    """
    found: dict[str, str] = {}
    for pair in pairs or []:
        name, equals, value = pair.partition("=")
        if not equals or not name or not value:
            raise InputError(f"--set {pair!r} is not NAME=VALUE")
        if name in found:
            raise InputError(f"--set {name} is given twice")
        found[name] = value
    return found
