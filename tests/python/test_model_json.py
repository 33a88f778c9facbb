"""IRModules go to JSON and back, layer names and weights with them."""

from __future__ import annotations

import gzip
import os
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm
import tvm_ffi
from tvm import relax

from mutatenn.errors import InputError
from mutatenn.model import Layer, layers_of, load, save, with_layers
from mutatenn.model.layers import bindings


def module() -> Any:
    """``abs(x + weight)``; the sum carries one layer and the absolute value two."""
    x = relax.Var("x", relax.TensorType([2, 3], "float32"))
    weight = relax.const(np.arange(6, dtype="float32").reshape(2, 3))
    builder = relax.BlockBuilder()
    with builder.function("main", [x]):
        with builder.dataflow():
            total = builder.normalize(relax.op.add(x, weight))
            total = builder.emit(with_layers(total, [Layer(0, "sum")]))
            size = builder.normalize(relax.op.abs(total))
            size = builder.emit_output(with_layers(size, [Layer(2, "b"), Layer(1, "a")]))
        builder.emit_func_output(size)
    return builder.get()


@pytest.mark.parametrize("name", ["m.json", "m.json.gz"])
def test_a_module_comes_back_with_its_names(tmp_path: Path, name: str) -> None:
    save(module(), tmp_path / name)
    back = load(tmp_path / name)
    assert tvm_ffi.structural_equal(back, module())
    assert [layers_of(b) for b in bindings(back["main"])] == [("sum",), ("a", "b")]


def test_only_a_name_in_gz_is_compressed(tmp_path: Path) -> None:
    save(module(), tmp_path / "m.json")
    save(module(), tmp_path / "m.json.gz")
    plain = (tmp_path / "m.json").read_bytes()
    packed = (tmp_path / "m.json.gz").read_bytes()
    assert plain.startswith(b"{") and packed.startswith(b"\x1f\x8b")
    assert gzip.decompress(packed) == plain


def test_a_compressed_file_is_known_by_its_content(tmp_path: Path) -> None:
    save(module(), tmp_path / "m.json.gz")
    (tmp_path / "m.json.gz").rename(tmp_path / "m.json")
    assert tvm_ffi.structural_equal(load(tmp_path / "m.json"), module())


def test_saving_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    mod = module()
    save(mod, tmp_path / "a.json.gz")
    save(mod, tmp_path / "b.json.gz")
    assert (tmp_path / "a.json.gz").read_bytes() == (tmp_path / "b.json.gz").read_bytes()


def test_a_failed_save_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m.json").write_text("old")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(InputError, match=r"cannot be written \(No space left"):
        save(module(), tmp_path / "m.json")
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]
    assert (tmp_path / "m.json").read_text() == "old"


def test_a_saved_file_has_ordinary_permissions(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    save(module(), tmp_path / "m.json")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        save(module(), tmp_path / "gone" / "m.json")


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "not JSON .line 1"),
        (b"hello", "not JSON .line 1"),
        (b"\xff\xfe", "byte 0 is no text"),
        (b"[1, 2]", "no root_index"),
        (b'{"a": 1}', "no root_index"),
        (b'{"root": 1, "nodes": [], "attrs": {}}', "legacy JSON graph format of TVM 0.19"),
        (b'{"root_index": 7, "nodes": []}', "cannot read this module"),
        (b"\x1f\x8bnonsense", "damaged gzip"),
        (tvm.ir.save_json(tvm.runtime.convert([1])).encode(), "holds a Array, not an IRModule"),
    ],
)
def test_a_file_that_is_not_a_module_is_told_why(tmp_path: Path, content: bytes, part: str) -> None:
    path = tmp_path / "m.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=part) as caught:
        load(path)
    assert "\n" not in str(caught.value)


def test_a_truncated_module_is_told(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    save(module(), path)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match="not JSON"):
        load(path)
