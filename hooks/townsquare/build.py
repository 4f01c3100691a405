"""From a community's folder to everything that is published: checked, planned, not yet written."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from townsquare import (
    api,
    attachments,
    bodies,
    catalogue,
    checks,
    feeds,
    ledger,
    library,
    links,
    schemas,
    search,
    settings,
    sitemap,
    subscriptions,
    tags,
    views,
)
from townsquare.cache import Cache, key
from townsquare.checks.context import Context
from townsquare.checks.ledger import Grown
from townsquare.checks.ledger import run as ledger_checks
from townsquare.clock import Clock
from townsquare.community import Community
from townsquare.folders import FOLDERS
from townsquare.ledger import Outcome, Previous
from townsquare.library import Library
from townsquare.model import Entry, address_of
from townsquare.pages import Page
from townsquare.problems import Problem, Severity, severities_applied
from townsquare.views import moved


@dataclass(frozen=True, slots=True)
class Checked:
    """A community and everything wrong with it, sorted. Nothing of it is published yet.

    `clock` has answered what is shown and what is not; outputs go on asking the same one.
    """

    library: Library
    bodies: Mapping[str, bodies.Body]
    addresses: links.Addresses
    clock: Clock
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep a site from being built."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)

    @property
    def can_go_on(self) -> bool:
        """Whether every error is of a single file that can be left out.

        Settings and topics concern all entries, and what a folder held would count as deleted.
        """
        paths = {each.place.path for each in self.errors}
        return all(
            path not in (settings.FILE, tags.FILE, *FOLDERS)
            and (self.library.root / path).is_file()
            for path in paths
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What a site consists of. Addresses are paths from its root; `assets` name source files."""

    community: Community
    pages: tuple[Page, ...]
    files: Mapping[str, bytes]
    assets: Mapping[str, Path]
    outcome: Outcome
    problems: tuple[Problem, ...]

    @property
    def next_change(self) -> datetime | None:
        """The instant from which the same files make another site, UTC."""
        return self.community.clock.next_change

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep a site from being built."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)


def check(
    root: Path, *, now: datetime, strict: bool = False, cache: Cache | None = None
) -> Checked:
    """The community in this folder, read, typed, converted and checked."""
    choices, problems = settings.read(root)
    clock = Clock(now, choices.timezone)
    held, found = library.load(root, choices, clock)
    problems += found
    converted = {entry.path: _body(entry, cache) for entry in held.entries}
    faulty = {each.place.path for each in problems if each.severity is Severity.ERROR}
    addresses = _addresses(held, converted, clock, without=faulty)
    problems += checks.run(Context(held, converted, Clock(now, choices.timezone), addresses))
    arranged = severities_applied(problems, moved=choices.moved(), strict=strict)
    return Checked(held, converted, addresses, clock, tuple(arranged))


def _body(entry: Entry[Any], cache: Cache | None) -> bodies.Body:
    """The entry's body, converted now or by a build before."""
    text, path, line = entry.source.body, entry.path, entry.source.body_line
    if cache is None:
        return bodies.convert(text, path, line)

    def made() -> bytes:
        return json.dumps(bodies.convert(text, path, line).to_json()).encode()

    of = key(bodies.fingerprint(), path, str(line), text)
    return bodies.Body.from_json(json.loads(cache.result(of, made)))


def without_faulty(checked: Checked) -> Checked:
    """The community without the entries that have errors; the problems stay."""
    faulty = {each.place.path for each in checked.errors}
    rest = _without(checked.library, faulty)
    addresses = _addresses(rest, checked.bodies, checked.clock)
    return replace(checked, library=rest, addresses=addresses)


def _without(held: Library, faulty: Collection[str]) -> Library:
    entries = tuple(e for e in held.entries if e.path not in faulty)
    assets = {path: asset for path, asset in held.assets.items() if path not in faulty}
    return replace(held, entries=entries, assets=assets)


def _addresses(
    held: Library,
    converted: Mapping[str, bodies.Body],
    clock: Clock,
    *,
    without: Collection[str] = (),
) -> links.Addresses:
    """Where everything stands. What has no file of its own is reckoned when a link asks for it.

    Files `without` which that is reckoned are faulty: a date that cannot be has no place in a list.
    """

    def made() -> set[str]:
        rest = _without(held, without)
        community = Community(rest, converted, clock, links.Addresses.of(rest))
        calendars = (calendar.address for calendar in catalogue.calendars(community))
        aliases = (a for e in rest.entries if rest.shown(e) for a in e.fields.aliases)
        pages = (page.address for page in views.pages(community))
        machines = (*feeds.machines(community), *sitemap.ADDRESSES, ledger.FILE, search.ADDRESS)
        return {*pages, *calendars, *aliases, *machines}

    return links.Addresses.of(held, made)


def plan(
    checked: Checked, *, previous: Previous, strict: bool = False, preview: bool = False
) -> Plan:
    """Everything that the site will consist of, and all problems, the ledger's among them."""
    community = Community(checked.library, checked.bodies, checked.clock, checked.addresses)
    dated = subscriptions.of(community, previous)
    pages = tuple(views.pages(community))
    outcome = _advanced(checked, community, previous, dated, pages, preview=preview)
    titles = {page.address: page.title for page in pages}
    pages = (*pages, search.page(), *moved.pages(community, outcome, titles))
    files = {
        **feeds.files(community, outcome),
        **dated.files(outcome),
        **api.files(community),
        **schemas.files(community.settings),
        **sitemap.files(pages, community.settings),
        **moved.files(community, outcome),
        ledger.FILE: ledger.encode(outcome.ledger),
    }
    assets = {
        asset.address: checked.library.root / path
        for path, asset in attachments.shown(checked.library, checked.bodies).items()
    }
    problems = _with_ledger(checked, community, previous, outcome, dated, strict=strict)
    return Plan(community, pages, files, assets, outcome, problems)


def _advanced(
    checked: Checked,
    community: Community,
    previous: Previous,
    dated: subscriptions.Subscriptions,
    pages: tuple[Page, ...],
    *,
    preview: bool,
) -> Outcome:
    entries = community.library.entries
    shown = {entry.key for entry in entries if community.library.shown(entry)}
    of_entries = {entry.address for entry in entries if entry.key in shown}
    return ledger.advance(
        previous,
        shown=dated.shown,
        components=dated.components,
        machines={**feeds.machines(community), **dated.machines},
        authority=community.settings.authority_name(),
        clock=community.clock,
        hidden=[entry.key for entry in entries if entry.key not in shown],
        held={address_of(each.place.path) for each in checked.errors},
        taken=[page.address for page in pages if page.address not in of_entries],
        preview=preview,
    )


def _with_ledger(
    checked: Checked,
    community: Community,
    previous: Previous,
    outcome: Outcome,
    dated: subscriptions.Subscriptions,
    *,
    strict: bool,
) -> tuple[Problem, ...]:
    """The problems with those that only the published site's memory shows."""
    if previous.ledger is None:
        return checked.problems
    grown = Grown(
        previous=previous.ledger,
        outcome=outcome,
        shown=dated.shown,
        components=dated.components,
        entries={entry.key: entry for entry in community.library.entries},
        clock=Clock(community.clock.stamp(), community.settings.timezone),
        authority=settings.place_of(checked.library.root, "authority"),
    )
    moved = community.settings.moved()
    found = severities_applied(ledger_checks(grown), moved=moved, strict=strict)
    return tuple(sorted({*checked.problems, *found}))
