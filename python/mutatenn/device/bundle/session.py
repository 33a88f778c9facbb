"""One run of a bundle on a device: the original, probes, then every mutant by itself."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.accelerator import AcceleratorDevice
from mutatenn.device.bundle.contents import Contents
from mutatenn.device.bundle.results import Results
from mutatenn.device.bundle.run_file import answers_of, run_to_json
from mutatenn.device.evidence import Golden, MutantRun
from mutatenn.device.failures import ProbeFailed, RunnerDied
from mutatenn.device.limits import Limits
from mutatenn.errors import BaselineError

Entry = Mapping[str, Any]
_ROWS_AFTER_A_CRASH = 1


class Session:
    """Runs what a bundle holds, and keeps what comes of it.

    Args:
        contents: the bundle.
        device: name of the device.
        rows: what the model is run on.
        results: where everything is kept.
        scratch: a folder for kernels.
        tell: told what happens, a line each.
    """

    def __init__(
        self,
        contents: Contents,
        device: str,
        rows: Sequence[NDArray[Any]],
        results: Results,
        scratch: Path,
        tell: Callable[[str], None],
    ) -> None:
        self._contents = contents
        self._device = device
        self._rows = rows
        self._results = results
        self._scratch = scratch
        self._tell = tell
        self._settings: dict[str, Any] = contents.head["settings"]
        self._weights = contents.weights()
        self._executed: dict[tuple[str, str], bool] = {}

    def run(self, mutants: Sequence[Entry]) -> Golden:
        """Run the original, then each of these mutants that has no line yet.

        Returns:
            The golden run.

        Raises:
            BaselineError: the original does not run, or not repeatably.
            MissingToolError: the device is not there.
        """
        with self._opened({}) as device:
            golden = device.golden()
            self._results.keep_golden(golden)
            self._results.note(device_name=device.model, golden=_golden_facts(golden))
            self._tell(f"golden run on {device.model}: {len(self._rows[0])} rows, sound")
            left = [one for one in mutants if one["id"] not in self._results.lines]
            if left:
                self._probe(device)
            groups: dict[str, list[Entry]] = {}
            for entry in left:
                if entry["kernels"] and self._reached(entry):
                    groups.setdefault(group_of(entry), []).append(entry)
                else:
                    self._results.add(_untried(entry), {})
            self._run_all(device, golden, groups.pop("", []))
        for group, entries in groups.items():
            self._run_group(group, entries)
        return golden

    def seconds(self, repeat: int) -> list[NDArray[np.float64]]:
        """Seconds of each launch, ``[rows, launches]``, in so many golden runs.

        Memory is neither filled nor looked at meanwhile.
        """
        with self._opened({}, poison=False) as device:
            return [device.golden().seconds for _ in range(repeat)]

    def _run_group(self, group: str, entries: Sequence[Entry]) -> None:
        """Mutants that are compared with the original under another schedule."""
        with contextlib.ExitStack() as stack:
            try:
                device = stack.enter_context(self._opened(entries[0]["originals"]))
                golden = device.golden()
                self._results.keep_golden(golden, group)
            except BaselineError as error:
                self._note_group(group, fault=str(error))
                for entry in entries:
                    line = {"fate": "no baseline", "detail": str(error), "seconds": 0.0, "runs": []}
                    self._results.add({"mutant": entry["id"], **line}, {})
                self._results.confirm()
                return
            self._note_group(group, **_golden_facts(golden))
            self._run_all(device, golden, entries)

    def _note_group(self, group: str, **facts: Any) -> None:
        known = self._results.facts.get("groups", {})
        self._results.note(groups={**known, group: facts})

    def _run_all(self, device: AcceleratorDevice, golden: Golden, entries: Sequence[Entry]) -> None:
        """Run mutants on a worker of their own; ``device`` stays free to check the original."""
        if not entries:
            self._check(device, None)
            return
        with device.sibling() as runner:
            since = 0
            for entry in entries:
                line, answers = self._tried(runner, golden, entry)
                self._results.add(line, answers)
                self._tell(f"{entry['id']}: {line['fate']}")
                since += 1
                if since >= self._settings["recheck_every"]:
                    self._check(device, None)
                    since = 0
                elif line["fate"] == "crash":
                    self._check(device, _ROWS_AFTER_A_CRASH)
            self._check(device, None)

    def _check(self, device: AcceleratorDevice, rows: int | None) -> None:
        """Check the original; on all rows, the lines so far stand.

        Raises:
            BaselineError: it gives other answers; the lines since the last good check are gone.
        """
        try:
            fault = device.recheck(rows)
        except RunnerDied:
            # Its death says nothing of the original; a fresh worker does.
            fault = device.recheck(rows)
        if fault is not None:
            gone = self._results.take_back()
            raise BaselineError(
                f"{fault.rstrip('.')}; the {gone} mutants since the last good check were taken back"
            )
        if rows is None:
            self._results.confirm()

    def _tried(
        self, device: AcceleratorDevice, golden: Golden, entry: Entry
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """A mutant's line and answers: its runs, a suspected hang once more."""
        files = {
            name: self._contents.unpack(kernel, self._scratch)
            for name, kernel in entry["kernels"].items()
        }
        runs: list[MutantRun] = []
        lost = ""
        try:
            while len(runs) < self._settings["repeat"] and not _hung(runs):
                runs.append(_run(device, files))
            if _hung(runs):
                runs.append(_run(device, files))
        except RunnerDied as error:
            lost = str(error)
        first = runs[0] if runs else None
        line = {
            "mutant": entry["id"],
            "fate": "lost" if first is None else first.fate,
            "detail": lost if first is None else first.detail,
            "seconds": sum(run.seconds for run in runs),
            "lost": lost,
            "runs": [run_to_json(run) for run in runs],
        }
        answers: dict[str, Any] = {}
        for index, run in enumerate(runs):
            found = answers_of(run, golden.outputs, f"run{index}-")
            if run.outputs_b is not None or len(found[f"run{index}-a-rows"]):
                answers |= found
        return line, answers

    def _probe(self, device: AcceleratorDevice) -> None:
        """Ask which places of the original the inputs execute."""
        told: list[dict[str, Any]] = []
        for probe in self._contents.probes:
            fact = {"function": probe["function"], "places": probe["places"], "reason": ""}
            flags: list[bool] = []
            if probe["kernel"]:
                path = self._contents.unpack(probe["kernel"], self._scratch)
                try:
                    flags = device.probe(probe["function"], path, len(probe["places"])).tolist()
                except (ProbeFailed, RunnerDied) as error:
                    fact["reason"] = str(error)
            else:
                fact["reason"] = probe["reason"]
            for place, flag in zip(probe["places"], flags, strict=False):
                self._executed[probe["function"], place] = flag
            told.append({**fact, "executed": [int(flag) for flag in flags]})
        self._results.note(probes=told)

    def _reached(self, entry: Entry) -> bool:
        """Whether some input executes a place of the mutant, as far as is known."""
        places = entry["places"]
        return any(self._executed.get((name, place), True) for name, place in places)

    @contextlib.contextmanager
    def _opened(
        self, originals: Mapping[str, str], *, poison: bool | None = None
    ) -> Iterator[AcceleratorDevice]:
        """The device over the plan, some originals replaced by others."""
        contents, settings = self._contents, self._settings
        kernels = {**contents.head["kernels"], **originals}
        with AcceleratorDevice(
            self._device,
            contents.plan,
            self._weights,
            {name: contents.unpack(file, self._scratch) for name, file in kernels.items()},
            self._rows,
            cache_mb=settings["cache_mb"],
            limits=Limits(**settings["limits"]),
            oob=settings["oob"],
            poison=settings["poison"] if poison is None else poison,
            drivers=self._scratch,
        ) as device:
            yield device


def group_of(entry: Entry) -> str:
    """A name for the originals that a mutant is compared with; empty: those of the plan."""
    if not entry["originals"]:
        return ""
    return hashlib.sha256(json.dumps(sorted(entry["originals"].items())).encode()).hexdigest()[:16]


def _run(device: AcceleratorDevice, files: Mapping[str, Path]) -> MutantRun:
    """Run a mutant; where its worker died while idle, in a fresh one.

    Raises:
        RunnerDied: the worker failed twice.
    """
    try:
        device.begin_all(files)
    except RunnerDied:
        device.begin_all(files)
    return device.end()


def _hung(runs: Sequence[MutantRun]) -> bool:
    return bool(runs) and runs[-1].fate == "hang"


def _untried(entry: Entry) -> dict[str, Any]:
    """The line of a mutant that need not run."""
    why = f"{entry['verdict']}: {entry['reason']}" if entry["verdict"] else "no input executes it"
    return {"mutant": entry["id"], "fate": "not run", "detail": why, "seconds": 0.0, "runs": []}


def _golden_facts(golden: Golden) -> dict[str, Any]:
    digest = hashlib.sha256()
    for output in golden.outputs:
        digest.update(np.ascontiguousarray(output).tobytes())
    return {"rows_cached": golden.rows_cached, "outputs": digest.hexdigest()}
