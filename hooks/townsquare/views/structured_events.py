"""Events for search engines: https://schema.org/Event and /EventSeries as JSON-LD.

Google's rules (developers.google.com/search/docs/appearance/structured-data/event) go beyond
schema.org's: times carry their offset, whole days are dates, the status is one of five, a cancelled
event keeps its start, and a rescheduled one names its former start.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from townsquare import times
from townsquare.community import Community, Named
from townsquare.model import Entry
from townsquare.occasions import Details, Place, Price, Registration
from townsquare.recurrence import Moment, Occurrence, Schedule
from townsquare.views import occurrences
from townsquare.views.lists import picture
from townsquare.views.structured import CONTEXT, named, present
from townsquare.wordbook import iso

STATUSES = {
    "confirmed": "EventScheduled",
    "tentative": "EventScheduled",
    "postponed": "EventPostponed",
    "rescheduled": "EventRescheduled",
    "cancelled": "EventCancelled",
    "moved-online": "EventMovedOnline",
}
MODES = {
    "online": "OnlineEventAttendanceMode",
    "in-person": "OfflineEventAttendanceMode",
    "hybrid": "MixedEventAttendanceMode",
}
_AMOUNT = re.compile(
    r"([0-9]+(?:[.,][0-9]{1,2})?) ?([A-Z]{3})|([A-Z]{3}) ?([0-9]+(?:[.,][0-9]{1,2})?)"
)

WHERE = ("#place", "#call")

Shown = tuple[Sequence[Occurrence], Sequence[Occurrence]]
People = tuple[Sequence[Named], Sequence[Named]]


def event(
    community: Community, entry: Entry[Any], shown: Shown, people: People
) -> dict[str, Any] | None:
    """The event; one that takes place several times is a series of the occurrences shown."""
    held = [*shown[0], *shown[1]]
    if not held:
        return None
    if community.schedule(entry).rule or len(held) > 1:
        return _series(community, entry, held, people)
    return {"@context": CONTEXT} | _one(community, entry, held[0], people)


def _one(
    community: Community, entry: Entry[Any], held: Occurrence, people: People
) -> dict[str, Any]:
    return present(_shared(community, entry, people) | _dated(community, entry, held))


def _series(
    community: Community, entry: Entry[Any], held: Sequence[Occurrence], people: People
) -> dict[str, Any]:
    """The series, with what its occurrences share once, and each of them with what differs."""
    shared = _shared(community, entry, people)
    schedule, every = community.schedule(entry), community.held(entry)
    first, last = (_dated(community, entry, each) for each in (every[0], every[-1]))
    where = location(community, entry, schedule.details)
    whole: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "EventSeries",
        "name": entry.title,
        "location": [{"@id": id} | at for id, at in zip(WHERE, where, strict=False)],
        "startDate": first["startDate"],
        "endDate": last["endDate"] if schedule.last_instant else "",
        "eventAttendanceMode": _mode(schedule.details),
        "subEvent": [
            _one_of_several(_dated(community, entry, each), each, where, schedule) for each in held
        ],
    }
    return present(shared | whole)


def _one_of_several(
    found: dict[str, Any],
    held: Occurrence,
    where: list[dict[str, Any]],
    schedule: Schedule,
) -> dict[str, Any]:
    """An occurrence without what readers of schema.org assume, or find at the series."""
    found = {"@id": f"#{held.anchor}"} | found
    if found["location"] == where:
        found["location"] = [{"@id": id} for id in WHERE[: len(where)]]
    if found["eventStatus"].endswith("/EventScheduled"):
        del found["eventStatus"]
    if held.details.mode == schedule.details.mode:
        del found["eventAttendanceMode"]
    return present(found)


def _shared(community: Community, entry: Entry[Any], people: People) -> dict[str, Any]:
    """What holds for all occurrences."""
    site = community.settings
    organisers, speakers = people
    shown = picture(community, entry, entry.fields.image)
    return {
        "@type": "Event",
        "description": entry.fields.summary(),
        "url": site.absolute(entry.address),
        "image": [site.absolute(shown.address)] if shown else [],
        "organizer": [_organiser(community, who) for who in organisers],
        "performer": [named(community, who) for who in speakers],
        "inLanguage": entry.fields.language or site.language,
        "maximumAttendeeCapacity": entry.fields.capacity,
    }


def _organiser(community: Community, who: Named) -> dict[str, Any]:
    """A person, unless the name is that of a partner or of the community itself."""
    found = named(community, who)
    is_person = who.id and community.library.find("person", who.id)
    return found if is_person or not who.id else found | {"@type": "Organization"}


def _dated(community: Community, entry: Entry[Any], held: Occurrence) -> dict[str, Any]:
    """What one occurrence has of its own."""
    details = held.details
    start, end = occurrences.local(held)
    return {
        "@type": "Event",
        "name": details.title,
        "startDate": iso(start),
        "endDate": iso(held.last_day if held.all_day else end),
        "eventStatus": f"{CONTEXT}/{STATUSES[details.status]}",
        "eventAttendanceMode": _mode(details),
        "location": location(community, entry, details),
        "previousStartDate": _previous(details.previous_start, held.zone),
        "offers": offers(details.registration, held.zone),
    }


def _mode(details: Details) -> str:
    return f"{CONTEXT}/{MODES[details.mode]}" if details.mode else ""


def _previous(stated: Moment | None, zone: str) -> str:
    if isinstance(stated, datetime):
        stated = times.instant(stated, zone).astimezone(ZoneInfo(zone))
    return iso(stated) if stated else ""


def location(community: Community, entry: Entry[Any], details: Details) -> list[dict[str, Any]]:
    """The place, the call, or both. A call without a public address is at the event's page."""
    found: list[dict[str, Any]] = []
    if details.place:
        found.append(_place(details.place))
    if details.mode in ("online", "hybrid"):
        address = details.join or community.settings.absolute(entry.address)
        found.append({"@type": "VirtualLocation", "url": address})
    return found


def _place(place: Place) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress",
        "streetAddress": place.address,
        "addressLocality": place.city,
        "addressCountry": place.country,
    }
    geo: dict[str, Any] = {}
    if len(place.geo) == 2:
        geo = {"@type": "GeoCoordinates", "latitude": place.geo[0], "longitude": place.geo[1]}
    known = present(address)
    return present(
        {
            "@type": "Place",
            "name": place.name or place.line(),
            "address": known if len(known) > 1 else place.line(),
            "geo": geo or None,
        }
    )


def offers(registration: Registration | None, zone: str) -> list[dict[str, Any]]:
    """What a seat costs, for prices that are amounts with a currency, or free."""
    if registration is None:
        return []
    opens = _previous(registration.opens, zone)
    closes = _previous(registration.closes, zone)
    return [
        present(
            {"@type": "Offer", "url": registration.url, "validFrom": opens, "validThrough": closes}
            | amount
            | ({"name": price.name} if price.name else {})
        )
        for price in registration.price
        if (amount := _amount(price))
    ]


def _amount(price: Price) -> dict[str, str]:
    if price.free:
        return {"price": "0"}
    if not (found := _AMOUNT.fullmatch(price.price)):
        return {}
    number, currency = found[1] or found[4], found[2] or found[3]
    return {"price": number.replace(",", "."), "priceCurrency": currency}
