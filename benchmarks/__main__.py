"""The command ``python -m benchmarks``: lists the benchmarks, or runs one of them."""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
from collections.abc import Sequence
from typing import Any

from benchmarks import cases
from mutatenn.errors import MutatennError


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark that the command line names."""
    options = vars(_parser(arguments).parse_args(arguments))
    as_json = options.pop("json")
    case = _case(options.pop("name"))
    try:
        result = case.measure(**options)
    except MutatennError as error:
        print(error, file=sys.stderr)
        return int(error.exit_code)
    print(json.dumps(result.to_dict(), indent=1) if as_json else result.table())
    return 0


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    names = sorted(module.name for module in pkgutil.iter_modules(cases.__path__))
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    benchmarks = parser.add_subparsers(dest="name", required=True, help="the benchmark to run")
    for name in names:
        benchmark = benchmarks.add_parser(name)
        benchmark.add_argument(
            "--quick", action="store_true", help="few rounds, on models that need no data folder"
        )
        benchmark.add_argument("--json", action="store_true", help="print JSON and nothing else")
        # Only the one that is asked for is imported: each imports what it measures.
        if name in arguments and hasattr(_case(name), "add_options"):
            _case(name).add_options(benchmark)
    return parser


def _case(name: str) -> Any:
    return importlib.import_module(f"{cases.__name__}.{name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
