"""Partners, current and past, and what was done with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from townsquare.community import Community
from townsquare.gatherings import hosts_of, partners_of
from townsquare.imports import shown
from townsquare.makings import Making
from townsquare.model import Dated, Entry
from townsquare.pages import Page
from townsquare.queries import query
from townsquare.views import imported, structured
from townsquare.views.calendar_links import calendar
from townsquare.views.lists import Item, Picture, item, person, picture
from townsquare.views.shapes import entry_page, introduction, list_page
from townsquare.wordbook import _


class Listed(NamedTuple):
    """A partner as lists show it."""

    name: str
    address: str
    logo: Picture | None
    kind: str
    tier: str
    since: Any
    until: Any
    description: str


def makings(community: Community) -> Iterator[Making]:
    """The directory, where there is any, and a page for each partner."""
    shown = by_name(community)
    if shown or introduction(community, "partners/"):
        yield Making("partners/", "views.partners:directory")
    for entry in shown:
        yield Making(entry.address, "views.partners:partner", (entry.key,))


@query
def by_name(community: Community) -> list[Entry[Any]]:
    """Partners by name."""
    return sorted(community.readable("partner"), key=lambda e: (e.title.casefold(), e.id))


def directory(community: Community) -> Page:
    """All partners, current and past; a partnership that ended moves by itself."""
    found = by_name(community)
    data = {
        "current": [_listed(community, p) for p in found if not p.fields.is_past(community.clock)],
        "has_news": shown.has_any(community),
        "past": [_listed(community, p) for p in found if p.fields.is_past(community.clock)],
    }
    about = _("Organisations that work with us.")
    return list_page(
        community, "partners/", _("Partners"), "partners.html", data,
        description=about, nav_order=600,
    )  # fmt: skip


def _listed(community: Community, entry: Entry[Any]) -> Listed:
    fields = entry.fields
    return Listed(
        entry.title,
        entry.address,
        _logo(community, entry),
        fields.kind or "",
        fields.tier or "",
        fields.since,
        fields.until,
        fields.summary(),
    )


def _logo(community: Community, entry: Entry[Any]) -> Picture | None:
    """The logo, while it may be shown."""
    logo = entry.fields.logo
    return picture(community, entry, logo) if logo and logo.permitted(community.clock) else None


@query
def by_partner(community: Community) -> dict[str, list[Entry[Any]]]:
    """Visible entries by the partners that they name, and events by those who organise them."""
    found: dict[str, list[Entry[Any]]] = {}
    for entry in community.readable():
        for partner in partners_of(community, entry):
            found.setdefault(partner, []).append(entry)
    return found


@query
def done_with(community: Community, id: str) -> list[Entry[Any]]:
    """Visible entries that name this partner, by path."""
    return by_partner(community).get(id, [])


def partner(community: Community, key: str) -> Page:
    """A partner's own page."""
    entry = community.library.entry(key)
    done = done_with(community, entry.id)
    held = [e for e in done if entry.id in hosts_of(community, e)]
    logo = _logo(community, entry)
    return entry_page(
        community,
        entry,
        logo=logo,
        is_past=entry.fields.is_past(community.clock),
        owner=person(community, entry.fields.owner),
        held=_latest_first(community, held),
        events=_latest_first(community, (e for e in done if _is_event(e) and e not in held)),
        others=_latest_first(community, (e for e in done if not _is_event(e))),
        imported_events=imported.event_rows(community, shown.coming_at(community, entry.id)),
        followed=imported.followed(entry),
        imported_posts=imported.post_lines(community, shown.published_by(community, entry.id)),
        calendar=calendar(community, entry.title, f"calendars/partners/{entry.id}.ics"),
        structured=structured.organisation(community, entry, logo.address if logo else ""),
    )


def _is_event(entry: Entry[Any]) -> bool:
    return isinstance(entry.fields, Dated)


def _latest_first(community: Community, entries: Iterable[Entry[Any]]) -> list[Item]:
    items = (item(community, each) for each in entries)
    return sorted(items, key=lambda i: (i.sorted_by, i.title), reverse=True)
