"""Model files are told apart by name; what cannot be read is refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from mutatenn.errors import InputError
from mutatenn.exit_codes import ExitCode
from mutatenn.model import load


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.onnx: no such file"):
        load(tmp_path / "gone.onnx")


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder, not a model file"):
        load(tmp_path)


def test_another_kind_of_file_is_told_with_the_accepted_ones(tmp_path: Path) -> None:
    path = tmp_path / "model.h5"
    path.touch()
    with pytest.raises(InputError, match=r"accepted are \.onnx, \.json, \.json\.gz, \.py"):
        load(path)


def test_a_batch_size_for_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.touch()
    with pytest.raises(InputError, match=r"--batch is for \.onnx files only"):
        load(path, batch=2)


def test_unreadable_input_leads_to_the_usage_exit_code(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path / "gone.json")
    assert caught.value.exit_code is ExitCode.USAGE
