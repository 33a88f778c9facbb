"""The public functions: load a model, list its mutants, run a campaign."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mutatenn.api.campaigns import (
    dry_run,
    merge_folders,
    repeat_manifest,
    resume_folder,
    run_options,
    write_reports,
)
from mutatenn.campaign.configuration import validate
from mutatenn.campaign.options import Options
from mutatenn.campaign.watcher import Watcher
from mutatenn.catalogue import catalogue
from mutatenn.lowering.tensor_stage import with_kernels
from mutatenn.model import load, save
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import GRAPH_STAGES, Mutant
from mutatenn.report.gates import Gates
from mutatenn.report.result import Result
from mutatenn.transform import Value, plain_name, plain_value

__all__ = [
    "dry_run",
    "load",
    "merge",
    "merge_folders",
    "repeat",
    "repeat_manifest",
    "resume",
    "resume_folder",
    "run",
    "run_options",
    "save",
    "sites",
    "write_reports",
]


def sites(mod: Any, operator: str, *, redundant: bool = False, **settings: Value) -> list[Mutant]:
    """First-order mutants of one operator; a module without TIR is legalised and fused first.

    Operators of stage graph or weight are sought in the module as it is. ``Mutant.site`` is the
    number that the operator's pass takes as ``site``, for the module that was searched.

    Args:
        mod: an IRModule; it is not changed.
        operator: id from the catalogue, such as ``swap-cmp``.
        redundant: whether to list redundant replacements too; one that the settings name outright
            is listed anyway.
        **settings: the operator's parameters, as for its pass (``from_`` for ``from``).

    Raises:
        InputError: there is no such operator, parameter or choice, or the module has no TIR.
    """
    plain = {plain_name(name): plain_value(value) for name, value in settings.items()}
    on_graphs = {op.id for op in catalogue() if set(op.stages) & set(GRAPH_STAGES)}
    searched = mod if operator in on_graphs else with_kernels(mod)[0]
    return enumerate_mutants(searched, [operator], plain, redundant=redundant)


def run(
    model: str | os.PathLike[str],
    *,
    inputs: str | os.PathLike[str],
    input_list: str | os.PathLike[str] | None = None,
    labels: str | os.PathLike[str] | None = None,
    preprocess: str | os.PathLike[str] | None = None,
    oracle: str | Sequence[str] = ("top1",),
    device: str | Sequence[str] = ("llvm",),
    target: str | None = None,
    schedule: str = "default",
    align: bool = False,
    stage: str | None = None,
    preset: str | None = None,
    operators: str | Sequence[str] = (),
    exclude: str | Sequence[str] = (),
    function: str | Sequence[str] = (),
    layer: str | Sequence[str] = (),
    positions: str | None = None,
    order: int = 1,
    all: bool = False,
    expect: str = "any",
    sample: int | None = None,
    stratify: str | None = None,
    until: str | None = None,
    shard: str | None = None,
    prove: str = "turn",
    only: str | Sequence[str] = (),
    seed: int = 0,
    out: str | os.PathLike[str] = "mutatenn.out",
    batch: int | None = None,
    trust: bool = False,
    threads: int = 1,
    jobs: int | None = None,
    cache_mb: int = 1024,
    memory: int = 2048,
    timeout: float = 20.0,
    floor_ms: int = 1000,
    golden_ms: int = 600_000,
    total_ms: int | None = None,
    oob: str = "contain",
    poison: bool = True,
    repeat: int = 1,
    recheck_every: int = 50,
    min_score: float | None = None,
    max_survivors: int | None = None,
    fail_on_new_survivors: str | os.PathLike[str] | None = None,
    watcher: Watcher | None = None,
) -> Result:
    """Run a campaign and return its outcome, all of which is also in ``out``.

    No ``mutatenn.toml`` is read. A list of one text may be given as that text. A failed gate
    raises nothing: ``Result.summary["gates"]`` says which failed.

    Args:
        model: Model: .onnx, IRModule .json or .json.gz, or TVMScript .py (needs trust).
        inputs: Folder of images, or a .npy or .npz file.
        input_list: Text file with the name of an input on each line: run on these alone.
        labels: CSV with the columns file,class_index; if not given, labels.csv in the folder of
            images.
        preprocess: What is done to images: imagenet, cifar10, mnist, raw, or a TOML file.
        oracle: When an answer is accepted; any oracle that fails kills.
        device: What runs the mutants: llvm, c (or c:O0 to c:O3, c:O3-native), opencl:N, cuda:N; the
            score is the first one's.
        target: TVM target of kind llvm, opencl or cuda, as text or JSON, or host, for devices of
            that kind; if not given, host under schedules, else llvm, and what an accelerator says
            of itself.
        schedule: How kernels run: default (a graph prepared for the target, kernels scheduled by
            rule) or none (kernels as fusion leaves them; accelerators have schedules anyway).
        align: Plant mutants at stage tensor, in kernels that all devices share.
        stage: Where mutants are planted: tensor (before scheduling), kernel (flat code, right
            before host and device code are split), graph (the model's calls) or weight (the model's
            constants). If not given: where the chosen operators work, kernel first.
        preset: A named choice of operators; `mutatenn-ir operators --preset NAME` lists what it
            holds. If neither it nor operators are given: default.
        operators: Operators by their ids, every replacement that they offer by default.
        exclude: Operators, by their ids, that are left out of the preset or the operators.
        function: Shell patterns: only mutants of functions (kernels, or graphs) that fit one.
        layer: Shell patterns: only mutants of functions that compute a layer that fits one.
        positions: Range such as 2:5 (the end is not in it): of the mutants that the other options
            leave, those at these positions among the mutants of their operator, from 0, in the
            order of a manifest without a sample (functions by first launch, then by place).
        order: How many of these mutants are planted together, drawn with the seed; sets of more
            than one are mutants of higher order.
        all: Also run redundant mutants: whatever kills the others is expected to kill them.
        expect: What mutants are expected to answer: any (semantics-preserving ones are left out),
            or same (only those run, and one that differs is a suspected compiler defect).
        sample: Number of runnable mutants to draw; all if not given.
        stratify: Draw the sample in proportion from each operator, layer or function, at least one
            of each where it is large enough.
        until: Sample on until half the width of the score's 95 % interval is at most this, such as
            ±2%, 2% or 0.02; sample is then the most that may run.
        shard: Run one part of the campaign, k/n with k counted from 0: the parts of four are 0/4,
            1/4, 2/4 and 3/4; `mutatenn-ir merge` makes them one campaign.
        prove: When mutants are proved equal to the original or to each other: each when its turn
            comes (turn), or all before any runs, in the sample or not (all).
        only: Ids of mutants to run alone; all if none is given.
        seed: Seed of the sample.
        out: Folder for everything written; it must not hold a campaign.
        batch: What a symbolic batch of an ONNX model becomes; 1 if not given.
        trust: Execute a TVMScript .py file.
        threads: Threads of TVM's pool in a run of a mutant.
        jobs: Mutants to run at once; cores less one if not given.
        cache_mb: MiB of golden activations to keep; the rest is recomputed.
        memory: MiB that a mutant may allocate.
        timeout: Time limit of a launch, as a multiple of its slowest golden run; floor-ms is
            granted on top.
        floor_ms: Milliseconds that any launch may last.
        golden_ms: Milliseconds that one golden run may last.
        total_ms: Milliseconds that the whole run of a mutant may last; no limit if not given.
        oob: What a write out of bounds is: recorded only (contain), or a crash (trap).
        poison: Fill memory with a pattern before a kernel runs, and tell by a second one whether
            the answer depends on it.
        repeat: Run each mutant this many times; one whose runs differ is flaky.
        recheck_every: Check the original program again after so many mutants.
        min_score: Fail, with exit code 1, where the mutation score is lower.
        max_survivors: Fail where more mutants survive; those that no input reaches do not count.
        fail_on_new_survivors: Fail where mutants survive that did not in this campaign: its folder,
            or a copy of its report/summary.json.
        watcher: Told of phases and verdicts; nobody when ``None``.

    Raises:
        InputError: a file or an option cannot be used.
        BaselineError: the original program fails or is not repeatable.
        MissingToolError: the device or a tool is missing.
    """
    values = {
        "model": os.fspath(model),
        "inputs": os.fspath(inputs),
        "input-list": None if input_list is None else os.fspath(input_list),
        "labels": None if labels is None else os.fspath(labels),
        "preprocess": None if preprocess is None else os.fspath(preprocess),
        "oracle": _words(oracle),
        "device": _words(device),
        "target": target,
        "schedule": schedule,
        "align": align,
        "stage": stage,
        "preset": preset,
        "operators": _words(operators),
        "exclude": _words(exclude),
        "function": _words(function),
        "layer": _words(layer),
        "positions": positions,
        "order": order,
        "all": all,
        "expect": expect,
        "sample": sample,
        "stratify": stratify,
        "until": until,
        "shard": shard,
        "prove": prove,
        "only": _words(only),
        "seed": seed,
        "out": os.fspath(out),
        "batch": batch,
        "trust": trust,
        "threads": threads,
        "jobs": jobs,
        "cache-mb": cache_mb,
        "memory": memory,
        "timeout": timeout,
        "floor-ms": floor_ms,
        "golden-ms": golden_ms,
        "total-ms": total_ms,
        "oob": oob,
        "poison": poison,
        "repeat": repeat,
        "recheck-every": recheck_every,
        "min-score": min_score,
        "max-survivors": max_survivors,
        "fail-on-new-survivors": (
            None if fail_on_new_survivors is None else os.fspath(fail_on_new_survivors)
        ),
    }
    given = {key: value for key, value in values.items() if value is not None}
    found = validate(given, lambda key: key.replace("-", "_"))
    options = Options.from_configuration(found)
    run_options(options, watcher, Gates.from_configuration(found))
    return Result.read(options.out)


def resume(
    out: str | os.PathLike[str],
    *,
    retry: str | Sequence[str] = (),
    watcher: Watcher | None = None,
) -> Result:
    """Go on with the campaign in a folder, with its options, and return its outcome.

    Mutants that have a verdict are not run again.

    Args:
        out: the campaign's folder.
        retry: verdicts, such as ``inconclusive``, whose mutants are run again.
        watcher: told of phases and verdicts; nobody when ``None``.

    Raises:
        InputError: the folder holds no campaign, or another process runs it.
        MismatchError: model, inputs, versions or mutants are no longer what they were.
        BaselineError: the original's answers are no longer what they were.
    """
    resume_folder(Path(out), retry=_words(retry), watcher=watcher)
    return Result.read(Path(out))


def repeat(
    manifest: str | os.PathLike[str],
    *,
    out: str | os.PathLike[str],
    watcher: Watcher | None = None,
) -> Result:
    """Run the campaign of a manifest once more, into another folder, and return its outcome.

    Args:
        manifest: the file, ``manifest.json`` in a campaign's folder.
        out: folder for everything written; it must not hold a campaign.
        watcher: told of phases and verdicts; nobody when ``None``.

    Raises:
        InputError: there is no manifest, or the folder holds a campaign.
        MismatchError: model, inputs, versions or mutants are no longer what they were.
        BaselineError: the original program fails or is not repeatable.
    """
    repeat_manifest(Path(manifest), Path(out), watcher)
    return Result.read(Path(out))


def merge(shards: Sequence[str | os.PathLike[str]], *, out: str | os.PathLike[str]) -> Result:
    """Make one campaign of all of its shards and return its outcome.

    Args:
        shards: their folders, in any order; they stay as they are.
        out: a folder that is not there yet.

    Raises:
        InputError: a folder cannot be read or written.
        MismatchError: shards are missing, incomplete, given twice, or of another campaign.
    """
    merge_folders([Path(folder) for folder in shards], Path(out))
    write_reports(Path(out))
    return Result.read(Path(out))


def _words(texts: str | Sequence[str]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)
