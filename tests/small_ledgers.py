"""A few lines of community and a build of its ledger, for the ledger's tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from townsquare.clock import Clock
from townsquare.ledger import (
    Beginning,
    Component,
    Ledger,
    Outcome,
    Previous,
    ShownEntry,
    advance,
    decode,
    encode,
)

DAY = timedelta(days=1)
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
START = datetime(2026, 5, 21, 16, tzinfo=UTC)
FIRST = Previous(beginning=Beginning.FIRST)


@dataclass(frozen=True)
class Event:
    """An event as its author would change it; `overrides` are RECURRENCE-ID to start."""

    id: str = "call"
    title: str = "Call"
    start: datetime = START
    rule: str = ""
    text: str = ""
    ends: datetime | None = START + timedelta(hours=1)
    address: str = "events/call/"
    aliases: tuple[str, ...] = ()
    overrides: tuple[tuple[str, datetime], ...] = ()
    calendars: tuple[str, ...] = ("events.ics",)
    stated: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"event:{self.id}"

    @property
    def uid(self) -> str:
        return f"event-{self.id}@example.org"

    def shown(self) -> ShownEntry:
        return ShownEntry(
            key=self.key,
            address=self.address,
            title=self.title,
            start=f"{self.start:%Y-%m-%d %H:%M}",
            digest=f"{self.title}|{self.start}|{self.rule}|{self.text}",
            aliases=self.aliases,
            calendars=self.calendars,
        )

    def components(self) -> list[Component]:
        masters = [self._component("", self.start, self.ends)]
        return masters + [
            self._component(at, start, start + timedelta(hours=1)) for at, start in self.overrides
        ]

    def _component(self, at, start, ends):
        rule = f"RRULE:{self.rule}\r\n" if self.rule and not at else ""
        significant = f"DTSTART:{start:%Y%m%dT%H%M%SZ}\r\n{rule}".encode()
        override = f"RECURRENCE-ID:{at}\r\n" if at else ""
        head = f"UID:{self.uid}\r\n{override}SUMMARY:{self.title}\r\n".encode()
        return Component(
            uid=self.uid,
            recurrence_id=at,
            lines=head + significant + f"DESCRIPTION:{self.text}\r\n".encode(),
            significant=significant,
            entry_key=self.key,
            title=self.title,
            ends=ends,
            tombstone=head + significant + b"STATUS:CANCELLED\r\n",
        )


def build(previous: Previous | Outcome, *events: Event, now: datetime = NOW, **more) -> Outcome:
    """One publish: the ledger goes through its bytes, as it does between two real builds."""
    if isinstance(previous, Outcome):
        previous = published(previous.ledger)
    return advance(
        previous,
        shown=[event.shown() for event in events],
        components=[each for event in events for each in event.components()],
        machines=more.pop("machines", {"events.ics": "Events"}),
        authority="example.org,2026",
        clock=Clock(now, "UTC"),
        **more,
    )


def published(ledger: Ledger) -> Previous:
    """The ledger as the next build reads it."""
    return Previous(decode(encode(ledger), where="the test"), "digest")


def sequence(outcome: Outcome, event: Event, at: str = "") -> int:
    return outcome.revisions[event.uid, at].sequence


def cancelled(outcome: Outcome) -> list[tuple[str, str]]:
    return [component.key for component in outcome.tombstones.values()]
