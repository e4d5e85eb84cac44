"""pyproject.toml, environment.yml and constraints.txt say the same thing, and all that the code imports."""

from __future__ import annotations

import ast
import importlib.metadata
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import workbench

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
PICTURES = {"streamlit", "plotly", "umap-learn", "opentsne"}


def _requirements(extra: str | None = None) -> list[Requirement]:
    lines = PROJECT["dependencies"] if extra is None else PROJECT["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


def _names(extra: str | None = None) -> set[str]:
    return {canonicalize_name(requirement.name) for requirement in _requirements(extra)}


def _everything() -> list[Requirement]:
    """The requirements behind `.[all]`: the core and the extras that `all` names."""
    (whole,) = _requirements("all")
    return _requirements() + [line for extra in sorted(whole.extras) for line in _requirements(extra)]


def _pins() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    for pin in pins:
        assert [one.operator for one in pin.specifier] == ["=="], f"{pin} is no exact pin"
    assert len({canonicalize_name(pin.name) for pin in pins}) == len(pins), "a package is pinned twice"
    return {canonicalize_name(pin.name): Version(next(iter(pin.specifier)).version) for pin in pins}


PINS = _pins()
EVERYTHING = pytest.mark.parametrize("requirement", _everything(), ids=lambda requirement: requirement.name)


@EVERYTHING
def test_the_pin_lies_in_the_range(requirement: Requirement):
    assert PINS[canonicalize_name(requirement.name)] in requirement.specifier


@EVERYTHING
def test_what_is_installed_here_lies_in_the_range(requirement: Requirement):
    assert Version(importlib.metadata.version(requirement.name)) in requirement.specifier


def test_the_extras_are_there_and_all_holds_the_rest():
    assert {"dashboard", "notebooks", "sweeps", "llm", "dev", "all"} <= set(PROJECT["optional-dependencies"])
    (whole,) = _requirements("all")
    assert whole.name == PROJECT["name"]
    assert {"dashboard", "notebooks", "sweeps", "llm", "dev"} <= whole.extras


def test_training_needs_nothing_that_draws():
    assert _names() & PICTURES == set()
    assert _names("dashboard") >= PICTURES


def test_torch_is_pinned_without_a_build_tag():
    assert str(PINS["torch"]) == "2.13.0"


def test_the_pinned_versions_run_on_the_oldest_python_that_is_promised():
    (promised,) = SpecifierSet(PROJECT["requires-python"])
    installed = {canonicalize_name(one.metadata["Name"]): one for one in importlib.metadata.distributions()}
    pinned = [one for name, one in installed.items() if name in PINS and PINS[name] == _release(one.version)]
    assert pinned, "none of the pins is installed here"
    needed = {one.name: one.metadata.json.get("requires_python", "") for one in pinned}
    too_new = {
        name: said for name, said in needed.items() if f"{promised.version}.0" not in SpecifierSet(said)
    }
    assert too_new == {}


def _release(version: str) -> Version:
    """A version without its build tag, such as torch's +cpu."""
    return Version(Version(version).public)


def test_nothing_is_pinned_that_pip_itself_brings():
    assert set(PINS) & {"pip", "setuptools", "uv", PROJECT["name"]} == set()


@pytest.mark.parametrize("older", ["torch==2.11.0", "transformers==5.17.0"])
def test_the_ranges_admit_older_installations(older: str):
    name, version = older.split("==")
    (requirement,) = (one for one in _requirements() if one.name == name)
    assert Version(version) in requirement.specifier
    assert Version("3.12.0") in SpecifierSet(PROJECT["requires-python"])


def test_the_environment_installs_the_checkout_with_the_constraints():
    (pip_lines,) = (line["pip"] for line in ENVIRONMENT["dependencies"] if isinstance(line, dict))
    assert pip_lines == ["--constraint constraints.txt", "--editable .[all]"]
    assert ENVIRONMENT["name"] == PROJECT["name"]
    assert ENVIRONMENT["channels"] == ["conda-forge"]
    assert "pip" in ENVIRONMENT["dependencies"]


def test_the_environments_python_is_one_that_the_project_supports():
    lines = [line for line in ENVIRONMENT["dependencies"] if isinstance(line, str)]
    (python,) = (Requirement(line) for line in lines if line.startswith("python"))
    supported = SpecifierSet(PROJECT["requires-python"])
    offered = [Version(f"3.{minor}") for minor in range(8, 20)]
    assert [one for one in offered if one in python.specifier and one not in supported] == []
    assert {one for one in offered if one in python.specifier} >= {Version("3.11"), Version("3.12")}
    assert Version("{}.{}".format(*sys.version_info)) in python.specifier


def test_the_version_is_said_once_and_the_same():
    assert workbench.__version__ == PROJECT["version"]
    assert f"## [{PROJECT['version']}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def _imported(folder: str) -> set[str]:
    """The top-level packages that a folder's files import, without the standard library's and our own."""
    found: set[str] = set()
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found.add(str(node.module).partition(".")[0])
    beside = {path.stem for path in (ROOT / folder).glob("*.py")}  # which a script finds without its folder
    return (
        found
        - sys.stdlib_module_names
        - beside
        - {"workbench", "dashboard", "benchmarks", "docs", "conftest"}
    )


@pytest.mark.parametrize(
    "folder, extras",
    [
        ("workbench", ("dashboard", "loggers", "sweeps", "llm")),
        ("dashboard", ("dashboard",)),
        ("tests", ("dashboard", "notebooks", "sweeps", "llm", "dev")),
        ("benchmarks", ("dashboard", "dev")),
        ("docs", ("dev",)),
    ],
)
def test_whatever_is_imported_is_declared(folder: str, extras: tuple[str, ...]):
    declared = _names().union(*(_names(extra) for extra in extras))
    providers = importlib.metadata.packages_distributions()
    assert _imported(folder), f"no import was found in {folder}"
    undeclared = {
        module
        for module in _imported(folder)
        if not {canonicalize_name(name) for name in providers.get(module, [module])} & declared
    }
    assert undeclared == set()
