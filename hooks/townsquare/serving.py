"""What the preview answers: the built files, and the news of each build for open pages."""

from __future__ import annotations

from html import escape
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

OWN = "/__townsquare/"
SCRIPT = (Path(__file__).parent / "preview.js").read_bytes()
TAG = f'<script src="{OWN}preview.js" defer></script>'.encode()
HOSTS = frozenset({"127.0.0.1", "localhost"})
PATIENCE = 15.0  # seconds after which a silent connection is asked whether it is still there


class News(Protocol):
    """The last build's outcome, and the wait for the next."""

    def after(self, told: str, patience: float) -> str:
        """The outcome as one line of JSON: at once where it is another than told, else the next."""
        ...


class Handler(SimpleHTTPRequestHandler):
    """Answers from the folder that holds the last good site, wherever that stands by now."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, site: Path, state: News, **options: Any) -> None:
        self._site = site
        self._state = state
        super().__init__(*args, directory=str(site), **options)

    def do_GET(self) -> None:
        """A file of the site, our script, or the stream of news."""
        path = urlsplit(self.path).path
        if urlsplit(f"//{self.headers.get('Host', '')}").hostname not in HOSTS:
            # Another site's page must not read a preview by giving this address a name of its own.
            self._answer(421, "text/plain", b"ask for 127.0.0.1 or localhost\n")
        elif path == OWN + "preview.js":
            self._answer(200, "text/javascript; charset=utf-8", SCRIPT)
        elif path == OWN + "news":
            self._stream()
        else:
            self._file(path)

    def end_headers(self) -> None:
        """Nothing of a preview is kept by the browser."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal is for builds."""

    def _file(self, path: str) -> None:
        file = Path(self.translate_path(self.path))
        if file.is_dir() and not path.endswith("/"):
            self._redirect(path + "/")
            return
        file = file / "index.html" if file.is_dir() else file
        if file.is_file() and file.suffix == ".html":
            self._page(200, file.read_bytes())
        elif file.is_file():
            super().do_GET()
        else:
            self._missing()

    def _missing(self) -> None:
        page = self._site / "404.html"
        if page.is_file():
            self._page(404, page.read_bytes())
        else:
            text = f"<!doctype html><title>Townsquare</title><p>{escape('Building …')}</p></body>"
            self._page(503, text.encode())

    def _page(self, status: int, html: bytes) -> None:
        before, end, after = html.rpartition(b"</body>")
        self._answer(status, "text/html; charset=utf-8", before + TAG + end + after)

    def _redirect(self, path: str) -> None:
        self.send_response(301)
        self.send_header("Location", "/" + path.lstrip("/"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        told = ""
        try:
            while True:
                told = self._state.after(told, PATIENCE)
                self.wfile.write(f"data: {told}\n\n".encode())
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
