"""Devices that are not there are told before anything is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from accelerator_fixtures import pocl_cache  # noqa: F401
from campaign_fixtures import Cli, cli, digits  # noqa: F401
from mutatenn.demo import model_path
from mutatenn.device.survey import require_present
from mutatenn.errors import InputError, MissingToolError
from mutatenn.exit_codes import ExitCode
from mutatenn.lowering.backends import require_device


def test_nobody_is_asked_for_devices_of_the_cpu() -> None:
    require_present(["llvm", "c:O0"], seconds=0)


def test_a_device_of_opencl_is_found(pocl_cache: None) -> None:  # noqa: F811
    require_present(["llvm", "opencl:0"])


def test_a_number_beyond_the_last_device_is_refused(pocl_cache: None) -> None:  # noqa: F811
    with pytest.raises(MissingToolError, match=r"no device opencl:999: opencl has [0-9]+, "):
        require_present(["opencl:999"])


def test_a_family_that_does_not_answer_is_refused() -> None:
    with pytest.raises(MissingToolError, match=r"opencl:0 cannot be asked for: it gave no answer"):
        require_present(["opencl:0"], seconds=0.001)


@pytest.mark.parametrize(
    "name", ["opencl", "cuda", "opencl:x", "opencl:", "opencl:00", "llvm:3", "c:O9", "metal:0", ""]
)
def test_a_name_that_stands_for_no_device_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=f"no device '{name}'; there are: c, c:O0, .*cuda:N, llvm"):
        require_device(name)


def test_a_missing_second_device_costs_no_run_of_the_first(
    cli: Cli,  # noqa: F811
    digits: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    devices = ("--device", "llvm", "--device", "opencl:999")
    answer = cli("run", model_path(), "--inputs", digits, *devices, "--out", out)
    assert answer.code == ExitCode.ENVIRONMENT
    assert "opencl:999" in answer.err
    assert not out.exists()


def test_a_device_that_ran_a_bundle_elsewhere_begins_no_campaign(
    cli: Cli,  # noqa: F811
    digits: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    given = ("--inputs", digits, "--device", "opencl:0@board", "--out", out)
    answer = cli("run", model_path(), *given)
    assert answer.code == ExitCode.USAGE
    assert "opencl:0@board ran a bundle elsewhere" in answer.err
    assert not out.exists()
