"""Finds methods and objectives: being a file in this package is all it takes to be known."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from workbench.errors import WorkbenchError, nearest
from workbench.methods.base import Method, Objective, Stage

_METHODS: dict[str, type[Method]] = {}
_OBJECTIVES: dict[str, type[Objective]] = {}


def register(method: type[Method]) -> type[Method]:
    """Make a method known under its own name and under each of its variants' names (class decorator)."""
    for name in {method.name, *method.variants}:
        if _METHODS.setdefault(name, method) is not method:
            raise TypeError(
                f"Two methods are called {name!r}: {_METHODS[name].__name__} and {method.__name__}."
            )
    return method


def register_objective(objective: type[Objective]) -> type[Objective]:
    """Make an objective known as `<module>.<name>`, such as `protomix.prototype` (class decorator).

    Objectives in a file of their own, `<module>_objectives.py`, have the same names.
    """
    module = objective.__module__.rsplit(".", 1)[-1].removesuffix("_objectives")
    _OBJECTIVES[f"{module}.{objective.name}"] = objective
    return objective


@cache
def _discover() -> None:
    import workbench.methods as package

    for module in pkgutil.walk_packages(package.__path__, prefix=f"{package.__name__}."):
        import_module(module.name)


def method_names() -> list[str]:
    """All names that `workbench train` takes: methods and their variants.

    Returns:
        In alphabetical order.
    """
    _discover()
    return sorted(_METHODS)


def method_classes() -> list[type[Method]]:
    """Each method once, in alphabetical order."""
    _discover()
    return sorted(set(_METHODS.values()), key=lambda method: method.name)


def find_method(name: str) -> tuple[type[Method], str]:
    """The class behind a name and the variant it stands for.

    Raises:
        WorkbenchError: for an unknown name, with the nearest known one.
    """
    _discover()
    if name not in _METHODS:
        known = method_names()
        raise WorkbenchError(
            f"Unknown method {name!r}.{nearest(name, known)} Known methods: {', '.join(known)}."
        )
    method = _METHODS[name]
    return method, name if name in method.variants else next(iter(method.variants))


def objective_names() -> list[str]:
    """All names that `--add` takes."""
    _discover()
    return sorted(_OBJECTIVES)


def parse_objective(text: str) -> Objective:
    """Build an objective from `name` or `name:key=value,key=value`.

    Raises:
        WorkbenchError: for an unknown objective or setting, or a part that is not key=value.
    """
    _discover()
    name, _, rest = text.partition(":")
    if name not in _OBJECTIVES:
        known = objective_names()
        raise WorkbenchError(
            f"Unknown objective {name!r}.{nearest(name, known)} Known objectives: {', '.join(known)}."
        )
    settings = {}
    for part in filter(None, rest.split(",")):
        key, equals, value = part.partition("=")
        if not equals:
            raise WorkbenchError(
                f"In --add {text!r}: {part!r} is not key=value. Write for example {name}:weight=0.001"
            )
        settings[key.strip()] = value.strip()
    kind = _OBJECTIVES[name]
    return kind(kind.Settings.parse(settings))


def complete_stages(method: Method) -> list[Stage]:
    """The method's stages, with the objectives that its config adds at the end of each classifying stage."""
    from dataclasses import replace

    added = [parse_objective(text) for text in method.config.add]
    stages = []
    for stage in method.stages():
        extra = added if stage.is_classifier else []
        if extra and stage.solve is not None:
            raise WorkbenchError(
                f"The method {method.name!r} is solved for its own loss: it takes no objective from others. "
                "Leave --add out, or take a method that is trained by epochs."
            )
        taken = {objective.name for objective in stage.objectives}
        for objective in extra:
            if objective.name in taken:
                raise WorkbenchError(
                    f"The method {method.name!r} has an objective {objective.name!r} already; set its weight "
                    "instead of adding it a second time."
                )
        stages.append(replace(stage, objectives=[*stage.objectives, *extra]))
    return stages
