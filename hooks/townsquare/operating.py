"""The platform from outside: how old the published site is, whether its next build is late.

All of it differs from one moment to the next, so it stands on the terminal and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import click

from townsquare import dependencies, remote
from townsquare.clock import within_reach
from townsquare.figures import platform
from townsquare.output import RECORD
from townsquare.problems import SetupError

MAX_BYTES = 1024 * 1024
_DAY = 24 * 60


class Published(NamedTuple):
    """What a site says of itself: when it was built, and from when on it is out of date."""

    built: datetime
    next_change: datetime | None
    commit: str


def show(site: str, lock: Path, *, now: datetime, within: int, outdated: bool, form: str) -> int:
    """Prints how the site at this address or in this folder is doing; 1 where its build is late.

    `within` hours after a change fell due it must be there.
    """
    read = _reader(site)
    record, report = published(read(RECORD)), _loaded(read(platform.JSON))
    late = is_late(record, now, within)
    if form == "json":
        told = {
            "site": site,
            "built": record.built.isoformat(),
            "next_change": record.next_change.isoformat() if record.next_change else None,
            "commit": record.commit or None,
            "late": late,
            "report": report,
            "dependencies": dependencies.state(lock, ask_for_newer=outdated),
        }
        click.echo(json.dumps(told, indent=2, sort_keys=True))
    else:
        lines = (*_age(site, record, now, within, late=late), *_weights(report))
        click.echo("\n".join((*lines, *_dependencies(lock, outdated=outdated))))
    return int(late)


def published(data: bytes) -> Published:
    """What `build.json` says; SetupError where it is none."""
    said = _loaded(data)
    try:
        built, due = _instant(said["now"]), said["next_change"]
        return Published(built, _instant(due) if due else None, said["commit"] or "")
    except (KeyError, TypeError, ValueError) as error:
        raise SetupError(f"{RECORD} of this site is not one of ours: {error}") from error


def is_late(record: Published, now: datetime, within: int) -> bool:
    """Whether a change fell due more than `within` hours ago and is not there."""
    due = record.next_change
    return due is not None and due + timedelta(hours=within) < now


def _instant(text: str) -> datetime:
    return within_reach(datetime.fromisoformat(text))


def _loaded(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        raise SetupError(f"what the site holds there is no JSON: {error}") from error


def _reader(site: str) -> Callable[[str], bytes]:
    """What gives a file of the site, which is named by a folder or an address."""

    def read(file: str) -> bytes:
        try:
            if urlsplit(site).scheme in ("http", "https"):
                return remote.fetched(site.rstrip("/") + "/" + file, MAX_BYTES)
            return Path(site, file).read_bytes()
        except OSError as error:
            raise SetupError(f"{file} of {site} cannot be read: {error}") from error

    return read


def _age(site: str, record: Published, now: datetime, within: int, *, late: bool) -> Iterator[str]:
    of = f" from commit {record.commit[:12]}" if record.commit else ""
    yield f"{site}: built {_ago(now - record.built)}{of}"
    if record.next_change is None:
        yield "  no change falls due by itself"
    elif record.next_change > now:
        yield f"  the next change falls due {_ago(now - record.next_change)}"
    else:
        fell = f"a change fell due {_ago(now - record.next_change)}"
        verdict = "the scheduled build is LATE" if late else "in time"
        yield f"  {fell}, and {within} hours are allowed: {verdict}"


def _ago(past: timedelta) -> str:
    """`3 hours ago`, `in 2 days`: the largest unit that fits."""
    minutes = abs(int(past.total_seconds())) // 60
    units = ((_DAY, "day"), (60, "hour"), (1, "minute"))
    size, unit = next((each for each in units if minutes >= each[0]), units[-1])
    said = f"{minutes // size} {unit}{'' if minutes // size == 1 else 's'}"
    return f"{said} ago" if past >= timedelta() else f"in {said}"


def _weights(report: Any) -> Iterator[str]:
    try:
        pages, broken = report["pages"], dict(report["broken"])
        yield (
            f"  {pages['files']} pages: half weigh {pages['median']} kB at most, 95 of 100 "
            f"{pages['percentile_95']} kB; {pages['over']} above {pages['budget']} kB"
        )
        yield f"  broken links and images: {sum(broken.values())}"
    except (KeyError, TypeError, ValueError) as error:
        raise SetupError(f"{platform.JSON} of this site is not one of ours: {error}") from error


def _dependencies(lock: Path, *, outdated: bool) -> Iterator[str]:
    found = dependencies.state(lock, ask_for_newer=outdated)
    yield f"  {found['pinned']} dependencies are pinned; {len(found['differ'])} are not as pinned"
    yield from (f"    {each['name']}: {each['installed']}, pinned {each['pinned']}"
                for each in found["differ"])  # fmt: skip
    if outdated:
        yield f"  {len(found['newer'])} have newer releases"
        yield from (f"    {each['name']} {each['newest']}, pinned {each['pinned']}"
                    for each in found["newer"])  # fmt: skip
        yield from (f"    {name}: nobody answered" for name in found["unknown"])
