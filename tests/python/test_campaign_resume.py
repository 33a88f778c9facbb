"""A stopped campaign goes on where it was: nothing runs twice, nothing is believed blindly."""

from __future__ import annotations

import functools
import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from campaign_fixtures import digits  # noqa: F401
from device_fixtures import wait_until
from mutatenn.api import resume, run_options
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.lock import locked
from mutatenn.campaign.options import Options
from mutatenn.demo import model_path
from mutatenn.errors import BaselineError, InputError, MismatchError

SAMPLE = 24


def options(digits: Path, out: Path, **more: Any) -> Options:  # noqa: F811
    values: dict[str, Any] = {"sample": SAMPLE, "seed": 5, "operators": ("swap-cmp",)} | more
    return Options(model=model_path(), inputs=digits, out=out, **values)


def rows(out: Path) -> dict[str, tuple[Any, ...]]:
    """What was found of each mutant, without times."""
    query = "SELECT mutant, verdict, kill, reach, reason, marks, failing FROM verdicts"
    with sqlite3.connect(out / "journal.sqlite") as db:
        return {row[0]: row[1:] for row in db.execute(query)}


def more_verdicts(out: Path, than: int) -> bool:
    return verdicts(out) > than


def verdicts(out: Path) -> int:
    """How many verdicts there are; the journal may not be there yet."""
    try:
        with Journal(out / "journal.sqlite", read_only=True) as journal:
            return len(list(journal.rows()))
    except InputError:
        return 0


def change(out: Path, statement: str) -> None:
    db = sqlite3.connect(out / "journal.sqlite")
    db.execute(statement)
    db.commit()
    db.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An undisturbed campaign."""
    from campaign_fixtures import _digits  # noqa: PLC0415

    out = tmp_path_factory.mktemp("whole") / "out"
    run_options(options(_digits(tmp_path_factory.getbasetemp()), out))
    return out


def test_a_campaign_killed_again_and_again_ends_with_the_verdicts_of_an_undisturbed_one(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    whole: Path,
) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "mutatenn.cli.app", "run"]
    begin = [str(model_path()), "--inputs", str(digits), "--sample", str(SAMPLE), "--seed", "5"]
    begin += ["--operators", "swap-cmp", "--out", str(out)]
    seen: dict[str, tuple[Any, ...]] = {}
    for arguments in (begin, ["--resume", str(out)]):
        process = subprocess.Popen(
            [*command, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        enough = len(seen) + 2
        assert wait_until(functools.partial(more_verdicts, out, enough), 120)
        process.kill()
        process.wait()
        now = rows(out)
        assert seen.items() <= now.items(), "a verdict that was there is gone or was changed"
        seen = now
    assert len(seen) < SAMPLE
    resume(out)
    assert rows(out) == rows(whole)


def test_a_campaign_killed_before_its_first_mutant_is_resumed_from_its_manifest(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    run_options(options(digits, out, sample=2))
    before = rows(out)
    for left in out.glob("journal.sqlite*"):
        left.unlink()
    resume(out)
    assert rows(out) == before


def test_a_finished_campaign_is_resumed_without_running_anything(whole: Path) -> None:
    before = rows(whole)
    summary = resume(whole).summary
    assert summary["pending"] == 0
    assert rows(whole) == before


def test_verdicts_named_by_retry_are_taken_back_and_tried_again(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    run_options(options(digits, out, sample=6))
    before = rows(out)
    change(out, "UPDATE verdicts SET verdict = 'inconclusive' WHERE rowid IN (1, 2)")
    resume(out, retry=["inconclusive"])
    assert rows(out) == before


def test_an_unknown_verdict_to_retry_is_refused(whole: Path) -> None:
    with pytest.raises(InputError, match="no verdict 'maybe'"):
        resume(whole, retry=["maybe"])


def test_a_folder_without_a_campaign_cannot_be_resumed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not there"):
        resume(tmp_path)


def test_a_campaign_of_another_version_is_refused_by_name(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    run_options(options(digits, out, sample=2))
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["versions"]["apache-tvm"] = "0.26.0"
    (out / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(MismatchError, match=r"apache-tvm was 0\.26\.0"):
        resume(out)


def test_golden_answers_that_changed_are_no_baseline(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    run_options(options(digits, out, sample=2))
    with sqlite3.connect(out / "journal.sqlite") as db:
        (text,) = db.execute("SELECT value FROM facts WHERE key = 'golden'").fetchone()
        golden = json.loads(text)
        golden["llvm"]["outputs"] = "0" * 64
        db.execute("UPDATE facts SET value = ? WHERE key = 'golden'", (json.dumps(golden),))
    with pytest.raises(BaselineError, match="not those that the campaign was begun with"):
        resume(out)


def test_a_damaged_journal_is_told_and_what_is_readable_is_reported(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    run_options(options(digits, out, sample=8))
    journal = out / "journal.sqlite"
    change(out, "PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(journal.read_bytes())
    # The last page that holds rows; the first pages hold the schema.
    page = 4096
    start = (len(content) // page - 1) * page
    content[start : start + page] = os.urandom(page)
    journal.write_bytes(bytes(content))
    with pytest.raises(InputError, match=r"is damaged .* report"):
        resume(out)


def test_a_second_process_is_kept_out_of_the_folder(tmp_path: Path) -> None:
    with (
        locked(tmp_path),
        pytest.raises(InputError, match=f"as process {os.getpid()}"),
        locked(tmp_path),
    ):
        pass


def test_the_lock_of_a_process_that_is_gone_is_taken_over(tmp_path: Path) -> None:
    code = "import sys, mutatenn.campaign.lock as l, pathlib, time; "
    code += "c = l.locked(pathlib.Path(sys.argv[1])); c.__enter__(); print('held', flush=True); "
    code += "time.sleep(600)"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert (tmp_path / "lock").exists()
    with locked(tmp_path):
        holder = json.loads((tmp_path / "lock").read_text())
        assert holder["pid"] == os.getpid()
    assert not (tmp_path / "lock").exists()


def test_what_stands_in_a_lock_file_locks_nothing(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("{")
    with locked(tmp_path):
        assert json.loads((tmp_path / "lock").read_text())["pid"] == os.getpid()
