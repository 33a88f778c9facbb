"""``mutatenn-ir inputs``: what each input of a campaign is worth, and which few are enough."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from mutatenn.cli.console import note, say, say_json, say_table
from mutatenn.cli.options import Json
from mutatenn.report.inputs import inputs_report, write_names
from mutatenn.report.record import Record

SHOWN = 20
"""Inputs in the table, unless all are asked for."""
NAMED = 5
"""Mutants that are named in a line."""
HEAD = ("rank", "input", "kills", "unique", "redundancy", "unknown", "in the set")
METHODS = {
    "exact": "no smaller set kills as many",
    "greedy": "chosen greedily: at most {greedy_factor:.2f} times the smallest, which has at least "
    "{at_least}",
    "best": "the best found in time; the smallest has at least {at_least}",
}


def inputs(
    out: Annotated[Path, typer.Argument(help="The campaign's folder.")],
    device: Annotated[
        str | None, typer.Option(help="One of its devices; the first if not given.")
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(
            help="Write the names of the smallest set there, one a line, for `run --input-list`."
        ),
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help=f"Show all inputs, not just the first {SHOWN}.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Rank a campaign's inputs and find the smallest set that kills the same mutants.

    An input kills a mutant if the oracles refuse its answer, or the run crashes or hangs on it;
    what later inputs would have done then is not known, and counted as unknown.
    """
    _, found, body = inputs_report(Record.read(out), device)
    if write is not None:
        write_names(found, write)
    if as_json:
        say_json(body)
    else:
        _say(body, everything=all_)
    if write is not None:
        note(f"{len(found.names)} names are in {write}: mutatenn-ir run ... --input-list {write}")


def _say(body: dict[str, Any], *, everything: bool) -> None:
    ranking = body["ranking"]
    shown = ranking if everything else ranking[:SHOWN]
    rows = [[str(rank), *_cells(worth)] for rank, worth in enumerate(shown, 1)]
    say_table(list(HEAD), rows, right=(HEAD[0], *HEAD[2:6]))
    if len(shown) < len(ranking):
        say(f"... and {len(ranking) - len(shown)} more: see --all or --json")
    say("")
    smallest = body["smallest_set"]
    say(
        f"smallest set: {len(smallest['inputs'])} of {body['inputs']} inputs kill the "
        f"{smallest['kills']} mutants that some input alone kills "
        f"({METHODS[smallest['method']].format(**smallest)})"
    )
    say(f"inputs that never kill: {len(body['never_kill'])}")
    left = body["killed_without_known_input"]
    if left:
        named = ", ".join(left[:NAMED]) + (", ..." if len(left) > NAMED else "")
        say(f"killed, but no input alone is known to do it: {len(left)} ({named})")
    if body["unknown_cells"]:
        say(f"unknown: {body['unknown_cells']} of {body['inputs'] * body['mutants']} cells")


def _cells(worth: dict[str, Any]) -> list[str]:
    redundancy = worth["redundancy"]
    return [
        worth["name"],
        str(worth["kills"]),
        str(worth["unique"]),
        "-" if redundancy is None else f"{redundancy:.2f}",
        str(worth["unknown"]),
        "yes" if worth["chosen"] else "",
    ]
