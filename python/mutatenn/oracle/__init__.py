"""Oracles: rules for accepting answers, and the evidence of how far an answer is from golden's."""

from mutatenn.oracle.base import Oracle, RowFinding, RowOracle, SetFinding, SetOracle
from mutatenn.oracle.classifier import class_output, require_classes, require_labels
from mutatenn.oracle.entries import Entry, catalogue
from mutatenn.oracle.judgement import Judgement, judge
from mutatenn.oracle.measurement import Evidence, evidence
from mutatenn.oracle.outputs import Outputs
from mutatenn.oracle.parse import parse_oracle, parse_oracles
from mutatenn.oracle.python_rule import PythonRule, callable_oracle
from mutatenn.oracle.ranking import predictions

__all__ = [
    "Entry",
    "Evidence",
    "Judgement",
    "Oracle",
    "Outputs",
    "PythonRule",
    "RowFinding",
    "RowOracle",
    "SetFinding",
    "SetOracle",
    "callable_oracle",
    "catalogue",
    "class_output",
    "evidence",
    "judge",
    "parse_oracle",
    "parse_oracles",
    "predictions",
    "require_classes",
    "require_labels",
]
