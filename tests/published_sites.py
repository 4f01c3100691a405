"""Small sites as builds leave them, to be handed to a target, and disks that are soon full."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from judges import installed
from townsquare import ledger
from townsquare.ledger import Ledger
from townsquare.output import RECORD, SUMS
from townsquare.publish import published
from townsquare.publish.published import Published
from townsquare.publish.target import Site, Target

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FILES = {
    "index.html": b"<!doctype html>\n<title>One</title>\n",
    "blog/post/index.html": b"line one\r\nline two\nline three\r\n$Id$\n",
    "feeds/events.xml": b"<feed/>\n",
    "calendars/events/tea time.ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "blog/café.png": bytes(range(256)) * 40,
    "assets/townsquare/townsquare.0123abcd.css": b"p { color: red }\n",
}


def site(
    folder: Path,
    files: Mapping[str, bytes] = FILES,
    *,
    commit: str = "",
    now: datetime = NOW,
    known: Ledger | None = None,
    previous: str = "",
) -> Site:
    """A whole site in the folder."""
    whole = dict(files) | {
        ledger.FILE: ledger.encode(known or Ledger(authority="example.org,2026"))
    }
    sums = "".join(f"{sha256(data).hexdigest()}  {path}\n" for path, data in sorted(whole.items()))
    record = {"commit": commit or None, "now": f"{now:%Y-%m-%dT%H:%M:%SZ}"}
    record |= {"previous_ledger": previous or None, "preview": False, "next_change": None}
    whole |= {SUMS: sums.encode(), RECORD: json.dumps(record).encode()}
    for path, data in whole.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return held(folder)


def held(folder: Path) -> Site:
    """The site that stands in the folder."""
    found = published.read(published.in_folder(folder), str(folder))
    assert found is not None
    return Site(folder, found)


def live(target: Target) -> Published | None:
    """What the target holds."""
    return published.read(target.read, target.name)


def replaced(target: Target, ready: Site, since: Published | None) -> None:
    """The target holds this site instead of the other."""
    target.replace(ready, since, lambda _more: None)


@contextmanager
def mounted(place: Path, size: str) -> Iterator[None]:
    """A file system of this size, such as `2m`, stands in the folder; needs root."""
    line = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if subprocess.run(line, capture_output=True, check=False).returncode:
        installed.left_out("no right to mount a file system")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
