"""Oracles are read from text exactly, and what is wrong with a text is told in one sentence."""

from __future__ import annotations

import pytest

from mutatenn.errors import InputError
from mutatenn.oracle import catalogue, parse_oracle, parse_oracles

NAMES = {
    "exact": "exact",
    " exact ": "exact",
    "allclose": "allclose:rtol=1e-05,atol=1e-08",
    "allclose:atol=0,rtol=.5": "allclose:rtol=0.5,atol=0.0",
    "ulp:max=4": "ulp:max=4",
    "ulp:max=0": "ulp:max=0",
    "top1": "top1",
    "top1:output=1": "top1:output=1",
    "topk": "topk:k=5,ordered=false",
    "topk: k = 3 , ordered = true": "topk:k=3,ordered=true",
    "topk:k=3,output=0": "topk:k=3,ordered=false,output=0",
    "rank": "rank:min=0.9,measure=rbo,p=0.9",
    "rank:p=0.5,min=1": "rank:min=1.0,measure=rbo,p=0.5",
    "rank:measure=kendall,min=-0.5": "rank:min=-0.5,measure=kendall",
    "label": "label",
    "label:output=2": "label:output=2",
    "accuracy:min=0.930": "accuracy:min=0.93",
    "accuracy:min=1": "accuracy:min=1",
    "accuracy:drop=1e-2": "accuracy:drop=0.01",
    "accuracy:drop=-0": "accuracy:drop=0",
    "accuracy:drop=0.01,output=1": "accuracy:drop=0.01,output=1",
}
LABEL_KIND = ("top1", "topk", "rank", "label", "accuracy")


@pytest.mark.parametrize("text", NAMES)
def test_a_name_says_all_parameters_in_one_order(text: str) -> None:
    assert parse_oracle(text).name == NAMES[text]


@pytest.mark.parametrize("text", NAMES)
def test_a_name_is_read_back_as_the_same_oracle(text: str) -> None:
    oracle = parse_oracle(text)
    assert parse_oracle(oracle.name) == oracle


@pytest.mark.parametrize("text", NAMES)
def test_rules_on_classes_kill_by_label_and_the_others_by_value(text: str) -> None:
    rule = text.strip().partition(":")[0]
    assert parse_oracle(text).kind == ("label" if rule in LABEL_KIND else "numeric")


@pytest.mark.parametrize("text", NAMES)
def test_only_label_and_accuracy_need_labels(text: str) -> None:
    rule = text.strip().partition(":")[0]
    assert parse_oracle(text).needs_labels == (rule in ("label", "accuracy"))


def test_an_unknown_oracle_is_refused_with_a_list_of_all() -> None:
    message = _refusal("top2")
    assert "'top2'" in message
    assert len(catalogue()) == 8
    for entry in catalogue():
        assert entry.usage in message


REFUSED = {
    "": "no oracle ''",
    "TOP1": "no oracle 'TOP1'",
    "top1:": "no parameter ''",
    "top1:k=1": "top1 takes output=",
    "exact:max=1": "exact takes none",
    "topk:k": "no parameter 'k'",
    "topk:k=": "give a whole number of at least 1",
    "topk:k=0": "give a whole number of at least 1",
    "topk:k=2.5": "give a whole number of at least 1",
    "topk:k=+3": "give a whole number of at least 1",
    "topk:k=\u0663": "give a whole number of at least 1",
    "topk:k=1,k=2": "gives k twice",
    "topk:ordered=yes": "give false or true",
    "topk:q=1": "k= (a whole number of at least 1), ordered= (false or true)",
    "ulp": "ulp:max=4",
    "ulp:max=-1": "give a whole number of at least 0",
    "allclose:rtol=-1": "give a number from 0 to 1e100",
    "allclose:rtol=nan": "give a number from 0 to 1e100",
    "allclose:rtol=1_0": "give a number from 0 to 1e100",
    "allclose:atol=inf": "give a number from 0 to 1e100",
    "allclose:atol=1e101": "give a number from 0 to 1e100",
    "rank:measure=spearman": "give rbo or kendall",
    "rank:min=1.01": "give a number from -1 to 1",
    "rank:min=-0.1": "RBO is never below 0",
    "rank:p=1": "give a number from 0.01 to 0.99",
    "rank:measure=kendall,p=0.9": "leave p out",
    "accuracy": "either min or drop",
    "accuracy:min=0.9,drop=0.1": "either min or drop",
    "accuracy:min=0": "give a number above 0, up to 1",
    "accuracy:min=93": "give a number above 0, up to 1",
    "accuracy:drop=1": "give a number from 0, below 1",
    "accuracy:drop=-0.1": "give a number from 0, below 1",
    "label:output=-1": "give a whole number of at least 0",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_wrong_text_is_refused_with_what_there_is(text: str) -> None:
    assert REFUSED[text] in _refusal(text)


def test_several_oracles_keep_their_order() -> None:
    oracles = parse_oracles(["top1", "exact", "ulp:max=1"])
    assert [oracle.name for oracle in oracles] == ["top1", "exact", "ulp:max=1"]


def test_no_oracle_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="at least one"):
        parse_oracles([])


def test_an_oracle_given_twice_in_other_words_is_refused() -> None:
    with pytest.raises(InputError, match="twice"):
        parse_oracles(["topk", "top1", "topk:ordered=false,k=5"])


def test_oracles_of_one_rule_and_other_parameters_go_together() -> None:
    assert len(parse_oracles(["accuracy:min=0.9", "accuracy:drop=0.01"])) == 2


def _refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        parse_oracle(text)
    message = str(caught.value)
    assert "\n" not in message
    return message
