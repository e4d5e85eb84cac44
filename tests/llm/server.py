"""A server on loopback that speaks /v1/chat/completions, and misbehaves when it is told to."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One question; behaviours answer it."""

    server: _Listener
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.owner.handle(self)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    @property
    def question(self) -> str:
        return str(self.body["messages"][0]["content"])

    @property
    def authorization(self) -> str:
        return str(self.headers["Authorization"])

    def reply(self, status: int, content: str, kind: str = "application/json", **headers: str) -> None:
        data = content.encode()
        with suppress(OSError):  # who asked may have given up
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(data)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    owner: FakeServer

    def handle_error(self, *_: Any) -> None:
        """A broken connection is part of the play."""


class FakeServer:
    """Answers every question with `usual`, except those for which a behaviour was put in line.

    Attributes:
        base_url: what a client is told.
        requests: the bodies that were received, in order.
        authorizations: the headers that came with them.
        most: the most questions that were being answered at the same time.
        released: set when hanging answers are to end.
    """

    def __init__(self) -> None:
        self._listener = _Listener(("127.0.0.1", 0), Request)
        self._listener.owner = self
        self.base_url = f"http://127.0.0.1:{self._listener.server_port}/v1"
        self.usual: Behaviour = answer
        self.in_line: list[Behaviour] = []
        self.requests: list[dict[str, Any]] = []
        self.authorizations: set[str] = set()
        self.now = self.most = 0
        self.released = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.01,))

    def handle(self, request: Request) -> None:
        with self._lock:
            self.requests.append(request.body)
            self.authorizations.add(request.authorization)
            behaviour = self.in_line.pop(0) if self.in_line else self.usual
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            behaviour(request)
        finally:
            with self._lock:
                self.now -= 1

    @contextmanager
    def running(self) -> Iterator[FakeServer]:
        self._thread.start()
        try:
            yield self
        finally:
            self.released.set()
            self._listener.shutdown()
            self._thread.join()
            self._listener.server_close()


def completion(text: str | None, finish: str = "stop", **message: Any) -> str:
    return json.dumps(
        {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "fake-1",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": finish,
                    "message": {"role": "assistant", "content": text, **message},
                }
            ],
            "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
        }
    )


def answer(request: Request) -> None:
    """An answer that tells which question it belongs to."""
    request.reply(200, completion(f"answer to {request.question}"))


def answering(text: str | None, finish: str = "stop", **message: Any) -> Behaviour:
    return lambda request: request.reply(200, completion(text, finish, **message))


def failing(status: int, message: str = "no", code: str | None = None, **headers: str) -> Behaviour:
    error = json.dumps({"error": {"message": message, "type": "error", "param": None, "code": code}})
    return lambda request: request.reply(status, error, **headers)


def truncated(request: Request) -> None:
    """JSON that is cut off."""
    request.reply(200, completion("never whole")[:40])


def page(request: Request) -> None:
    """A page of HTML."""
    request.reply(200, "<html>Welcome</html>", "text/html")


def without_choices(request: Request) -> None:
    """JSON without an answer in it."""
    request.reply(200, json.dumps({"id": "1", "choices": []}))


def reset(request: Request) -> None:
    """The connection is cut."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()
    request.close_connection = True


def hang(request: Request) -> None:
    """No answer until the server ends."""
    request.server.owner.released.wait()
    request.close_connection = True


def repeat_the_key(status: int) -> Behaviour:
    """A server that says the key in its error, its page or its answer."""

    def behave(request: Request) -> None:
        said = f"you sent {request.authorization}"
        if status == 200:
            request.reply(200, completion(f"{said} with a question of several words"))
        else:
            request.reply(status, json.dumps({"error": {"message": said, "code": said, "type": said}}))

    return behave


def repeat_the_key_as_a_page(request: Request) -> None:
    request.reply(200, f"<html>{request.authorization}</html>", "text/html")
