"""The gates as options of commands that take no other options of a campaign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mutatenn.campaign.configuration import properties
from mutatenn.cli.console import complain
from mutatenn.exit_codes import ExitCode
from mutatenn.report.gates import failures


def _described(key: str) -> str:
    text: str = properties()[key]["description"]
    return text


MinScore = Annotated[float | None, typer.Option(help=_described("min-score"), min=0, max=1)]
MaxSurvivors = Annotated[int | None, typer.Option(help=_described("max-survivors"), min=0)]
NewSurvivors = Annotated[Path | None, typer.Option(help=_described("fail-on-new-survivors"))]


def exit_if_failed(results: list[dict[str, object]], otherwise: int = ExitCode.OK) -> None:
    """Say which gates failed and end with their exit code; else go on, or end with another.

    Raises:
        typer.Exit: a gate failed, or ``otherwise`` is no success.
    """
    sentences = failures(results)
    for sentence in sentences:
        complain(sentence)
    status = ExitCode.GATE_FAILED if sentences else otherwise
    if status != ExitCode.OK:
        raise typer.Exit(status)
