"""Backend ``cuda``: source without a toolkit or a GPU, and its compilation by NVRTC."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import tvm

from gpu_kernels import CUDA, lowered_demo
from launch_kernels import launch
from mutatenn.errors import InputError, MissingToolError
from mutatenn.lowering import nvrtc
from mutatenn.lowering.accelerator_code import AcceleratorBackend
from mutatenn.lowering.backends.cuda import cuda_backend
from mutatenn.lowering.cuda_headers import HEADERS
from mutatenn.lowering.kernel import CompileError, parse_target
from mutatenn.lowering.nvrtc import compile_cuda
from opencl_kernels import flat

ELF = b"\x7fELF"
ADD = 'extern "C" __global__ void add(float* a) { a[threadIdx.x] += 1.0f; }'


def backend() -> AcceleratorBackend:
    made: AcceleratorBackend = cuda_backend("cuda:0", parse_target(CUDA))
    return made


def shared_launch(scope: str) -> Any:
    before = f"S = T.alloc_buffer((8,), 'int32', scope={scope!r})"
    axes = [("b", "blockIdx.x", 2), ("t", "threadIdx.x", 8)]
    return flat(launch(axes, "S[t] = B[t]\nA[t] = S[t]", before=before), CUDA)


def test_every_kernel_of_the_demo_is_written_and_compiled() -> None:
    made = backend()
    kernels = [
        made.kernel(made.lower(func))
        for func in lowered_demo(CUDA).functions.values()
        if isinstance(func, tvm.tirx.PrimFunc)
    ]
    assert kernels
    for kernel in kernels:
        assert kernel.language == "cuda"
        binary = compile_cuda(kernel.source, "sm_75")
        assert binary.startswith(ELF)
        assert all(each.symbol.encode() in binary for each in kernel.launches)


def test_tvm_is_told_to_compile_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where CUDA is installed TVM would call its compiler, and need a GPU to tell for what."""
    told: list[str] = []
    write = tvm.get_global_func("target.build.cuda")

    def writer(*arguments: Any) -> Any:
        told.append(os.environ["TVM_COMPILE_FORCE_FALLBACK"])
        return write(*arguments)

    monkeypatch.setenv("TVM_COMPILE_FORCE_FALLBACK", "0")
    made = backend()
    code = made.lower(shared_launch("shared"))
    monkeypatch.setattr(tvm, "get_global_func", lambda _: writer)
    assert "__global__ void" in made.kernel(code).source
    assert told == ["1"]
    assert os.environ["TVM_COMPILE_FORCE_FALLBACK"] == "0"


def test_dynamic_shared_memory_is_asked_for_at_the_launch() -> None:
    made = backend()
    (dynamic,) = made.kernel(made.lower(shared_launch("shared.dyn"))).launches
    (static,) = made.kernel(made.lower(shared_launch("shared"))).launches
    assert (dynamic.shared_bytes, static.shared_bytes) == (32, 0)
    assert dynamic.grid == (2, 1, 1)
    assert dynamic.block == (8, 1, 1)


def test_the_bytes_are_the_same_each_time(tmp_path: Path) -> None:
    first, second = (
        made.generate(made.lower(shared_launch("shared")), tmp_path).sha256
        for made in (backend(), backend())
    )
    assert first == second


def test_a_target_of_another_kind_is_refused() -> None:
    with pytest.raises(InputError, match=r"cuda:N run targets of kind cuda.* is of kind opencl"):
        cuda_backend("cuda:0", parse_target("opencl"))


def test_what_nvrtc_rejects_is_told_by_its_first_error() -> None:
    with pytest.raises(CompileError, match=r'^kernel\.cu\(1\): error: identifier "b" is undefined'):
        compile_cuda(ADD.replace("+= 1.0f", "+= b + c"), "sm_75")


def test_an_unknown_architecture_is_rejected() -> None:
    with pytest.raises(CompileError, match="invalid value for --gpu-architecture"):
        compile_cuda(ADD, "sm_1")


def test_machine_code_differs_between_architectures() -> None:
    assert compile_cuda(ADD, "sm_75") != compile_cuda(ADD, "sm_90")


def test_the_headers_say_of_types_what_the_standard_does() -> None:
    facts = [
        "sizeof(cuda::std::int64_t) == 8 && sizeof(cuda::std::uint16_t) == 2",
        "s::is_same_v<int, int> && !s::is_same_v<int, unsigned>",
        "s::is_integral<const bool>::value && !s::is_integral<float>::value",
        "s::is_signed<signed char>::value && s::is_signed<double>::value",
        "!s::is_signed<unsigned>::value && s::is_unsigned<unsigned long>::value",
        "!s::is_unsigned<float>::value && !s::is_unsigned<int*>::value",
        "s::is_floating_point<volatile float>::value && !s::is_floating_point<int>::value",
        "s::is_same_v<s::conditional<false, int, float>::type, float>",
        "s::is_same_v<s::enable_if<true, int>::type, int>",
    ]
    includes = "".join(f"#include <{name}>\n" for name in HEADERS)
    asserts = "".join(f'static_assert({fact}, "");\n' for fact in facts)
    assert compile_cuda(f"{includes}namespace s = cuda::std;\n{asserts}{ADD}", "sm_75")


def test_sixteen_bit_floats_find_their_header() -> None:
    assert compile_cuda(f"#include <cuda_fp16.h>\n{ADD.replace('float*', 'half*')}", "sm_75")


def test_a_header_that_is_not_there_is_no_fault_of_the_kernel() -> None:
    with pytest.raises(MissingToolError, match=r'"none\.h".*pip install nvidia-cuda-runtime'):
        compile_cuda(f"#include <none.h>\n{ADD}", "sm_75")


def test_without_any_compiler_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvrtc, "load_nvrtc", lambda: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingToolError, match="pip install nvidia-cuda-nvrtc"):
        compile_cuda(ADD, "sm_75")


def test_nvcc_stands_in_for_nvrtc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A compiler that keeps what it is given: the command line is what is tested."""
    tool = tmp_path / "nvcc"
    tool.write_text(
        '#!/bin/sh\n[ "$2" = -arch=sm_75 ] || { echo "error: arch $2" >&2; exit 1; }\n'
        'cat "$6" > "$5"\n'
    )
    tool.chmod(0o755)
    monkeypatch.setattr(nvrtc, "load_nvrtc", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert compile_cuda(ADD, "sm_75") == ADD.encode()
    with pytest.raises(CompileError, match=r"^error: arch -arch=sm_90$"):
        compile_cuda(ADD, "sm_90")
