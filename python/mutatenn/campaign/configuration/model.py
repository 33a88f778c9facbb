"""Every option of a campaign with its description, type, range and default: the only list of them.

The command line, the schema of ``mutatenn.toml``, its template and the errors are made from it; a
test holds ``mutatenn.run`` to it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from mutatenn.campaign.shards.shard import Shard
from mutatenn.campaign.until import half_width
from mutatenn.device import Oob
from mutatenn.device.limits import MOST_FACTOR
from mutatenn.errors import InputError
from mutatenn.lowering.backends import require_device
from mutatenn.mutation.mutant import operator_versions
from mutatenn.mutation.narrowing import parse_positions
from mutatenn.mutation.presets import preset_names
from mutatenn.oracle import parse_oracles

# Strict types refuse what TOML never needs converted, such as true for a number; a path, though,
# is a text there, and a tuple a list.
Place = Annotated[Path, Field(strict=False)]
Words = Annotated[tuple[str, ...], Field(strict=False)]

# Far above any use, and far below what overflows in the runner or in the system's calls.
MOST_THREADS = 1024
MOST_MIB = 2**30
MOST_MS = 2**31 - 1
GATES = ("min-score", "max-survivors", "fail-on-new-survivors")
"""Keys of what decides no verdict, but whether a campaign that ran has failed."""


def _spelled(field: str) -> str:
    return field.replace("_", "-")


class Configuration(BaseModel):
    """Options of a campaign as a user writes them; what was left out has its default.

    ``model_fields_set`` holds the fields that were given. Keys are the fields' names with dashes.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", alias_generator=_spelled)

    model: Place | None = Field(
        None,
        description="Model: .onnx, IRModule .json or .json.gz, or TVMScript .py (needs trust).",
        examples=["model.onnx"],
    )
    inputs: Place | None = Field(
        None, description="Folder of images, or a .npy or .npz file.", examples=["images"]
    )
    input_list: Place | None = Field(
        None,
        description="Text file with the name of an input on each line: run on these alone.",
        examples=["inputs.txt"],
    )
    labels: Place | None = Field(
        None,
        description="CSV with the columns file,class_index; if not given, labels.csv in the "
        "folder of images.",
        examples=["labels.csv"],
    )
    preprocess: str | None = Field(
        None,
        description="What is done to images: imagenet, cifar10, mnist, raw, or a TOML file.",
        examples=["imagenet"],
    )
    oracle: Words = Field(
        ("top1",),
        min_length=1,
        description="When an answer is accepted; any oracle that fails kills.",
    )
    device: Words = Field(
        ("llvm",),
        min_length=1,
        description="What runs the mutants: llvm, c (or c:O0 to c:O3, c:O3-native), opencl:N, "
        "cuda:N; the score is the first one's.",
    )
    target: str | None = Field(
        None,
        description="TVM target of kind llvm, opencl or cuda, as text or JSON, or host, for "
        "devices of that kind; if not given, host under schedules, else llvm, and what an "
        "accelerator says of itself.",
        examples=["host"],
    )
    schedule: Literal["default", "none"] = Field(
        "default",
        description="How kernels run: default (a graph prepared for the target, kernels scheduled "
        "by rule) or none (kernels as fusion leaves them; accelerators have schedules anyway).",
    )
    align: bool = Field(
        False,
        description="Plant mutants at stage tensor, in kernels that all devices share.",
    )
    stage: Literal["tensor", "kernel", "graph", "weight"] | None = Field(
        None,
        description="Where mutants are planted: tensor (before scheduling), kernel (flat code, "
        "right before host and device code are split), graph (the model's calls) or weight (the "
        "model's constants). If not given: where the chosen operators work, kernel first.",
        examples=["kernel"],
    )
    preset: str | None = Field(
        None,
        description="A named choice of operators; `mutatenn-ir operators --preset NAME` lists "
        "what it holds. If neither it nor operators are given: default.",
        examples=["boundary"],
    )
    operators: Words = Field(
        (), description="Operators by their ids, every replacement that they offer by default."
    )
    exclude: Words = Field(
        (), description="Operators, by their ids, that are left out of the preset or the operators."
    )
    function: Words = Field(
        (),
        description="Shell patterns: only mutants of functions (kernels, or graphs) that fit one.",
    )
    layer: Words = Field(
        (),
        description="Shell patterns: only mutants of functions that compute a layer that fits one.",
    )
    positions: str | None = Field(
        None,
        description="Range such as 2:5 (the end is not in it): of the mutants that the other "
        "options leave, those at these positions among the mutants of their operator, from 0, in "
        "the order of a manifest without a sample (functions by first launch, then by place).",
        examples=["0:10"],
    )
    order: int = Field(
        1,
        ge=1,
        description="How many of these mutants are planted together, drawn with the seed; sets of "
        "more than one are mutants of higher order.",
    )
    all: bool = Field(
        False,
        description="Also run redundant mutants: whatever kills the others is expected to kill "
        "them.",
    )
    expect: Literal["any", "same"] = Field(
        "any",
        description="What mutants are expected to answer: any (semantics-preserving ones are left "
        "out), or same (only those run, and one that differs is a suspected compiler defect).",
    )
    sample: int | None = Field(
        None,
        ge=1,
        description="Number of runnable mutants to draw; all if not given.",
        examples=[200],
    )
    stratify: Literal["operator", "layer", "function"] | None = Field(
        None,
        description="Draw the sample in proportion from each operator, layer or function, at "
        "least one of each where it is large enough.",
        examples=["operator"],
    )
    until: str | None = Field(
        None,
        description="Sample on until half the width of the score's 95 % interval is at most this, "
        "such as ±2%, 2% or 0.02; sample is then the most that may run.",
        examples=["2%"],
    )
    shard: str | None = Field(
        None,
        description="Run one part of the campaign, k/n with k counted from 0: the parts of four "
        "are 0/4, 1/4, 2/4 and 3/4; `mutatenn-ir merge` makes them one campaign.",
        examples=["0/4"],
    )
    prove: Literal["turn", "all"] = Field(
        "turn",
        description="When mutants are proved equal to the original or to each other: each when "
        "its turn comes (turn), or all before any runs, in the sample or not (all).",
    )
    only: Words = Field((), description="Ids of mutants to run alone; all if none is given.")
    seed: int = Field(0, description="Seed of the sample.")
    out: Place = Field(
        Path("mutatenn.out"),
        description="Folder for everything written; it must not hold a campaign.",
    )
    batch: int | None = Field(
        None,
        ge=1,
        description="What a symbolic batch of an ONNX model becomes; 1 if not given.",
        examples=[1],
    )
    trust: bool = Field(False, description="Execute a TVMScript .py file.")
    threads: int = Field(
        1, ge=1, le=MOST_THREADS, description="Threads of TVM's pool in a run of a mutant."
    )
    jobs: int | None = Field(
        None,
        ge=1,
        le=MOST_THREADS,
        description="Mutants to run at once; cores less one if not given.",
        examples=[4],
    )
    cache_mb: int = Field(
        1024,
        ge=0,
        le=MOST_MIB,
        description="MiB of golden activations to keep; the rest is recomputed.",
    )
    memory: int = Field(2048, ge=1, le=MOST_MIB, description="MiB that a mutant may allocate.")
    timeout: float = Field(
        20.0,
        ge=1,
        le=MOST_FACTOR,
        allow_inf_nan=False,
        description="Time limit of a launch, as a multiple of its slowest golden run; floor-ms is "
        "granted on top.",
    )
    floor_ms: int = Field(
        1000, ge=1, le=MOST_MS, description="Milliseconds that any launch may last."
    )
    golden_ms: int = Field(
        600_000, ge=1, le=MOST_MS, description="Milliseconds that one golden run may last."
    )
    total_ms: int | None = Field(
        None,
        ge=1,
        le=MOST_MS,
        description="Milliseconds that the whole run of a mutant may last; no limit if not given.",
        examples=[60_000],
    )
    oob: Oob = Field(
        "contain",
        description="What a write out of bounds is: recorded only (contain), or a crash (trap).",
    )
    poison: bool = Field(
        True,
        description="Fill memory with a pattern before a kernel runs, and tell by a second one "
        "whether the answer depends on it.",
    )
    repeat: int = Field(
        1,
        ge=1,
        description="Run each mutant this many times; one whose runs differ is flaky.",
    )
    recheck_every: int = Field(
        50,
        ge=1,
        description="Check the original program again after so many mutants.",
    )

    min_score: float | None = Field(
        None,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="Fail, with exit code 1, where the mutation score is lower.",
        examples=[0.8],
    )
    max_survivors: int | None = Field(
        None,
        ge=0,
        description="Fail where more mutants survive; those that no input reaches do not count.",
        examples=[10],
    )
    fail_on_new_survivors: Place | None = Field(
        None,
        description="Fail where mutants survive that did not in this campaign: its folder, or a "
        "copy of its report/summary.json.",
        examples=["baseline.json"],
    )

    @field_validator("oracle")
    @classmethod
    def _known_oracles(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        try:
            parse_oracles(texts)
        except InputError as error:  # pydantic gathers ValueErrors alone
            raise ValueError(str(error)) from error
        return texts

    @field_validator("device")
    @classmethod
    def _known_devices(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        try:
            for name in names:
                # What ran a bundle elsewhere is a device of a merged campaign.
                require_device(name.partition("@")[0])
        except InputError as error:  # pydantic gathers ValueErrors alone
            raise ValueError(str(error)) from error
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise ValueError(f"the device {twice[0]} is given twice")
        return names

    @field_validator("preset")
    @classmethod
    def _known_preset(cls, name: str | None) -> str | None:
        if name is not None and name not in preset_names():
            raise ValueError(f"there is no preset {name!r}; there are: {', '.join(preset_names())}")
        return name

    @field_validator("positions")
    @classmethod
    def _positions(cls, text: str | None) -> str | None:
        try:
            if text is not None:
                parse_positions(text)
        except InputError as error:  # pydantic gathers ValueErrors alone
            raise ValueError(str(error)) from error
        return text

    @field_validator("until")
    @classmethod
    def _until(cls, text: str | None) -> str | None:
        try:
            if text is not None:
                half_width(text)
        except InputError as error:  # pydantic gathers ValueErrors alone
            raise ValueError(str(error)) from error
        return text

    @field_validator("shard")
    @classmethod
    def _shard(cls, text: str | None) -> str | None:
        try:
            return None if text is None else str(Shard.parse(text))
        except InputError as error:  # pydantic gathers ValueErrors alone
            raise ValueError(str(error)) from error

    @field_validator("operators", "exclude")
    @classmethod
    def _known_operators(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        known = operator_versions()
        for name in names:
            if name not in known:
                raise ValueError(f"there is no operator {name!r}; there are: {', '.join(known)}")
        return names

    def given(self) -> dict[str, Any]:
        """The values that were given, by key."""
        return {_spelled(name): getattr(self, name) for name in sorted(self.model_fields_set)}

    def values(self) -> dict[str, Any]:
        """All values by key, in the order of the fields; ``None`` where there is none."""
        return {_spelled(name): getattr(self, name) for name in type(self).model_fields}
