"""Writes the type stubs of the native extension and of the passes, from what they are."""

from __future__ import annotations

import argparse
import inspect
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

from mutatenn import _core, transform

PACKAGE = Path(__file__).resolve().parent.parent / "python" / "mutatenn"
WIDTH = 100
# pybind11 words types by its version; TVM's objects have no type that a checker could know.
SPELLINGS = (
    (r"\bmutatenn\._core\.", ""),
    (r"\bcollections\.abc\.", ""),
    (r"\bnumpy\.ndarray\[(numpy\.\w+)\]", r"NDArray[\1]"),
    (r"\bnumpy\.typing\.", ""),
    (r"\bnumpy\.", "np."),
    (r"\btyping\.SupportsInt(?: \| typing\.SupportsIndex)?", "int"),
    (r"\bobject\b", "Any"),
)


def main() -> int:
    """Write the stubs, or with ``--check`` say whether they are what they should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 when stale")
    check = parser.parse_args().check
    stubs = {PACKAGE / "_core.pyi": core_stub(), PACKAGE / "transform.pyi": transform_stub()}
    stale = [path for path, text in stubs.items() if not path.is_file() or path.read_text() != text]
    if check and stale:
        names = ", ".join(path.name for path in stale)
        print(f"{names}: stale, run python scripts/generate_stubs.py", file=sys.stderr)
        return 1
    for path in stale:
        path.write_text(stubs[path])
    return 0


def core_stub() -> str:
    """The stub of ``mutatenn._core``."""
    parts = [
        f'"""{_core.__doc__}"""',
        "from collections.abc import Mapping, Sequence\nfrom typing import Any",
        "import numpy as np\nfrom numpy.typing import NDArray",
        "TVM_FFI_VERSION: str",
    ]
    public = {name: value for name, value in vars(_core).items() if not name.startswith("_")}
    classes = [value for _, value in sorted(public.items()) if inspect.isclass(value)]
    functions = [value for _, value in sorted(public.items()) if inspect.isbuiltin(value)]
    parts += [native_class(made) for made in classes]
    return "\n\n".join(parts + [native_function(function) for function in functions]) + "\n"


def native_class(made: type) -> str:
    """A class of read-only properties."""
    lines = [f"class {made.__name__}:", f'    """{made.__doc__}"""']
    for name, member in vars(made).items():
        if not isinstance(member, property):
            continue
        returned = spelled((member.fget.__doc__ or "").strip().rsplit(" -> ", 1)[1])
        if not lines[-1].endswith("..."):
            lines.append("")
        lines += ["    @property", f"    def {name}(self) -> {returned}:"]
        if member.__doc__:
            lines.append(f'        """{member.__doc__}"""')
        else:
            lines[-1] += " ..."
    return "\n".join(lines)


def native_function(function: Any) -> str:
    """A function, from the signature with which pybind11 opens its docstring."""
    header, summary = (part.strip() for part in function.__doc__.split("\n", 1))
    match = re.fullmatch(r"(\w+)\((.*)\) -> (.*)", spelled(header))
    if match is None:
        raise ValueError(f"pybind11 gives no signature that can be read: {header}")
    name, arguments, returned = match.groups()
    # Older pybind11 words what it takes as it words what it gives.
    arguments = arguments.replace("list[", "Sequence[").replace("dict[", "Mapping[")
    head = signature(name, re.findall(r"\w+: [^,\[]+(?:\[[^\]]*\])?", arguments), returned, 0)
    return f'{head}\n    """{summary}"""'


def spelled(text: str) -> str:
    """A type or a signature with the names that the stub imports."""
    for pattern, replacement in SPELLINGS:
        text = re.sub(pattern, replacement, text)
    return text


def transform_stub() -> str:
    """The stub of ``mutatenn.transform``: a class per operator, with its choices."""
    module = inspect.getdoc(transform) or ""
    parts = [
        f'"""{module}\n"""' if "\n" in module else f'"""{module}"""',
        "import inspect\nfrom collections.abc import Iterable\n"
        "from typing import Literal, SupportsIndex",
        "from tvm.ir.transform import ModulePass",
        "from mutatenn import _core",
        "Site = SupportsIndex | str | Iterable[SupportsIndex]\nValue = str | float",
        base_class(),
        *(documented(function) for function in helpers()),
    ]
    for op in _core.catalogue():
        parts += [*aliases(op), operator_class(op)]
    parts.append('PASSES: dict[str, type[MutationPass]]\n"""Pass classes by operator id."""')
    return "\n\n".join(parts) + "\n"


def base_class() -> str:
    """``MutationPass``."""
    made = transform.MutationPass
    arguments = ["self", "*", "site: Site = 0", 'function: str = ""', "**settings: Value | None"]
    return "\n".join(
        [
            "class MutationPass(ModulePass):  # type: ignore[misc]",
            docstring(inspect.getdoc(made) or "", 4),
            "",
            "    operator: _core.Operator",
            "",
            signature("__init__", arguments, "None", 4),
            docstring(inspect.getdoc(made.__init__) or "", 8),
        ]
    )


def helpers() -> list[Any]:
    """Public functions of the module, and none that it imports."""
    members = inspect.getmembers(transform, inspect.isfunction)
    own = [(name, value) for name, value in members if value.__module__ == transform.__name__]
    return [value for name, value in own if not name.startswith("_")]


def documented(function: Any) -> str:
    """A Python function with its annotations, which are strings."""
    shown = inspect.signature(function)
    arguments = [f"{p.name}: {p.annotation}" for p in shown.parameters.values()]
    head = signature(function.__name__, arguments, shown.return_annotation, 0)
    return f"{head}\n{docstring(inspect.getdoc(function) or '', 4)}"


def aliases(op: _core.Operator) -> list[str]:
    """The choices of each parameter."""
    made = []
    for parameter in op.parameters:
        if parameter.form != "choice":
            continue
        choices = [f'"{choice}"' for choice in parameter.choices]
        line = f"{alias(op, parameter)} = Literal[{', '.join(choices)}]"
        lines = "".join(f"    {choice},\n" for choice in choices)
        exploded = f"{alias(op, parameter)} = Literal[\n{lines}]"
        made.append(line if len(line) <= WIDTH else exploded)
    return made


def alias(op: _core.Operator, parameter: _core.Parameter) -> str:
    """Name of a parameter's choices, such as ``_SwapCmpTo``: private, as only the stub has it."""
    return "_" + transform.class_name(op.id) + transform.class_name(parameter.name)


def taken(op: _core.Operator, parameter: _core.Parameter) -> str:
    """What a parameter takes."""
    if parameter.form != "choice":
        return transform.annotation(parameter.form)
    boolean = "bool | " if set(parameter.choices) == {"false", "true"} else ""
    return f"{boolean}{alias(op, parameter)} | None"


def operator_class(op: _core.Operator) -> str:
    """The pass of one operator."""
    arguments = ["self", "*", "site: Site = 0", 'function: str = ""']
    arguments += [
        f"{transform.parameter_name(parameter.name)}: {taken(op, parameter)} = None"
        for parameter in op.parameters
    ]
    return "\n".join(
        [
            f"class {transform.class_name(op.id)}(MutationPass):",
            docstring(transform.documentation(op), 4),
            "",
            signature("__init__", arguments, "None", 4) + " ...",
        ]
    )


def signature(name: str, arguments: list[str], returned: str, indent: int) -> str:
    """The line that opens a function; one argument to a line where one line is too short."""
    margin = " " * indent
    line = f"{margin}def {name}({', '.join(arguments)}) -> {returned}:"
    if len(line) + len(" ...") <= WIDTH:
        return line
    lines = "".join(f"{margin}    {argument},\n" for argument in arguments)
    return f"{margin}def {name}(\n{lines}{margin}) -> {returned}:"


def docstring(text: str, indent: int) -> str:
    """A docstring, its lines broken where they are too long."""
    margin = " " * indent
    lines = []
    for line in text.splitlines():
        if indent + len(line) <= WIDTH:
            lines.append(line)
            continue
        own = " " * (len(line) - len(line.lstrip()))
        further = own + "    " if re.match(r" +\w+: ", line) else own
        lines += textwrap.wrap(
            line.strip(),
            WIDTH - indent,
            initial_indent=own,
            subsequent_indent=further,
            break_on_hyphens=False,
        )
    if len(lines) == 1:
        return f'{margin}"""{lines[0]}"""'
    body = "\n".join(margin + line if line else "" for line in lines)
    return f'{margin}"""{body.strip()}\n{margin}"""'


if __name__ == "__main__":
    sys.exit(main())
