"""`run --events`: lines of JSON that follow a campaign, valid by their schema, at once."""

from __future__ import annotations

import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from campaign_fixtures import SEED, Answer, Cli, cli, digits  # noqa: F401
from device_fixtures import wait_until
from drill_fixtures import arguments, started, tmpfs, told, verdicts
from mutatenn.campaign.events import Events
from mutatenn.demo import model_path
from mutatenn.exit_codes import ExitCode

SCHEMA = Path(__file__).parents[2] / "docs" / "events.schema.json"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def run(cli: Cli, digits: Path, out: Path, *more: object) -> Answer:  # noqa: F811
    command = ["run", model_path(), "--inputs", digits, "--out", out, "--seed", SEED]
    return cli(*command, "--stage", "tensor", "--schedule", "none", "--sample", "3", *more)


@pytest.fixture(scope="module")
def valid() -> Any:
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema)

    def check(events: list[dict[str, Any]]) -> None:
        for event in events:
            checker.validate(event)

    return check


def test_every_event_of_a_campaign_is_valid_and_comes_in_order(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
    valid: Any,
) -> None:
    path = tmp_path / "events.jsonl"
    devices = ("--device", "llvm", "--device", "c")
    answer = run(cli, digits, tmp_path / "out", *devices, "--events", path, "--json")
    assert answer.code == ExitCode.OK
    events = lines(path)
    valid(events)
    summary = json.loads(answer.out)
    seconds = [event["seconds"] for event in events]
    assert seconds == sorted(seconds)
    assert [event["event"] for event in events][:3] == ["started", "phase", "lowered"]
    assert events[0]["schema"] == "mutatenn.events/1"
    assert [event["device"] for event in events if event["event"] == "device"] == ["llvm", "c"]
    last = events[-1]
    assert (last["event"], last["outcome"], last["exit_code"]) == ("finished", "complete", 0)
    assert (last["counts"], last["score"]) == (summary["counts"], summary["score"])
    for device in ("llvm", "c"):
        fallen = [e for e in events if e["event"] == "verdict" and e["device"] == device]
        (total,) = [e["total"] for e in events if e["event"] == "total" and e["device"] == device]
        assert len(fallen) == total == len({event["mutant"] for event in fallen})


def test_a_mutant_is_compiled_then_runs_then_has_its_verdict(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    path = tmp_path / "events.jsonl"
    assert run(cli, digits, tmp_path / "out", "--events", path).code == ExitCode.OK
    events = lines(path)
    ran = {event["mutant"] for event in events if event["event"] == "running"} - {None}
    assert ran
    for mutant in ran:
        own = [event["event"] for event in events if event.get("mutant") == mutant]
        assert own[:2] == ["compiling", "running"]
        assert own[-1] == "verdict"
        assert own.count("verdict") == 1


def test_mutants_that_are_proved_away_beforehand_have_events_too(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
    valid: Any,
) -> None:
    path = tmp_path / "events.jsonl"
    chosen = ("--operators", "swap-arith", "--function", "reshape2", "--all", "--prove", "all")
    answer = run(cli, digits, tmp_path / "out", *chosen, "--events", path, "--json")
    events = lines(path)
    valid(events)
    body = json.loads(answer.out)
    fallen = [event["verdict"] for event in events if event["event"] == "verdict"]
    assert len(fallen) == body["mutants"] - body["pending"] == sum(body["counts"].values())
    assert {event["event"] for event in events} >= {"proved"}


def test_events_on_standard_output_are_all_that_is_there(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
    valid: Any,
) -> None:
    answer = run(cli, digits, tmp_path / "out", "--events", "-", "--quiet")
    assert (answer.code, answer.err) == (ExitCode.OK, "")
    events = [json.loads(line) for line in answer.out.splitlines()]
    valid(events)
    assert (events[0]["event"], events[-1]["event"]) == ("started", "finished")


def test_an_event_can_be_read_while_the_campaign_runs(tmp_path: Path, digits: Path) -> None:  # noqa: F811
    path = tmp_path / "pipe"
    os.mkfifo(path)
    seen: list[dict[str, Any]] = []
    running: list[bool] = []

    with started([*arguments(digits, tmp_path / "out", 3), "--events", path]) as process:

        def follow() -> None:
            with path.open() as pipe:
                for line in pipe:
                    seen.append(json.loads(line))
                    running.append(process.poll() is None)

        reader = threading.Thread(target=follow)
        reader.start()
        process.communicate(timeout=180)
        reader.join(30)
    first = next(index for index, event in enumerate(seen) if event["event"] == "verdict")
    assert running[first], "the verdict was read only after the end"
    assert seen[-1]["event"] == "finished"


def test_a_resumed_campaign_goes_on_in_the_same_file(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
    valid: Any,
) -> None:
    path, out = tmp_path / "events.jsonl", tmp_path / "out"
    with started([*arguments(digits, out, 40), "--events", path]) as process:
        assert wait_until(lambda: verdicts(out) >= 1, 120)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert process.returncode == ExitCode.INCOMPLETE, err
    before = lines(path)
    last = before[-1]
    assert (last["event"], last["outcome"], last["exit_code"]) == ("finished", "interrupted", 3)
    assert last["pending"] > 0
    assert cli("run", "--resume", out, "--events", path, "--quiet").code == ExitCode.OK
    events = lines(path)
    valid(events)
    assert events[: len(before)] == before
    assert [event["event"] for event in events].count("started") == 2
    fallen = [event["mutant"] for event in events if event["event"] == "verdict"]
    # A verdict that fell in the instant of the signal is kept, and may be told to nobody.
    assert len(fallen) == len(set(fallen)) in {verdicts(out) - 1, verdicts(out)}


def test_a_campaign_that_cannot_run_ends_its_events_with_the_reason(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
    valid: Any,
) -> None:
    path = tmp_path / "events.jsonl"
    answer = run(cli, digits, tmp_path / "out", "--device", "nowhere", "--events", path)
    assert answer.code != ExitCode.OK
    events = lines(path) if path.exists() else []
    valid(events)
    if events:
        assert events[-1]["outcome"] == "failed"
        assert answer.err.splitlines()[-1] == f"mutatenn-ir: {events[-1]['message']}"


def test_events_and_a_summary_cannot_share_standard_output(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    answer = run(cli, digits, tmp_path / "out", "--events", "-", "--json")
    assert (answer.code, answer.out) == (ExitCode.USAGE, "")
    assert told(answer.err).endswith("both write to standard output: give --events a file")


def test_a_file_that_cannot_take_events_is_refused_before_anything_runs(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    answer = run(cli, digits, tmp_path / "out", "--events", tmp_path)
    assert answer.code == ExitCode.USAGE
    assert told(answer.err) == (
        f"mutatenn-ir: --events {tmp_path} cannot be written (Is a directory); give another file, "
        "or -"
    )
    assert not (tmp_path / "out").exists()


def test_a_full_disk_ends_the_events_and_not_the_campaign(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    with tmpfs(tmp_path / "disk", "4k") as disk:
        answer = run(cli, digits, tmp_path / "out", "--events", disk / "events.jsonl")
    assert answer.code == ExitCode.OK
    assert "events.jsonl ends here (No space left on device); the campaign goes on" in answer.err
    assert answer.err.count("ends here") == 1


def test_each_line_is_written_at_once() -> None:
    written: list[bytes] = []
    events = Events(written.append, clock=lambda: 5.0)
    events.running(0, "swap-cmp-1")
    assert [line.count(b"\n") for line in written] == [1, 1]
    assert json.loads(written[1])["worker"] == "runner 0"
