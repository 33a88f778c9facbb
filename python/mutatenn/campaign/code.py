"""The code that mutants are planted in, kept in the campaign's folder for reports to show."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tvm
import tvm_ffi
from tvm import IRModule

from mutatenn.campaign.subject import Subject
from mutatenn.errors import InputError

SCHEMA = "mutatenn.code/1"


def code_text(subject: Subject) -> str:
    """The un-mutated functions of a campaign, as JSON: a module of TVM for each lowering.

    Where all devices share the mutants there is one. Constants of a graph have no values in it.
    """
    # A mutant of stage kernel belongs to one lowering; the others have all devices.
    own = subject.all if subject.options.stage == "kernel" else (subject,)
    modules = {each.group.lowering: json.loads(_saved(each)) for each in own}
    return json.dumps({"schema": SCHEMA, "modules": modules}) + "\n"


def read_code(path: Path) -> Mapping[str, Any]:
    """The modules in a file that holds ``code_text``, by lowering; none where there is no file.

    Campaigns of earlier versions have none.

    Raises:
        InputError: the file holds something else, or the code of another version of TVM.
    """
    if not path.exists():
        return {}
    try:
        body = json.loads(path.read_text())
        if body["schema"] != SCHEMA:
            raise InputError(f"{path} is not code of this version ({SCHEMA})")
        return {
            name: tvm.ir.load_json(json.dumps(saved)) for name, saved in body["modules"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise InputError(
            f"{path} cannot be read as a campaign's code ({type(error).__name__}: {error}); "
            "remove it to have reports without code"
        ) from error


def _saved(subject: Subject) -> str:
    module = subject.module
    names = ["main"] if subject.of_graph else subject.lowered.plan.kernels
    functions = {name: _without_values(module[name]) for name in names}
    saved: str = tvm.ir.save_json(IRModule(functions))
    return saved


def _without_values(function: Any) -> Any:
    """A function with a number in place of each constant tensor; it prints as it did."""
    numbers = itertools.count()

    def numbered(constant: Any) -> Any:
        if not constant.value.shape:
            return constant  # the printer tells a scalar's value
        # Told apart, as the printer gives equal constants one name.
        value = tvm.runtime.tensor(np.asarray([next(numbers)], np.int64))
        return tvm.ir.GenericConst(value, constant.ty)

    return tvm_ffi.structural_map(function, (tvm.ir.GenericConst, numbered))
