"""What the journal says of one mutant on one device, as lines for people."""

from __future__ import annotations

from typing import Any

from mutatenn.campaign.verdict import how_far, verdict_text


def verdict_lines(row: dict[str, Any]) -> list[str]:
    """The verdict with its reason; indented below it how far the mutant got, and the evidence.

    Args:
        row: a row of the journal.
    """
    evidence = row["evidence"]
    details = list(row["marks"])
    far = how_far(row["verdict"], row["reach"], evidence.get("reached"))
    if far:
        details.insert(0, f"how far: {far}")
    refused = ", ".join(f"{name} ({kill})" for name, kill in evidence.get("kills", {}).items())
    if refused:
        first = f", first on input {row['first_failing']}" if row["first_failing"] else ""
        details.append(f"refused by: {refused}{first}")
    states = ", ".join(f"{n} {state}" for state, n in evidence.get("rows", {}).items())
    if states:
        details.append(f"inputs: {states}")
    program = evidence.get("program")
    if program:
        details.append(_program(program))
    launch = evidence.get("first_launch")
    if launch:
        details.append(_first_launch(launch, sum(evidence.get("rows", {}).values())))
    difference = evidence.get("first_difference")
    if difference:
        details.append(_first_difference(difference))
    details += evidence.get("out_of_bounds", [])
    details += evidence.get("proved_out_of_bounds", [])
    if "schedule" in evidence:
        details.append(evidence["schedule"])
    verdict = verdict_text(row["verdict"], row["kill"])
    return [f"{row['device']}: {verdict}: {row['reason']}", *(f"  {line}" for line in details)]


def _program(program: dict[str, Any]) -> str:
    """What of a mutated graph's program differs by itself."""
    count, kernels = program["mutated"], ", ".join(program["kernels"])
    launches = f"launches that differ by themselves: {count}"
    return f"{launches}, in place of {kernels}" if kernels else launches


def _first_launch(launch: dict[str, Any], inputs: int) -> str:
    """Where the run parted from golden first, and on how many inputs it did so there."""
    where = f"launch {launch['launch']} ({launch['kernel']})"
    return (
        f"first launch that differed: {where}, on {launch['inputs']} of {inputs} inputs, first on "
        f"{launch['input']}"
    )


def _first_difference(difference: dict[str, Any]) -> str:
    """Where a mutant's run parted from golden first, and how far."""
    where = f"input {difference['input']}, launch {difference['launch']} ({difference['kernel']})"
    return f"first difference: {where}, {'; '.join(map(_buffer, difference['buffers']))}"


def _buffer(found: dict[str, Any]) -> str:
    """How one output of a launch differs."""
    most, relative = float(found["max_abs"]), float(found["max_rel"])
    text = f"buffer {found['buffer']}: {found['differing']:,} of {found['elements']:,} values"
    text += f", at most {most:.3g} (relative {relative:.3g})"
    counts = {"NaN": found["nan"][1], "infinite": found["infinite"][1]}
    return text + "".join(f", {count:,} {word}" for word, count in counts.items() if count)
