"""Verdicts and score of each device, as cells and sentences for people."""

from __future__ import annotations

from typing import Any

HEAD = (
    *("device", "killed", "survived", "not reached", "away", "score", "95 % interval"),
    *("golden right",),
)
"""Columns of the table of devices; ``away`` are mutants that no score counts."""


def device_rows(body: dict[str, Any]) -> list[list[str]]:
    """A row of texts under ``HEAD`` for each device.

    Args:
        body: the summary of a campaign with several devices.
    """
    table = []
    for device, one in body["by_device"].items():
        counts = one["counts"]
        held = [counts["killed"], counts["survived"], counts["not_reached"]]
        away = sum(counts.values()) - sum(held)
        share = "-" if one["score"] is None else f"{one['score']:.3f}"
        between = one["score_interval"]
        interval = "-" if between is None else f"{between[0]:.3f} to {between[1]:.3f}"
        golden = one["golden"] or {}
        right = f"{golden['right']} of {golden['inputs']}" if "right" in golden else "-"
        table.append([device, *map(str, [*held, away]), share, interval, right])
    return table


def everywhere_text(body: dict[str, Any]) -> str:
    """How many mutants are killed on all devices and on any, and how many hang on the device."""
    return (
        f"of {body['shared']} mutants that devices share: killed everywhere "
        f"{body['killed_everywhere']}, killed somewhere {body['killed_somewhere']}, "
        f"device-dependent {body['classes']['device_dependent']}"
    )
