"""Labels are complete and exact, or refused in one sentence that names the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mutatenn.errors import InputError
from mutatenn.model.labels import read_labels


def _file(folder: Path, text: str) -> Path:
    path = folder / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _refusal(path: Path, names: list[str]) -> str:
    with pytest.raises(InputError) as caught:
        read_labels(path, names)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


def test_labels_come_in_the_order_of_the_names(tmp_path: Path) -> None:
    path = _file(tmp_path, "file,class_index\na.png,3\nb.png,0\nc.png,999\n")
    labels = read_labels(path, ["c.png", "a.png", "b.png"])
    np.testing.assert_array_equal(labels, [999, 3, 0])
    assert labels.dtype == np.int64


def test_quotes_blank_lines_crlf_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = _file(tmp_path, '\ufefffile,class_index\r\n"a,1.png",7\r\n\r\n')
    assert read_labels(path, ["a,1.png"]).tolist() == [7]


def test_a_missing_label_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    assert "cannot be read" in _refusal(tmp_path / "none.csv", ["a.png"])


def test_a_folder_as_label_file_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in _refusal(tmp_path, ["a.png"])


@pytest.mark.parametrize("text", ["", "a.png,1\n", "file,class\na.png,1\n", "file\na.png\n"])
def test_a_missing_header_is_refused(tmp_path: Path, text: str) -> None:
    assert "file,class_index" in _refusal(_file(tmp_path, text), ["a.png"])


def test_a_label_for_an_absent_file_is_refused_by_name(tmp_path: Path) -> None:
    path = _file(tmp_path, "file,class_index\na.png,1\nghost.png,2\n")
    assert "'ghost.png'" in _refusal(path, ["a.png"])


def test_an_image_without_a_label_is_refused_by_name(tmp_path: Path) -> None:
    path = _file(tmp_path, "file,class_index\na.png,1\n")
    assert "no label for 'b.png'" in _refusal(path, ["a.png", "b.png"])


def test_a_second_label_for_a_file_is_refused_with_its_line(tmp_path: Path) -> None:
    path = _file(tmp_path, "file,class_index\na.png,1\na.png,1\n")
    assert "line 3" in _refusal(path, ["a.png"])


@pytest.mark.parametrize(
    "index", ["cat", "", "1.0", "-1", " 1", "+1", "1_0", "\u0663", "9223372036854775808", "1e3"]
)
def test_a_class_index_that_is_no_whole_number_is_refused(tmp_path: Path, index: str) -> None:
    message = _refusal(_file(tmp_path, f"file,class_index\na.png,{index}\n"), ["a.png"])
    assert "line 2" in message
    assert repr(index) in message


@pytest.mark.parametrize("line", ["a.png", "a.png,1,2"])
def test_a_line_with_other_than_two_columns_is_refused(tmp_path: Path, line: str) -> None:
    assert "line 2" in _refusal(_file(tmp_path, f"file,class_index\n{line}\n"), ["a.png"])


def test_a_label_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(b"file,class_index\n\xff\xfe.png,1\n")
    assert "UTF-8" in _refusal(path, ["a.png"])


def test_an_unclosed_quote_is_refused(tmp_path: Path) -> None:
    path = _file(tmp_path, 'file,class_index\n"a.png,1\n')
    assert "CSV" in _refusal(path, ["a.png"])
