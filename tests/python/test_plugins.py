"""Operators of plug-ins: installed beside mutatenn, listed, run in campaigns, told when broken."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

import mutatenn
from campaign_fixtures import digits  # noqa: F401
from mutatenn.demo import model_path
from mutatenn.exit_codes import ExitCode

HERE = Path(__file__).resolve().parent
PACKAGE = Path(mutatenn.__file__).parents[1]
"""Where the mutatenn lies that is tested: an installed one, or the working tree's."""


@dataclasses.dataclass(frozen=True)
class Site:
    """A folder of installed packages, put before all others."""

    folder: Path

    def run(self, *command: object) -> subprocess.CompletedProcess[str]:
        paths = [str(self.folder), *filter(None, [os.environ.get("PYTHONPATH")])]
        paths += [str(PACKAGE), str(HERE)]
        return subprocess.run(
            [sys.executable, *map(str, command)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            capture_output=True,
            text=True,
            check=False,
        )

    def cli(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "mutatenn.cli.app", *arguments)

    def script(self, text: str) -> str:
        done = self.run("-c", textwrap.dedent(text))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def add(self, name: str, module: str, value: str = "OPERATOR") -> None:
        """A distribution of one module that offers what ``value`` names in it."""
        info = self.folder / f"{name}-2.1.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.1\n")
        (info / "entry_points.txt").write_text(f"[mutatenn.operators]\nodd = {name}:{value}\n")
        (self.folder / f"{name}.py").write_text(textwrap.dedent(module))


@pytest.fixture(scope="session")
def examples(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Both examples, installed by pip."""
    if importlib.util.find_spec("scikit_build_core") is None:
        pytest.skip("the examples are built by scikit-build-core, which is not installed")
    folder = tmp_path_factory.mktemp("site")
    command = ["-m", "pip", "install", "-q", "--no-build-isolation", "--no-deps", "--no-index"]
    plugins = root / "examples" / "plugins"
    done = Site(folder).run(*command, "--target", folder, plugins / "python", plugins / "native")
    assert done.returncode == 0, done.stderr
    return Site(folder)


ODD = """
    from mutatenn.plugin import Operator, Parameter, Replacement
    from tvm import tirx

    def replacements(node, context):
        {body}

    OPERATOR = Operator(
        id="{id}", summary="Odd.", fault_model="Odd.", source="A test.", stages={stages},
        nodes=(tirx.Add,), replacements=replacements,
        parameters=(Parameter("to", "What.", ("a", "b")),),
    )
"""


def odd(body: str = "return []", name: str = "be-odd", stages: str = "('tensor',)") -> str:
    return ODD.format(body=body, id=name, stages=stages)


def test_operators_are_listed_with_where_they_come_from(examples: Site) -> None:
    rows = {row["id"]: row for row in json.loads(examples.cli("operators", "--json").stdout)}
    assert rows["saturate-store"]["origin"] == {
        "distribution": "mutatenn-saturate",
        "version": "1.0",
    }
    assert rows["repeat-operand"]["origin"]["distribution"] == "mutatenn-repeat"
    assert rows["swap-cmp"]["origin"]["distribution"] == "mutatenn"
    (bound,) = rows["saturate-store"]["parameters"]
    assert (bound["form"], bound["accepted"]) == ("number", "a number of 0 or more")


@pytest.mark.parametrize("stage", ["tensor", "kernel"])
def test_campaigns_run_them_in_worker_processes(
    examples: Site,
    tmp_path: Path,
    digits: Path,  # noqa: F811
    stage: str,
) -> None:
    out = tmp_path / "out"
    names = "saturate-store,repeat-operand"
    command = ["run", model_path(), "--inputs", digits, "--out", out, "--stage", stage]
    done = examples.cli(*command, "--operators", names, "--sample", "8", "--json")
    assert done.returncode == ExitCode.OK, done.stderr
    summary = json.loads(done.stdout)
    assert summary["runnable"] == 8
    assert summary["counts"]["inconclusive"] == summary["counts"]["invalid"] == 0
    assert summary["counts"]["killed"] > 0
    assert summary["versions"]["mutatenn-saturate"] == "1.0"
    shown = json.loads((out / "manifest.json").read_text())["mutants"]
    assert {mutant["operator"] for mutant in shown} == {*names.split(",")}


def test_their_passes_are_made_from_the_catalogue(examples: Site) -> None:
    told = examples.script("""
        import mutatenn as mn
        from mutatenn.demo import model_path
        from mutatenn.lowering.tensor_stage import with_kernels
        from mutatenn.transform import RepeatOperand, SaturateStore

        mod = with_kernels(mn.load(model_path()))[0]
        sites = mn.sites(mod, "saturate-store", bound=2.5)
        made = SaturateStore(site=sites[0].site, bound="2.50")(mod)
        print(sites[0].id == mn.sites(mod, "saturate-store", bound="2.50")[0].id)
        print("T.float32(2.5)" in made[sites[0].function].script())
        print(RepeatOperand(site=0, operand="right")(mod) is not None)
        print("one of: left, right" in RepeatOperand.__doc__)
    """)
    assert told.split() == ["True"] * 4


def test_a_mutant_of_a_plug_in_computes_what_its_node_says(examples: Site) -> None:
    told = examples.script("""
        import json
        import numpy as np
        import tvm
        from mutatenn.transform import RepeatOperand, SaturateStore
        from operator_kernels import each, module

        mod = module(each("C[i] = A[i] - T.float32(3)"))
        values = np.array([1, 2.5, 3.5, 9, 0, 3, 4, 2], "float32")
        for made in (SaturateStore(bound=1)(mod), RepeatOperand(operand="left")(mod)):
            a, b, c = (tvm.runtime.tensor(values) for _ in "abc")
            tvm.compile(made, target="llvm")["main"](a, b, c)
            print(json.dumps(c.numpy().tolist()))
    """)
    clipped, zero = map(json.loads, told.splitlines())
    np.testing.assert_array_equal(clipped, [-1, -0.5, 0.5, 1, -1, 0, 1, -1])
    np.testing.assert_array_equal(zero, np.zeros(8))


BROKEN = {
    "a module that does not import": ("import nowhere_at_all\n", "ModuleNotFoundError: No module"),
    "a name that is not there": ("OTHER = 1\n", "AttributeError: "),
    "something that is no operator": ("OPERATOR = 3\n", "TypeError: it is a int, not an Operator"),
    "the id of a built-in operator": (
        odd(name="swap-cmp"),
        "there is an operator 'swap-cmp' already: it needs an id of its own",
    ),
    "a stage that there is not": (odd(stages="('gpu',)"), "has the stages ['gpu']; give some of"),
    "a library that is not there": (
        "from pathlib import Path\nfrom mutatenn.plugin import NativeLibrary\n"
        "OPERATOR = NativeLibrary(Path('/nowhere.so'))\n",
        "nowhere.so",
    ),
}


@pytest.mark.parametrize(("module", "why"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_plug_in_is_told_in_a_sentence(tmp_path: Path, module: str, why: str) -> None:
    site = Site(tmp_path)
    site.add("broken_one", module)
    done = site.cli("operators")
    assert done.returncode == ExitCode.ENVIRONMENT, done.stderr
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith(
        "mutatenn-ir: the operators of broken_one 2.1 (entry point 'odd') cannot be loaded: "
    )
    assert why in sentence
    assert sentence.endswith("; update it, or remove it by pip uninstall broken_one")


WRONG = {
    "an error": ("raise RuntimeError('it is odd')", "it is odd"),
    "a setting without a parameter": (
        "return [Replacement(node, {'by': '1'})]",
        "be-odd has no parameter 'by'",
    ),
    "a value that is no choice": ("return [Replacement(node, {'to': 'c'})]", "one of: a, b"),
    "two of the same settings": (
        "return [Replacement(node, {'to': 'a'})] * 2",
        "two replacements have the settings [to=a]",
    ),
}


@pytest.mark.parametrize(("body", "why"), WRONG.values(), ids=WRONG.keys())
def test_what_a_plug_in_offers_wrongly_is_told_with_its_name(
    tmp_path: Path, body: str, why: str
) -> None:
    site = Site(tmp_path)
    site.add("wrong_one", odd(body))
    done = site.cli("sites", "--pass", "be-odd", model_path())
    assert done.returncode == ExitCode.USAGE, done.stderr
    sentence = done.stderr.splitlines()[-1]
    assert "operator be-odd, which wrong_one 2.1 brings, failed at ." in sentence
    assert why in sentence


def test_a_node_of_another_type_is_refused(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for name, node, why in (
        ("literal", "tirx.FloatImm('float64', 1.0)", "it gave an expression of another type"),
        ("statement", "tirx.Evaluate(node)", "it gave tirx.Evaluate for prim.Add"),
        ("nothing", "None", "it gave no node"),
    ):
        site.add(f"{name}_one", odd(f"return [Replacement({node}, {{}})]", f"be-{name}"))
        done = site.cli("apply", "--pass", f"be-{name}", model_path(), "-o", tmp_path / "m.json")
        assert done.returncode == ExitCode.USAGE, done.stderr
        assert why in done.stderr.splitlines()[-1]
