"""What tests of the running dashboard share: a port of its own, and waiting until it answers."""

from __future__ import annotations

import socket
import subprocess
import urllib.error
import urllib.request
from typing import Any


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=0.1):
            return True
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def wait_until_served(server: subprocess.Popen[Any], port: int) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server ended before it served anything"
        if answers(port):
            return
        try:
            server.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError("the server did not answer")
