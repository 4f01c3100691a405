"""What is Dated → iCalendar (RFC 5545, RFC 7986), the form that calendar apps subscribe to.

An entry is one master VEVENT with an override for each changed occurrence, or one VEVENT a session.
The ledger adds the revision; the same entry is the same bytes in every calendar. There is no
METHOD, so that DTSTAMP means "last revised" (§3.8.7.2) and comes from the ledger, not the clock.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from townsquare import content_lines, times, zones
from townsquare.content_lines import Line
from townsquare.ledger.records import Component, ComponentKey, Revision
from townsquare.model import Entry
from townsquare.occasions import Details, Place
from townsquare.recurrence import Occurrence, Schedule
from townsquare.settings import Settings
from townsquare.wordbook import _

PRODUCT = "-//Townsquare//Townsquare//EN"
REFRESH = "PT6H"
SIGNIFICANT = (
    "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "STATUS", "LOCATION", "GEO",
    "CONFERENCE",
)  # fmt: skip
KEPT = ("UID", "RECURRENCE-ID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE")
"""What stays of a deleted component, beside its title."""

_ZONED = re.compile(rb"^(?:DTSTART|DTEND|RECURRENCE-ID);TZID=([^:;\r]+):([0-9]{4})", re.MULTILINE)


def components(
    entry: Entry[Any],
    schedule: Schedule,
    settings: Settings,
    *,
    text: str = "",
    categories: Sequence[str] = (),
    kept: Collection[str] = (),
) -> tuple[Component, ...]:
    """The entry's VEVENTs without their revisions: master and overrides, or one a session.

    `text` is its body as plain text, `categories` the titles of its tags. `kept` are the
    RECURRENCE-IDs that are written out also where they equal the rule, because readers hold them.
    """
    writer = _Writer(entry, settings, text, categories)
    if schedule.sessions:
        return tuple(writer.single(each, f"+{each.key}") for each in schedule.sessions)
    overrides = [
        c
        for c in schedule.changes
        if _differs(c, schedule) or content_lines.compact(c.moment) in kept
    ]
    overrides += _unchanged(
        schedule, set(kept) - {content_lines.compact(c.moment) for c in schedule.changes}
    )
    return writer.master(schedule), *(writer.override(each, schedule) for each in overrides)


def calendar(
    name: str,
    description: str,
    address: str,
    page: str,
    components: Iterable[Component],
    revisions: Mapping[ComponentKey, Revision],
) -> bytes:
    """A whole VCALENDAR, its zones and events sorted. `address` is its own, `page` its page's."""
    events = [_vevent(each, revisions[each.key]) for each in sorted(components, key=_by_key)]
    lines = [
        content_lines.text("PRODID", PRODUCT),
        content_lines.text("VERSION", "2.0"),
        content_lines.text("CALSCALE", "GREGORIAN"),
        content_lines.text("NAME", name),
        content_lines.text("X-WR-CALNAME", name),
        *([content_lines.text("DESCRIPTION", description)] if description else []),
        *([content_lines.text("X-WR-CALDESC", description)] if description else []),
        content_lines.raw("REFRESH-INTERVAL", REFRESH, VALUE="DURATION"),
        content_lines.raw("X-PUBLISHED-TTL", REFRESH),
        content_lines.link("SOURCE", address, VALUE="URI"),
        content_lines.link("URL", page),
    ]
    body = [content_lines.joined(lines), *_timezones(b"".join(events)), *events]
    return b"".join([b"BEGIN:VCALENDAR\r\n", *body, b"END:VCALENDAR\r\n"])


def uid(entry: Entry[Any], settings: Settings, session: str = "") -> str:
    """What calendar apps know the entry by for ever: from its kind and id, never its address."""
    host = settings.authority_name().partition(",")[0]
    return f"{entry.kind.name}-{entry.id}{session}@{host}"


class _Writer:
    """Writes the VEVENTs of one entry."""

    def __init__(
        self, entry: Entry[Any], settings: Settings, text: str, categories: Sequence[str]
    ) -> None:
        self.entry = entry
        self.settings = settings
        self.text = text
        self.categories = categories
        self.page = content_lines.ascii_address(settings.absolute(entry.address))

    def master(self, schedule: Schedule) -> Component:
        """The event itself, with its rule where it has one."""
        zone = None if schedule.all_day else schedule.zone
        whole = Occurrence(
            "", schedule.start, schedule.start, schedule.end, schedule.zone, schedule.details
        )
        rule = [content_lines.raw("RRULE", schedule.rule.text(zone))] if schedule.rule else []
        rule += [content_lines.moment("RDATE", each, schedule.zone) for each in schedule.also]
        rule += [content_lines.moment("EXDATE", each, schedule.zone) for each in schedule.excluded]
        name = uid(self.entry, self.settings)
        lines = self._lines(name, whole, rule, self.page)
        return self._component(name, "", lines, schedule.details, schedule.last_instant)

    def override(self, change: Occurrence, schedule: Schedule) -> Component:
        """One changed occurrence, named by the moment and zone of the master."""
        name = uid(self.entry, self.settings)
        named = content_lines.moment("RECURRENCE-ID", change.moment, schedule.zone)
        lines = self._lines(name, change, [named], f"{self.page}#{change.anchor}")
        return self._component(
            name, content_lines.compact(change.moment), lines, change.details, change.ends
        )

    def single(self, session: Occurrence, suffix: str) -> Component:
        """One session, an event of its own."""
        name = uid(self.entry, self.settings, suffix)
        lines = self._lines(name, session, [], f"{self.page}#{session.anchor}")
        return self._component(name, "", lines, session.details, session.ends)

    def _lines(
        self, name: str, occurrence: Occurrence, more: Sequence[Line], page: str
    ) -> list[Line]:
        details = occurrence.details
        return [
            content_lines.text("UID", name),
            content_lines.moment("DTSTART", occurrence.start, occurrence.zone),
            _end(occurrence, repeats=any(line.name == "RRULE" for line in more)),
            *more,
            content_lines.text("SUMMARY", _summary(details)),
            content_lines.text("STATUS", _status(details)),
            # A community's calendar shows what there is; it does not make its subscribers busy.
            content_lines.text("TRANSP", "TRANSPARENT"),
            *_where(details),
            content_lines.link("URL", page),
            *([content_lines.texts("CATEGORIES", self.categories)] if self.categories else []),
            content_lines.text("DESCRIPTION", self._description(details, page)),
        ]

    def _description(self, details: Details, page: str) -> str:
        own = details.description != (self.entry.fields.description or "")
        text = details.description if own or not self.text else self.text
        parts = (details.status_note, text, details.join, page)
        return "\n\n".join(part for part in parts if part)

    def _component(
        self, name: str, named: str, lines: list[Line], details: Details, ends: datetime | None
    ) -> Component:
        gone = [line for line in lines if line.name in KEPT]
        gone += [content_lines.text("SUMMARY", _summary(replace(details, status="cancelled")))]
        gone += [content_lines.text("STATUS", "CANCELLED")]
        return Component(
            uid=name,
            recurrence_id=named,
            lines=content_lines.joined(lines),
            significant=content_lines.joined([line for line in lines if line.name in SIGNIFICANT]),
            entry_key=self.entry.key,
            title=details.title,
            ends=ends,
            tombstone=content_lines.joined(gone),
        )


def _unchanged(schedule: Schedule, kept: Collection[str]) -> Iterator[Occurrence]:
    """The occurrences of these RECURRENCE-IDs that the rule still gives, as it gives them."""
    for name in sorted(kept):
        moment = datetime.fromisoformat(name) if "T" in name else date.fromisoformat(name)
        if schedule.gives(moment):
            yield schedule.occurrence(moment)


def _end(occurrence: Occurrence, *, repeats: bool) -> Line:
    """DTEND; or DURATION for a first occurrence during which clocks change.

    RFC 5545 §3.8.5.3 and ical.js give every occurrence the exact length of the first, so that a
    DTEND would put all later ones an hour off the time that authors mean.
    """
    length = times.length(occurrence.start, occurrence.end)
    if occurrence.all_day or not repeats or occurrence.ends - occurrence.begins == length:
        return content_lines.moment("DTEND", occurrence.end, occurrence.zone)
    return content_lines.duration("DURATION", length)


def _differs(change: Occurrence, schedule: Schedule) -> bool:
    """Whether a calendar shows the changed occurrence in another way than its rule would."""
    usual = replace(schedule, changes=()).occurrence(change.moment)
    return _shown(change) != _shown(usual)


def _shown(one: Occurrence) -> tuple[Any, ...]:
    about = one.details
    words = (about.title, about.description, about.status, about.status_note, about.join)
    return (one.start, one.end, one.zone, *words, about.place)


def _status(details: Details) -> str:
    """RFC 5545 §3.8.1.11 knows three; what is postponed is tentative."""
    if details.status in ("tentative", "postponed"):
        return "TENTATIVE"
    return "CANCELLED" if details.cancelled else "CONFIRMED"


def _summary(details: Details) -> str:
    prefixes = {
        "tentative": _("Tentative: %(title)s"),
        "postponed": _("Postponed: %(title)s"),
        "cancelled": _("Cancelled: %(title)s"),
    }
    return prefixes.get(details.status, "%(title)s") % {"title": details.title}


def _where(details: Details) -> Iterator[Line]:
    if details.place:
        yield content_lines.text("LOCATION", details.place.line())
        yield from _geo(details.place)
    if details.join:
        yield content_lines.link("CONFERENCE", details.join, VALUE="URI")


def _geo(place: Place) -> Iterator[Line]:
    if place.geo:
        yield content_lines.raw("GEO", ";".join(f"{degrees:.6f}" for degrees in place.geo))


def _vevent(component: Component, revision: Revision) -> bytes:
    stamps = [
        content_lines.raw("SEQUENCE", str(revision.sequence)),
        content_lines.stamp("CREATED", revision.created),
        content_lines.stamp("LAST-MODIFIED", revision.modified),
        content_lines.stamp("DTSTAMP", revision.modified),
    ]
    return b"BEGIN:VEVENT\r\n" + component.lines + content_lines.joined(stamps) + b"END:VEVENT\r\n"


def _timezones(events: bytes) -> list[bytes]:
    """A VTIMEZONE for every zone that the events name; one in any case, for §3.6 demands one.

    Content lines with a zone are shorter than 75 octets, so never folded, and no text can look
    like one: a folded line begins with a blank.
    """
    first: dict[str, int] = {}
    for zone, year in _ZONED.findall(events):
        name = zone.decode("ascii")
        first[name] = min(int(year), first.get(name, zones.LAST_YEAR))
    if not events:
        return [zones.vtimezone("Etc/UTC", 2020)]
    return [zones.vtimezone(name, year) for name, year in sorted(first.items())]


def _by_key(component: Component) -> ComponentKey:
    return component.key
