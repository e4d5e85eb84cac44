"""The walls of the house: who may import what, read from the source and from a fresh interpreter."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {"torch", "transformers", "peft", "lightning"}
LEARNING = {"workbench.methods", "workbench.training", "workbench.probes", "workbench.runs"}


def _modules(package: str) -> list[Path]:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files, f"nothing found in {package}"
    return files


def _imports(path: Path, top_level_only: bool = False) -> set[str]:
    """Every module that a file imports, in full."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _breaches(package: str, forbidden: set[str], allowed: tuple[str, ...] = (), **how) -> list[str]:
    found = []
    for path in _modules(package):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(allowed):
            continue
        found += [
            f"{name} imports {module}"
            for module in _imports(path, **how)
            if any(module == wall or module.startswith(f"{wall}.") for wall in forbidden)
        ]
    return found


WALLS = [
    ("streamlit only in dashboard/", "workbench", {"streamlit"}, ()),
    ("plotly only in figures/", "workbench", {"plotly"}, ("workbench/figures/",)),
    ("plotly only in figures/", "dashboard", {"plotly"}, ()),
    (
        "typer and rich only in cli/ and the one progress bar",
        "workbench",
        {"typer", "rich"},
        ("workbench/cli/", "workbench/progress.py"),
    ),
    ("no torch in data/", "workbench/data", HEAVY, ()),
    ("data asks no model", "workbench/data", {"workbench.augmentation", "workbench.llm"}, ()),
    ("no torch in metrics/", "workbench/metrics", HEAVY, ()),
    ("no torch in runs/", "workbench/runs", HEAVY, ()),
    ("no torch in queue/", "workbench/queue", HEAVY, ()),
    ("the queue knows no method", "workbench/queue", {"workbench.methods", "workbench.training"}, ()),
    ("no torch in forms/", "workbench/forms", HEAVY, ()),
    ("forms are made from a description", "workbench/forms", LEARNING - {"workbench.runs"}, ()),
    ("no torch in analysis/", "workbench/analysis", HEAVY, ()),
    ("no torch in figures/", "workbench/figures", HEAVY, ()),
    ("no torch in the dashboard", "dashboard", HEAVY, ()),
    ("paper cards know neither torch nor methods", "workbench/cards", HEAVY | LEARNING, ()),
    ("no torch in exhibits/", "workbench/exhibits", HEAVY, ()),
    ("no torch in reports/", "workbench/reports", HEAVY, ()),
    ("reports never train", "workbench/reports", {"workbench.training", "workbench.methods"}, ()),
    ("label texts and pseudo-documents need neither methods nor training", "workbench/llm", LEARNING, ()),
    ("analysis never draws", "workbench/analysis", {"workbench.figures"}, ()),
    ("workbench stands without the rest", "workbench", {"dashboard", "notebooks", "tests"}, ()),
    ("looking never reaches back into training", "workbench/analysis", {"workbench.training"}, ()),
    ("the dashboard never trains", "dashboard", {"workbench.training", "workbench.methods"}, ()),
]


@pytest.mark.parametrize(
    "package, forbidden, allowed", [wall[1:] for wall in WALLS], ids=[w[0] for w in WALLS]
)
def test_walls(package, forbidden, allowed):
    assert _breaches(package, forbidden, allowed) == []


def test_the_command_line_imports_nothing_heavy_before_it_is_needed():
    assert _breaches("workbench/cli", HEAVY, top_level_only=True) == []


def test_language_models_are_loaded_when_they_are_asked():
    heavy = HEAVY | {"openai", "sklearn", "workbench.encoders"}
    modules = {path.relative_to(ROOT).as_posix() for path in _modules("workbench/llm")}
    assert modules >= {"workbench/llm/local.py", "workbench/llm/openai_server.py", "workbench/llm/offline.py"}
    assert _breaches("workbench/llm", heavy, top_level_only=True) == []


def test_exhibits_reach_training_and_pictures_only_when_asked():
    walls = {"workbench.training", "workbench.probes", "workbench.methods", "workbench.figures"}
    assert _breaches("workbench/exhibits", walls, top_level_only=True) == []


def test_figures_know_nothing_of_workbench_but_their_theme():
    for path in _modules("workbench/figures"):
        inside = {module for module in _imports(path) if module.startswith("workbench")}
        allowed = {"workbench.figures", "workbench.figures.theme"}
        assert {m for m in inside if not any(m == a or m.startswith(f"{a}.") for a in allowed)} == set(), path


def _paper(name: str, names: set[str]) -> str:
    """The file that a paper's further files are named after: protomix for protomix_objectives."""
    return min((other for other in names if f"{name}_".startswith(f"{other}_")), key=len)


def test_no_file_of_a_method_is_long():
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in _modules("workbench/methods")}
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_methods_never_import_each_other():
    shared = {"base", "registry", "storage", "mixing", "__init__"}
    shared |= {
        "chunked_maxima",
        "classification",
        "cross_attention",
        "decoder_attention",
        "evaluation",
        "first_token",
        "label_attention",
        "label_correlation",
        "label_embedding",
        "label_graph",
        "label_names",
        "label_parts",
        "label_space",
        "label_decoder",
        "linear_svm",
        "memory",
        "nearest_neighbours",
        "neighbour_voting",
        "pair_features",
        "recurrent_decoder",
        "repeated",
        "roll_out",
        "sequence_decoder",
        "stored_examples",
        "vectors",
        "wrapping",
    }
    papers = {path.stem for path in _modules("workbench/methods")} - shared
    for path in _modules("workbench/methods"):
        if path.stem in shared:
            others = papers
        else:
            others = {name for name in papers if _paper(name, papers) != _paper(path.stem, papers)}
        modules = [module.replace(".baselines.", ".") for module in _imports(path)]
        imported = {module.split(".")[2] for module in modules if module.startswith("workbench.methods.")}
        assert imported & others == set(), path


def _modules_after(statement: str) -> set[str]:
    script = f"{statement}\nimport sys; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return {name.partition(".")[0] for name in result.stdout.split()}


@pytest.mark.parametrize(
    "module",
    [
        "workbench",
        "workbench.cli",
        "workbench.data.library",
        "workbench.data.demo",
        "workbench.metrics",
        "workbench.runs.store",
        "workbench.queue.worker",
        "workbench.forms.known",
        "workbench.analysis.spectrum",
        "workbench.figures.spectrum",
        "workbench.exhibits.reproduction",
        "workbench.map_plots",
        "workbench.plots",
        "workbench.reports.contents",
        "workbench.llm",
        "workbench.llm.version",
        "workbench.llm.openai_server",
        "workbench.llm.local",
    ],
)
def test_looking_never_waits_for_torch(module):
    assert _modules_after(f"import {module}") & HEAVY == set()


@pytest.mark.parametrize(
    "wrong", ["'protmix'", "'base', 'no-corpus'", "'base', encoder='cnn', epoch=3", "'base', logger='wandb'"]
)
def test_what_is_asked_wrongly_never_waits_for_lightning(wrong, tmp_path):
    script = (
        f"import os; os.environ['WORKBENCH_HOME'] = {str(tmp_path)!r}\n"
        "import workbench; from workbench.errors import WorkbenchError\n"
        f"try:\n    workbench.fit({wrong})\n    raise SystemExit('not refused')\nexcept WorkbenchError: pass"
    )
    assert _modules_after(script) & {"lightning", "torchmetrics"} == set()
    assert not (tmp_path / "runs").exists()


def test_the_first_page_waits_for_no_table_and_no_array():
    first = ("dashboard.cards", "dashboard.glance", "dashboard.state", "workbench.analysis.records")
    loaded = _modules_after(f"import {', '.join(first)}, dashboard.download, dashboard.link")
    assert loaded & (HEAVY | {"pandas", "numpy", "pyarrow", "scipy"}) == set()


def test_exhibits_draw_nothing_before_they_are_asked():
    code = "from workbench.exhibits.registry import all_exhibits; all_exhibits()"
    assert _modules_after(code) & (HEAVY | {"plotly"}) == set()


def test_training_needs_none_of_the_pictures():
    loaded = _modules_after("import workbench.training.fit, workbench.probes.inference")
    assert loaded & {"streamlit", "plotly", "umap", "openTSNE", "jupyterlab", "numba"} == set()
