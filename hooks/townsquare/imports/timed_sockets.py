"""Sockets on which no wait outlasts an instant, however slowly bytes drip."""

from __future__ import annotations

import io
import socket
import time
from typing import Any


def left(until: float) -> float:
    """The seconds until then, by the monotonic clock; TimeoutError where there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class Timed:
    """What http.client needs of a socket. No wait outlasts `until`, however slowly bytes drip."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock = sock
        self._until = until

    def sendall(self, data: bytes) -> None:
        """The bytes are sent."""
        self._sock.settimeout(left(self._until))
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What comes, as a file."""
        return io.BufferedReader(_Incoming(self._sock, self._until))

    def close(self) -> None:
        """Nothing: whoever opened the socket closes it, after the body has been read."""


class _Incoming(io.RawIOBase):
    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock = sock
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        self._sock.settimeout(left(self._until))
        return self._sock.recv_into(buffer)
