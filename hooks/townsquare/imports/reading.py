"""What came from a source, read in a process of its own: one that can be ended.

Parsers of strangers' bytes may take too long or too much memory in ways that no limit on bytes
foresees. What the process hands back is text, and is looked at like any file.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from townsquare.imports import SourceFailed
from townsquare.imports.notes import Reading

SECONDS = 60
MEMORY = 1024 * 1024 * 1024
_ROOT = str(Path(__file__).resolve().parents[2])
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from townsquare.imports import reading; reading.serve()"
)


def read(
    what: str, data: bytes, *, charset: str, url: str, since: date, until: date, zone: str
) -> Reading:
    """What the posts or events of these bytes are; SourceFailed where they are not to be had.

    Of a calendar, what takes place from `since` to `until`; times without a zone are in `zone`.
    """
    asked = {"what": what, "charset": charset, "url": url, "zone": zone}
    asked |= {"since": since.isoformat(), "until": until.isoformat()}
    told = _told(json.dumps(asked).encode() + b"\n" + data)
    if told.get("failed"):
        raise SourceFailed(str(told["failed"]))
    return Reading(told["title"], told["items"], told["notes"])


def _told(request: bytes) -> dict[str, Any]:
    line = [sys.executable, "-I", "-X", "utf8", "-c", _START, _ROOT]
    try:
        done = subprocess.run(  # noqa: S603 — our own interpreter and code
            line, input=request, capture_output=True, timeout=SECONDS, check=False
        )
        return json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise SourceFailed(f"reading it takes longer than {SECONDS} seconds") from None
    except ValueError:
        raise SourceFailed("reading it takes more memory than any feed should") from None


def serve() -> None:
    """Read a request from standard input and write the answer to standard output."""
    _confine()
    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.write(json.dumps(answered(json.loads(head), data)))


def answered(asked: dict[str, str], data: bytes) -> dict[str, Any]:
    """The answer to one request, as JSON holds it."""
    from townsquare.imports import events, posts

    try:
        if asked["what"] == "posts":
            return posts.read(data, asked["charset"], asked["url"])._asdict()
        first, last = (date.fromisoformat(asked[name]) for name in ("since", "until"))
        window = events.Window(first, last, asked["zone"])
        return events.read(data, asked["charset"], window)._asdict()
    except SourceFailed as failed:
        return {"failed": str(failed)}


def _confine() -> None:
    # Windows has no such limits; there the time limit alone ends the process.
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
