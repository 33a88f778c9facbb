"""One kernel is compiled alone, under one name, to the same bytes every time."""

# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def"
from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import tvm
from tvm.script import tirx as T  # noqa: N812

import device_kernels as kernels
from campaign_kernels import original
from mutatenn.errors import InputError, MissingToolError
from mutatenn.lowering.kernel import (
    SYMBOL,
    Artifact,
    CompileError,
    compile_kernel,
    link,
    parse_target,
    require_llvm,
)

LLVM = parse_target("llvm")


def test_the_same_kernel_compiles_to_the_same_bytes(tmp_path: Path) -> None:
    first = compile_kernel(kernels.double, LLVM, tmp_path)
    second = compile_kernel(kernels.double, LLVM, tmp_path)
    assert first == second and first.sha256 == second.sha256


def test_another_process_compiles_it_to_the_same_bytes(tmp_path: Path) -> None:
    script = f"""
        import sys
        from pathlib import Path
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        import device_kernels, mutatenn
        from mutatenn.lowering.kernel import compile_kernel, parse_target
        folder = Path(sys.argv[1])
        print(compile_kernel(device_kernels.double, parse_target("llvm"), folder).sha256)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == compile_kernel(kernels.double, LLVM, tmp_path).sha256


def test_the_name_of_a_kernel_is_not_in_its_bytes(tmp_path: Path) -> None:
    named = original(8, T.serial)
    renamed = named.with_attr("global_symbol", "another_name")
    assert compile_kernel(named, LLVM, tmp_path) == compile_kernel(renamed, LLVM, tmp_path)


def test_different_kernels_compile_to_different_bytes(tmp_path: Path) -> None:
    first = compile_kernel(kernels.double, LLVM, tmp_path)
    assert first.sha256 != compile_kernel(kernels.triple, LLVM, tmp_path).sha256


def test_the_kernel_given_is_not_changed(tmp_path: Path) -> None:
    before = tvm.ir.save_json(kernels.add)
    compile_kernel(kernels.add, LLVM, tmp_path)
    assert tvm.ir.save_json(kernels.add) == before


def test_a_library_exports_the_one_symbol(tmp_path: Path) -> None:
    library = link(compile_kernel(kernels.double, LLVM, tmp_path), tmp_path / "k.so")
    assert f"__tvm_ffi_{SYMBOL}\0".encode() in library.read_bytes()
    assert [path.name for path in tmp_path.glob("k.*")] == ["k.so"]


def test_a_path_that_was_used_is_refused(tmp_path: Path) -> None:
    artifact = compile_kernel(kernels.double, LLVM, tmp_path)
    link(artifact, tmp_path / "k.so")
    with pytest.raises(FileExistsError, match="must be fresh"):
        link(artifact, tmp_path / "k.so")


def test_what_is_no_object_is_refused_by_the_linker(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="ld failed: ") as caught:
        link(Artifact(b"no object"), tmp_path / "k.so")
    assert not isinstance(caught.value, MissingToolError)
    assert not (tmp_path / "k.so").exists()


def test_without_a_linker_the_missing_tool_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match=r"install binutils \(ld\) or lld"):
        link(Artifact(b""), tmp_path / "k.so")


def test_a_kernel_that_tvm_rejects_is_told_in_one_line(tmp_path: Path) -> None:
    @T.prim_func(s_tir=True)
    def unbound(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):  # noqa: N803
        for i in T.thread_binding(8, "threadIdx.x"):
            C[i] = A[i]

    with pytest.raises(CompileError) as caught:
        compile_kernel(unbound, LLVM, tmp_path)
    assert str(caught.value).strip() and "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["nothing", "llvm -nothing=1", '{"kind": "nothing"}', ""])
def test_what_is_no_target_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is not a target that TVM accepts"):
        parse_target(text)


def test_only_targets_of_the_device_are_accepted() -> None:
    require_llvm(parse_target("llvm"))
    with pytest.raises(InputError, match="--target is of kind c"):
        require_llvm(parse_target("c"))
