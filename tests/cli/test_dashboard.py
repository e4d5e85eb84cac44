from __future__ import annotations

import importlib.util
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.serving import answers, free_port, wait_until_served
from workbench.cli import dashboard as command
from workbench.errors import WorkbenchError


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """Catches the server's command line and environment instead of starting it."""
    calls: list[tuple[list[str], dict[str, str]]] = []

    def become(arguments: list[str], environment: dict[str, str]) -> NoReturn:
        calls.append((arguments, environment))
        raise SystemExit(0)

    monkeypatch.setattr(command, "_become", become)
    monkeypatch.setattr(command, "_IS_POSIX", True)
    return calls


def option(arguments: list[str], name: str) -> str:
    return arguments[arguments.index(f"--{name}") + 1]


def test_it_listens_on_this_machine_alone_and_opens_nothing_without_a_terminal(started, capsys):
    with pytest.raises(SystemExit) as ended:
        command.dashboard()
    assert ended.value.code == 0
    ((arguments, _),) = started
    assert arguments[1:3] == ["-m", "dashboard"]
    assert option(arguments, "server.address") == "127.0.0.1"
    assert option(arguments, "server.headless") == "true"
    assert option(arguments, "browser.gatherUsageStats") == "false"
    assert f"http://127.0.0.1:{option(arguments, 'server.port')}" in capsys.readouterr().out


def test_a_taken_port_is_refused(started):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(WorkbenchError, match=f"Port {port} cannot be used"):
            command.dashboard(port=port)
    assert started == []


def test_the_next_free_port_is_found(monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setattr(command, "FIRST_PORT", taken.getsockname()[1])
        assert command._free_port() not in (0, command.FIRST_PORT)


def test_the_port_of_a_server_that_has_just_ended_is_free(started):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as browser:
            accepted, _ = server.accept()
            accepted.close()  # who closes first waits for stray packets, on this port
            assert browser.recv(1) == b""
    with pytest.raises(SystemExit):
        command.dashboard(port=port)
    assert option(started[0][0], "server.port") == str(port)


def test_what_to_look_at_is_handed_on(started, tmp_path: Path):
    with pytest.raises(SystemExit):
        command.dashboard(home=tmp_path, runs=tmp_path)
    environment = started[0][1]
    assert environment["WORKBENCH_HOME"] == str(tmp_path)
    assert environment["WORKBENCH_RUNS"] == str(tmp_path)


def test_a_missing_folder_is_an_error(started, tmp_path: Path):
    with pytest.raises(WorkbenchError, match="There is no folder"):
        command.dashboard(home=tmp_path / "nowhere")


def test_missing_libraries_name_the_remedy(started, monkeypatch: pytest.MonkeyPatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "streamlit" else find(name))
    with pytest.raises(WorkbenchError, match=r"needs streamlit: pip install 'mltc-workbench\[dashboard\]'"):
        command.dashboard()
    assert started == []


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_whatever_ends_the_command_ends_the_server(ending: signal.Signals):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", "dashboard", "--no-browser", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until_served(process, port)
    process.send_signal(ending)
    out, err = process.communicate(timeout=60)
    assert not answers(port)
    assert out == f"Dashboard: http://127.0.0.1:{port}  (Ctrl-C ends it)\n"
    assert err == ""


def test_where_no_program_can_become_another_ctrl_c_ends_both_quietly(monkeypatch: pytest.MonkeyPatch):
    waits: list[str] = []

    class Server:
        def __init__(self, arguments: list[str], **_: Any) -> None:
            assert arguments[1:3] == ["-m", "dashboard"]

        def wait(self) -> int:
            waits.append("wait")
            if len(waits) == 1:
                raise KeyboardInterrupt
            return -2

    monkeypatch.setattr(command, "_IS_POSIX", False)
    monkeypatch.setattr(command.subprocess, "Popen", Server)
    with pytest.raises(SystemExit) as ended:
        command.dashboard()
    assert ended.value.code == 0
    assert waits == ["wait", "wait"]
