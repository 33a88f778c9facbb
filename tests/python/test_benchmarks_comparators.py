"""The benchmark of comparators runs, and says what share of the copy's bandwidth they have."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def test_a_quick_run_prints_shares_of_the_copy_bandwidth(root: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "comparators", "--quick", "--json"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    shares = {name: share for name, share in result["ratios"].items() if "opencl:0" in name}
    assert {name.partition(", 1 MiB, ")[2] for name in shares} == {
        f"{case}: share of copy" for case in ("nothing differs", "1 in 100 differs", "all differ")
    }
    assert all(share > 0 for share in shares.values())
    assert all(figure > 0 for name, figure in result["figures"].items() if "GB/s" in name)
