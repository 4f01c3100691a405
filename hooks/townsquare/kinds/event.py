"""Events: what takes place, once or repeatedly, in events/."""

import re
from collections.abc import Iterator
from dataclasses import field, replace
from typing import TYPE_CHECKING, Annotated

from townsquare import texts
from townsquare.fields import Doc, Parsed, Reference, record
from townsquare.kinds import event_checks, event_details, event_times
from townsquare.model import (
    Contact,
    Count,
    Credit,
    Credited,
    Dated,
    EventId,
    Fields,
    Kind,
    Line,
    Moment,
    PartnerId,
    Slug,
    Text,
    Url,
    Zone,
    below,
    name_once,
)
from townsquare.occasions import (
    After,
    Change,
    Duration,
    End,
    Mode,
    Place,
    Registration,
    Repeat,
    Session,
    Status,
)
from townsquare.problems import Fault

if TYPE_CHECKING:
    from townsquare.recurrence import Schedule
    from townsquare.settings import Settings


def parse_where(text: str) -> str:
    """`online`, an https address to join, or the name of a place."""
    line = texts.parse_line(text)
    if line.lower() == "online":
        return "online"
    if re.match(r"(?i)[a-z]+://", line):
        return texts.parse_url(line)
    if re.fullmatch(r"(?i)(www\.\S+|[a-z0-9.-]+\.[a-z]{2,}/\S*)", line):
        hint = f"write `https://{line}`"
        raise Fault("value_invalid", f"`{line}` is neither a place nor a whole address", hint)
    return line


@record
class Organiser:
    """Who holds the event: a person or a partner by id, or someone else by name."""

    __shorthand__ = "id"

    id: Annotated[
        str | None,
        Reference("person or partner"),
        Parsed(texts.parse_slug),
        Doc("The id of a file in content/people or content/partners.", "ana"),
    ] = None
    name: Annotated[Line | None, Doc("The name of somebody without a file.", "Bo Guest")] = None
    url: Annotated[Url | None, Doc("Their own page.", "https://example.org/bo")] = None
    affiliation: Annotated[Line | None, Doc("Where they work.", "Example Ltd")] = None

    def __post_init__(self) -> None:
        name_once(self.id, self.name)


@record
class Event(Credited, Dated, Fields):
    """Something that takes place. Three lines are enough: title, start and where."""

    start: Annotated[
        Moment | None, Doc("When it begins; without a time it is all day.", "2026-05-21 18:00")
    ] = None
    end: Annotated[
        End | None, Doc("When it ends: a time, or a date, which is included.", "19:00")
    ] = None
    duration: Annotated[Duration | None, Doc("Or how long it takes.", "1h30m")] = None
    timezone: Annotated[Zone | None, Doc("If not the site's own.", "Europe/Berlin")] = None
    where: Annotated[
        str | None,
        Parsed(parse_where, format="online, an address to join, or a place"),
        Doc("`online`, an https address to join, or the name of a place.", "online"),
    ] = None
    format: Annotated[
        Slug | None, Doc(f"What it is: {', '.join(event_checks.FORMATS)}.", "workshop")
    ] = None
    mode: Annotated[
        Mode | None, Doc("How one takes part; found out where it can be.", "hybrid")
    ] = None
    place: Annotated[
        Place | None,
        Doc("Where people meet, in full.", "{name: Town Library, city: Berlin, country: DE}"),
    ] = None
    join: Annotated[Url | None, Doc("Where to join the call.", "https://meet.example.org/may")] = (
        None
    )
    url: Annotated[Url | None, Doc("The organisers' own page.", "https://example.org/may")] = None
    contact: Annotated[
        Contact | None, Doc("A page, or a role's address.", "mailto:events@example.org")
    ] = None
    organisers: Annotated[
        tuple[Organiser, ...], Doc("Who holds it: ids of people or partners.", "[ana]")
    ] = ()
    speakers: Annotated[tuple[Credit, ...], Doc("Who speaks: people's ids.", "[bo]")] = ()
    partners: Annotated[tuple[PartnerId, ...], Doc("Who helps: partners' ids.", "[acme]")] = ()
    registration: Annotated[
        Registration | None,
        Doc(
            "How one gets a seat, and what it costs.",
            "{url: https://example.org/register, closes: 2026-05-20, price: free}",
        ),
    ] = None
    capacity: Annotated[Count | None, Doc("How many fit.", "40")] = None
    status: Annotated[Status, Doc("Whether and how it takes place.", "confirmed")] = "confirmed"
    status_note: Annotated[
        Text | None, Doc("What has changed and why, in a sentence.", "The hall is closed.")
    ] = None
    previous_start: Annotated[
        Moment | None, Doc("When it was to begin before it was rescheduled.", "2026-05-14 18:00")
    ] = None
    series: Annotated[Slug | None, Doc("A word that several files share.", "spring-school")] = None
    part_of: Annotated[EventId | None, Doc("The event to which it belongs.", "pycon-2026")] = None
    continues: Annotated[
        EventId | None, Doc("The event that it takes over, with another rule.", "community-call")
    ] = None
    repeat: Annotated[
        Repeat | None,
        Doc("When it takes place again.", "{every: 2 weeks, times: 6}"),
    ] = None
    changes: Annotated[
        dict[str, Change],
        Doc(
            "Single occurrences, by the date that the rule gives.",
            "{2026-05-21: {status: cancelled}}",
        ),
    ] = field(default_factory=dict[str, Change])
    sessions: Annotated[tuple[Session, ...], Doc("Dates of their own, instead of `repeat`.")] = ()
    after: Annotated[
        After | None,
        Doc(
            "What remains when it is over.",
            "{recordings: [https://example.org/talk.mp4], attended: 31}",
        ),
    ] = None

    def schedule(self, settings: "Settings") -> "Schedule":
        """When it takes place; the event's own checks have passed."""
        return event_times.schedule(self, settings)

    def credits(self) -> Iterator[tuple[str, Credit]]:
        """Organisers, then speakers; an organiser's id may be a partner's."""
        for who in self.organisers:
            yield "organiser", Credit(person=who.id, name=who.name, url=who.url)
        for held in (self, *self.changes.values(), *self.sessions):
            yield from (("speaker", who) for who in held.speakers)

    def whereabouts(self) -> tuple[Mode | None, Place | None, str]:
        """How one takes part, the place, and the address to join, wherever they were written."""
        place, join = self.place, self.join or ""
        where = self.where or ""
        if where.startswith(("http://", "https://")):
            join = join or where
        elif where and where != "online":
            place = replace(place, name=place.name or where) if place else Place(name=where)
        return event_details.moved(self.mode, place, join, self.status, online=where == "online")


KIND = Kind(
    name="event",
    fields=Event,
    matches=below("events/"),
    template="event.html",
    folder="events",
    section="events",
    yearly=True,
    check=event_checks.check,
    body_template="What people will do, and what they should bring.\n",
)
