"""`config`, `--config` and `mutatenn.toml`: where options come from, and that it is said."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

import jsonschema
import pytest

from campaign_fixtures import Cli, cli, digits, listing  # noqa: F401
from mutatenn.campaign.configuration import properties
from mutatenn.campaign.verdict import AWAY
from mutatenn.demo import model_path
from mutatenn.exit_codes import ExitCode
from mutatenn.report.record import Record


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def campaign(digits: Path, *more: str) -> str:  # noqa: F811
    lines = [f'model = "{model_path()}"', f'inputs = "{digits}"', 'stage = "tensor"', "sample = 2"]
    return "\n".join([*lines, *more])


def test_every_value_is_printed_with_where_it_comes_from(cli: Cli) -> None:  # noqa: F811
    Path("mutatenn.toml").write_text("threads = 2\nseed = 3\nsample = 9\n")
    answer = cli("config", "--seed", "4", "--json")
    assert (answer.code, answer.err) == (ExitCode.OK, "options are read from mutatenn.toml\n")
    told = json.loads(answer.out)
    assert (told["schema"], told["file"]) == ("mutatenn.config/1", "mutatenn.toml")
    assert [*told["options"]] == [*properties()]
    assert told["options"]["seed"] == {"value": 4, "origin": "command line"}
    assert told["options"]["threads"] == {"value": 2, "origin": "mutatenn.toml"}
    assert told["options"]["sample"] == {"value": 9, "origin": "mutatenn.toml"}
    assert told["options"]["oob"] == {"value": "contain", "origin": "default"}
    assert told["options"]["total-ms"] == {"value": None, "origin": "default"}


def test_what_config_prints_is_a_file_that_means_the_same(cli: Cli) -> None:  # noqa: F811
    given = ["m.onnx", "--oracle", "ulp:max=4", "--oracle", "top1", "--operators", "swap-cmp"]
    answer = cli("config", *given, "--trust", "--timeout", "2.5")
    assert (answer.code, answer.err) == (ExitCode.OK, "")
    assert 'oracle = ["ulp:max=4", "top1"]  # command line' in answer.out
    assert "# inputs is not given" in answer.out.splitlines()
    Path("mutatenn.toml").write_text(answer.out)
    options = (*given, "--trust", "--timeout", "2.5", "--no-config")
    first = json.loads(cli("config", *options, "--json").out)
    again = json.loads(cli("config", "--config", "mutatenn.toml", "--json").out)
    values = [{k: v["value"] for k, v in told["options"].items()} for told in (first, again)]
    assert values[0] == values[1]
    origins = {option["origin"] for option in again["options"].values() if option["value"]}
    assert origins == {"mutatenn.toml"}


def test_a_switch_of_the_file_can_be_undone_on_the_command_line(cli: Cli) -> None:  # noqa: F811
    Path("own.toml").write_text("trust = true\n")
    named = ("--config", "own.toml")
    assert json.loads(cli("config", *named, "--json").out)["options"]["trust"]["value"] is True
    undone = json.loads(cli("config", *named, "--no-trust", "--json").out)
    assert undone["options"]["trust"] == {"value": False, "origin": "command line"}


def test_a_file_that_merely_lies_there_cannot_have_code_executed(cli: Cli) -> None:  # noqa: F811
    Path("mutatenn.toml").write_text("trust = true\n")
    answer = cli("config")
    assert answer.code == 2
    assert "trust = true" in answer.err


def test_the_file_of_the_command_line_is_read_in_place_of_the_folders(cli: Cli) -> None:  # noqa: F811
    Path("mutatenn.toml").write_text("threads = 2\n")
    Path("sub").mkdir()
    Path("sub/other.toml").write_text('seed = 5\nmodel = "m.onnx"\n')
    answer = cli("config", "--config", "sub/other.toml", "--json")
    assert answer.err == "options are read from sub/other.toml\n"
    told = json.loads(answer.out)["options"]
    assert told["threads"] == {"value": 1, "origin": "default"}
    assert told["seed"] == {"value": 5, "origin": "sub/other.toml"}
    assert told["model"] == {"value": "sub/m.onnx", "origin": "sub/other.toml"}


def test_no_file_is_read_where_none_is_wanted(cli: Cli) -> None:  # noqa: F811
    Path("mutatenn.toml").write_text("threads = 2\n")
    answer = cli("config", "--no-config", "--json")
    assert answer.err == ""
    assert json.loads(answer.out)["options"]["threads"]["origin"] == "default"


def test_the_schema_is_printed_and_the_template_is_valid_by_it(cli: Cli) -> None:  # noqa: F811
    Path("mutatenn.toml").write_text("nonsense")  # neither needs it
    schema = cli("config", "--schema")
    begun = cli("config", "--init")
    assert (schema.code, schema.err, begun.code, begun.err) == (0, "", 0, "")
    Path("mutatenn.toml").write_text(begun.out)
    assert cli("config").code == ExitCode.OK
    jsonschema.validate({}, json.loads(schema.out))
    with pytest.raises(jsonschema.ValidationError, match="'thread' was unexpected"):
        jsonschema.validate({"thread": 1}, json.loads(schema.out))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("config --schema --init", "--schema takes no --init; give it alone"),
        ("config --init --seed 1", "--init takes no --seed; give it alone"),
        ("config --schema --json", "--schema takes no --json; give it alone"),
        ("config --config a.toml --no-config", "--no-config reads no file"),
        ("config --config a.toml", "the configuration file a.toml cannot be read"),
        ("config --oracle top0", "--oracle: there is no oracle 'top0'"),
        ("config --stage loop", "--stage is 'loop'; give tensor or kernel or graph or weight"),
        ("config --threads 0", "--threads"),
        ("run", "give MODEL and --inputs, here or as model and inputs in mutatenn.toml"),
        ("run --resume out --config a.toml", "--resume takes no --config: "),
        ("run --resume out --seed 0", "--resume takes no --seed: "),
        ("run m.onnx --resume out", "--resume takes no MODEL: "),
        ("run --retry killed", "--retry needs --resume FOLDER"),
    ],
)
def test_a_wrong_command_line_is_told_in_one_sentence(cli: Cli, arguments: str, told: str) -> None:  # noqa: F811
    answer = cli(*arguments.split())
    assert (answer.code, answer.out) == (ExitCode.USAGE, "")
    (sentence,) = answer.err.splitlines()
    assert sentence.startswith("mutatenn-ir: ") and told in sentence


def test_a_wrong_file_ends_a_run_before_anything_is_written(
    cli: Cli,  # noqa: F811
    here: Path,
    digits: Path,  # noqa: F811
) -> None:
    Path("mutatenn.toml").write_text(campaign(digits, "jobs = 0"))
    before = listing(here)
    answer = cli("run")
    assert answer.code == ExitCode.USAGE
    told = "mutatenn.toml: jobs is 0; give a whole number from 1 to 1024"
    assert answer.err == f"mutatenn-ir: {told}\n"
    assert listing(here) == before


def test_a_campaign_is_run_from_its_file_alone_and_resumed_and_repeated_from_anywhere(
    cli: Cli,  # noqa: F811
    here: Path,
    digits: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("sub").mkdir()
    model = Path("sub/digits.onnx")
    model.write_bytes(model_path().read_bytes())
    relative = Path(os.path.relpath(digits, here / "sub"))
    lines = ['model = "digits.onnx"', f'inputs = "{relative}"', 'out = "out"', "jobs = 1"]
    lines += ['oracle = ["exact", "top1"]', 'stage = "tensor"', "sample = 2", "seed = 6"]
    lines += ["threads = 2", "total-ms = 50000", "memory = 1000"]
    Path("sub/mutatenn.toml").write_text("\n".join(lines))
    answer = cli("run", "--config", "sub/mutatenn.toml", "--sample", "3", "--json")
    assert answer.code == ExitCode.OK, answer.err
    assert answer.err.splitlines()[0] == "options are read from sub/mutatenn.toml"
    assert json.loads(answer.out)["runnable"] == 3
    record = Record.read(here / "sub" / "out")
    stored = record.facts["options"]
    assert stored["oracles"] == ["exact", "top1"]
    assert (stored["sample"], stored["threads"], stored["seed"]) == (3, 2, 6)
    assert (stored["limits"]["total_ms"], stored["limits"]["memory_mb"]) == (50_000, 1000)
    assert stored["model"] == str(here / "sub" / "digits.onnx")
    assert Path(stored["inputs"]).is_absolute() and Path(stored["inputs"]).samefile(digits)

    first = next(row for row in record.rows if row["verdict"] not in AWAY)
    killed = first["mutant"]
    shown = cli("show", killed, "--out", "sub/out").out.splitlines()[-1]
    words = shlex.split(shown.removeprefix("repeat: "))
    assert words[:4] == ["mutatenn-ir", "run", "sub/digits.onnx", "--inputs"]
    assert "--no-config" in words and "--sample" not in words

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    resumed = cli("run", "--resume", here / "sub" / "out", "--json")
    assert (resumed.code, json.loads(resumed.out)["pending"]) == (ExitCode.OK, 0)
    shown = cli("show", killed, "--out", here / "sub" / "out").out.splitlines()[-1]
    words = shlex.split(shown.removeprefix("repeat: "))
    assert words[2] == str(here / "sub" / "digits.onnx")
    Path("mutatenn.toml").write_text("sample = 1\nthreads = 1\n")  # nothing of it may count
    repeated = cli(*words[1:], "--json")
    assert repeated.code == ExitCode.OK, repeated.err
    (again,) = Record.read(elsewhere / f"{killed}.out").rows
    keys = ("mutant", "verdict", "kill", "reason", "marks", "failing", "artifact")
    assert [again[key] for key in keys] == [first[key] for key in keys]
    options = Record.read(elsewhere / f"{killed}.out").facts["options"]
    same = set(options) - {"only", "out", "sample", "seed", "jobs"}
    assert {key: options[key] for key in same} == {key: stored[key] for key in same}
