"""Partners, current and past, and what was done with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from townsquare.community import Community
from townsquare.model import Entry
from townsquare.pages import Page
from townsquare.views import structured
from townsquare.views.calendar_links import calendar
from townsquare.views.lists import (
    Picture,
    entry_page,
    introduction,
    item,
    list_page,
    of_kind,
    person,
    picture,
)
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


def pages(community: Community) -> Iterator[Page]:
    """The directory and a page for each partner; a partnership that ended moves by itself."""
    shown = sorted(of_kind(community, "partner"), key=lambda e: (e.title.casefold(), e.id))
    if shown or introduction(community, "partners/"):
        data = {
            "current": [_listed(community, p) for p in shown if not is_past(community, p)],
            "past": [_listed(community, p) for p in shown if is_past(community, p)],
        }
        about = _("Organisations that work with us.")
        yield list_page(
            community, "partners/", _("Partners"), "partners.html", data,
            description=about, nav_order=600,
        )  # fmt: skip
    together = _together(community)
    for entry in shown:
        yield _partner(community, entry, together.get(entry.id, []))


def is_past(community: Community, entry: Entry[Any]) -> bool:
    """Whether the partnership's last day is over."""
    until = entry.fields.until
    return until is not None and community.clock.day_passed(until)


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
    ended = logo and logo.permission_until and community.clock.day_passed(logo.permission_until)
    return None if ended else picture(community, entry, logo)


def _together(community: Community) -> dict[str, list[Entry[Any]]]:
    """Visible entries by the partners that they name, and events by those who organise them."""
    found: dict[str, list[Entry[Any]]] = {}
    for entry in community.library.entries:
        named = getattr(entry.fields, "partners", ())
        held = (who.id for who in getattr(entry.fields, "organisers", ()) if who.id)
        if community.library.shown(entry):
            for partner in dict.fromkeys((*named, *held)):
                found.setdefault(partner, []).append(entry)
    return found


def _partner(community: Community, entry: Entry[Any], together: list[Entry[Any]]) -> Page:
    items = [item(community, e) for e in together]
    items.sort(key=lambda i: (i.sorted_by, i.title), reverse=True)
    logo = _logo(community, entry)
    return entry_page(
        community,
        entry,
        logo=logo,
        is_past=is_past(community, entry),
        owner=person(community, entry.fields.owner),
        events=[i for i in items if i.kind == "event"],
        others=[i for i in items if i.kind != "event"],
        calendar=calendar(community, entry.title, f"calendars/partners/{entry.id}.ics"),
        structured=structured.organisation(community, entry, logo.address if logo else ""),
    )
