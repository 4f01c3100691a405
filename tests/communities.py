"""Small communities in memory: read from files as a build reads them, without its other steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from community_files import NOW, write

from townsquare import bodies, library, links, settings
from townsquare.checks.context import Context
from townsquare.clock import Clock
from townsquare.community import Community
from townsquare.ledger import Ledger, Outcome, Revision
from townsquare.model import Dated
from townsquare.problems import Problem

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
    made, problems = loaded(root, files, now=now)
    assert problems == []
    return made


def loaded(
    root: Path, files: Mapping[str, str], *, now: datetime = NOW
) -> tuple[Community, list[Problem]]:
    """The community and what is wrong with single files."""
    write(root, {"mkdocs.yml": SITE, **files})
    choices, problems = settings.read(root)
    clock = Clock(now, choices.timezone)
    held, found = library.load(root, choices, clock)
    converted = {
        e.path: bodies.convert(e.source.body, e.path, e.source.body_line) for e in held.entries
    }
    return Community(held, converted, clock, links.Addresses.of(held)), problems + found


def context(root: Path, files: Mapping[str, str], *, now: datetime = NOW) -> Context:
    """What checks see of these files."""
    made = community(root, files, now=now)
    return Context(made.library, made.bodies, Clock(now, made.settings.timezone), made.addresses)


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
        tombstones=(),
        calendars={},
        removed=(),
        redirects={},
        emptied=emptied or {},
    )
