"""The command ``python -m benchmarks``: lists the benchmarks, or runs one of them."""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys

from benchmarks import cases
from mutatenn.errors import InputError


def main() -> int:
    """Run the benchmark that the command line names."""
    names = sorted(module.name for module in pkgutil.iter_modules(cases.__path__))
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=names, help="the benchmark to run")
    parser.add_argument("--quick", action="store_true", help="few rounds, on the demo's model")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    options = parser.parse_args()
    case = importlib.import_module(f"{cases.__name__}.{options.name}")
    try:
        result = case.measure(options.quick)
    except InputError as error:
        print(error, file=sys.stderr)
        return int(error.exit_code)
    print(json.dumps(result.to_dict(), indent=1) if options.json else result.table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
