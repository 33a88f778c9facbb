"""Whether accelerators are there, asked before hours are spent on other devices."""

from __future__ import annotations

from collections.abc import Iterable

from mutatenn.device.portable.devices import split_name
from mutatenn.device.survey.child import NoAnswer, ask
from mutatenn.device.survey.inventory import SCRIPTS, SECONDS, script
from mutatenn.errors import MissingToolError


def require_present(devices: Iterable[str], seconds: float = SECONDS) -> None:
    """Ask each family of accelerators once, in a process of its own: no driver is opened here.

    Args:
        devices: names of devices; those that are no accelerators are always there.
        seconds: how long a family may take.

    Raises:
        MissingToolError: a device is not there, or its family does not answer.
    """
    found: dict[str, int] = {}
    for device in devices:
        family, _, _ = device.partition(":")
        if family not in SCRIPTS:
            continue
        _, index = split_name(device)
        if family not in found:
            found[family] = _count(device, family, seconds)
        if index >= found[family]:
            raise MissingToolError(
                f"there is no device {device}: {family} has {found[family]}, numbered from 0; "
                "mutatenn-ir devices lists them"
            )


def _count(device: str, family: str, seconds: float) -> int:
    try:
        answer = ask(script(family, "list"), seconds)
    except NoAnswer as error:
        raise MissingToolError(f"device {device} cannot be asked for: {error}") from error
    if "missing" in answer:
        why = f"{answer['missing']}; {answer['advice']}"
        raise MissingToolError(f"there is no device {device}: {why}")
    return len(answer["devices"])
