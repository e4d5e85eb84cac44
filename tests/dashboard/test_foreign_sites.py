"""Nobody but this computer's own pages may talk to the server, whatever site the browser has open."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import free_port, wait_until_served


@pytest.fixture(scope="module")
def port(tmp_path_factory) -> Iterator[int]:
    home: Path = tmp_path_factory.mktemp("home")
    port = free_port()
    code = "from workbench.cli import main; main()"
    command = [sys.executable, "-c", code, "dashboard", "--no-browser", "--port", str(port)]
    environment = {**os.environ, "WORKBENCH_HOME": str(home)}
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_until_served(server, port)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait(timeout=30)


def _answer(port: int, host: str, origin: str | None) -> int:
    """The status with which the server answers a WebSocket's first request."""
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host}:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
    ]
    lines += [f"Origin: {origin}"] if origin else []
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return int(connection.makefile("rb").readline().split()[1])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_its_own_pages_are_served(port: int, host: str):
    assert _answer(port, host, f"http://{host}:{port}") == 101


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "https://127.0.0.1.example", "null"])
def test_pages_of_other_sites_are_refused(port: int, origin: str):
    assert _answer(port, "127.0.0.1", origin) == 403


def test_a_site_whose_name_was_made_to_mean_this_computer_is_refused(port: int):
    assert _answer(port, "elsewhere.example", f"http://elsewhere.example:{port}") == 403
