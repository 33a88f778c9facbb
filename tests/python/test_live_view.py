"""What a running campaign shows on a terminal, and what elsewhere."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from campaign_fixtures import SEED, Cli, cli, digits  # noqa: F401
from mutatenn.campaign.verdict import Verdict
from mutatenn.campaign.watcher import Phase
from mutatenn.cli.live_state import LiveState
from mutatenn.cli.live_view import live_view
from mutatenn.cli.plain_lines import PlainLines
from mutatenn.demo import model_path
from mutatenn.exit_codes import ExitCode
from report_fixtures import mutant
from terminal_fixtures import terminal


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def drawn(state: LiveState, width: int = 80) -> list[str]:
    page = io.StringIO()
    Console(file=page, width=width, force_terminal=False).print(live_view(state.snapshot()))
    return [line.rstrip() for line in page.getvalue().splitlines()]


def busy(clock: Clock) -> LiveState:
    """Two of five mutants on the second of two devices are done after ten seconds."""
    state = LiveState(clock)
    state.phase(Phase.LOWERING)
    state.opened(Path("out"), ("llvm", "c"), 100)
    state.device("llvm")
    state.device("c")
    state.begin(5)
    state.compiling("conv2d", "swap-cmp-next")
    state.running(0, "swap-cmp-slow")
    clock.now += 10
    state.done(mutant("a"), Verdict("killed", "label"))
    state.done(mutant("b"), Verdict("not_reached"))
    state.running(1, "")
    return state


def test_the_view_tells_phase_device_counts_rate_and_time_left() -> None:
    first, bar, counts, *_ = drawn(busy(Clock()))
    assert first == "mutants on c (2 of 2), 0:00:10"
    assert bar.split()[-4:] == ["2/5", "0.20/s", "0:00:15", "left"]
    assert counts == "killed 1  survived 0  not reached 1"


def test_the_view_tells_what_each_worker_does_and_for_how_long() -> None:
    clock = Clock()
    state = busy(clock)
    clock.now += 7
    told = [line.split() for line in drawn(state)]
    assert ["compiler", "swap-cmp-next", "in", "conv2d"] in told
    assert ["runner", "0", "swap-cmp-slow", "17", "s"] in told
    assert ["runner", "1", "idle"] in told


def test_the_last_verdicts_stand_below_the_newest_first() -> None:
    lines = drawn(busy(Clock()))
    at = lines.index("last:")
    assert [line.strip() for line in lines[at + 1 :]] == [
        "swap-cmp-b not reached",
        "swap-cmp-a killed (label)",
    ]


def test_every_phase_is_told_as_it_begins() -> None:
    told: list[str] = []
    state = LiveState(entered=lambda: told.append(drawn(state)[0].split(",")[0]))
    state.opened(Path("out"), ("llvm",), 3)
    state.phase(Phase.LOWERING)
    state.device("llvm")
    state.phase(Phase.GOLDEN)
    state.begin(3)
    assert told == [
        "reading and lowering the model",
        "golden runs on llvm",
        "mutants on llvm",
    ]


def test_of_many_runners_only_some_have_a_line() -> None:
    state = busy(Clock())
    for runner in range(40):
        state.running(runner, "swap-cmp-x")
    lines = drawn(state)
    assert sum(line.startswith("runner ") for line in lines) == 8
    assert any("40 of 40 runners are busy" in line for line in lines)


@pytest.mark.parametrize("width", [20, 40, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, drawn(busy(Clock()), width))) <= width


def test_what_stays_of_an_interrupted_campaign_says_so() -> None:
    state = busy(Clock())
    state.ended("interrupted")
    assert drawn(state) == [
        "interrupted on c (2 of 2), 2/5, 0:00:10",
        "killed 1  survived 0  not reached 1",
    ]


def test_plain_lines_come_at_intervals_and_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    lines = PlainLines(clock)
    lines.device("llvm")
    lines.begin(30)
    for _ in range(30):
        clock.now += 1
        lines.done(mutant("a"), Verdict("killed", "label"))
    told = [line.split(",")[0] for line in capsys.readouterr().err.splitlines()]
    assert told == ["11/30 mutants", "22/30 mutants", "30/30 mutants"]


def command(digits: Path, out: Path, *more: object) -> list[object]:  # noqa: F811
    chosen = ["--stage", "tensor", "--schedule", "none", "--seed", SEED, *more]
    return ["run", model_path(), "--inputs", digits, "--out", out, *chosen]


def test_a_terminal_shows_the_live_view_and_keeps_its_end(tmp_path: Path, digits: Path) -> None:  # noqa: F811
    with terminal(command(digits, tmp_path / "out", "--sample", 3)) as screen:
        assert screen.end() == ExitCode.OK, screen.text
        for told in ("golden runs on llvm", "runner 0", "compiler ", "3/3", "last:"):
            assert told in screen.text, told
        assert "done on llvm, 3/3, " in screen.text
        assert screen.text.rindex("mutation score: ") > screen.text.rindex("done on llvm")
        assert screen.cursor_visible
        assert screen.settings_kept


def test_ctrl_c_on_the_terminal_ends_in_order(tmp_path: Path, digits: Path) -> None:  # noqa: F811
    with terminal(command(digits, tmp_path / "out", "--sample", 60)) as screen:
        # Several may be killed between two pictures.
        assert screen.wait_for(lambda text: bool(re.search(r"killed [1-9]", text))), screen.text
        screen.type(b"\x03")
        assert screen.end() == ExitCode.INCOMPLETE, screen.text
        assert "interrupted on llvm, " in screen.text
        assert "mutants have no verdict" in screen.text
        assert f"go on with: mutatenn-ir run --resume {tmp_path / 'out'}" in screen.text
        assert "Traceback" not in screen.text
        assert screen.cursor_visible
        assert screen.settings_kept


def test_a_terminal_that_cannot_move_its_cursor_gets_plain_lines(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    with terminal(command(digits, tmp_path / "out", "--sample", 2), TERM="dumb") as screen:
        assert screen.end() == ExitCode.OK, screen.text
    assert "golden runs ..." in screen.text
    assert b"\x1b[2K" not in screen.seen


def test_quiet_leaves_results_alone(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    answer = cli(*command(digits, tmp_path / "out", "--sample", 2, "--quiet"))
    assert (answer.code, answer.err) == (ExitCode.OK, "")
    assert answer.out.splitlines()[-1].startswith("mutation score: ")


def test_quiet_keeps_errors(cli: Cli, tmp_path: Path, digits: Path) -> None:  # noqa: F811
    answer = cli(*command(digits, tmp_path / "out", "--quiet", "--operators", "no-such"))
    assert answer.code == ExitCode.USAGE
    assert answer.err.startswith("mutatenn-ir: ")
