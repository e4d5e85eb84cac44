"""A visitor of the dashboard without a browser: speaks streamlit's protocol over the real WebSocket.

Nothing is drawn, so what is timed is the server's work alone; each byte that a browser would get is counted.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

HEAT_MAPS = ("heatmap", "contour", "surface")
_PATIENCE_S = 120


@dataclass
class Visit:
    """One run of a page's script: until it was finished, and what was sent meanwhile."""

    seconds: float
    processor_s: float
    sizes: list[int]
    messages: list[ForwardMsg] = field(repr=False)

    def drawn(self) -> dict[str, int]:
        """Cells of the largest heat map (contour, surface), and points of the chart with most."""
        specs = [one.delta.new_element.plotly_chart.spec for one in self._deltas("plotly_chart")]
        charts = [_marks(json.loads(spec)) for spec in specs]
        return {kind: max((chart[kind] for chart in charts), default=0) for kind in ("cells", "points")}

    def exceptions(self) -> list[str]:
        """What went wrong on the page."""
        return [message.delta.new_element.exception.message for message in self._deltas("exception")]

    def _deltas(self, kind: str) -> Iterator[ForwardMsg]:
        return (one for one in self.messages if one.delta.new_element.WhichOneof("type") == kind)


class Visitor:
    """One tab: opens a page, then changes choices on it."""

    def __init__(self, port: int, processor_s: Callable[[], float] = time.process_time) -> None:
        """`processor_s` is the clock by which the server's work is taken."""
        self.address = f"http://127.0.0.1:{port}"
        self._processor_s = processor_s
        self._stream = _connected(port)
        self._page, self._choices = "", dict[str, Any]()
        self._widgets: dict[str, tuple[str, Any]] = {}
        self._kept: set[str] = set()
        """Hashes of what a browser would have kept: it is not sent a second time."""
        self.pages: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def open(self, page: str, choices: Mapping[str, str]) -> Visit:
        """Follow a link to a page ("" is the first one) with these choices in the address."""
        self._page, self._choices = page, dict(choices)
        return self.come_back()

    def come_back(self) -> Visit:
        """The same page with the same choices, once more."""
        return self._run(BackMsg())

    def change(self, key: str, value: str | list[str] | None) -> Visit:
        """Make another choice, as a click does; None is the first that is offered."""
        kind, widget = self._widgets[key]
        value = widget.options[0] if value is None else value
        message = BackMsg()
        state = message.rerun_script.widget_states.widgets.add(id=widget.id)
        if kind == "selectbox":
            state.string_value = value
        else:
            state.string_array_value.data[:] = [value] if isinstance(value, str) else value
        self._choices[key] = value
        return self._run(message)

    def _run(self, message: BackMsg) -> Visit:
        client = message.rerun_script
        client.page_name = self._page
        client.query_string = urlencode(self._choices, doseq=True)
        client.context_info.url = f"{self.address}/{self._page}"
        client.cached_message_hashes[:] = sorted(self._kept)
        began, worked = time.perf_counter(), self._processor_s()
        self._stream.send(message.SerializeToString())
        heard, sizes = [], []
        while not (heard and _is_finished(heard[-1])):
            data = self._stream.receive()
            sizes.append(len(data))
            heard.append(ForwardMsg.FromString(data))
        seconds, worked = time.perf_counter() - began, self._processor_s() - worked
        for one in heard:
            self._note(one)
        return Visit(seconds, worked, sizes, heard)

    def _note(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable:
            self._kept.add(message.hash)
        if message.HasField("navigation"):
            self.pages = [page.url_pathname for page in message.navigation.app_pages]
        kind = message.delta.new_element.WhichOneof("type")
        if kind in ("button_group", "selectbox", "multiselect"):
            widget = getattr(message.delta.new_element, kind)
            self._widgets[widget.id.rpartition("-")[2]] = (kind, widget)


class _Stream:
    """Just enough of WebSocket (RFC 6455): whole binary messages, and answers to pings."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._reader = connection.makefile("rb")

    def handshake(self, port: int) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self._connection.sendall(
            f"GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: streamlit\r\n\r\n".encode()
        )
        answer = b"".join(iter(self._reader.readline, b"\r\n"))
        if b" 101 " not in answer:
            raise SystemExit(f"The server refused the WebSocket: {answer.decode(errors='replace')}")

    def send(self, data: bytes, kind: int = 2) -> None:
        size = len(data)
        short = size if size < 126 else 126 if size < 1 << 16 else 127
        longer = {126: struct.pack("!H", size & 0xFFFF), 127: struct.pack("!Q", size)}.get(short, b"")
        self._connection.sendall(
            bytes([0x80 | kind, 0x80 | short]) + longer + bytes(4) + data
        )  # the mask is 0

    def receive(self) -> bytes:
        parts = []
        while True:
            first, short = self._reader.read(2)
            length = {126: "!H", 127: "!Q"}.get(short)
            size = struct.unpack(length, self._reader.read(struct.calcsize(length)))[0] if length else short
            data, kind = self._reader.read(size), first & 0x0F
            if kind == 8:
                raise SystemExit(f"The server closed the WebSocket: {data[2:].decode(errors='replace')}")
            if kind == 9:
                self.send(data, kind=10)
            elif kind < 3:
                parts.append(data)
                if first & 0x80:
                    return b"".join(parts)

    def close(self) -> None:
        self._reader.close()
        self._connection.close()


def _connected(port: int) -> _Stream:
    stream = _Stream(socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S))
    stream.handshake(port)
    return stream


def _is_finished(message: ForwardMsg) -> bool:
    return message.HasField("script_finished") and message.script_finished in (
        ForwardMsg.FINISHED_SUCCESSFULLY,
        ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
    )


def _marks(spec: Mapping[str, Any]) -> dict[str, int]:
    traces = spec["data"]
    cells = [_length(trace.get("z")) for trace in traces if trace["type"] in HEAT_MAPS]
    points = [_length(trace.get("x")) for trace in traces if trace["type"].startswith("scatter")]
    return {"cells": max(cells, default=0), "points": sum(points)}


def _length(values: Any) -> int:
    """Numbers in an array as plotly sends it: in base64 with its type, or as nested lists."""
    if isinstance(values, Mapping):
        return len(base64.b64decode(values["bdata"])) // np.dtype(values["dtype"]).itemsize
    return np.size(values) if values is not None else 0
