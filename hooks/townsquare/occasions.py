"""What people come to: a place, a call, a registration, speakers, and what remains afterwards.

Events, their sessions and single occurrences share these. Times are in `recurrence`.
"""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from townsquare import plain_rules, rfc_rules, rules, times
from townsquare.fields import Doc, Parsed, record
from townsquare.model import Count, Credit, Day, Line, Moment, Slug, Text, Url, Zone
from townsquare.notations import shown
from townsquare.problems import Fault
from townsquare.values import value

Mode = Literal["online", "in-person", "hybrid"]
End = Annotated[date | datetime | time, Parsed(times.parse_end, format="19:00")]
Duration = Annotated[timedelta, Parsed(times.parse_duration, format="1h30m")]
Status = Literal["confirmed", "tentative", "postponed", "rescheduled", "cancelled", "moved-online"]


def parse_degrees(text: str) -> float:
    """Degrees of latitude or longitude, WGS 84: `52.5`."""
    try:
        degrees = float(text) if len(text) < 20 else None
    except ValueError:
        degrees = None
    if degrees is None or not -180 <= degrees <= 180:
        hint = "write latitude and longitude as in `[52.5, 13.4]`"
        raise Fault("value_invalid", f"{shown(text)} is not degrees", hint)
    return degrees


@record
class Place:
    """Where people meet in person."""

    __shorthand__ = "name"

    name: Annotated[Line | None, Doc("What the place is called.", "Town Library")] = None
    address: Annotated[Line | None, Doc("Street and number.", "Market Street 1")] = None
    city: Annotated[Line | None, Doc("The town.", "Berlin")] = None
    country: Annotated[Line | None, Doc("Its code or name.", "DE")] = None
    geo: Annotated[
        tuple[Annotated[float, Parsed(parse_degrees, format="degrees")], ...],
        Doc("Latitude and longitude.", "[52.5, 13.4]"),
    ] = ()

    def line(self) -> str:
        """The place on one line, as maps and calendars take it."""
        return ", ".join(p for p in (self.name, self.address, self.city, self.country) if p)


@record
class Price:
    """What one group of people pays."""

    __shorthand__ = "price"

    price: Annotated[Line, Doc("An amount with its currency, or `free`.", "149 EUR")]
    name: Annotated[Line | None, Doc("Who pays it.", "Students")] = None

    @property
    def free(self) -> bool:
        """Whether nothing is paid."""
        return self.price.lower() == "free"


@record
class Registration:
    """How one gets a seat."""

    __shorthand__ = "url"

    url: Annotated[Url | None, Doc("Where to register.", "https://example.org/register")] = None
    opens: Annotated[Moment | None, Doc("From when on.", "2026-05-01")] = None
    closes: Annotated[
        Moment | None, Doc("Until when; a date is its whole day.", "2026-05-20 12:00")
    ] = None
    price: Annotated[
        tuple[Price, ...], Doc("`free`, an amount, or a list of {name, price}.", "free")
    ] = ()


@record
class Resource:
    """Something to look at afterwards."""

    __shorthand__ = "url"

    url: Annotated[Url, Doc("Where it is.", "https://example.org/talk.mp4")]
    title: Annotated[Line | None, Doc("What it is called.", "The talk")] = None


@record
class After:
    """What remains when it is over."""

    recordings: Annotated[
        tuple[Resource, ...], Doc("Sound or video.", "[https://example.org/talk.mp4]")
    ] = ()
    slides: Annotated[
        tuple[Resource, ...], Doc("What was shown.", "[https://example.org/slides.pdf]")
    ] = ()
    notes: Annotated[
        Text | None, Doc("What came out of it, in a few sentences.", "We agreed on a date.")
    ] = None
    attended: Annotated[Count | None, Doc("How many came; no names.", "31")] = None
    none: Annotated[
        Text | None,
        Doc("Instead: why nothing remains.", '"Not recorded: everybody spoke in private."'),
    ] = None

    @property
    def anything(self) -> bool:
        """Whether there is something to look at, to read or to count."""
        return bool(self.recordings or self.slides or self.notes) or self.attended is not None


@record
class Repeat:
    """The rule by which something takes place again: in words, or of RFC 5545."""

    __shorthand__ = "rule"

    every: Annotated[
        plain_rules.Every | None,
        Parsed(plain_rules.parse_every, format="day, weekday, week, 2 weeks, month, year"),
        Doc("How often.", "month"),
    ] = None
    on: Annotated[
        tuple[
            Annotated[plain_rules.On, Parsed(plain_rules.parse_on, format="second tuesday")], ...
        ],
        Doc("On which days of the week, month or year.", "third thursday"),
    ] = ()
    until: Annotated[Day | None, Doc("The last possible date, included.", "2026-12-17")] = None
    times: Annotated[Count | None, Doc("How many dates the rule gives.", "10")] = None
    except_: Annotated[tuple[Moment, ...], Doc("Dates that are left out.", "[2026-08-20]")] = ()
    also: Annotated[tuple[Moment, ...], Doc("Dates beside the rule.", "[2026-09-01]")] = ()
    rule: Annotated[
        rules.Rule | None,
        Parsed(rfc_rules.parse_rule, format="an RFC 5545 rule"),
        Doc(
            "Instead of `every` and `on`: a rule as calendars write it.", "FREQ=MONTHLY;BYDAY=-1FR"
        ),
    ] = None


@record
class Change:
    """How one occurrence differs from the others."""

    start: Annotated[End | None, Doc("When it begins instead.", "2026-04-17 19:00")] = None
    end: Annotated[End | None, Doc("When it ends; else it takes as long as usual.", "21:00")] = None
    timezone: Annotated[Zone | None, Doc("The zone of its times.", "Europe/Berlin")] = None
    status: Annotated[Status | None, Doc("Whether and how it takes place.", "cancelled")] = None
    status_note: Annotated[Text | None, Doc("Why, in a sentence.", "public holiday")] = None
    title: Annotated[Line | None, Doc("What it is called instead.", "The summer call")] = None
    description: Annotated[Line | None, Doc("What it is about.", "Questions and answers")] = None
    speakers: Annotated[tuple[Credit, ...], Doc("Who speaks.", "[cy]")] = ()
    place: Annotated[Place | None, Doc("Where people meet instead.", "Town Library")] = None
    join: Annotated[
        Url | None, Doc("Where to join the call instead.", "https://meet.example.org/may")
    ] = None
    registration: Annotated[
        Registration | None, Doc("How to get a seat this time.", "https://example.org/register")
    ] = None
    after: Annotated[After | None, Doc("What remains of this one.", "{attended: 31}")] = None


@record
class Session:
    """One of several dates on which something takes place, with a calendar entry of its own."""

    start: Annotated[Moment, Doc("When it begins.", "2026-06-01 09:00")]
    end: Annotated[End | None, Doc("When it ends.", "17:00")] = None
    duration: Annotated[Duration | None, Doc("Or how long it takes.", "1h30m")] = None
    timezone: Annotated[Zone | None, Doc("The zone of its times.", "Europe/Berlin")] = None
    id: Annotated[
        Slug | None, Doc("What it is called for ever; its first date if left out.", "kick-off")
    ] = None
    status: Annotated[Status | None, Doc("Whether and how it takes place.", "cancelled")] = None
    status_note: Annotated[Text | None, Doc("Why, in a sentence.", "The room is taken")] = None
    title: Annotated[Line | None, Doc("What it is called.", "First evening")] = None
    description: Annotated[Line | None, Doc("What it is about.", "Questions and answers")] = None
    speakers: Annotated[tuple[Credit, ...], Doc("Who speaks.", "[bo]")] = ()
    place: Annotated[Place | None, Doc("Where people meet, if elsewhere.", "Town Library")] = None
    join: Annotated[
        Url | None, Doc("Where to join the call, if elsewhere.", "https://meet.example.org/may")
    ] = None
    slides: Annotated[
        tuple[Resource, ...], Doc("What was shown.", "[https://example.org/slides.pdf]")
    ] = ()
    recording: Annotated[
        tuple[Resource, ...], Doc("Sound or video.", "[https://example.org/talk.mp4]")
    ] = ()


@value
class Details:
    """What one occurrence is beside its times, with all that a change leaves as it was.

    `mode` is none where nothing tells it. `join` is the address of a call; an online occurrence may
    have none, when it is only told to those who register.
    """

    title: str
    description: str = ""
    status: Status = "confirmed"
    status_note: str = ""
    mode: Mode | None = None
    place: Place | None = None
    join: str = ""
    speakers: tuple[Credit, ...] = ()
    registration: Registration | None = None
    after: After | None = None
    previous_start: date | datetime | None = None

    @property
    def cancelled(self) -> bool:
        """Whether it does not take place at all."""
        return self.status == "cancelled"
