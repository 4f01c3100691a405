"""From a community's folder to everything that is published: checked, planned, not yet written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

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
    makings,
    reports,
    schemas,
    search,
    settings,
    sitemap,
    subscriptions,
    tags,
    views,
)
from townsquare.cache import Cache
from townsquare.checks.context import Context
from townsquare.checks.ledger import Grown
from townsquare.checks.ledger import run as ledger_checks
from townsquare.clock import Clock
from townsquare.community import Community
from townsquare.converted import Bodies
from townsquare.folders import FOLDERS
from townsquare.ledger import Outcome, Previous
from townsquare.library import Library
from townsquare.makings import Making
from townsquare.model import address_of
from townsquare.pages import Footer, Page
from townsquare.problems import Problem, Severity, severities_applied
from townsquare.release import Release
from townsquare.values import value
from townsquare.views import channels, moved


@value
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


@value
class Edition:
    """What readers get of a community: its pages, and what the ledger decided of its dates.

    Pages are those that content makes, without redirects, notices of removal and search.
    """

    community: Community
    pages: tuple[Page, ...]
    dated: subscriptions.Subscriptions
    outcome: Outcome


@value
class Plan:
    """What a site consists of. Addresses are paths from its root; `assets` name source files."""

    community: Community
    pages: tuple[Page, ...]
    files: Mapping[str, bytes]
    assets: Mapping[str, Path]
    outcome: Outcome
    problems: tuple[Problem, ...]

    @property
    def footer(self) -> Footer:
        """What stands below every page."""
        return channels.footer(self.community)

    @property
    def next_change(self) -> datetime | None:
        """The instant from which the same files make another site, UTC."""
        return self.community.clock.next_change

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep a site from being built."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)


def check(
    root: Path,
    *,
    now: datetime,
    strict: bool = False,
    cache: Cache | None = None,
    whole: bool = False,
) -> Checked:
    """The community in this folder, read, typed and checked.

    Bodies are converted when they are asked for, and checks ask only where a fault could be; with
    `whole` all are converted at once.
    """
    choices, problems = settings.read(root)
    clock = Clock(now, choices.timezone)
    held, found = library.load(root, choices, clock, cache)
    problems += found
    converted = Bodies(held.entries, cache)
    if whole:
        converted.convert()
    faulty = {each.place.path for each in problems if each.severity is Severity.ERROR}
    addresses = _addresses(held, clock, without=faulty)
    own = Clock(now, choices.timezone)
    problems += checks.run(Context(held, converted, own, addresses, converted.waits))
    arranged = severities_applied(
        problems, moved=choices.moved(), strict=strict, told_by=choices.told_by()
    )
    return Checked(held, converted, addresses, clock, tuple(arranged))


def without_faulty(checked: Checked) -> Checked:
    """The community without the entries that have errors; the problems stay."""
    faulty = {each.place.path for each in checked.errors}
    rest = _without(checked.library, faulty)
    addresses = _addresses(rest, checked.clock)
    return replace(checked, library=rest, addresses=addresses)


def _without(held: Library, faulty: Collection[str]) -> Library:
    entries = tuple(e for e in held.entries if e.path not in faulty)
    assets = {path: asset for path, asset in held.assets.items() if path not in faulty}
    return replace(held, entries=entries, assets=assets)


def _addresses(held: Library, clock: Clock, *, without: Collection[str] = ()) -> links.Addresses:
    """Where everything stands. What has no file of its own is reckoned when a link asks for it.

    Files `without` which that is reckoned are faulty: a date that cannot be has no place in a list.
    No address depends on what a body says, so none is converted for it.
    """
    return links.Addresses.of(held, lambda: outputs_without(without, held, clock))


def outputs_without(faulty: Collection[str], held: Library, clock: Clock) -> set[str]:
    """Where everything stands that has no file of its own, but for what faulty files would bring.

    A date that cannot be has no place in a list.
    """
    rest = _without(held, faulty)
    blank = dict.fromkeys((entry.path for entry in rest.entries), bodies.Body())
    return addresses_of_outputs(Community(rest, blank, clock, links.Addresses.of(rest)))


def addresses_of_outputs(community: Community) -> set[str]:
    """Where everything stands that has no file of its own."""
    held = community.library
    calendars = (calendar.address for calendar in catalogue.calendars(community))
    aliases = (alias for entry in held.readable() for alias in entry.fields.aliases)
    pages = (making.address for making in views.makings(community))
    machines = (*feeds.machines(community), *sitemap.ADDRESSES, ledger.FILE, search.ADDRESS)
    return {*pages, *calendars, *aliases, *machines}


def plan(
    checked: Checked, *, previous: Previous, strict: bool = False, preview: bool = False
) -> Plan:
    """Everything that the site will consist of, and all problems, the ledger's among them."""
    made = edition(checked, previous=previous, preview=preview)
    community, outcome, dated = made.community, made.outcome, made.dated
    titles = {page.address: page.title for page in made.pages}
    pages = (*made.pages, search.page(), *moved.pages(community, outcome, titles))
    files = {
        **makings.made(_machine_files(community, outcome), Release(community, outcome)),
        **sitemap.files(
            (page.address for page in pages if page.indexed), community.settings, preview=preview
        ),
        **moved.files(community, outcome),
        ledger.FILE: ledger.encode(outcome.ledger),
    }
    shown = {asset.address: path for path, asset in attachments.shown(community).items()}
    root = checked.library.root
    assets = {at: root / path for at, path in shown.items()}
    problems = _with_ledger(checked, community, previous, outcome, dated, strict=strict)
    return Plan(community, pages, files, assets, outcome, problems)


def edition(checked: Checked, *, previous: Previous, preview: bool = False) -> Edition:
    """The pages of the community, and what the ledger before makes of it."""
    community = Community(checked.library, checked.bodies, checked.clock, checked.addresses)
    dated = subscriptions.of(community, previous)
    pages = tuple(views.pages(community))
    outcome = _advanced(checked, community, previous, dated, pages, preview=preview)
    return Edition(community, pages, dated, outcome)


def _machine_files(community: Community, outcome: Outcome) -> Iterator[Making]:
    """Every feed, calendar, data file and schema."""
    for module in (feeds, subscriptions, api, reports, schemas):
        yield from module.makings(community)
    yield from feeds.emptied(outcome)
    yield from subscriptions.emptied(outcome)


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
    shown = {entry.key for entry in community.library.readable()}
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
    moved, told_by = community.settings.moved(), community.settings.told_by()
    found = severities_applied(ledger_checks(grown), moved=moved, strict=strict, told_by=told_by)
    return tuple(sorted({*checked.problems, *found}))
