"""The engine ``ours``: prepared and scheduled by mutatenn, run by TVM's virtual machine."""

from __future__ import annotations

import sys

from benchmarks.engines.relax_vm import scheduled
from benchmarks.engines.server import arguments, serve

if __name__ == "__main__":
    handle, path, threads = arguments()
    sys.exit(serve(handle, lambda: scheduled(path, threads)))
