"""The view of a running campaign on a terminal: what it has done, does, and how long it takes."""

from __future__ import annotations

import datetime

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from mutatenn.cli.console import VERDICT_STYLES
from mutatenn.cli.live_state import Snapshot, Work

RUNNERS = 8
"""Runners that have a line of their own."""
FIRST = ("killed", "survived")
"""Verdicts that are always told, and first."""


def live_view(state: Snapshot) -> RenderableType:
    """The whole view; of a campaign that has ended, what is worth keeping of it."""
    parts: list[RenderableType] = [_head(state)]
    if state.total is not None and not state.end:
        parts.append(_bar(state))
    if state.counts:
        parts.append(_counts(state))
    if not state.end:
        parts += [_workers(state)] if state.compiler or state.runners else []
        parts += [_last(state)] if state.last else []
    return Group(*parts)


def verdict_name(kind: str) -> str:
    """A verdict as it is written for people."""
    return kind.replace("_", " ")


def duration(seconds: float) -> str:
    """A time as ``h:mm:ss``."""
    return str(datetime.timedelta(seconds=round(seconds)))


def _head(state: Snapshot) -> Text:
    text = Text(state.end or state.phase or "starting", style="bold", overflow="ellipsis")
    text.no_wrap = True
    if state.device:
        of = f" ({state.device_index} of {state.devices})" if state.devices > 1 else ""
        text.append(f" on {state.device}{of}", style="not bold")
    if state.end and state.total is not None:
        text.append(f", {state.done}/{state.total}", style="not bold")
    text.append(f", {duration(state.seconds)}", style="not bold dim")
    return text


def _bar(state: Snapshot) -> Table:
    row = Table.grid(padding=(0, 1))
    left = "" if state.left is None or state.done == state.total else f"{duration(state.left)} left"
    row.add_row(
        ProgressBar(total=max(state.total or 0, 1), completed=state.done, width=30),
        f"{state.done}/{state.total}",
        f"{state.rate:.2f}/s",
        left,
    )
    return row


def _counts(state: Snapshot) -> Text:
    text = Text()
    rest = sorted(kind for kind in state.counts if kind not in FIRST)
    for kind in (*FIRST, *rest):
        told = f"{verdict_name(kind)} {state.counts.get(kind, 0)}"
        text.append(("  " if text else "") + told, style=VERDICT_STYLES.get(kind, ""))
    return text


def _workers(state: Snapshot) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis")
    table.add_column(no_wrap=True, justify="right")
    # An idle compiler keeps its line: lines that come and go are hard to read.
    table.add_row("compiler", state.compiler.told if state.compiler else "idle", "")
    for index, work in sorted(state.runners.items())[:RUNNERS]:
        table.add_row(f"runner {index}", work.told if work else "idle", _lasts(work, state.now))
    if len(state.runners) > RUNNERS:
        busy = sum(work is not None for work in state.runners.values())
        table.add_row("", f"{busy} of {len(state.runners)} runners are busy", "")
    return table


def _lasts(work: Work | None, now: float) -> str:
    return "" if work is None or work.since is None else f"{now - work.since:.0f} s"


def _last(state: Snapshot) -> Text:
    text = Text("last:", style="dim", overflow="ellipsis")
    text.no_wrap = True
    for mutant, kind, told in state.last:
        text.append(f"\n  {mutant} ", style="not dim")
        text.append(told, style=f"not dim {VERDICT_STYLES.get(kind, '')}".strip())
    return text
