"""An event's own page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from townsquare import times
from townsquare.community import Community, Named
from townsquare.model import Credit, Entry
from townsquare.occasions import Place, Registration
from townsquare.pages import Page
from townsquare.recurrence import Moment, Occurrence
from townsquare.views import guidelines, occurrences, repeating, structured_events
from townsquare.views.calendar_links import calendar
from townsquare.views.lists import (
    Linked,
    all_linked,
    entry_page,
    link_to,
    linked,
    outline,
)
from townsquare.views.occurrences import Row, row
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


@dataclass(frozen=True)
class _Maps:
    """What other entries say of events, by the event's id."""

    posts: dict[str, list[Linked]] = field(default_factory=dict[str, list[Linked]])
    parts: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])
    continued: dict[str, list[Linked]] = field(default_factory=dict[str, list[Linked]])


def pages(community: Community) -> Iterator[Page]:
    """A page for each event."""
    maps = _maps(community)
    channels = guidelines.report_channels(community)
    for entry in community.events:
        if entry.kind.name == "event":
            yield _page(community, entry, maps, channels)


def _maps(community: Community) -> _Maps:
    maps = _Maps()
    for entry in community.posts:
        if about := getattr(entry.fields, "event", None):
            maps.posts.setdefault(about, []).append(link_to(entry))
    for entry in community.events:
        held = occurrences.representative(community, entry)
        if held and (whole := getattr(entry.fields, "part_of", None)):
            maps.parts.setdefault(whole, []).append(row(community, entry, held))
        if former := getattr(entry.fields, "continues", None):
            maps.continued.setdefault(former, []).append(link_to(entry))
    return maps


def _page(
    community: Community, entry: Entry[Any], maps: _Maps, channels: guidelines.Channels | None
) -> Page:
    fields = entry.fields
    past, coming = community.split(entry)
    main = occurrences.representative(community, entry)
    several = len(past) + len(coming) > 1
    usual = community.schedule(entry).details
    details = main.details if main and not several else usual
    speakers = tuple(community.named(who) for who in details.speakers)
    organisers = tuple(found for who in fields.organisers if (found := organiser(community, who)))
    shown = occurrences.shown(community, entry)
    parts = {
        "ts-parts": _("Programme") if entry.id in maps.parts else "",
        "ts-coming": _("Coming dates") if several and coming else "",
        "ts-past": _("Held") if several and past else "",
        "ts-posts": _("Posts about it") if entry.id in maps.posts else "",
    }
    return entry_page(
        community,
        entry,
        headings=outline(
            community,
            entry,
            before={"ts-after": _("What remains")} if fields.after else {},
            after={id: title for id, title in parts.items() if title},
        ),
        main=row(community, entry, main) if main else None,
        details=details,
        over=not coming,
        several=several,
        where=occurrences.where(details),
        rule=_rule(community, entry),
        coming=[_held(community, entry, h) for h in shown[1]],
        past=[_held(community, entry, h) for h in reversed(shown[0])],
        more={"coming": len(coming) > len(shown[1]), "past": len(past) - len(shown[0])},
        organisers=organisers,
        speakers=speakers,
        partners=all_linked(community, "partner", fields.partners),
        seats=_seats(community, (main.details if main else usual).registration, main),
        map=map_link(details.place) if details.place else "",
        calendar=calendar(community, entry.title, f"calendars/events/{entry.id}.ics"),
        series=Linked(label(fields.series), f"events/series/{fields.series}/")
        if fields.series
        else None,
        part_of=linked(community, "event", fields.part_of),
        parts=maps.parts.get(entry.id, []),
        continues=linked(community, "event", fields.continues),
        continued=maps.continued.get(entry.id, []),
        posts=maps.posts.get(entry.id, []),
        channels=channels,
        description=fields.summary() or _summary(main),
        structured=structured_events.event(community, entry, shown, (organisers, speakers)),
    )


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
