"""``mutatenn-ir config``: what `run` would do with the options given, and where each came from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from mutatenn.campaign.configuration import (
    FILE_NAME,
    Configuration,
    Resolved,
    json_schema,
    template,
    value_as_toml,
)
from mutatenn.cli.campaign_options import (
    ConfigFile,
    NoConfig,
    resolved,
    with_campaign_options,
    written,
)
from mutatenn.cli.console import say_json
from mutatenn.cli.options import Json
from mutatenn.errors import InputError


@with_campaign_options
def config(
    *,
    given: Configuration,
    config_file: ConfigFile = None,
    no_config: NoConfig = False,
    schema: Annotated[
        bool, typer.Option("--schema", help=f"Print the JSON schema of {FILE_NAME} instead.")
    ] = False,
    init: Annotated[
        bool, typer.Option("--init", help=f"Print a commented {FILE_NAME} to begin from instead.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Print the options that `mutatenn-ir run` would have, each with where it comes from.

    It takes the options of `run`. What it prints is a `mutatenn.toml` for the working directory;
    `mutatenn-ir config --init > mutatenn.toml` begins one.
    """
    if schema or init:
        beside = [written(key) for key in given.given()]
        named = {"--config": config_file, "--no-config": no_config, "--json": as_json}
        named |= {"--init": init and schema}
        beside += [name for name, there in named.items() if there]
        if beside:
            raise InputError(
                f"--{'schema' if schema else 'init'} takes no {beside[0]}; give it alone"
            )
    if schema:
        say_json(json_schema())
    elif init:
        print(template(), end="")
    elif as_json:
        say_json(_as_json(resolved(given, config_file, no_config=no_config)))
    else:
        _say_toml(resolved(given, config_file, no_config=no_config))


def _as_json(found: Resolved) -> dict[str, Any]:
    values = found.configuration.model_dump(mode="json", by_alias=True)
    options = {key: {"value": value, "origin": found.origins[key]} for key, value in values.items()}
    file = None if found.file is None else str(found.file)
    return {"schema": "mutatenn.config/1", "file": file, "options": options}


def _say_toml(found: Resolved) -> None:
    for key, value in found.configuration.values().items():
        if value is None:
            print(f"# {key} is not given")
        else:
            print(f"{key} = {value_as_toml(value)}  # {_comment(found.origins[key])}")


def _comment(origin: str) -> str:
    """An origin as a comment can hold it: a file's name may have any character."""
    return origin if origin.isprintable() else value_as_toml(Path(origin))
