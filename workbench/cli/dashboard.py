"""`workbench dashboard`: serve the pages on this machine and open them."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from workbench.errors import WorkbenchError

ADDRESS = "127.0.0.1"
FIRST_PORT = 8501
_NEEDED = ("streamlit", "plotly")
_IS_POSIX = os.name == "posix"


def dashboard(
    port: Annotated[
        int | None, typer.Option(help=f"Port; {FIRST_PORT} or the next free one when not given.")
    ] = None,
    home: Annotated[
        Path | None, typer.Option(help="Workspace to look at; WORKBENCH_HOME by default.")
    ] = None,
    runs: Annotated[
        Path | None, typer.Option(help="Folder of runs to look at instead of a workspace's.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only serve; open nothing.")] = False,
) -> None:
    """Look at runs and corpora in the browser; only this machine can reach the pages. Ctrl-C ends it."""
    _require_libraries()
    chosen = _free_port() if port is None else _checked_port(port)
    environment = dict(os.environ)
    for variable, folder in (("WORKBENCH_HOME", home), ("WORKBENCH_RUNS", runs)):
        if folder is not None:
            environment[variable] = str(_existing(folder))
    headless = no_browser or not sys.stdout.isatty()
    Console(soft_wrap=True).print(f"Dashboard: [bold]http://{ADDRESS}:{chosen}[/]  (Ctrl-C ends it)")
    sys.exit(_serve(chosen, headless, environment))


def _serve(port: int, headless: bool, environment: dict[str, str]) -> int:
    options = {
        "server.address": ADDRESS,
        "server.port": str(port),
        "server.headless": str(headless).lower(),
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "logger.level": "warning",
    }
    flags = [text for name, value in options.items() for text in (f"--{name}", value)]
    command = [sys.executable, "-m", "dashboard", *flags]
    if _IS_POSIX:
        _become(command, environment)
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        return server.wait()
    except KeyboardInterrupt:  # the server got the same signal and ends by itself
        server.wait()
        return 0


def _become(command: list[str], environment: dict[str, str]) -> NoReturn:
    """Go on as another program, silent but for errors: whatever ends this process ends the server."""
    sys.stdout.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execve(command[0], command, environment)


def _require_libraries() -> None:
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise WorkbenchError(
            f"The dashboard needs {' and '.join(missing)}: pip install 'mltc-workbench[dashboard]'"
        )
    if importlib.util.find_spec("dashboard") is None:
        raise WorkbenchError(
            "The package 'dashboard' is not installed: pip install 'mltc-workbench[dashboard]'"
        )


def _existing(folder: Path) -> Path:
    path = folder.expanduser().resolve()
    if not path.is_dir():
        raise WorkbenchError(f"There is no folder {path}: give one with runs, or train: workbench demo")
    return path


def _free_port() -> int:
    """The first free port from `FIRST_PORT` on, else any free one."""
    for port in (*range(FIRST_PORT, FIRST_PORT + 20), 0):
        with socket.socket() as probe:
            if _binds(probe, port):
                return int(probe.getsockname()[1])
    raise WorkbenchError(f"No port is free on {ADDRESS}.")


def _checked_port(port: int) -> int:
    with socket.socket() as probe:
        if not 1 <= port <= 65535 or not _binds(probe, port):
            raise WorkbenchError(
                f"Port {port} cannot be used: it is taken or not allowed. Leave --port out to get a free one."
            )
    return port


def _binds(probe: socket.socket, port: int) -> bool:
    if sys.platform == "linux":  # connections of a server that has just ended do not keep its port taken;
        # elsewhere the option would also take a port away from a server that listens on all addresses
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((ADDRESS, port))
    except OSError:
        return False
    return True
