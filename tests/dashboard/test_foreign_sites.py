"""Nobody but this computer's own pages may talk to the server, whatever site the browser has open."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.dashboard.browsing import served


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("home")
    with served(folder, folder / "server.log") as address:
        yield int(address.rpartition(":")[2])


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
