"""A server on this machine that answers as strangers' do: slowly, endlessly, wrongly."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from townsquare.imports.fetching import Policy

Answer = bytes | Callable[[socket.socket], None]


@dataclass
class Server:
    """What stands at each path, and what was asked: path and headers, in order."""

    port: int
    scheme: str = "http"
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """The address of a path."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    def policy(self, **changed: object) -> Policy:
        """What commands may ask, and this server besides."""
        usual: dict[str, object] = {
            "schemes": ("http", "https"),
            "permits": lambda address, port: (address, port) == ("127.0.0.1", self.port),
            "seconds": 10.0,
        }
        return Policy(**usual | changed)  # type: ignore[arg-type]


def answer(
    body: bytes = b"", kind: str = "application/rss+xml", status: int = 200, **headers: str
) -> bytes:
    """A whole answer, as it goes over the wire."""
    named = {"Content-Type": kind, "Content-Length": str(len(body))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} Something", *(f"{k}: {v}" for k, v in named.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def redirect(to: str, status: int = 302) -> bytes:
    """An answer that leads elsewhere."""
    return answer(status=status, Location=to)


def repeated(head: bytes, piece: bytes, times: int, pause: float = 0) -> Answer:
    """A head, and then a piece again and again, until nobody listens any more."""

    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        waiting = threading.Event()
        for _ in range(times):
            connection.sendall(piece)
            waiting.wait(pause)

    return send


@contextmanager
def server(
    answers: Mapping[str, Answer] | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """A running server that listens on this machine only."""
    listening = socket.create_server(("127.0.0.1", 0))
    made = Server(listening.getsockname()[1], "https" if tls else "http", dict(answers or {}))
    loop = threading.Thread(target=_serve, args=(listening, made, tls), daemon=True)
    loop.start()
    try:
        yield made
    finally:
        # Closing alone does not wake a thread that waits for a connection.
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        loop.join()


def _serve(listening: socket.socket, made: Server, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(connection, made, tls), daemon=True).start()


def _answer(connection: socket.socket, made: Server, tls: ssl.SSLContext | None) -> None:
    with connection, suppress(OSError):
        open_ = tls.wrap_socket(connection, server_side=True) if tls else connection
        with open_:
            head = b""
            while b"\r\n\r\n" not in head and (more := open_.recv(4096)):
                head += more
            first, *lines = head.decode("latin-1").split("\r\n")
            path = first.split(" ")[1] if " " in first else first
            pairs = (line.split(": ", 1) for line in lines if ": " in line)
            made.asked.append((path, {name.lower(): value for name, value in pairs}))
            told = made.answers.get(path, answer(status=404))
            if isinstance(told, bytes):
                open_.sendall(told)
            else:
                told(open_)
