"""Every option of a campaign as parameters of a command, made from the one list of them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from mutatenn.campaign.configuration import (
    FILE_NAME,
    Configuration,
    Resolved,
    properties,
    read_file,
    resolve,
    validate,
)
from mutatenn.cli.console import note
from mutatenn.errors import InputError
from mutatenn.oracle import catalogue

TYPES = {"integer": int, "number": float, "string": str, "boolean": bool, "array": list[str]}
BY_COMMAS = ("operators", "exclude", "only")
"""Lists that may also be written in one word; an oracle's parameters have commas of their own."""

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help=f"Read options from this TOML file; {FILE_NAME} in the working directory, if it is "
        "there, when not given. The command line comes before it.",
    ),
]
NoConfig = Annotated[bool, typer.Option("--no-config", help=f"Read no {FILE_NAME}.")]


def with_campaign_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command all options of a campaign before its own.

    Args:
        command: takes as ``given`` the configuration that holds what was given of them, and its
            own options by name.
    """

    @functools.wraps(command)
    def called(**values: Any) -> None:
        given = {key: values.pop(_name(key)) for key in properties()}
        command(given=_configuration(given), **values)

    own = inspect.signature(command, eval_str=True).parameters.values()
    parameters = [*_parameters(), *(each for each in own if each.name != "given")]
    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return called


def resolved(
    given: Configuration, config_file: Path | None, *, no_config: bool, quiet: bool = False
) -> Resolved:
    """The options of the command line over those of the file.

    A note says which file was read, unless ``quiet``.

    Raises:
        InputError: the file cannot be used.
    """
    if no_config:
        if config_file is not None:
            raise InputError("--no-config reads no file; leave it or --config out")
        return resolve(given)
    file = config_file or Path(FILE_NAME)
    if config_file is None and not file.exists():
        return resolve(given)
    stored = read_file(file)
    if config_file is None and stored.trust:
        # Whoever made a folder must not decide that code in it is executed.
        raise InputError(
            f"{file} says trust = true, which only counts where the file is named: give --trust, "
            f"or --config {file}"
        )
    if not quiet:
        note(f"options are read from {file}")
    return resolve(given, stored, file)


def written(key: str) -> str:
    """A key as it is written on the command line."""
    return "MODEL" if key == "model" else f"--{key}"


def _configuration(values: dict[str, Any]) -> Configuration:
    given: dict[str, Any] = {}
    for key, value in values.items():
        if value is None or value in ([], ()):  # Typer's versions differ
            continue
        if key in BY_COMMAS:
            given[key] = [name.strip() for text in value for name in text.split(",")]
        else:
            given[key] = value
    return validate(given, written)


def _parameters() -> Iterator[inspect.Parameter]:
    for key, option in properties().items():
        kind: Any = Path if option.get("format") == "path" else TYPES[option["type"]]
        shown: Any = typer.Argument if key == "model" else typer.Option
        names = [] if key == "model" else [f"--{key}"]
        if option["type"] == "boolean":
            names = [f"--{key}/--no-{key}"]
        settings: dict[str, Any] = {"help": _help(key, option), "show_default": _default(option)}
        if kind is Path and key != "model":  # a working directory is no model anyway
            settings |= {"parser": functools.partial(_path, key), "metavar": "PATH"}
        if "minimum" in option:
            settings |= {"min": option["minimum"], "max": option.get("maximum")}
        yield inspect.Parameter(
            _name(key),
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[kind | None, shown(*names, **settings)],
        )


def _path(key: str, text: str | Path) -> Path:
    """A path as it was written; an empty one would mean the working directory.

    Raises:
        InputError: it is empty, as a shell's variable that is not set.
    """
    if not str(text):
        raise InputError(f"{written(key)} is empty: give a path; the working directory is .")
    return Path(text)


def _name(key: str) -> str:
    return key.replace("-", "_")


def _help(key: str, option: dict[str, Any]) -> str:
    text: str = option["description"]
    if key == "oracle":
        text += f" One of: {', '.join(entry.usage for entry in catalogue())}."
    if key in BY_COMMAS:
        text += " Separated by commas, or repeated."
    elif option["type"] == "array":
        text += " May be repeated."
    return text


def _default(option: dict[str, Any]) -> str | bool:
    default = option.get("default")
    if default is None or default == []:
        return False
    if isinstance(default, list):
        return ", ".join(default)
    if isinstance(default, bool):
        return "yes" if default else "no"
    return str(default)
