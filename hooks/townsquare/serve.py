"""The site on this machine, built again at every edit; open pages follow by themselves.

Builds run in a process of their own, which keeps what it knows between edits to content and is
started anew for edits to the package's code and templates. A build that fails leaves the last good
site standing and its report on the page and the terminal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

from townsquare import serving
from townsquare.settings import FILE

PACKAGE = Path(__file__).parent
WATCHED = ("content", "events", "guidelines", "data", FILE)
INTERVAL = 0.1  # seconds between looks: an edit shows within this and a build


@dataclass(slots=True)
class State:
    """What open pages are told: which build they show, and what the last one complained of."""

    build: int = 0
    fault: str = ""
    changed: threading.Condition = field(default_factory=threading.Condition)

    def report(self, fault: str) -> None:
        """A build has ended; without a fault there is a new site."""
        with self.changed:
            self.build += not fault
            self.fault = fault
            self.changed.notify_all()

    def after(self, told: str, patience: float) -> str:
        """The state as one line of JSON: at once where it differs, else after that many seconds."""
        with self.changed:
            self.changed.wait_for(lambda: self._line() != told, patience)
            return self._line()

    def _line(self) -> str:
        return json.dumps({"build": self.build, "fault": self.fault})


def run(root: Path, port: int) -> int:
    """Serves the community in this folder on 127.0.0.1 until Ctrl-C; returns the exit code."""
    with tempfile.TemporaryDirectory(prefix="townsquare-serve-") as folder:
        site = Path(folder) / "site"
        state = State()
        handler = partial(serving.Handler, site=site, state=state)
        with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
            _say(f"http://127.0.0.1:{server.server_address[1]}/ (Ctrl-C ends)")
            try:
                _build_on_change(root, site, state)
            except KeyboardInterrupt:
                _say("ended")
            finally:
                server.shutdown()
    return 0


def _build_on_change(root: Path, site: Path, state: State) -> None:
    seen: dict[str, tuple[int, int]] = {}
    builder = Builder(root, site)
    try:
        while True:
            now = snapshot((*(root / name for name in WATCHED), PACKAGE))
            if now == seen:
                threading.Event().wait(INTERVAL)
                continue
            if any(file.startswith(f"{PACKAGE}{os.sep}") for file, _ in now.items() ^ seen.items()):
                builder.end()
            seen = now
            state.report(builder.built())
    finally:
        builder.end()


class Builder:
    """The process that builds, and keeps what it knows until the package's code changes."""

    def __init__(self, root: Path, site: Path) -> None:
        self._command = [sys.executable, "-m", "townsquare.upkeep.warm", str(root), str(site)]
        self._process: subprocess.Popen[str] | None = None

    def built(self) -> str:
        """Builds once; returns what went wrong, or nothing. The terminal sees everything."""
        process = self._running()
        try:
            print(file=process.stdin, flush=True)
        except BrokenPipeError:
            self.end()
            return "the builder ended by itself"
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            self.end()
            return "the builder ended by itself: see the terminal"
        told = json.loads(line)
        _say(told["said"].rstrip())
        return told["said"] if told["failed"] else ""

    def end(self) -> None:
        """The process is gone; the next build starts another."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 (our own module)
                self._command,
                env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
            )
        return self._process


def snapshot(places: Sequence[Path]) -> dict[str, tuple[int, int]]:
    """Every watched file with its time and size; equal snapshots mean that nothing was saved."""
    files = (file for place in places for file in _files(str(place)))
    return {file: stamp for file in files if (stamp := _stamp(file))}


def _stamp(file: str) -> tuple[int, int] | None:
    try:
        found = os.stat(file)  # noqa: PTH116 (thousands of files, several times a second)
    except OSError:
        # Editors replace a file by renaming another: it is back at the next look.
        return None
    return found.st_mtime_ns, found.st_size


def _files(place: str) -> Iterator[str]:
    if not os.path.isdir(place):  # noqa: PTH112 (the same)
        yield place
        return
    with os.scandir(place) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and entry.name != "__pycache__":
                yield from _files(entry.path)
            elif entry.is_file():
                yield entry.path


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
