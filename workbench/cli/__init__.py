"""The command line: `workbench …`; one file a subcommand, nothing heavy imported before it is needed."""

from __future__ import annotations

from workbench.cli.app import main

__all__ = ["main"]
