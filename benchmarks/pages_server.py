"""A dashboard as users start it, for as long as it is measured."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

_IDLE_S = 7.0
"""Longer than it waits for a visitor before it imports what other pages need."""
_NEXT_TO_NOTHING_S = 0.2


@dataclass(frozen=True)
class Server:
    """A dashboard: where it answers, and its process."""

    port: int
    process: int

    def processor_s(self) -> float:
        """Seconds that processors have worked for it since it was started."""
        times = psutil.Process(self.process).cpu_times()
        return times.user + times.system


@contextmanager
def starting(home: Path) -> Iterator[Server]:
    """A dashboard that has just been started on this workspace, and is ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["dashboard", "--no-browser", "--port", str(port), "--home", str(home)]
    server = subprocess.Popen(
        [sys.executable, "-m", "workbench", *options], stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield Server(port, server.pid)
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait()


def wait_until_served(port: int) -> None:
    """Return when the server on this port answers."""
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.01)


def wait_until_idle(server: Server) -> None:
    """Return when the dashboard has had next to nothing to do for some seconds."""
    worked, since = server.processor_s(), time.monotonic()
    while time.monotonic() - since < _IDLE_S:
        time.sleep(0.2)
        if (now := server.processor_s()) - worked > _NEXT_TO_NOTHING_S:
            worked, since = now, time.monotonic()
