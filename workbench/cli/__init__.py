"""The command line: `workbench …`. Subcommands live one file each beside this one and import nothing heavy."""

from __future__ import annotations

from workbench.cli.app import main

__all__ = ["main"]
