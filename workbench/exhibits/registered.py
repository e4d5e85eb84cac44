"""Which methods there are, read from their source: to know it, nobody waits for torch."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import workbench


@cache
def registered_methods() -> frozenset[str]:
    """The names of methods and their variants, as `methods.registry.method_names` gives them."""
    folder = Path(workbench.__file__).parent / "methods"
    return frozenset(name for path in sorted(folder.rglob("*.py")) for name in _names(path))


def _names(path: Path) -> Iterator[str]:
    """What the classes under `@register` say of `name` and `variants`."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and any(
            ast.unparse(one) == "register" for one in node.decorator_list
        ):
            for statement in node.body:
                yield from _of(statement)


def _of(statement: ast.stmt) -> Iterator[str]:
    target: ast.expr | None = None
    if isinstance(statement, ast.AnnAssign):
        target, value = statement.target, statement.value
    elif isinstance(statement, ast.Assign):
        target, value = statement.targets[0], statement.value
    if not isinstance(target, ast.Name) or target.id not in ("name", "variants"):
        return
    texts = value.keys if isinstance(value, ast.Dict) else [value]
    for text in texts:
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield text.value
