"""How a campaign's progress is shown: a live view on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from rich.live import Live

from mutatenn.campaign.watcher import Silent, Watcher
from mutatenn.campaign.watchers import Watchers
from mutatenn.cli.console import ERR, note
from mutatenn.cli.live_state import LiveState
from mutatenn.cli.live_view import live_view
from mutatenn.cli.plain_lines import PlainLines
from mutatenn.cli.stage import note_schedules

REFRESHES = 4
"""Of the live view, a second."""


class Notes(Silent):
    """Writes the few lines that stay on a terminal too: the target, and each of several devices."""

    def __init__(self, *, verbose: bool) -> None:
        self._verbose = verbose
        self._alone = False

    def lowered(self, target: str, notes: Mapping[str, Sequence[str]]) -> None:
        """The model is lowered for a target; ``notes`` tells what its schedules could not do."""
        note(f"target {target}")
        if self._verbose:
            note_schedules(notes)

    def opened(self, folder: Path, devices: Sequence[str], mutants: int) -> None:
        """The campaign has its folder."""
        self._alone = len(devices) == 1

    def device(self, name: str) -> None:
        """The mutants run on another device now."""
        if not self._alone:
            note(f"device {name}")


class Progress:
    """Shows what ``watcher`` is told, on standard error, from ``with`` to its end."""

    def __init__(self, *, verbose: bool = False, quiet: bool = False, plain: bool = False) -> None:
        """Choose how.

        Args:
            verbose: also say which rules of schedules did not apply.
            quiet: show nothing.
            plain: lines even on a terminal.
        """
        self.watcher: Watcher = Silent()
        self._live: Live | None = None
        self._state = LiveState(entered=self._refresh)
        if quiet:
            return
        notes = Notes(verbose=verbose)
        if plain or not ERR.is_terminal or ERR.is_dumb_terminal:
            self.watcher = Watchers(notes, PlainLines())
            return
        self.watcher = Watchers(notes, self._state)
        self._live = Live(
            get_renderable=lambda: live_view(self._state.snapshot()),
            console=ERR,
            refresh_per_second=REFRESHES,
        )

    def __enter__(self) -> Progress:
        if self._live is not None:
            self._live.start(refresh=True)
            # A process that is killed cannot show it again.
            ERR.show_cursor(True)
        return self

    def _refresh(self) -> None:
        if self._live is not None and self._live.is_started:
            self._live.refresh()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._state.ended("done")
        elif issubclass(kind, KeyboardInterrupt):
            self._state.ended("interrupted")
        else:
            self._state.ended("stopped")
        if self._live is not None:
            self._live.stop()
