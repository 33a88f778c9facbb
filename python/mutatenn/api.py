"""The public functions: load a model, list its mutants, run a campaign."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mutatenn.campaign.campaign import Campaign
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.manifest import Manifest, require_same
from mutatenn.campaign.options import Options
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.verdict import VERDICTS
from mutatenn.campaign.watcher import Silent, Watcher
from mutatenn.errors import InputError
from mutatenn.lowering.tensor_stage import with_kernels
from mutatenn.model import load, save
from mutatenn.model.preprocess import load_preprocess
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import Mutant
from mutatenn.report.markdown import write_markdown
from mutatenn.report.record import Record
from mutatenn.report.result import Result
from mutatenn.report.summary import write_summary

__all__ = ["load", "resume", "run", "run_options", "save", "sites", "write_reports"]


def sites(mod: Any, operator: str, **settings: str) -> list[Mutant]:
    """First-order mutants of one operator; a module without TIR is legalised and fused first.

    ``Mutant.site`` is the number that the operator's pass takes as ``site``, for the module that
    holds the TIR.

    Args:
        mod: an IRModule; it is not changed.
        operator: id from the catalogue, such as ``swap-cmp``.
        **settings: the operator's parameters, as for its pass (``from_`` for ``from``).

    Raises:
        InputError: there is no such operator, parameter or choice, or the module has no TIR.
    """
    lowered, _ = with_kernels(mod)
    plain = {name.rstrip("_").replace("_", "-"): value for name, value in settings.items()}
    return enumerate_mutants(lowered, [operator], plain)


def run(
    model: str | os.PathLike[str],
    *,
    inputs: str | os.PathLike[str],
    out: str | os.PathLike[str] = "mutatenn.out",
    labels: str | os.PathLike[str] | None = None,
    preprocess: str | None = None,
    oracle: str | Sequence[str] = "top1",
    device: str | Sequence[str] = "llvm",
    stage: str = "kernel",
    operators: Sequence[str] = (),
    sample: int | None = None,
    seed: int = 0,
    watcher: Watcher | None = None,
) -> Result:
    """Run a campaign and return its outcome, all of which is also in ``out``.

    Args:
        model: model file, as for ``load``.
        inputs: folder of images, ``.npy`` or ``.npz``.
        out: folder for manifest, journal and reports; must not hold a campaign.
        labels: CSV with the columns ``file,class_index``.
        preprocess: ``imagenet``, ``cifar10``, ``mnist``, ``raw`` or a TOML file.
        oracle: one rule or several, such as ``top1`` or ``allclose:rtol=1e-3``; any that fails
            kills. ``mutatenn.oracle.catalogue()`` lists them.
        device: ``llvm``, alone or in a list.
        stage: ``kernel`` (flat code, right before host and device split) or ``tensor``.
        operators: ids; all operators when empty.
        sample: number of mutants, drawn by ``seed``; all when ``None``.
        seed: seed of the sample.
        watcher: told of phases and verdicts; nobody when ``None``.

    Raises:
        InputError: a file or an option cannot be used.
        BaselineError: the original program fails or is not repeatable.
        MissingToolError: the device or a tool is missing.
    """
    options = Options(
        model=Path(model),
        inputs=Path(inputs),
        out=Path(out),
        labels=None if labels is None else Path(labels),
        preprocess=None if preprocess is None else load_preprocess(preprocess),
        preprocess_given=preprocess,
        oracles=(oracle,) if isinstance(oracle, str) else tuple(oracle),
        device=_only_device(device),
        stage=stage,
        operators=tuple(operators),
        sample=sample,
        seed=seed,
    )
    run_options(options, watcher)
    return Result.read(options.out)


def _only_device(device: str | Sequence[str]) -> str:
    if isinstance(device, str):
        return device
    if len(device) != 1:
        raise InputError(f"a campaign of this version has one device, not {len(device)}")
    return device[0]


def run_options(options: Options, watcher: Watcher | None = None) -> dict[str, Any]:
    """Run the campaign that ``options`` describe and write its reports; see ``run``."""
    watcher = watcher or Silent()
    watcher.phase("reading and lowering the model")
    subject = Subject.prepare(options)
    return _finish(Campaign(subject, subject.manifest()), watcher)


def resume(
    out: str | os.PathLike[str], *, retry: Sequence[str] = (), watcher: Watcher | None = None
) -> dict[str, Any]:
    """Go on with the campaign in a folder: mutants with a verdict are not run again.

    Args:
        out: the campaign's folder.
        retry: verdicts, such as ``inconclusive``, whose mutants are run again.
        watcher: told of phases and verdicts; nobody when ``None``.

    Raises:
        InputError: the folder holds no campaign, or another process runs it.
        MismatchError: model, inputs, versions or mutants are no longer what they were.
        BaselineError: the original's answers are no longer what they were.
    """
    folder = Path(out)
    stored = Manifest.read(folder / "manifest.json")
    unknown = [verdict for verdict in retry if verdict not in VERDICTS]
    if unknown:
        raise InputError(f"there is no verdict {unknown[0]!r}; choose from: {', '.join(VERDICTS)}")
    _require_sound_journal(folder)
    watcher = watcher or Silent()
    watcher.phase("reading and lowering the model")
    subject = Subject.prepare(Options.from_dict(stored.facts["options"], folder), resumed=True)
    require_same(stored, subject.manifest())
    return _finish(Campaign(subject, stored, resumed=True, retry=tuple(retry)), watcher)


def _require_sound_journal(folder: Path) -> None:
    path = folder / "journal.sqlite"
    if not path.exists():
        return  # stopped before its first mutant: everything is still to be done
    with Journal(path, read_only=True) as journal:
        damage = journal.damage()
    if damage:
        raise InputError(
            f"{path} is damaged ({damage}); `mutatenn-ir report {folder}` tells what is still "
            "readable"
        )


def _finish(campaign: Campaign, watcher: Watcher) -> dict[str, Any]:
    start = time.perf_counter()
    campaign.run(watcher)
    with Journal(campaign.folder / "journal.sqlite") as journal:
        before = journal.facts().get("seconds_total") or 0.0
        journal.write_facts({"seconds_total": round(before + time.perf_counter() - start, 3)})
    return write_reports(campaign.folder)


def write_reports(folder: Path) -> dict[str, Any]:
    """Write every report of a campaign's folder; returns the summary."""
    record = Record.read(folder)
    write_markdown(record)
    return write_summary(record)
