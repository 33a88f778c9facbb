"""The score's interval, by simulation: how often that of a sample holds the score of all."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from campaign_fixtures import Finished, digits, finished  # noqa: F401
from mutatenn.analysis.interval_coverage import corrected, coverage, plain
from mutatenn.analysis.score import wilson_interval
from mutatenn.exit_codes import ExitCode

SCRIPT = Path(__file__).parents[2] / "scripts" / "interval_coverage.py"


def population(size: int, killed: float, inconclusive: float = 0.02) -> dict[str, str]:
    """Mutants with verdicts in these shares; a third of the rest are not reached."""
    cuts = [round(size * killed), round(size * (1 - inconclusive))]
    found = {}
    for index in range(size):
        other = "not_reached" if index % 3 == 0 else "survived"
        verdict = "killed" if index < cuts[0] else other if index < cuts[1] else "inconclusive"
        found[f"mutant-{index:05}"] = verdict
    return found


@pytest.mark.parametrize("killed", [0.5, 0.77, 0.9])
def test_intervals_at_95_percent_hold_the_score_of_all_in_93_of_100_samples(killed: float) -> None:
    sizes = [40, 100, 250, 450]
    found = coverage(population(500, killed), sizes, plain, draws=2_000)
    assert [one.size for one in found] == sizes
    assert all(one.held >= 0.93 for one in found), found


def test_the_corrected_interval_is_narrower_and_holds_nearly_as_often() -> None:
    verdicts, sizes = population(500, 0.77), [40, 250, 450]
    wide = coverage(verdicts, sizes, plain, draws=1_000)
    narrow = coverage(verdicts, sizes, corrected, draws=1_000)
    assert all(one.width < other.width for one, other in zip(narrow, wide, strict=True))
    assert all(0.92 <= one.held <= other.held for one, other in zip(narrow, wide, strict=True))
    # A large share of all says more than so many of endlessly many: the plain one is cautious.
    assert wide[-1].held > 0.99 and narrow[-1].width < wide[-1].width / 2


def test_an_interval_that_is_too_narrow_is_found_out() -> None:
    def half(killed: int, counted: int, population: int) -> tuple[float, float]:
        return wilson_interval(killed, counted, 0.98)

    (found,) = coverage(population(500, 0.77), [100], half, draws=500)
    assert found.held < 0.8


def test_of_all_mutants_the_corrected_interval_is_the_score() -> None:
    assert corrected(30, 40, 40) == (0.75, 0.75)
    low, high = corrected(30, 40, 10**9)
    assert (low, high) == pytest.approx(wilson_interval(30, 40), abs=1e-6)


def test_sizes_beyond_the_population_are_refused() -> None:
    with pytest.raises(ValueError, match="of 10 mutants"):
        coverage(population(10, 0.5), [11], plain, draws=1)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("interval_coverage_script", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_prints_the_shares_of_a_campaign(
    script: ModuleType,
    finished: Finished,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = str(finished.folder)
    assert script.main([folder, "--draws", "50", "--sizes", "2", "5", "--json"]) == ExitCode.OK
    body = json.loads(capsys.readouterr().out)
    assert body["score"] == finished.summary["score"] and body["draws"] == 50
    assert [row["size"] for row in body["sizes"]] == [2, 5]
    assert all(0.5 <= row["plain"]["held"] <= 1 for row in body["sizes"])
    assert script.main([folder, "--draws", "5"]) == ExitCode.OK
    assert "samples of each size, seeds from 0" in capsys.readouterr().out


def test_a_sample_is_no_population(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main([str(tmp_path)]) == ExitCode.USAGE
    assert "give the folder of a campaign" in capsys.readouterr().err
