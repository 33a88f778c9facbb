"""One list of options: file, schema, template, command line and Python cannot drift apart."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path
from typing import Any, get_args

import hypothesis
import jsonschema
import pytest
from hypothesis import strategies as st

import mutatenn as mn
from campaign_fixtures import Cli, cli  # noqa: F401
from mutatenn.campaign.configuration import (
    GATES,
    Configuration,
    json_schema,
    properties,
    read_file,
    template,
    value_as_toml,
)
from mutatenn.campaign.options import LIMITS, Options, configured
from mutatenn.device import Limits
from mutatenn.errors import InputError
from mutatenn.lowering.stage import STAGES
from mutatenn.model.toml_file import read_toml
from mutatenn.mutation.mutant import GRAPH_STAGES

WRONG: dict[str, tuple[str, str]] = {
    "a key of another spelling": ("thread = 2", "unknown key 'thread'; did you mean 'threads'?"),
    "an underscore": ("cache_mb = 2", "unknown key 'cache_mb'; did you mean 'cache-mb'?"),
    "a key like no other": ("zzz = 2", "unknown key 'zzz'; the keys are model, inputs, "),
    "a table": ("[run]\nthreads = 2", "unknown key 'run'; "),
    "a text for a number": ('threads = "2"', "threads is '2'; give a whole number from 1 to 1024"),
    "a truth value for a number": ("seed = true", "seed is True; give a whole number"),
    "a fraction for a count": ("sample = 1.5", "sample is 1.5; give a whole number, 1 or more"),
    "a number below its range": ("repeat = 0", "repeat is 0; give a whole number, 1 or more"),
    "a number above its range": ("jobs = 9999", "jobs is 9999; give a whole number from 1 to"),
    "a number that is none": ("timeout = nan", "timeout is nan; give a number from 1 to 1000000"),
    "a number for a truth value": ("trust = 1", "trust is 1; give true or false"),
    "a number for a path": ("model = 3", "model is 3; give a text"),
    "a text for a list": ('oracle = "top1"', "oracle is 'top1'; give a list of texts"),
    "a list with a number": ("only = [1]", "only is [1]; give a list of texts"),
    "an empty list of oracles": ("oracle = []", "oracle is []; give a list of texts"),
    "an unknown oracle": ('oracle = ["top0"]', "oracle: there is no oracle 'top0'; choose one of"),
    "an unknown operator": ('operators = ["x"]', "operators: there is no operator 'x'; there are:"),
    "an unknown operator to leave out": ('exclude = ["x"]', "exclude: there is no operator 'x'"),
    "positions that are no range": ('positions = "5:2"', "positions: '5:2' is no range"),
    "a word that is no choice": (
        'stage = "loop"',
        "stage is 'loop'; give tensor or kernel or graph or weight",
    ),
    "a choice of another case": ('oob = "Trap"', "oob is 'Trap'; give contain or trap"),
    "a date": ("out = 2026-01-01", "out is datetime.date(2026, 1, 1); give a text"),
}


def written(folder: Path, text: str) -> Path:
    path = folder / "mutatenn.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(("text", "told"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_in_a_file_is_told_with_file_key_and_remedy(
    tmp_path: Path, text: str, told: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_file(path)
    sentence = str(caught.value)
    assert sentence.startswith((f"{path}: ", f"{path} has "))
    assert told in sentence and "\n" not in sentence


# Catalogues are not in the schema, and JSON has no NaN.
BEYOND_SCHEMA = {"a number that is none", "an unknown oracle", "an unknown operator"}
BEYOND_SCHEMA |= {"an unknown operator to leave out", "positions that are no range"}


@pytest.mark.parametrize("case", sorted(WRONG.keys() - BEYOND_SCHEMA))
def test_the_schema_refuses_what_the_reader_refuses(tmp_path: Path, case: str) -> None:
    table = read_toml(written(tmp_path, WRONG[case][0]), "configuration")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(table, json_schema())


def test_what_is_no_toml_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a valid TOML file"):
        read_file(written(tmp_path, "threads = "))
    with pytest.raises(InputError, match=r"the configuration file .* cannot be read"):
        read_file(tmp_path / "nowhere.toml")
    with pytest.raises(InputError, match="is not a valid TOML file"):
        read_file(written(tmp_path, "a = " + "[" * 100_000))


def test_relative_paths_in_a_file_are_relative_to_it(tmp_path: Path) -> None:
    text = 'model = "m.onnx"\ninputs = "/data/x"\npreprocess = "p.toml"\nout = "../out"'
    found = read_file(written(tmp_path, text))
    assert found.model == tmp_path / "m.onnx"
    assert found.inputs == Path("/data/x")
    assert found.preprocess == str(tmp_path / "p.toml")
    assert found.out == tmp_path / ".." / "out"


def test_a_preset_is_no_path(tmp_path: Path) -> None:
    assert read_file(written(tmp_path, 'preprocess = "mnist"')).preprocess == "mnist"


def test_the_schema_is_one_of_its_draft_and_tells_everything_of_every_option() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False
    for key, option in properties().items():
        assert option["description"].endswith("."), key
        assert option["type"] in ("string", "integer", "number", "boolean", "array"), key
        assert ("default" in option) != ("examples" in option), key
        if option["type"] in ("integer", "number") and key != "seed":
            assert option["minimum"] <= option.get("default", option["minimum"]), key


def test_the_defaults_of_the_schema_are_those_of_a_campaign() -> None:
    by_hand = Options(model=Path("m"), inputs=Path("i"), out=Path("mutatenn.out"))
    stored = configured(by_hand.to_dict())
    for key, option in properties().items():
        if key in ("model", "inputs", "jobs", "stage", *GATES):
            continue  # given, or found out when the campaign begins, or no option of a campaign
        value = stored[key] if key != "out" else by_hand.out.name
        value = list(value) if isinstance(value, tuple) else value
        assert value == option.get("default"), key


def test_a_configuration_becomes_options_and_back() -> None:
    given: dict[str, Any] = {
        key: _another(option) for key, option in properties().items() if key != "preprocess"
    }
    given |= {"positions": "3:7", "preset": "minimal", "device": ["llvm"]}
    given |= {"until": "2%", "shard": "1/4"}
    made = Options.from_configuration(Configuration.model_validate(given))
    stored = configured(made.to_dict())
    for key, value in given.items():
        if key in GATES:
            assert key not in stored
            continue
        path = properties()[key].get("format") == "path"
        expected = str(Path(value).absolute()) if path else value
        found = list(stored[key]) if isinstance(stored[key], tuple) else stored[key]
        assert found == expected, key


def _another(option: dict[str, Any]) -> Any:
    """A value that an option takes, and not its default."""
    if "enum" in option:
        return next(word for word in option["enum"] if word != option.get("default"))
    if option["type"] == "array":
        return ["exact"] if option.get("minItems") else ["swap-cmp"]
    if option["type"] == "boolean":
        return not option["default"]
    changed = {"string": "other", "integer": 7, "number": min(7.5, option.get("maximum", 7.5))}
    return changed[option["type"]]


def test_every_limit_and_option_of_a_campaign_can_be_decided() -> None:
    assert set(LIMITS.values()) == {field.name for field in dataclasses.fields(Limits)}
    stored = Options(model=Path("m"), inputs=Path("i"), out=Path("o")).to_dict()
    from_keys = {"oracles", "preprocess_given", "limits", "preprocess"}
    from_keys |= {key.replace("-", "_") for key in {*properties()} - {*GATES}} - {"oracle"}
    assert {*stored} == from_keys - {key.replace("-", "_") for key in LIMITS}


def test_the_choices_are_those_that_there_are() -> None:
    offered, _ = get_args(Configuration.model_fields["stage"].annotation)
    assert get_args(offered) == (*STAGES, *GRAPH_STAGES)


def test_python_takes_the_options_of_the_file_with_the_same_defaults() -> None:
    parameters = dict(inspect.signature(mn.run).parameters)
    del parameters["watcher"]
    assert [*parameters] == [key.replace("-", "_") for key in properties()]
    for key, option in properties().items():
        default = parameters[key.replace("-", "_")].default
        if key in ("model", "inputs"):
            assert default is inspect.Parameter.empty
        else:
            default = list(default) if isinstance(default, tuple) else default
            assert default == option.get("default"), key


def test_python_documents_the_options_in_the_same_words() -> None:
    text = " ".join((mn.run.__doc__ or "").split())
    for key, option in properties().items():
        assert f" {key.replace('-', '_')}: {option['description']}" in text


@pytest.mark.parametrize(
    ("command", "own"),
    [
        ("run", ["resume", "retry", "manifest", "dry-run", "verbose", "quiet", "events"]),
        ("config", ["schema", "init"]),
    ],
)
def test_the_command_line_takes_the_options_of_the_file(
    cli: Cli,  # noqa: F811
    command: str,
    own: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "120")  # on a narrow terminal the longest is cut
    lines = cli(command, "--help").out.splitlines()
    options = [found[1] for line in lines if (found := re.match(r"│ {1,6}--([a-z-]+)", line))]
    argument, *keys = properties()
    assert argument == "model"
    assert sorted(options) == sorted([*keys, "config", "no-config", *own, "json", "help"])
    assert any(re.match(r"│ {1,6}model ", line, re.IGNORECASE) for line in lines)


@pytest.mark.parametrize("commented", [True, False])
def test_the_template_is_a_valid_file_also_with_every_option_set(
    tmp_path: Path, commented: bool
) -> None:
    text = template()
    if not commented:
        text = re.sub(r"^#(?! )", "", text, flags=re.MULTILINE)
    table = read_toml(written(tmp_path, text), "configuration")
    assert [*table] == ([] if commented else [*properties()])
    jsonschema.validate(table, json_schema())
    found = read_file(tmp_path / "mutatenn.toml")
    for key, option in properties().items():
        value = found.values()[key]
        if "default" in option and option.get("format") != "path":
            assert (list(value) if isinstance(value, tuple) else value) == option["default"]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.one_of(TEXTS, st.integers(-(2**63), 2**63 - 1), st.booleans(), st.lists(TEXTS))


@hypothesis.given(st.one_of(VALUES, st.floats(allow_nan=False, allow_infinity=False)))
@hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
def test_a_value_written_as_toml_is_read_back(tmp_path: Path, value: Any) -> None:
    path = tmp_path / "value.toml"
    path.write_bytes(f"key = {value_as_toml(value)}".encode())
    assert read_toml(path, "configuration") == {"key": value}
