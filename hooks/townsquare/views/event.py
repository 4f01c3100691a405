"""An event's own page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from townsquare import times
from townsquare.bodies import Heading
from townsquare.community import Community, Named
from townsquare.makings import Making
from townsquare.model import Credit, Entry
from townsquare.occasions import Place, Registration
from townsquare.pages import Page
from townsquare.recurrence import Moment, Occurrence
from townsquare.views import (
    channels,
    event_formats,
    event_series,
    occurrences,
    repeating,
    structured_events,
)
from townsquare.views.calendar_links import calendar
from townsquare.views.lists import (
    Linked,
    all_linked,
    events_where,
    link_to,
    linked,
    posts_where,
)
from townsquare.views.occurrences import Row, row
from townsquare.views.shapes import entry_page, outline
from townsquare.wordbook import _, label, span

OSM = "https://www.openstreetmap.org/"


class Held(NamedTuple):
    """An occurrence as its event's page lists it."""

    anchor: str
    row: Row
    description: str
    previous: Moment | None
    speakers: tuple[Named, ...]
    join: str
    after: Any


class Seats(NamedTuple):
    """How one registers now: `state` is `soon`, `open` or `closed`."""

    state: str
    url: str
    opens: Moment | None
    closes: Moment | None
    prices: tuple[Any, ...]


def makings(community: Community) -> Iterator[Making]:
    """A page for each event."""
    for entry in community.events:
        if entry.kind.name == "event":
            yield Making(entry.address, "views.event:event", (entry.key,))


def event(community: Community, key: str) -> Page:
    """An event's own page."""
    entry = community.library.entry(key)
    fields = entry.fields
    main = occurrences.representative(community, entry)
    usual = community.schedule(entry).details
    dates = _dates(community, entry)
    details = main.details if main and not dates["several"] else usual
    speakers = tuple(community.named(who) for who in details.speakers)
    organisers = tuple(found for who in fields.organisers if (found := organiser(community, who)))
    shown = occurrences.shown(community, entry)
    related = _related(community, entry)
    return entry_page(
        community,
        entry,
        headings=_outline(community, entry, dates, related),
        main=row(community, entry, main) if main else None,
        details=details,
        where=occurrences.where(details),
        rule=_rule(community, entry),
        organisers=organisers,
        speakers=speakers,
        format=_format(fields.format),
        partners=all_linked(community, "partner", fields.partners),
        seats=_seats(community, (main.details if main else usual).registration, main),
        map=map_link(details.place) if details.place else "",
        calendar=calendar(community, entry.title, f"calendars/events/{entry.id}.ics"),
        channels=channels.report_channels(community),
        description=fields.summary() or _summary(main),
        structured=structured_events.event(community, entry, shown, (organisers, speakers)),
        **dates,
        **related,
    )


def _dates(community: Community, entry: Entry[Any]) -> dict[str, Any]:
    """When it takes place: the dates that its page lists, and whether there are more."""
    past, coming = community.split(entry)
    listed_past, listed_coming = occurrences.shown(community, entry)
    return {
        "over": not coming,
        "several": len(past) + len(coming) > 1,
        "coming": [_held(community, entry, h) for h in listed_coming],
        "past": [_held(community, entry, h) for h in reversed(listed_past)],
        "more": {
            "coming": len(coming) > len(listed_coming),
            "past": len(past) - len(listed_past),
        },
    }


def _related(community: Community, entry: Entry[Any]) -> dict[str, Any]:
    """What it belongs to, and what other entries say of it."""
    fields = entry.fields
    series = fields.series
    return {
        "series": Linked(label(series), event_series.address(series)) if series else None,
        "part_of": linked(community, "event", fields.part_of),
        "parts": _programme(community, entry),
        "continues": linked(community, "event", fields.continues),
        "continued": [link_to(e) for e in events_where(community, "continues", entry.id)],
        "posts": [link_to(e) for e in posts_where(community, "event", entry.id)],
    }


def _outline(
    community: Community, entry: Entry[Any], dates: dict[str, Any], related: dict[str, Any]
) -> tuple[Heading, ...]:
    several = dates["several"]
    parts = {
        "ts-parts": _("Programme") if related["parts"] else "",
        "ts-coming": _("Coming dates") if several and dates["coming"] else "",
        "ts-past": _("Held") if several and dates["past"] else "",
        "ts-posts": _("Posts about it") if related["posts"] else "",
    }
    return outline(
        community,
        entry,
        before={"ts-after": _("What remains")} if entry.fields.after else {},
        after={id: title for id, title in parts.items() if title},
    )


def _format(name: str | None) -> Linked | None:
    named = name if name != "other" else None
    return Linked(label(named), event_formats.address(named)) if named else None


def _programme(community: Community, entry: Entry[Any]) -> list[Row]:
    """The event's parts, each by its next occurrence or else its last."""
    parts = events_where(community, "part_of", entry.id)
    held = ((part, occurrences.representative(community, part)) for part in parts)
    return [row(community, part, main) for part, main in held if main]


def organiser(community: Community, who: Any) -> Named | None:
    """A person, a partner or somebody else, as pages print them; no partner that is hidden."""
    library = community.library
    partner = library.find("partner", who.id) if who.id else None
    if partner and not library.find("person", who.id):
        shown = library.shown(partner)
        return Named(partner.title, partner.address, id=partner.id) if shown else None
    return community.named(
        Credit(person=who.id, name=who.name, url=who.url, affiliation=who.affiliation)
    )


def map_link(place: Place) -> str:
    """OpenStreetMap's page of the place, by its coordinates or by searching for its address."""
    if len(place.geo) == 2:
        latitude, longitude = place.geo
        at = urlencode({"mlat": latitude, "mlon": longitude})
        return f"{OSM}?{at}#map=17/{latitude}/{longitude}"
    searched = ", ".join(p for p in (place.address or place.name, place.city, place.country) if p)
    return f"{OSM}search?query={quote(searched)}" if searched else ""


def _summary(main: Occurrence | None) -> str:
    """When and where, for events that have no description."""
    if main is None:
        return ""
    start, _end = occurrences.local(main)
    parts = span(start, occurrences.printed_end(main)), occurrences.where(main.details)
    return ", ".join(part for part in parts if part)


def _rule(community: Community, entry: Entry[Any]) -> str:
    rule = community.schedule(entry).rule
    return repeating.in_words(rule) if rule else ""


def _held(community: Community, entry: Entry[Any], held: Occurrence) -> Held:
    details, usual = held.details, community.schedule(entry).details
    return Held(
        held.anchor,
        row(community, entry, held),
        _differs(details.description, usual.description),
        details.previous_start,
        tuple(community.named(w) for w in _differs(details.speakers, usual.speakers)),
        _differs(details.join, usual.join),
        _differs(details.after, usual.after),
    )


def _differs(value: Any, usual: Any) -> Any:
    """The value where it is not the event's own, which stands above; else nothing of its type."""
    return value if value != usual else type(value)() if value is not None else None


def _seats(
    community: Community, registration: Registration | None, main: Occurrence | None
) -> Seats | None:
    if registration is None or main is None:
        return None
    opens, closes = registration.opens, registration.closes
    passed = community.clock.passed
    if passed(main.ends) or (closes and passed(_whole(closes, main.zone))):
        state = "closed"
    else:
        state = "soon" if opens and not passed(times.instant(opens, main.zone)) else "open"
    return Seats(state, registration.url or "", opens, closes, registration.price)


def _whole(closes: Moment, zone: str) -> datetime:
    """The instant after which nobody can register: a date is its whole day."""
    if not isinstance(closes, datetime):
        closes += timedelta(days=1)
    return times.instant(closes, zone)
