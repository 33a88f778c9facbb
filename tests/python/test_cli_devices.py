"""`devices`: what there is, what is missing and how to get it, and devices that answer wrongly."""

from __future__ import annotations

import json
import os
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from campaign_fixtures import Cli, cli  # noqa: F401
from device_fixtures import alive, wait_until
from mutatenn.device.survey import Entry, take_inventory
from mutatenn.exit_codes import ExitCode

FAKE_OPENCL = """
    import types
    import numpy as np

    class Error(Exception):
        pass

    class mem_flags:
        READ_ONLY = READ_WRITE = COPY_HOST_PTR = 0

    device = types.SimpleNamespace(
        name="Fake", version="OpenCL 1.2", extensions="cl_khr_fp16", type=4, max_compute_units=3,
        max_work_group_size=128, local_mem_size=32768, global_mem_size=1 << 30,
        platform=types.SimpleNamespace(name="Fakes", version="OpenCL 1.2 \\0"),
    )

    def get_platforms():
        return [types.SimpleNamespace(get_devices=lambda: [device])]

    device_type = types.SimpleNamespace(to_string=lambda type: "GPU")

    def Context(devices):
        {trouble}
        return devices

    def CommandQueue(context):
        return types.SimpleNamespace(finish=lambda: None)

    def Program(context, source):
        return types.SimpleNamespace(build=lambda: None)

    def Kernel(program, name):
        return types.SimpleNamespace(set_args=lambda *args: None)

    def Buffer(context, flags, hostbuf):
        return hostbuf

    def enqueue_nd_range_kernel(*args):
        pass

    def enqueue_copy(queue, to, source):
        to[:] = {answer}
"""
FAKE_CUDA = """
    import numpy as np

    float32 = np.float32
    asarray, asnumpy, full = np.asarray, np.asarray, np.full

    class RawModule:
        def __init__(self, code):
            assert 'extern "C"' in code

        def get_function(self, name):
            def launch(grid, block, args):
                args[1][:] = args[0] * {factor} + 1
            return launch

    class cuda:
        class Device:
            def __init__(self, index):
                self.index = index
            def __enter__(self):
                return self
            def __exit__(self, *_):
                pass

        class runtime:
            class CUDARuntimeError(Exception):
                pass

            @staticmethod
            def getDeviceCount():
                {count}

            @staticmethod
            def getDeviceProperties(index):
                return dict(name=b"Fake GPU", major=9, minor=0, multiProcessorCount=132,
                            maxThreadsPerBlock=1024, sharedMemPerBlock=49152,
                            totalGlobalMem=80 << 30)

            driverGetVersion = runtimeGetVersion = staticmethod(lambda: 13000)
"""


def fake(name: str, text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, **parts: str) -> None:
    """Put a module of that name before the installed one, for processes to come."""
    (folder / f"{name}.py").write_text(textwrap.dedent(text).format(**parts))
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    monkeypatch.setenv("PYTHONPATH", path.rstrip(os.pathsep))


def only(families: Sequence[str], seconds: float = 60.0) -> Entry:
    (entry,) = take_inventory(families, seconds)
    return entry


def test_every_family_has_a_line(cli: Cli) -> None:  # noqa: F811
    answer = cli("devices", "--json")
    assert (answer.code, answer.err) == (ExitCode.OK, "")
    rows = {row["device"]: row for row in json.loads(answer.out)}
    assert {row["family"] for row in rows.values()} == {"llvm", "c", "opencl", "cuda"}
    for row in rows.values():
        assert row["state"] in ("ready", "failed", "missing")
        assert row["state"] == "ready" or row["reason"]
    for name in ("llvm", "c", "opencl:0"):
        assert rows[name]["state"] == "ready", rows[name]
    assert rows["opencl:0"]["properties"]["max_work_group_size"] >= 1
    assert rows["llvm"]["properties"]["llvm"] >= 15


def test_the_table_says_what_the_json_says(cli: Cli) -> None:  # noqa: F811
    answer = cli("devices")
    assert (answer.code, answer.err) == (ExitCode.OK, "")
    lines = answer.out.splitlines()
    assert lines[0].split()[:2] == ["device", "state"]
    assert [line.split()[0] for line in lines[1:4]] == ["llvm", "c", "opencl:0"]
    assert "compute units" in answer.out and "work-groups of up to" in answer.out


def test_the_help_says_what_it_does(cli: Cli) -> None:  # noqa: F811
    answer = cli("devices", "--help")
    assert answer.code == ExitCode.OK and "process of its own" in answer.out
    assert "devices" in cli("--help").out


def test_without_a_c_compiler_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    entry = only(["c"])
    assert entry.state == "missing"
    assert entry.reason == (
        "$CC names 'no-such-compiler', and there is no such program; install one (Debian: gcc) or "
        "set $CC"
    )


def test_what_is_no_compiler_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "false")
    entry = only(["c"])
    assert entry.state == "missing" and "--version fails, so it is no C compiler" in entry.reason


def test_a_compiler_that_compiles_something_else_fails_its_self_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler = tmp_path / "liar"
    compiler.write_text('#!/bin/sh\n[ "$1" = --version ] && exec gcc --version\n')
    with compiler.open("a") as script:
        script.write("sed 's/2[.]000000e+00f/3.000000e+00f/' | exec gcc \"$@\"\n")
    compiler.chmod(0o755)
    monkeypatch.setenv("CC", str(compiler))
    entry = only(["c"])
    assert (entry.state, entry.reason) == ("failed", "self-test: 63 of 64 values are wrong")
    assert entry.properties["compiler"] == str(compiler)


@pytest.mark.parametrize(
    ("family", "module", "advice"),
    [
        ("opencl", "pyopencl", "pip install 'mutatenn[opencl]'"),
        ("cuda", "cupy", "pip install 'mutatenn[cuda]'"),
    ],
)
def test_without_its_package_a_family_says_what_to_install(
    family: str, module: str, advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(module, "raise ImportError('blocked')", tmp_path, monkeypatch)
    entry = only([family])
    assert (entry.device, entry.state) == (family, "missing")
    assert "cannot be imported (blocked)" in entry.reason
    assert entry.advice.startswith(advice)


def test_without_a_platform_it_names_the_package_of_debian(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OCL_ICD_VENDORS", str(tmp_path))
    monkeypatch.setenv("OPENCL_VENDOR_PATH", str(tmp_path))
    entry = only(["opencl"])
    assert entry.state == "missing" and "no OpenCL platform" in entry.reason
    assert "pocl-opencl-icd" in entry.advice


RIGHT = "np.arange(64) * 2 + 1"


@pytest.mark.parametrize(
    ("trouble", "answer", "state", "reason"),
    [
        ("pass", RIGHT, "ready", ""),
        ("pass", "np.zeros(64)", "failed", "self-test: 64 of 64 values are wrong"),
        ("import os; os.abort()", RIGHT, "failed", "self-test: it died of SIGABRT"),
        ("raise Error('BUILD')", RIGHT, "failed", "self-test: __main__.Error: BUILD"),
    ],
)
def test_a_device_is_ready_only_if_its_self_test_answers_right(
    trouble: str,
    answer: str,
    state: str,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake("pyopencl", FAKE_OPENCL, tmp_path, monkeypatch, trouble=trouble, answer=answer)
    entry = only(["opencl"])
    assert (entry.device, entry.state) == ("opencl:0", state)
    assert entry.reason == reason.replace("__main__", "pyopencl")
    assert entry.properties["platform_version"] == "OpenCL 1.2"
    assert (entry.properties["fp16"], entry.properties["fp64"]) == (True, False)


def test_a_device_that_never_answers_is_given_up_and_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = tmp_path / "pid"
    trouble = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(900)"
    fake("pyopencl", FAKE_OPENCL, tmp_path, monkeypatch, trouble=trouble, answer=RIGHT)
    entry = only(["opencl"], seconds=5.0)
    assert (entry.state, entry.reason) == ("failed", "self-test: it gave no answer in 5 s")
    assert wait_until(lambda: not alive(int(pid.read_text())))


@pytest.mark.parametrize(
    ("count", "factor", "states"),
    [
        ("return 2", "2", ["ready", "ready"]),
        ("return 1", "3", ["failed"]),
        ("return 0", "2", ["missing"]),
        ("raise cuda.runtime.CUDARuntimeError('no driver')", "2", ["missing"]),
    ],
)
def test_gpus_are_listed_by_number(
    count: str, factor: str, states: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake("cupy", FAKE_CUDA, tmp_path, monkeypatch, count=count, factor=factor)
    entries = take_inventory(["cuda"])
    assert [entry.state for entry in entries] == states
    if states[0] == "missing":
        assert "CUDA finds no device" in entries[0].reason and "driver" in entries[0].advice
        return
    assert [entry.device for entry in entries] == [f"cuda:{n}" for n in range(len(states))]
    found: dict[str, Any] = entries[0].properties
    assert (found["name"], found["compute_capability"]) == ("Fake GPU", "9.0")
    assert found["memory_bytes"] == 80 << 30
