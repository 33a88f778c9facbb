"""The target of this machine, and targets whose code it could not run."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest
from tvm.target import Target, codegen

from campaign_fixtures import Cli, cli, digits  # noqa: F401
from mutatenn.demo import model_path
from mutatenn.errors import InputError
from mutatenn.exit_codes import ExitCode
from mutatenn.lowering.host import (
    HOST,
    host_target,
    missing_features,
    require_runnable,
    resolve_target,
)

OLD = "fpu cx8 cmov sse sse2 pni ssse3 sse4_1 sse4_2 popcnt cx16 avx"
"""Flags of a CPU of 2011, as Linux names them."""

x86 = pytest.mark.skipif(platform.machine() != "x86_64", reason="flags are those of x86 CPUs")


@pytest.fixture
def old_cpu(tmp_path: Path) -> Path:
    path = tmp_path / "cpuinfo"
    path.write_text(f"processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: {OLD}\n")
    return path


def foreign_cpu() -> str:
    """A CPU that can what this one cannot."""
    names = sorted(str(name) for name in codegen.llvm_get_cpu_archlist(Target("llvm")))
    for name in names:
        if missing_features(Target({"kind": "llvm", "mcpu": name})):
            return name
    pytest.skip("this CPU has every feature that LLVM knows")


def test_the_host_is_llvms_name_for_this_cpu_and_can_be_run() -> None:
    fields = json.loads(host_target())
    assert fields["kind"] == "llvm"
    assert fields["mcpu"] == codegen.llvm_get_system_cpu()
    require_runnable(Target(host_target()))


@x86
def test_what_a_hypervisor_hides_is_switched_off(old_cpu: Path) -> None:
    target = Target({"kind": "llvm", "mcpu": "skylake-avx512"})
    hidden = missing_features(target, old_cpu)
    assert {"avx2", "avx512f", "avx512bw", "fma", "bmi", "lzcnt"} <= set(hidden)
    assert not {"avx", "sse4.2", "popcnt"} & set(hidden)
    stripped = Target(
        {"kind": "llvm", "mcpu": "skylake-avx512", "mattr": [f"-{name}" for name in hidden]}
    )
    assert missing_features(stripped, old_cpu) == []
    assert not codegen.llvm_cpu_has_features("avx512f", stripped)
    assert missing_features(Target(host_target(old_cpu)), old_cpu) == []


@x86
def test_code_for_a_cpu_that_can_more_is_refused(old_cpu: Path) -> None:
    target = Target({"kind": "llvm", "mcpu": "haswell"})
    with pytest.raises(InputError, match=r"this CPU lacks .*avx2.*; give --target host"):
        require_runnable(target, old_cpu)
    require_runnable(Target({"kind": "llvm", "mcpu": "sandybridge"}), old_cpu)
    require_runnable(Target("llvm"), old_cpu)


def test_without_an_account_of_the_cpu_nothing_is_missing(tmp_path: Path) -> None:
    assert missing_features(Target({"kind": "llvm", "mcpu": "znver4"}), tmp_path / "none") == []


def test_the_default_target_follows_the_schedule() -> None:
    assert resolve_target(None, "none") == "llvm"
    assert resolve_target(None, "default") == host_target()
    assert resolve_target(HOST, "none") == host_target()
    assert resolve_target("c", "default") == "c"


@x86
def test_a_campaign_for_another_cpu_is_refused_before_anything_is_written(
    cli: Cli,  # noqa: F811
    digits: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    target = json.dumps({"kind": "llvm", "mcpu": foreign_cpu()})
    out = tmp_path / "out"
    answer = cli("run", model_path(), "--inputs", digits, "--out", out, "--target", target)
    assert answer.code == ExitCode.USAGE
    assert answer.err.splitlines()[-1].startswith("mutatenn-ir: this CPU lacks ")
    assert not out.exists()
