"""What the HTML report draws: columns, heat maps, bars, killing sets and device tables."""

from __future__ import annotations

import base64
import dataclasses
from pathlib import Path

import numpy as np
import pytest

from mutatenn.campaign.verdict import VERDICTS
from mutatenn.report.cases import cases_of
from mutatenn.report.html.columns import Words, packed, packed_bits
from mutatenn.report.html.command import campaign_command
from mutatenn.report.html.devices import device_tables
from mutatenn.report.html.funnel import WIDTH, funnel_bars
from mutatenn.report.html.headline import segments
from mutatenn.report.html.heat import WITHOUT, heat_maps, layer_groups
from mutatenn.report.html.kills import kill_view
from mutatenn.report.record import Record
from mutatenn.report.summary import summary
from report_fixtures import KINDS, NAMES, all_rows, every_kind, mutant, record_of  # noqa: F401


def unpacked(column: dict[str, object]) -> list[int]:
    data = base64.b64decode(str(column["data"]))
    found: list[int] = np.frombuffer(data, f"<u{column['width']}").tolist()
    return found


@pytest.mark.parametrize(
    ("numbers", "width"), [([], 1), ([0, 255], 1), ([256], 2), ([65_536, 1], 4)]
)
def test_numbers_take_as_few_bytes_as_they_need(numbers: list[int], width: int) -> None:
    column = packed(numbers)
    assert column["width"] == width
    assert unpacked(column) == numbers


@pytest.mark.parametrize("number", [-1, 2**32])
def test_numbers_that_do_not_fit_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="32-bit"):
        packed([number])


def test_bits_are_packed_from_the_highest() -> None:
    assert base64.b64decode(packed_bits([[True, False], [False, True]])) == bytes([0b10010000])


def test_a_word_is_kept_once() -> None:
    column: Words[str] = Words(["first"])
    for word in ("b", "a", "b"):
        column.add(word)
    body = column.to_dict()
    assert body["words"] == ["first", "b", "a"]
    assert unpacked(body["rows"]) == [1, 2, 1]


def test_layers_with_the_same_mutants_share_a_column_in_the_order_of_launches() -> None:
    mutants = [
        mutant("late", function="second", layers=("conv2", "relu2")),
        mutant("early", function="first", layers=("conv1",)),
        mutant("both", function="third", layers=("conv1", "relu2", "conv2")),
    ]
    groups = layer_groups(mutants, ["first", "second", "third"])
    assert groups == [("conv1",), ("conv2", "relu2")]


def test_a_heat_map_counts_what_a_score_counts(every_kind: Record) -> None:  # noqa: F811
    first = heat_maps(every_kind)["layers"][0]
    assert [column["title"] for column in first["columns"]] == ["conv1, relu1"]
    body = summary(every_kind)
    cells = {first["rows"][cell[0]]: cell[2:] for cell in first["cells"]}
    for name, one in body["by_operator"].items():
        counts = one["counts"]
        wanted = [counts["killed"], counts["survived"], counts["not_reached"], one["score"]]
        assert cells[name] == wanted


def test_mutants_of_no_layer_have_a_column_of_their_own(tmp_path: Path) -> None:
    record = record_of(tmp_path, all_rows())
    bare = tuple(dataclasses.replace(one, layers=()) for one in record.manifest.mutants)
    manifest = dataclasses.replace(record.manifest, mutants=bare)
    record = dataclasses.replace(record, manifest=manifest)
    (column,) = heat_maps(record)["layers"][0]["columns"]
    assert column["key"] == WITHOUT


def test_the_funnels_bars_are_shares_of_what_counts(every_kind: Record) -> None:  # noqa: F811
    body = summary(every_kind)
    bars = funnel_bars(body)
    assert [bar.mutants for bar in bars] == [9, *body["ripr"].values()]
    assert bars[0].length == WIDTH
    assert all(bar.share == bar.mutants / 9 for bar in bars)


def test_there_is_no_funnel_where_nothing_counts(tmp_path: Path) -> None:
    assert funnel_bars(summary(record_of(tmp_path, []))) == []


def test_the_verdicts_fill_their_bar(every_kind: Record) -> None:  # noqa: F811
    found = segments(summary(every_kind)["counts"])
    assert tuple(one.verdict for one in found) == VERDICTS
    assert sum(one.length for one in found) == pytest.approx(640)
    assert [one.verdict for one in found if one.counts] == ["killed", "survived", "not_reached"]


def test_the_kill_matrix_has_the_inputs_by_rank(every_kind: Record) -> None:  # noqa: F811
    order = {id_: row for row, id_ in enumerate(cases_of(every_kind))}
    view = kill_view(every_kind, order)
    assert view["drawing"]["inputs"][0] == NAMES[1]
    killed = [f"swap-cmp-{name}" for name, kind in KINDS.items() if kind["verdict"] == "killed"]
    killed.append("swap-cmp-told-apart")
    assert sorted(unpacked(view["drawing"]["columns"])) == sorted(order[id_] for id_ in killed)


def test_a_campaign_without_kills_has_no_drawing(tmp_path: Path) -> None:
    rows = [row for row in all_rows() if row["verdict"] == "survived"]
    view = kill_view(record_of(tmp_path, rows), {})
    assert view["absent"].startswith("No mutant is killed:")
    assert "drawing" not in view


def test_one_device_has_no_tables_of_several(tmp_path: Path) -> None:
    record = record_of(tmp_path, all_rows(), device="llvm")
    assert device_tables(record, summary(record)) is None


def test_a_device_dependent_mutant_is_told_with_its_verdicts(every_kind: Record) -> None:  # noqa: F811
    tables = device_tables(every_kind, summary(every_kind))
    assert tables is not None
    told = {one["mutant"]: one["verdicts"] for one in tables["dependent"]}
    assert told == {"swap-cmp-label": ["killed (label)", "survived"]}
    # Each oracle's matrix, that of the first class and that of the noise, device by device.
    assert all(len(cells) == 2 for one in tables["between"] for _, cells in one["rows"])


def test_a_command_is_not_told_of_options_that_are_not_whole(every_kind: Record) -> None:  # noqa: F811
    with pytest.raises(KeyError):
        campaign_command(every_kind.facts["options"])
