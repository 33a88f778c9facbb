"""The inventory: every family is asked what it has, and each device runs a tiny kernel."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from mutatenn.device.survey import cuda, host, opencl
from mutatenn.device.survey.child import NoAnswer, ask
from mutatenn.device.survey.entry import Entry

SECONDS = 60.0
"""How long one device may take to say what it is and to run its kernel."""
FAMILIES = ("llvm", "c", "opencl", "cuda")

SCRIPTS = {"opencl": opencl, "cuda": cuda}
"""The files that ask families of accelerators."""


def take_inventory(families: Sequence[str] = FAMILIES, seconds: float = SECONDS) -> list[Entry]:
    """What there is of each family, in the families' order and by number.

    Args:
        families: which are asked, from ``FAMILIES``.
        seconds: how long each process may take.
    """
    with ThreadPoolExecutor(len(families) or 1) as pool:
        found = pool.map(lambda family: _survey(family, seconds), families)
        return [entry for entries in found for entry in entries]


def _survey(family: str, seconds: float) -> list[Entry]:
    if family in SCRIPTS:
        return _accelerators(family, seconds)
    try:
        answer = ask(["-m", host.__name__, family], seconds)
    except NoAnswer as error:
        return [Entry(family, "failed", reason=f"self-test: {error}")]
    return [_entry(family, answer)]


def _accelerators(family: str, seconds: float) -> list[Entry]:
    try:
        answer = ask(script(family, "list"), seconds)
    except NoAnswer as error:
        reason = f"asked for its devices: {error}"
        return [Entry(family, "failed", reason=reason, advice=SCRIPTS[family].ADVICE)]
    if "missing" in answer:
        return [Entry(family, "missing", reason=answer["missing"], advice=answer["advice"])]
    return [
        _tested(f"{family}:{index}", properties, seconds)
        for index, properties in enumerate(answer["devices"])
    ]


def _tested(device: str, properties: dict[str, Any], seconds: float) -> Entry:
    family, _, index = device.partition(":")
    try:
        answer = ask(script(family, "test", index), seconds)
    except NoAnswer as error:
        answer = {"reason": str(error)}
    return _entry(device, {**answer, "properties": properties})


def _entry(device: str, answer: dict[str, Any]) -> Entry:
    properties = answer.get("properties", {})
    if "missing" in answer:  # The sentence says what to do.
        return Entry(device, "missing", properties, answer["missing"])
    if answer["reason"]:
        return Entry(device, "failed", properties, f"self-test: {answer['reason']}")
    return Entry(device, "ready", properties)


def script(family: str, *arguments: str) -> list[str]:
    """Arguments that run a family's file alone: it needs neither TVM nor the rest of mutatenn."""
    path = Path(str(SCRIPTS[family].__file__))
    run = f"import runpy; runpy.run_path({str(path)!r}, run_name='__main__')"
    return ["-c", run, *arguments]
