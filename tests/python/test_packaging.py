"""What is installed: native parts that run anywhere, data, types, and codes that are documented."""

from __future__ import annotations

import importlib.metadata
import importlib.resources
import re
import struct
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import mutatenn
from mutatenn import _core
from mutatenn._version_check import require_matching_tvm_ffi
from mutatenn.device.portable.kernel_source import kernel_source
from mutatenn.device.runner_files import find_runner
from mutatenn.exit_codes import ExitCode

DT_NULL, DT_NEEDED, DT_STRTAB, DT_RPATH, DT_RUNPATH = 0, 1, 5, 15, 29
NATIVE = {"_core": Path(_core.__file__), "mutatenn-runner": find_runner()}


def dynamic_section(path: Path) -> dict[int, list[str]]:
    """Tags of a 64-bit little-endian ELF file's dynamic section, with the strings they name."""
    data = path.read_bytes()
    assert data[:6] == b"\x7fELF\x02\x01"
    offset, size, count = (
        *struct.unpack_from("<Q", data, 32),
        *struct.unpack_from("<HH", data, 54),
    )
    headers = [struct.unpack_from("<IIQQQQ", data, offset + i * size) for i in range(count)]

    def place(address: int) -> int:
        return next(  # type: ignore[no-any-return]
            begin + address - virtual
            for kind, _, begin, virtual, _, length in headers
            if kind == 1 and virtual <= address < virtual + length
        )

    begin, length = next((h[2], h[5]) for h in headers if h[0] == 2)
    entries = [struct.unpack_from("<QQ", data, begin + i) for i in range(0, length, 16)]
    strings = place(next(value for tag, value in entries if tag == DT_STRTAB))
    found: dict[int, list[str]] = {}
    for tag, value in entries:
        if tag in (DT_NEEDED, DT_RPATH, DT_RUNPATH):
            start = strings + value
            found.setdefault(tag, []).append(data[start : data.index(b"\0", start)].decode())
    return found


@pytest.mark.parametrize("name", NATIVE)
def test_native_files_hold_no_path_into_the_machine_that_built_them(name: str) -> None:
    found = dynamic_section(NATIVE[name])
    assert found[DT_NEEDED], "this is no dynamic section"
    assert DT_RPATH not in found and DT_RUNPATH not in found
    assert all("/" not in library for library in found[DT_NEEDED])


def test_the_extension_says_what_it_was_compiled_against() -> None:
    assert importlib.metadata.version("apache-tvm-ffi") == _core.TVM_FFI_VERSION
    require_matching_tvm_ffi(_core.TVM_FFI_VERSION)


def test_another_tvm_ffi_is_told_in_one_sentence() -> None:
    with pytest.raises(ImportError) as caught:
        require_matching_tvm_ffi("0.0.1")
    told = str(caught.value)
    assert told.startswith("mutatenn was compiled against apache-tvm-ffi 0.0.1 but ")
    assert "pip install apache-tvm-ffi==0.0.1" in told and "\n" not in told


def test_the_package_does_not_import_beside_another_tvm_ffi() -> None:
    script = """
        import importlib.metadata
        import tvm

        told = importlib.metadata.version
        importlib.metadata.version = lambda name: (
            "9.9.9" if name == "apache-tvm-ffi" else told(name)
        )
        import mutatenn
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ImportError: mutatenn was compiled against apache-tvm-ffi ")
    assert "9.9.9 is installed" in last


@pytest.mark.parametrize(
    "name",
    [
        *("py.typed", "_core.pyi", "transform.pyi", "demo/digits.onnx", "demo/digits.npz"),
        "include/mutatenn/operator.h",
    ],
)
def test_data_and_types_are_installed_with_the_package(name: str) -> None:
    file = importlib.resources.files("mutatenn").joinpath(name)
    assert file.is_file(), f"{name} is not in the package"
    assert name == "py.typed" or file.read_bytes()


@pytest.mark.parametrize("name", ["compare.cl", "compare.cu"])
def test_kernels_are_installed_with_the_package(name: str) -> None:
    assert "KERNEL" in kernel_source(name)
    installed = importlib.metadata.distribution("mutatenn").files or []
    if "mutatenn/__init__.py" not in map(str, installed):
        pytest.skip("mutatenn is run from a working tree here, not from an installed wheel")
    assert f"mutatenn/kernels/{name}" in map(str, installed)


def test_the_version_is_the_packages() -> None:
    assert mutatenn.__version__ == importlib.metadata.version("mutatenn")


def test_everything_public_is_there_and_documented() -> None:
    for name in set(mutatenn.__all__) - {"__version__"}:
        assert getattr(mutatenn, name).__doc__, name


def test_the_command_is_installed_under_its_name() -> None:
    installed = importlib.metadata.distribution("mutatenn")
    if "mutatenn/__init__.py" not in map(str, installed.files or ()):
        pytest.skip("mutatenn is run from a working tree here, not from an installed wheel")
    (entry,) = installed.entry_points.select(group="console_scripts", name="mutatenn-ir")
    assert entry.value == "mutatenn.cli.app:main"


def test_the_module_lists_its_commands() -> None:
    command = [sys.executable, "-m", "mutatenn.cli.app", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for name in (
        "operators",
        "import",
        "sites",
        "apply",
        "show",
        "build",
        "run",
        "config",
        "report",
        "demo",
    ):
        assert re.search(rf"^│ {name} ", done.stdout, re.MULTILINE), name


def test_the_documentation_has_every_exit_code(root: Path) -> None:
    table = (root / "docs" / "exit-codes.md").read_text().partition("| exit code | meaning |")[2]
    documented = [int(code) for code in re.findall(r"^\| (\d+) \| \S", table, re.MULTILINE)]
    assert documented == sorted(int(code) for code in ExitCode)
