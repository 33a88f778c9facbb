"""A disk that fills up in a campaign of several devices stops it in order, and loses nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from campaign_fixtures import Cli, cli, digits  # noqa: F401
from device_fixtures import wait_until
from drill_fixtures import fill, started, tmpfs, told
from mutatenn.campaign.journal import Journal
from mutatenn.demo import model_path
from mutatenn.exit_codes import ExitCode


def events(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines(keepends=True) if "\n" in line]


def first_verdict(seen: list[dict[str, Any]]) -> bool:
    return any(event["event"] == "verdict" for event in seen)


def second_device(seen: list[dict[str, Any]]) -> bool:
    return any(event["event"] == "device" and event["device"] == "c" for event in seen)


@pytest.mark.parametrize("when", [first_verdict, second_device])
def test_a_disk_that_fills_up_stops_the_campaign_and_room_lets_it_go_on(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
    when: Any,
) -> None:
    told_events = tmp_path / "events.jsonl"
    with tmpfs(tmp_path / "disk", "32m") as disk:
        out = disk / "out"
        command = ["run", model_path(), "--inputs", digits, "--out", out, "--jobs", 1]
        command += ["--device", "llvm", "--device", "c", "--sample", 3, "--stage", "tensor"]
        command += ["--schedule", "none", "--operators", "swap-arith", "--events", told_events]
        with started(command) as process:
            assert wait_until(lambda: when(events(told_events)), 120)
            filler = fill(disk)
            _, err = process.communicate(timeout=120)
        assert process.returncode == ExitCode.INCOMPLETE, err
        assert "--resume" in told(err)
        last = events(told_events)[-1]
        assert (last["event"], last["outcome"], last["exit_code"]) == ("finished", "failed", 3)
        with Journal(out / "journal.sqlite", read_only=True) as journal:
            before = list(journal.rows())
        filler.unlink()
        answer = cli("run", "--resume", out, "--json")
        assert answer.code == ExitCode.OK, answer.err
        with Journal(out / "journal.sqlite", read_only=True) as journal:
            after = list(journal.rows())
        body = json.loads(answer.out)
    assert len(before) >= 1 and after[: len(before)] == before
    assert (body["pending"], body["faults"]) == (0, [])
    assert sum(row["device"] == "c" for row in after) == len(after) / 2
