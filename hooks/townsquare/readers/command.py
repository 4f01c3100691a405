"""What `townsquare report ingest` does once its options are read; it returns the exit code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from townsquare import commands, settings
from townsquare.problems import SetupError
from townsquare.readers import kept
from townsquare.readers.figures import ENGINE, FOLDER

if TYPE_CHECKING:
    from townsquare.readers.reading import Told


def ingest(
    root: Path,
    files: Sequence[Path],
    *,
    now: datetime,
    engine: str | None,
    table: str | None,
    since: date | None,
) -> int:
    """The files' figures, or the engine's, are in data/readers; what was done is said."""
    if bool(engine) != bool(table) or bool(engine) == bool(files) or (since and not engine):
        raise SetupError(
            "name log files or exports; or, with --engine, the --table that holds requests "
            "(and --since)"
        )
    missing = needed()
    if missing:
        raise SetupError(
            f"reading logs needs {missing}: start it as `python3 scripts/report.py ingest`, or "
            "install what requirements-readers.lock names"
        )
    own_hosts = hosts_of(settings.read(root)[0].site_url)
    if engine and table:
        return _ask(root, engine, table, since, now, own_hosts)
    from townsquare.readers import ingest as reading

    files = _with_something(files)
    if not files:
        return 0
    told = reading.ingest(root, files, now=now, own_hosts=own_hosts)
    for each in told:
        for line in _said(each):
            commands.say(line)
    commands.say(f"The figures are in {FOLDER}: look at them, and commit them.")
    return 0


def _with_something(files: Sequence[Path]) -> list[Path]:
    """The files that are not empty, as a log is after it was rotated; the others are named."""
    from townsquare.readers import contents

    found = [file for file in files if contents.beginning(file)]
    for file in files:
        if file not in found:
            commands.say(f"{file} is empty: nothing was read from it.")
    return found


def needed() -> str:
    """The first library that is missing for reading logs, or nothing."""
    from importlib.util import find_spec

    wanted = ("duckdb", "ibis", "pyarrow", "crawleruseragents")
    return next((name for name in wanted if find_spec(name) is None), "")


def hosts_of(site_url: str) -> list[str]:
    """The site's own host names: who comes from there was here already."""
    host = (urlsplit(site_url).hostname or "").removeprefix("www.")
    return [host, f"www.{host}"] if host else []


def _ask(
    root: Path, engine: str, table: str, since: date | None, now: datetime, own_hosts: list[str]
) -> int:
    from townsquare.readers import engines
    from townsquare.readers import ingest as reading

    with kept.locked(root):
        before = kept.load(root)
        rows = engines.figures(engine, table, since=since, now=now, own_hosts=own_hosts)
        reading.save(root, before, reading.named(rows, ENGINE), before.readings)
    commands.say(f"{len(rows)} figures of whole days from {table} are in {FOLDER}: commit them.")
    return 0


def _said(told: Told) -> Iterator[str]:
    if told.before == "all":
        yield f"{told.path}: all of it was read before; nothing was added."
        return
    since = ", from where it ended when it was read before" if told.before else ""
    yield f"{told.path}: {told.lines} lines of {told.format} were read{since}."
    if told.unread:
        yield f"  Left out, because they could not be read: {told.unread}."
    if told.unfinished:
        yield f"  The last line has no end yet ({told.unfinished} bytes): it waits for it."
    if told.overlapping:
        yield (
            "  Another file that was read covers the same hours. Both are added, as logs of two "
            "servers; if they hold the same lines, take data/readers/ back with git."
        )
    if "Common" in told.format:
        yield "  This format names no agents: crawlers are counted, too, and subscribers are not."
