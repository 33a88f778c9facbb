"""A campaign that is killed at random instants ends with the verdicts of an undisturbed one.

``MUTATENN_DRILL_MUTANTS`` is how many mutants it has (24 if not given; the full drill is 300), and
``MUTATENN_DRILL_SEED`` repeats the instants of an earlier drill, whose seed is printed.
"""

from __future__ import annotations

import dataclasses
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from campaign_fixtures import descendants
from device_fixtures import alive, children, wait_until
from mutatenn.campaign.folder import Folder
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.verdict import AWAY
from mutatenn.errors import InputError

MUTANTS = int(os.environ.get("MUTATENN_DRILL_MUTANTS", "24"))
SEED = int(os.environ.get("MUTATENN_DRILL_SEED", str(int.from_bytes(os.urandom(4), "big"))))
KILLS = 5
INPUTS = 4
LONGEST_DELAY = 0.3
"""Seconds between a mutant's beginning and the kill."""
PATIENCE = 1800
"""Seconds after which an undisturbed run has failed."""

Row = tuple[Any, ...]


@dataclasses.dataclass
class Life:
    """What one process of the campaign did: mutants taken up, and all verdicts at its end."""

    taken_up: list[str]
    decided: dict[str, dict[str, Any]]


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "mutatenn.cli.app", "run", *map(str, arguments)]


def new_campaign(data: Path, images: Path, out: Path) -> list[str]:
    """300 mutants on a residual network with eight layers, or as many as were asked for."""
    model = data / "models" / "resnet8_cifar10_mlperftiny.onnx"
    chosen = ("--sample", MUTANTS, "--seed", 8, "--preprocess", "raw")
    return command(model, "--inputs", images, *chosen, "--out", out, "--no-config")


def journal_rows(out: Path) -> dict[str, dict[str, Any]]:
    """The journal's rows by mutant; none where there is no journal yet."""
    try:
        with Journal(Folder(out).journal, read_only=True) as journal:
            return {row["mutant"]: row for row in journal.rows()}
    except InputError:
        return {}


def taken_up(out: Path) -> list[str]:
    """Mutants in the order in which they were taken up, by any process so far."""
    log = Folder(out).mutants_log
    lines = log.read_text().splitlines() if log.exists() else []
    return [line.split()[2] for line in lines]


def verdict(row: dict[str, Any]) -> Row:
    """What is said of a mutant; without times, and without the addresses of a crash."""
    said = ("verdict", "kill", "reach", "marks", "failing", "first_failing", "measures")
    reason = "" if row["kill"] == "crash" else row["reason"]
    return (*(row[name] for name in said), row["evidence"].get("rows"), reason)


def live(arguments: list[str], begun: int, delay: float, out: Path) -> Life:
    """Run the command and kill its whole process group.

    Args:
        arguments: the command.
        begun: kill it when so many mutants were taken up, by any process so far,
        delay: and so many seconds later.
        out: the campaign's folder.
    """
    before = len(taken_up(out))
    process = subprocess.Popen(
        arguments,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert wait_until(lambda: len(set(taken_up(out))) >= begun, PATIENCE)
    time.sleep(delay)
    family = descendants(process.pid, children)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert process.returncode == -signal.SIGKILL, "it was over before it was killed"
    assert wait_until(lambda: not any(alive(pid) for pid in family), 10)
    return Life(taken_up(out)[before:], journal_rows(out))


def finish(arguments: list[str]) -> float:
    """Run the command to its end; seconds that it took."""
    start = time.monotonic()
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return time.monotonic() - start


@pytest.fixture(scope="module")
def images(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a few pictures."""
    folder = tmp_path_factory.mktemp("images")
    for picture in sorted((data / "images" / "cifar10").glob("*.png"))[::10][:INPUTS]:
        shutil.copy(picture, folder)
    return folder


def test_a_campaign_killed_at_five_random_instants_ends_like_an_undisturbed_one(
    data: Path, images: Path, tmp_path: Path
) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    undisturbed = finish(new_campaign(data, images, whole))
    print(f"seed {SEED}: {MUTANTS} mutants take {undisturbed:.1f} s undisturbed")
    chance = random.Random(SEED)
    lives: list[Life] = []
    resume = command("--resume", out)
    for begun in sorted(chance.sample(range(1, MUTANTS * 3 // 4), KILLS)):
        arguments = resume if lives else new_campaign(data, images, out)
        delay = chance.uniform(0, LONGEST_DELAY)
        lives.append(live(arguments, begun, delay, out))
        made = len(lives[-1].decided)
        print(f"killed {delay:.2f} s after {begun} were taken up: {made} decided")
    before = len(taken_up(out))
    print(f"finished in {finish(resume):.1f} s")
    lives.append(Life(taken_up(out)[before:], journal_rows(out)))

    expected, found = journal_rows(whole), journal_rows(out)
    assert sum(row["verdict"] not in AWAY for row in expected.values()) == MUTANTS
    assert {name: verdict(row) for name, row in found.items()} == {
        name: verdict(row) for name, row in expected.items()
    }
    earlier: dict[str, dict[str, Any]] = {}
    again = 0
    for life in lives:
        assert len(set(life.taken_up)) == len(life.taken_up)
        assert not earlier.keys() & set(life.taken_up), "a mutant with a verdict ran once more"
        # Times are never the same twice: an equal row is the very row.
        assert earlier.items() <= life.decided.items()
        again += len(set(life.taken_up) - life.decided.keys())
        earlier = life.decided
    everything = [name for life in lives for name in life.taken_up]
    assert set(everything) == expected.keys()
    assert len(everything) == len(expected) + again
    print(f"{again} mutants were in flight when it was killed, and ran again")
