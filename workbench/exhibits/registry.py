"""Finds exhibits: a module of this package with `EXHIBITS` is all it takes for a paper to be known."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from workbench.errors import WorkbenchError, nearest
from workbench.exhibits.base import Exhibit


@cache
def all_exhibits() -> dict[str, Exhibit]:
    """Every exhibit by its id, paper by paper in their modules' order.

    Returns:
        Such as {"protomix/figure-6": …}.
    """
    import workbench.exhibits as package

    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    modules = [import_module(f"{package.__name__}.{name}") for name in names]
    return {exhibit.id: exhibit for module in modules for exhibit in getattr(module, "EXHIBITS", ())}


def find_exhibit(name: str) -> Exhibit:
    """The exhibit of this id.

    Args:
        name: such as "protomix/figure-6".

    Returns:
        The exhibit; `figure(result)` draws what `reproduce` gives.

    Raises:
        WorkbenchError: for an unknown one, naming the nearest.
    """
    known = all_exhibits()
    if name in known:
        return known[name]
    raise WorkbenchError(
        f"There is no exhibit {name!r}.{nearest(name, known)} `workbench exhibits` lists those there are."
    )
