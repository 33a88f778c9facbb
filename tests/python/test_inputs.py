"""A folder of pictures becomes rows and labels; nothing in it is dropped or misread in silence."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mutatenn.errors import InputError
from mutatenn.model.inputs import InputSpec, load_inputs
from mutatenn.model.preprocess import PRESETS, Preprocess

SPEC = InputSpec("input", (1, 3, 6, 6), "float32")
RAW = PRESETS["raw"]


def _picture(path: Path, seed: int = 0) -> np.ndarray:
    pixels = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return pixels


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pictures and their labels."""
    folder = tmp_path / "images"
    folder.mkdir()
    for seed, name in enumerate(["b.png", "a.PNG", "c.bmp"]):
        _picture(folder / name, seed)
    (folder / "labels.csv").write_text("file,class_index\nb.png,1\nc.bmp,2\na.PNG,0\n")
    return folder


def _refusal(path: Path, **options: object) -> str:
    arguments: dict[str, object] = {"specs": [SPEC], "preprocess": RAW, **options}
    with pytest.raises(InputError) as caught:
        load_inputs(path, **arguments)  # type: ignore[arg-type]
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_pictures_are_rows_sorted_by_name_with_the_labels_beside_them(folder: Path) -> None:
    inputs = load_inputs(folder, [SPEC], RAW)
    assert inputs.names == ("a.PNG", "b.png", "c.bmp")
    assert inputs.labels is not None
    assert inputs.labels.tolist() == [0, 1, 2]
    assert inputs.rows[0].shape == (3, 1, 3, 6, 6)
    assert inputs.rows[0].dtype == np.float32
    assert len(inputs) == 3
    for row, name in zip(inputs.rows[0], inputs.names, strict=True):
        pixels = np.asarray(Image.open(folder / name))
        np.testing.assert_array_equal(row[0], pixels.transpose(2, 0, 1))


def test_jpeg_suffixes_are_read_in_any_case(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.JPEG", "c.Jpeg"):
        Image.new("RGB", (6, 6), (128, 128, 128)).save(tmp_path / name, format="JPEG")
    inputs = load_inputs(tmp_path, [SPEC], RAW)
    assert inputs.names == ("a.jpg", "b.JPEG", "c.Jpeg")
    assert inputs.labels is None
    np.testing.assert_array_equal(inputs.rows[0], 128)


def test_given_labels_outrank_the_ones_in_the_folder(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("file,class_index\na.PNG,7\nb.png,8\nc.bmp,9\n")
    inputs = load_inputs(folder, [SPEC], RAW, labels=other)
    assert inputs.labels is not None
    assert inputs.labels.tolist() == [7, 8, 9]


def test_a_limit_keeps_the_first_rows_and_their_labels(folder: Path) -> None:
    inputs = load_inputs(folder, [SPEC], RAW, limit=2)
    assert inputs.names == ("a.PNG", "b.png")
    assert inputs.labels is not None
    assert inputs.labels.tolist() == [0, 1]
    assert len(inputs.rows[0]) == 2
    assert len(load_inputs(folder, [SPEC], RAW, limit=99)) == 3


def test_a_limit_below_one_is_refused(folder: Path) -> None:
    assert "limit of inputs is 0" in _refusal(folder, limit=0)


def test_the_rows_and_labels_cannot_be_written(folder: Path) -> None:
    inputs = load_inputs(folder, [SPEC], RAW)
    assert inputs.labels is not None
    for array in (*inputs.rows, inputs.labels):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_the_hash_tells_names_rows_and_labels_apart(folder: Path) -> None:
    first = load_inputs(folder, [SPEC], RAW).sha256
    assert load_inputs(folder, [SPEC], RAW).sha256 == first
    seen = {first}
    (folder / "labels.csv").write_text("file,class_index\nb.png,1\nc.bmp,2\na.PNG,5\n")
    seen.add(load_inputs(folder, [SPEC], RAW).sha256)
    (folder / "labels.csv").unlink()
    seen.add(load_inputs(folder, [SPEC], RAW).sha256)
    (folder / "c.bmp").rename(folder / "d.bmp")
    seen.add(load_inputs(folder, [SPEC], RAW).sha256)
    seen.add(load_inputs(folder, [SPEC], PRESETS["imagenet"]).sha256)
    seen.add(load_inputs(folder, [SPEC], RAW, limit=2).sha256)
    assert len(seen) == 6


def test_an_integer_model_takes_raw_pictures_and_no_fractions(folder: Path) -> None:
    spec = InputSpec("input", (1, 3, 6, 6), "uint8")
    inputs = load_inputs(folder, [spec], RAW)
    assert inputs.rows[0].dtype == np.uint8
    message = _refusal(folder, specs=[spec], preprocess=PRESETS["imagenet"])
    assert "a.PNG" in message
    assert "uint8" in message


def test_pictures_without_a_preprocessing_are_refused(folder: Path) -> None:
    assert "--preprocess" in _refusal(folder, preprocess=None)


def test_pictures_for_a_model_with_two_inputs_are_refused(folder: Path) -> None:
    message = _refusal(folder, specs=[SPEC, InputSpec("mask", (1, 3), "float32")])
    assert "'input', 'mask'" in message


def test_pictures_for_a_model_that_takes_a_vector_are_refused(folder: Path) -> None:
    message = _refusal(folder, specs=[InputSpec("input", (1, 10), "float32")])
    assert "[1, 10]" in message


def test_an_absent_path_is_refused(tmp_path: Path) -> None:
    assert "do not exist" in _refusal(tmp_path / "none")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "holds no picture" in _refusal(tmp_path)


def test_a_folder_with_pictures_in_subfolders_only_is_refused(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    _picture(tmp_path / "train" / "a.png")
    assert "holds no picture" in _refusal(tmp_path)


@pytest.mark.parametrize("name", ["d.webp", "d.GIF", "d.tif", "d.npy"])
def test_a_file_that_would_be_left_out_is_refused_by_name(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"x")
    assert name in _refusal(folder)


def test_hidden_files_and_notes_are_passed_over(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "._a.png").write_bytes(b"x")
    (folder / "README.md").write_text("notes")
    assert len(load_inputs(folder, [SPEC], RAW)) == 3


def test_labels_that_name_absent_files_are_refused(folder: Path) -> None:
    (folder / "b.png").unlink()
    message = _refusal(folder)
    assert "labels.csv" in message
    assert "'b.png'" in message


def test_an_image_without_a_label_is_refused(folder: Path) -> None:
    _picture(folder / "z.png")
    assert "no label for 'z.png'" in _refusal(folder)


def test_an_absent_label_file_is_refused(folder: Path) -> None:
    assert "none.csv" in _refusal(folder, labels=folder / "none.csv")


def test_a_truncated_picture_is_refused_by_name(folder: Path) -> None:
    big = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    for name in ("b.png", "c.bmp"):
        path = folder / name
        whole = path.read_bytes()
        Image.fromarray(big).save(path)
        path.write_bytes(path.read_bytes()[:2000])
        message = _refusal(folder)
        assert name in message
        assert "damaged" in message
        path.write_bytes(whole)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n", b"GIF89a"])
def test_a_file_that_is_no_picture_is_refused_by_name(folder: Path, content: bytes) -> None:
    (folder / "b.png").write_bytes(content)
    assert "b.png" in _refusal(folder)


def test_a_sixteen_bit_picture_is_refused(folder: Path) -> None:
    Image.fromarray(np.full((6, 6), 40_000, np.uint16)).save(folder / "b.png")
    assert "8 bits" in _refusal(folder)


def test_transparency_is_refused_where_it_hides_something_only(folder: Path) -> None:
    pixels = np.full((6, 6, 4), 255, np.uint8)
    Image.fromarray(pixels).save(folder / "b.png")
    np.testing.assert_array_equal(load_inputs(folder, [SPEC], RAW).rows[0][1], 255)
    pixels[0, 0, 3] = 254
    Image.fromarray(pixels).save(folder / "b.png")
    assert "transparent" in _refusal(folder)


def test_a_palette_picture_gives_its_colours(folder: Path) -> None:
    colours = Image.new("RGB", (6, 6), (10, 20, 30))
    colours.convert("P", palette=Image.Palette.ADAPTIVE).save(folder / "b.png")
    row = load_inputs(folder, [SPEC], RAW).rows[0][1]
    np.testing.assert_array_equal(row[0, :, 0, 0], [10, 20, 30])


@pytest.mark.parametrize(
    ("images", "preset", "shape"),
    [
        ("cifar10", "imagenet", (1, 3, 32, 32)),
        ("cifar10", "cifar10", (1, 32, 32, 3)),
        ("imagenet_val", "imagenet", (1, 3, 224, 224)),
        ("mnist", "mnist", (1, 1, 28, 28)),
    ],
)
def test_real_labelled_pictures_load(images: str, preset: str, shape: tuple[int, ...]) -> None:
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    data = Path(os.environ.get("MUTATENN_TEST_DATA", beside))
    if not data.is_dir():
        pytest.skip("the data folder is not here: set MUTATENN_TEST_DATA to it")
    spec = InputSpec("input", shape, "float32")
    inputs = load_inputs(data / "images" / images, [spec], PRESETS[preset], limit=20)
    assert inputs.rows[0].shape == (20, *shape)
    assert inputs.labels is not None
    assert len(np.unique(inputs.labels)) > 1
    assert np.isfinite(inputs.rows[0]).all()


def test_a_resize_from_a_file_applies_to_the_folder(folder: Path) -> None:
    spec = InputSpec("input", (1, 3, 3, 3), "float32")
    row = load_inputs(folder, [spec], Preprocess(resize=3, layout="NCHW")).rows[0][0]
    with Image.open(folder / "a.PNG") as picture:
        small = np.asarray(picture.resize((3, 3), Image.Resampling.BILINEAR))
    np.testing.assert_array_equal(row[0].transpose(1, 2, 0), small)
