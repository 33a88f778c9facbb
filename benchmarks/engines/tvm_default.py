"""The engine ``tvm_default``: what TVM makes of a model without schedules."""

from __future__ import annotations

import sys

from benchmarks.engines.relax_vm import unscheduled
from benchmarks.engines.server import arguments, serve

if __name__ == "__main__":
    handle, path, _threads = arguments()
    sys.exit(serve(handle, lambda: unscheduled(path)))
