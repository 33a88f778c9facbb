"""Gates: when a campaign fails although it ran; they decide no verdict and change no hash."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mutatenn.campaign.configuration import Configuration
from mutatenn.errors import InputError
from mutatenn.report.baseline import baseline_survivors
from mutatenn.report.record import Record

NAMED = 5
"""Mutants that a sentence names."""


@dataclasses.dataclass(frozen=True)
class Gates:
    """What was asked for; ``None`` for what was not.

    Attributes:
        min_score: the least mutation score that passes, 0 to 1.
        max_survivors: the most survivors that pass.
        baseline: a campaign that knows all survivors that pass; see ``baseline_survivors``.
    """

    min_score: float | None = None
    max_survivors: int | None = None
    baseline: Path | None = None

    @classmethod
    def from_configuration(cls, configuration: Configuration) -> Gates:
        """The gates among a user's options."""
        return cls(
            configuration.min_score,
            configuration.max_survivors,
            configuration.fail_on_new_survivors,
        )

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Gates:
        """The inverse of ``to_dict``."""
        baseline = stored.get("baseline")
        return cls(
            stored.get("min_score"),
            stored.get("max_survivors"),
            None if baseline is None else Path(baseline),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for the journal; the path is absolute, so that any directory will do."""
        baseline = None if self.baseline is None else str(self.baseline.absolute())
        return {**dataclasses.asdict(self), "baseline": baseline}

    @property
    def any(self) -> bool:
        """Whether anything is asked for."""
        return self != Gates()

    def check(self) -> None:
        """Refuse a baseline that cannot be read, before hours are spent.

        Raises:
            InputError: it cannot.
        """
        if self.baseline is not None:
            baseline_survivors(self.baseline)


def gated(record: Record, gates: Gates) -> Record:
    """A campaign with other gates than it was run with."""
    return dataclasses.replace(record, facts={**record.facts, "gates": gates.to_dict()})


def gate_results(
    gates: Gates, counts: Mapping[str, int], score: float | None, survivors: Sequence[str]
) -> list[dict[str, Any]]:
    """Each gate that was asked for: ``gate``, ``asked``, ``found``, ``passed``, ``sentence``.

    Args:
        gates: what was asked for.
        counts: mutants by verdict, on the first device.
        score: theirs; ``None`` where no mutant counts, which passes no least score.
        survivors: ids of the mutants that survived.
    """
    found = []
    if gates.min_score is not None:
        found.append(_min_score(gates.min_score, score))
    if gates.max_survivors is not None:
        found.append(_max_survivors(gates.max_survivors, counts["survived"]))
    if gates.baseline is not None:
        found.append(_new_survivors(gates.baseline, survivors))
    return found


def expect_result(suspects: Sequence[str]) -> dict[str, Any]:
    """The gate that ``--expect same`` is.

    Args:
        suspects: mutants that keep the meaning and made a difference.
    """
    sentence = (
        f"{len(suspects)} mutants that keep the meaning made a difference, which suggests a defect "
        f"of the compiler: {', '.join(suspects)}"
    )
    return _result("expect", "same", len(suspects), not suspects, sentence, "no mutant differs")


def failures(results: Sequence[Mapping[str, Any]]) -> list[str]:
    """A sentence for each gate that failed."""
    return [result["sentence"] for result in results if not result["passed"]]


def _min_score(asked: float, score: float | None) -> dict[str, Any]:
    said = (
        "no mutant counts, so there is no score" if score is None else f"the score is {score:.4f}"
    )
    passed = score is not None and score >= asked
    return _result(
        "min-score",
        asked,
        score,
        passed,
        f"{said}, and --min-score asks for {asked:g}",
        f"{said}, at least {asked:g}",
    )


def _max_survivors(asked: int, survived: int) -> dict[str, Any]:
    return _result(
        "max-survivors",
        asked,
        survived,
        survived <= asked,
        f"{survived} mutants survived, and --max-survivors allows {asked}",
        f"{survived} mutants survived, at most {asked}",
    )


def _new_survivors(baseline: Path, survivors: Sequence[str]) -> dict[str, Any]:
    name, asked = "fail-on-new-survivors", str(baseline)
    try:
        before = baseline_survivors(baseline)
    except InputError as error:
        # The baseline may be gone since; what cannot be asked is not passed.
        return _result(name, asked, None, False, str(error), "")
    new = [mutant for mutant in survivors if mutant not in before]
    listed = ", ".join(new[:NAMED]) + (", ..." if len(new) > NAMED else "")
    return _result(
        name,
        asked,
        new,
        not new,
        f"{len(new)} mutants survived that did not in {baseline}: {listed}",
        f"all {len(survivors)} survivors did so in {baseline}",
    )


def _result(
    gate: str, asked: Any, found: Any, passed: bool, failed_sentence: str, passed_sentence: str
) -> dict[str, Any]:
    return {
        "gate": gate,
        "asked": asked,
        "found": found,
        "passed": passed,
        "sentence": passed_sentence if passed else failed_sentence,
    }
