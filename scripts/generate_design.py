"""Fills DESIGN.md's list of files from the sentence with which each file opens."""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DESIGN = ROOT / "DESIGN.md"
BEGIN, END = "<!-- files: begin (scripts/generate_design.py) -->", "<!-- files: end -->"
FOLDERS = ("python/mutatenn", "cpp", "benchmarks", "examples", "scripts")


def main() -> int:
    """Write the list, or with ``--check`` say whether it is what it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 when stale")
    check = parser.parse_args().check
    text = DESIGN.read_text()
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    fresh = f"{head}{BEGIN}\n{listing()}{END}{tail}"
    if check:
        return 0 if fresh == text else stale()
    DESIGN.write_text(fresh)
    return 0


def stale() -> int:
    """Say what to do."""
    print("DESIGN.md is stale: run python scripts/generate_design.py", file=sys.stderr)
    return 1


def listing() -> str:
    """The list in Markdown: a heading per folder, a bullet per file."""
    folders: dict[Path, list[Path]] = {}
    for file in files():
        folders.setdefault(file.parent, []).append(file)
    lines = []
    for folder, members in sorted(folders.items()):
        lines.append(f"\n### `{folder}/`\n")
        lines += [f"- `{file.name}`: {purpose(ROOT / file)}" for file in sorted(members)]
    return "\n".join(lines) + "\n\n"


def files() -> list[Path]:
    """Source files that git knows or would add; of a header and its source, the header."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *FOLDERS]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = [Path(name) for name in shown.splitlines() if (ROOT / name).is_file()]
    sources = [file for file in found if file.suffix in (".py", ".cc", ".h")]
    declared = {file.with_suffix("") for file in sources if file.suffix == ".h"}
    return [f for f in sources if not (f.suffix == ".cc" and f.with_suffix("") in declared)]


def purpose(file: Path) -> str:
    """The sentence with which a file opens.

    Raises:
        ValueError: it opens with none.
    """
    text = file.read_text()
    if file.suffix == ".py":
        found = ast.get_docstring(ast.parse(text)) or ""
    else:
        comment = re.match(r"(?:// .*\n)+", text)
        found = comment[0].replace("//", " ") if comment else ""
    sentence = re.split(r"(?<=\.) |\n\n", " ".join(found.split("\n\n")[0].split()))[0]
    if not sentence:
        raise ValueError(f"{file.relative_to(ROOT)} does not open with a sentence of purpose")
    return sentence


if __name__ == "__main__":
    sys.exit(main())
