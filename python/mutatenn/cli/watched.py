"""A campaign run while it is watched, and its summary, also of one that ends early."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mutatenn.campaign.watcher import Watcher
from mutatenn.campaign.watchers import Watchers
from mutatenn.cli.console import OUT, complain, note, say_json
from mutatenn.cli.event_stream import STDOUT, EventStream
from mutatenn.cli.gate_options import exit_if_failed
from mutatenn.cli.progress import Progress
from mutatenn.cli.verdicts import say_summary
from mutatenn.errors import BaselineError, IncompleteError, InputError
from mutatenn.exit_codes import ExitCode
from mutatenn.report.gates import failures
from mutatenn.report.record import Record
from mutatenn.report.summary import summary as summarise

RESUME = ("mutatenn-ir", "run", "--resume")
Work = Callable[[Watcher], dict[str, Any]]


class Shown:
    """What a command shows of a campaign while it runs, and in the end."""

    def __init__(
        self,
        *,
        as_json: bool,
        verbose: bool = False,
        quiet: bool = False,
        events: str | None = None,
    ) -> None:
        """Choose what.

        Args:
            as_json: the summary as JSON, not as tables.
            verbose: also say which rules of schedules did not apply.
            quiet: nothing but results and errors.
            events: where the events are written, as ``EventStream`` takes it; on standard output
                they take the summary's place.

        Raises:
            InputError: two of these do not go together.
        """
        if quiet and verbose:
            raise InputError("--quiet and --verbose ask for opposite things: give one")
        if as_json and events == STDOUT:
            raise InputError(
                "--json and --events - both write to standard output: give --events a file"
            )
        self.as_json = as_json
        self.quiet = quiet
        self._verbose = verbose
        self._events = events

    def run(self, work: Work, out: Path) -> None:
        """Do the work and show its summary.

        Args:
            work: runs the campaign; returns its summary.
            out: the campaign's folder.
        """
        with EventStream(self._events) as events:
            try:
                summary = self.watched(work, events.watcher)
            except KeyboardInterrupt:
                if not (out / "journal.sqlite").exists():
                    raise
                summary = self._of_part(out, events)
                complain(f"interrupted: {summary['pending']} mutants have no verdict")
                note(f"go on with: {shlex.join([*RESUME, str(out)])}")
                exit_if_failed(summary["gates"], ExitCode.INCOMPLETE)
            except (BaselineError, IncompleteError) as error:
                if not (out / "journal.sqlite").exists():
                    raise
                summary = self._of_part(out, events)
                if isinstance(error, IncompleteError) and failures(summary["gates"]):
                    complain(str(error))
                    exit_if_failed(summary["gates"])
                raise
            events.summary(summary)
            if self.as_json:
                say_json(summary)
            elif self._events != STDOUT:
                say_summary(summary)
            if not (self.as_json or self.quiet):
                note(f"journal, plan and reports are in {out}")
            exit_if_failed(summary["gates"])

    def watched(self, work: Work, *others: Watcher) -> dict[str, Any]:
        """Do the work while it is shown, and while others watch too."""
        # Two writers on one screen would tear a live view apart.
        plain = self._events == STDOUT and OUT.is_terminal
        with Progress(verbose=self._verbose, quiet=self.quiet, plain=plain) as progress:
            return work(Watchers(progress.watcher, *others))

    def _of_part(self, out: Path, events: EventStream) -> dict[str, Any]:
        """The summary of what there is, printed where it was asked for as JSON."""
        summary = summarise(Record.read(out))
        events.summary(summary)
        if self.as_json:
            say_json(summary)
        return summary
