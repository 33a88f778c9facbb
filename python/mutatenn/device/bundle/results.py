"""The folder that a run of a bundle leaves: what the device said of the original and of mutants."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.bundle.contents import HEAD, MUTANTS, PLAN, PROBES, Contents, typed
from mutatenn.device.evidence import Golden
from mutatenn.errors import BaselineError, InputError, MismatchError
from mutatenn.lowering.plan import Plan

SCHEMA = "mutatenn.results/1"
_RESULT = "result.json"
_LINES = "mutants.jsonl"
_SECONDS = "seconds"


class Results:
    """A folder of results; every line is on the disk before the next mutant starts."""

    def __init__(self, folder: Path) -> None:
        """Read what is there already; a line that was cut off is forgotten.

        Raises:
            InputError: the folder holds something else.
        """
        self.folder = folder
        self.facts: dict[str, Any] = {}
        self.lines: dict[str, dict[str, Any]] = {}
        path = folder / _RESULT
        try:
            if path.exists():
                self.facts = json.loads(path.read_text())
                self._read_lines()
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{folder} holds no results of a bundle: {error}") from error
        if self.facts and self.facts.get("schema") != SCHEMA:
            raise InputError(f"{folder} holds no results of this version ({SCHEMA})")

    @classmethod
    def read(cls, folder: Path) -> Results:
        """The results in a folder.

        Raises:
            InputError: there are none.
        """
        found = cls(folder)
        if not found.facts:
            raise InputError(
                f"{folder} holds no {_RESULT}: give a folder that a bundle has written"
            )
        return found

    def begin(self, contents: Contents, ground: Mapping[str, Any]) -> None:
        """Begin, or go on with what was begun on the same ground.

        Args:
            contents: the bundle.
            ground: what the results depend on: device and hashes of bundle and inputs.

        Raises:
            InputError: the folder cannot be written.
            MismatchError: it holds results on another ground.
        """
        for key, value in ground.items():
            if self.facts and self.facts.get(key) != value:
                raise MismatchError(
                    f"{self.folder} holds results of another {key.replace('_', ' ')} "
                    f"({self.facts.get(key)}, not {value}): give --out another folder"
                )
        try:
            (self.folder / "answers").mkdir(parents=True, exist_ok=True)
            for member in (HEAD, PLAN, MUTANTS, PROBES):
                _write(self.folder / member, contents.text(member).encode())
        except OSError as error:
            raise InputError(f"{self.folder} cannot be written: {error.strerror}") from error
        self.facts = {"schema": SCHEMA, "confirmed": 0, "complete": False, **self.facts, **ground}
        self.note()

    def note(self, **facts: Any) -> None:
        """Keep facts in ``result.json``."""
        self.facts |= facts
        _write(self.folder / _RESULT, (json.dumps(self.facts, indent=1) + "\n").encode())

    def add(self, line: dict[str, Any], answers: Mapping[str, NDArray[Any]]) -> None:
        """Keep what came of a mutant; its answers are there before its line is."""
        if answers:
            _write_arrays(self._answers(line["mutant"]), answers)
        with (self.folder / _LINES).open("a") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.lines[line["mutant"]] = line

    def confirm(self) -> None:
        """The original was checked and is sound: the lines so far stand."""
        self.note(confirmed=len(self.lines))

    def take_back(self) -> int:
        """Forget the lines since the last good check; how many they were."""
        kept = list(self.lines.values())[: self.facts["confirmed"]]
        gone = len(self.lines) - len(kept)
        self.lines = {line["mutant"]: line for line in kept}
        text = "".join(json.dumps(line) + "\n" for line in kept)
        _write(self.folder / _LINES, text.encode())
        return gone

    def answers(self, mutant: str) -> dict[str, NDArray[Any]]:
        """The arrays kept of a mutant; none where it gave the golden answers."""
        path = self._answers(mutant)
        return _arrays(path) if path.exists() else {}

    def keep_golden(self, golden: Golden, group: str = "") -> None:
        """Keep a golden run; one that is there already must be the same.

        Raises:
            BaselineError: it gave other answers.
        """
        path = self._golden(group)
        if path.exists():
            before = _arrays(path)
            for index, output in enumerate(golden.outputs):
                if before[f"output-{index}"].tobytes() != output.tobytes():
                    raise BaselineError(
                        f"The original's answers are not those in {path}: go on where that run was "
                        "begun, or give --out another folder"
                    )
            return
        arrays = {f"output-{index}": one for index, one in enumerate(golden.outputs)}
        _write_arrays(path, {**arrays, _SECONDS: golden.seconds})

    def golden(self, plan: Plan, rows_cached: int, group: str = "") -> Golden:
        """A golden run that was kept.

        Raises:
            InputError: there is none.
        """
        path = self._golden(group)
        if not path.exists():
            raise InputError(f"{path} is missing: the run of the bundle has not come so far")
        stored = _arrays(path)
        outputs = []
        for index, buffer in enumerate(plan.outputs):
            array = typed(stored[f"output-{index}"], plan.buffers[buffer].dtype)
            array.setflags(write=False)
            outputs.append(array)
        return Golden(outputs, stored[_SECONDS], rows_cached)

    def _golden(self, group: str) -> Path:
        return self.folder / (f"golden-{group}.npz" if group else "golden.npz")

    def _answers(self, mutant: str) -> Path:
        return self.folder / "answers" / f"{mutant}.npz"

    def _read_lines(self) -> None:
        path = self.folder / _LINES
        if not path.exists():
            return
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        lines = [json.loads(line) for line in whole.splitlines()]
        self.lines = {line["mutant"]: line for line in lines}
        if whole != data:
            _write(path, whole)


def median_seconds(seconds: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Of each launch, over all rows of all runs ``[rows, launches]``."""
    found: NDArray[np.float64] = np.median(np.concatenate(list(seconds)), axis=0)
    return found


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def _write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    file = io.BytesIO()
    named: dict[str, Any] = dict(arrays)
    np.savez_compressed(file, **named)
    _write(path, file.getvalue())


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
