"""Opens a built site in Chromium and tells what a reader would meet there."""

import functools
import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from judges import axe, installed

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
COMPRESSED = (".html", ".css", ".js", ".json", ".xml", ".ics", ".svg", ".txt", ".webmanifest")


@dataclass(slots=True)
class Visit:
    """One page as one reader sees it, and what loading it did so far."""

    page: Page
    scripted: bool = True
    console: list[str] = field(default_factory=list[str])
    foreign: list[str] = field(default_factory=list[str])
    failed: list[str] = field(default_factory=list[str])
    requests: list[Request] = field(default_factory=list[Request])

    def transferred(self) -> dict[str, int]:
        """Bytes of each body as sent, gzip where hosts compress, by path. Headers are left out."""
        answered = [r for r in self.requests if r.url.startswith("http") and r.response()]
        return {urlsplit(r.url).path: r.sizes()["responseBodySize"] for r in answered}

    def violations(self) -> list[str]:
        """axe-core's findings against WCAG 2.0 to 2.2, A and AA: `rule: help: selector`."""
        if not self.scripted:
            raise ValueError("axe needs a visit with script=True")
        return axe.violations(self.page)

    def text(self) -> str:
        """The text that is visible now."""
        return self.page.inner_text("body")

    def sideways(self) -> int:
        """How many pixels the page must be scrolled sideways to be read whole (WCAG 1.4.10)."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )


class Chromium:
    """The installed Chromium; every visit has a profile of its own, nothing cached."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    @contextmanager
    def visit(
        self, url: str, *, width: int = 1280, scheme: str = "light", script: bool = True
    ) -> Iterator[Visit]:
        """The page at `url`, loaded and quiet. A request to another host is noted and refused."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
            service_workers="block",
        )
        visit = Visit(context.new_page(), scripted=script)
        _watch(visit, urlsplit(url).netloc)
        try:
            visit.page.goto(url, wait_until="networkidle")
            yield visit
        finally:
            context.close()


@contextmanager
def chromium() -> Iterator[Chromium]:
    """A running Chromium. Start it once a session: it takes about a second."""
    path = installed.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield Chromium(browser)
        finally:
            browser.close()


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The built site under its address on this machine, which ends with a slash."""
    handler = functools.partial(_Static, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


def _watch(visit: Visit, host: str) -> None:
    def is_foreign(url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != host

    def asked(request: Request) -> None:
        # Also what the page's own CSP stops before it leaves.
        if is_foreign(request.url):
            visit.foreign.append(request.url)

    def said(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            visit.console.append(f"{message.type}: {message.text}")

    page = visit.page
    page.context.route(is_foreign, lambda route: route.abort())
    page.on("request", asked)
    page.on("console", said)
    page.on("pageerror", lambda error: visit.console.append(f"uncaught: {error}"))
    page.on("requestfinished", lambda request: visit.requests.append(request))
    page.on("requestfailed", lambda request: _failed(visit, request))


def _failed(visit: Visit, request: Request) -> None:
    # What the browser gives up because the visit ends is no fault of the page.
    if "ERR_ABORTED" not in (request.failure or ""):
        visit.failed.append(request.url)


class _Static(SimpleHTTPRequestHandler):
    """Files as a static host sends them: compressed, with the 404 page for what is not there."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir() and not urlsplit(self.path).path.endswith("/"):
            return self._redirect()
        found = path / "index.html" if path.is_dir() else path
        if found.is_file():
            return self._answer(200, found)
        return self._answer(404, Path(self.directory) / "404.html")

    def _redirect(self) -> None:
        self.send_response(301)
        self.send_header("Location", urlsplit(self.path).path + "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, status: int, path: Path) -> None:
        body = path.read_bytes() if path.is_file() else b"not found"
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests report."""
