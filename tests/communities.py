"""Small communities in memory: read from files as a build reads them, without its other steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from community_files import NOW, write

from townsquare import bodies, library, links, makings, settings
from townsquare.checks.context import Context
from townsquare.clock import Clock
from townsquare.community import Community
from townsquare.ledger import Ledger, Outcome, Revision
from townsquare.model import Dated, Entry
from townsquare.problems import Problem
from townsquare.release import Release

SITE = """
    site_name: Test Commons
    site_url: https://example.org/site/
    extra:
      townsquare:
        authority: example.org,2026
        timezone: Europe/Berlin
    """


def community(root: Path, files: Mapping[str, str], *, now: datetime = NOW) -> Community:
    """The community of these files; it is an error of the test if one of them has a fault."""
    held, clock = _read(root, files, now)
    converted = {
        e.path: bodies.convert(e.source.body, e.path, e.source.body_line) for e in held.entries
    }
    return Community(held, converted, clock, links.Addresses.of(held))


def context(root: Path, files: Mapping[str, str], *, now: datetime = NOW) -> Context:
    """What checks see of these files, without their bodies."""
    held, clock = _read(root, files, now)
    return Context(held, {}, clock, links.Addresses.of(held))


Check = Callable[[Context, Entry[Any]], Iterator[Problem]]


def of_each(check: Check) -> Callable[[Context], list[Problem]]:
    """A check of one entry as a check of all."""
    return lambda seen: [one for entry in seen.library.entries for one in check(seen, entry)]


def _read(root: Path, files: Mapping[str, str], now: datetime) -> tuple[library.Library, Clock]:
    write(root, {"mkdocs.yml": SITE, **files})
    choices, problems = settings.read(root)
    clock = Clock(now, choices.timezone)
    held, found = library.load(root, choices, clock)
    assert problems + found == []
    return held, Clock(now, choices.timezone)


def outcome(
    made: Community,
    *,
    announced: Mapping[str, Revision] | None = None,
    emptied: Mapping[str, str] | None = None,
) -> Outcome:
    """What a ledger would say of the community: every event first shown on the constant stamp."""
    stamp = datetime(2000, 1, 1, tzinfo=UTC)
    usual = {entry.key: Revision(0, stamp, stamp) for entry in made.library.visible(Dated)}
    return Outcome(
        ledger=Ledger(authority="example.org,2026"),
        revisions={},
        announced=usual | dict(announced or {}),
        tombstones={},
        calendars={},
        removed=(),
        redirects={},
        emptied=emptied or {},
    )


def made_by(module: Any, found: Community, told: Outcome | None = None) -> dict[str, bytes]:
    """What an output module makes of the community, emptied feeds or calendars too."""
    told = told or outcome(found)
    emptied = module.emptied(told) if hasattr(module, "emptied") else ()
    return makings.made([*module.makings(found), *emptied], Release(found, told))


def at(root: Path, *, now: datetime = NOW) -> Community:
    """The community that stands in a folder, whatever is wrong with it."""
    choices, _ = settings.read(root)
    clock = Clock(now, choices.timezone)
    held, _ = library.load(root, choices, clock)
    converted = {
        e.path: bodies.convert(e.source.body, e.path, e.source.body_line) for e in held.entries
    }
    return Community(held, converted, clock, links.Addresses.of(held))
