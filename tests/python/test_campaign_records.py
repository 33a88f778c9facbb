"""What a campaign leaves behind says all that determines it, and its numbers agree."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json

import numpy as np

from campaign_fixtures import OPERATORS, ROWS, SEED, Finished, digits, finished  # noqa: F401
from mutatenn.campaign.journal import Journal
from mutatenn.demo import model_path
from mutatenn.lowering.plan import Plan
from mutatenn.mutation.mutant import operator_versions


def test_the_journal_holds_versions_target_seed_and_options(finished: Finished) -> None:  # noqa: F811
    with Journal(finished.folder / "journal.sqlite", read_only=True) as journal:
        facts = journal.facts()
    for package in ("mutatenn", "apache-tvm", "apache-tvm-ffi", "numpy"):
        assert facts["versions"][package] == importlib.metadata.version(package)
    assert facts["options"]["seed"] == SEED
    assert facts["options"]["target"] == "llvm"
    assert facts["options"]["limits"]["memory_mb"] == finished.options.limits.memory_mb
    versions = operator_versions()
    assert facts["operators"] == {name: versions[name] for name in OPERATORS}
    assert facts["preset"] is None


def test_the_journal_holds_hashes_of_all_that_goes_in(finished: Finished) -> None:  # noqa: F811
    record = finished.record
    hashes = record.facts["hashes"]
    assert hashes["model"] == hashlib.sha256(model_path().read_bytes()).hexdigest()
    plan_text = (finished.folder / "plan.json").read_text()
    assert hashes["plan"] == hashlib.sha256(plan_text.encode()).hexdigest()
    plan = Plan.from_json(plan_text)
    assert set(hashes["kernels"]) == set(plan.kernels)
    assert len({*hashes["kernels"].values()}) == len(plan.kernels)
    assert len(hashes["inputs"]) == len(hashes["weights"]) == 64


def test_the_manifest_tells_the_same_as_the_journal(finished: Finished) -> None:  # noqa: F811
    record = finished.record
    for key, value in record.manifest.facts.items():
        assert record.facts[key] == value


def test_every_mutant_of_the_manifest_has_one_verdict(finished: Finished) -> None:  # noqa: F811
    record = finished.record
    judged = [row["mutant"] for row in record.rows]
    assert sorted(judged) == sorted(mutant.id for mutant in record.manifest.mutants)
    assert {row["device"] for row in record.rows} == {"llvm"}


def test_the_counts_of_the_summary_add_up(finished: Finished) -> None:  # noqa: F811
    body = finished.summary
    counts = body["counts"]
    assert sum(counts.values()) == body["mutants"] == len(finished.record.rows)
    assert sum(body["kills"].values()) == counts["killed"]
    assert body["pending"] == 0
    stopped = body["kills"]["crash"] + body["kills"]["hang"]
    assert body["ripr"]["revealed"] == counts["killed"] - stopped
    ran = counts["killed"] + counts["survived"] - stopped
    assert ran >= body["ripr"]["infected"] >= body["ripr"]["propagated"] >= body["ripr"]["revealed"]
    assert body["score"] == counts["killed"] / (counts["killed"] + counts["survived"])


def test_the_summary_on_disk_is_the_one_returned(finished: Finished) -> None:  # noqa: F811
    assert json.loads((finished.folder / "report" / "summary.json").read_text()) == finished.summary


def test_golden_accuracy_is_that_of_the_labels(finished: Finished) -> None:  # noqa: F811
    golden = finished.summary["golden"]["llvm"]
    assert golden["inputs"] == ROWS
    assert golden["top1"] == golden["right"] / ROWS
    # 99 of the 100 shipped images are classified as labelled.
    assert golden["right"] >= ROWS - 1


def test_a_verdict_comes_with_what_was_changed_and_compiled(finished: Finished) -> None:  # noqa: F811
    for row in finished.record.rows:
        assert row["diff"].startswith("--- ")
        unbuilt = row["verdict"] == "invalid" or row["reason"].startswith(
            ("the analyzer proves ", "after TVM's remaining passes ")
        )
        assert (row["artifact"] == "") is unbuilt
        assert row["reason"]


def test_the_evidence_counts_every_input(finished: Finished) -> None:  # noqa: F811
    ran = [row for row in finished.record.rows if row["reach"]]
    assert ran
    for row in ran:
        assert sum(row["evidence"]["rows"].values()) == ROWS
        assert (row["failing"] > 0) == (row["reach"] == "revealed") == (row["verdict"] == "killed")


def test_nothing_but_results_stays_in_the_folder(finished: Finished) -> None:  # noqa: F811
    names = {path.name for path in finished.folder.iterdir()}
    assert names == {"manifest.json", "journal.sqlite", "plan.json", "code.json", "logs", "report"}


def test_the_arrays_given_are_the_ones_run(finished: Finished) -> None:  # noqa: F811
    with np.load(finished.options.inputs) as stored:
        assert len(stored["labels"]) == ROWS
    assert finished.record.facts["options"]["inputs"] == str(finished.options.inputs)
