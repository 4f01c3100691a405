"""What an event, one of its occurrences or one of its sessions is, without its times."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from townsquare.occasions import After, Change, Details, Mode, Place, Session, Status
from townsquare.recurrence import Moment

if TYPE_CHECKING:
    from townsquare.kinds.event import Event


def details_of(event: Event) -> Details:
    """What the event is, without its times."""
    mode, place, join = event.whereabouts()
    return Details(
        title=event.title, description=event.description or "", status=event.status,
        status_note=event.status_note or "", mode=mode, place=place, join=join,
        speakers=event.speakers, registration=event.registration, after=event.after,
        previous_start=event.previous_start,
    )  # fmt: skip


def changed_details(
    event: Event, usual: Details, change: Change, moment: Moment, start: Moment
) -> Details:
    """What one occurrence is: the change's fields over the event's."""
    moved = start != moment
    status = change.status or (
        "rescheduled" if moved and usual.status == "confirmed" else usual.status
    )
    made = _over(event, usual, change, status)
    return replace(
        made,
        registration=change.registration or usual.registration,
        after=change.after,
        previous_start=moment if moved else usual.previous_start,
    )


def session_details(event: Event, usual: Details, session: Session) -> Details:
    """What one session is: its fields over the event's."""
    made = _over(event, usual, session, session.status or usual.status)
    seen = After(recordings=session.recording, slides=session.slides)
    return replace(made, after=seen if session.recording or session.slides else None)


def _over(event: Event, usual: Details, own: Change | Session, status: Status) -> Details:
    online = event.where == "online" and not own.place
    place, join = own.place or usual.place, own.join or usual.join
    mode, place, join = moved(event.mode, place, join, status, online=online)
    if not (own.place or own.join) and status == usual.status:
        mode, place = usual.mode, usual.place
    return replace(
        usual,
        title=own.title or usual.title,
        description=own.description or usual.description,
        status=status,
        status_note=own.status_note or (usual.status_note if status == usual.status else ""),
        mode=mode,
        place=place,
        join=join,
        speakers=own.speakers or usual.speakers,
    )


def moved(
    stated: Mode | None, place: Place | None, join: str, status: Status, *, online: bool = False
) -> tuple[Mode | None, Place | None, str]:
    """How and where one takes part. What moved online has no place any more."""
    if status == "moved-online":
        return "online", None, join
    if place and (join or online):
        return stated or "hybrid", place, join
    inferred: Mode | None = "in-person" if place else "online" if join or online else None
    return stated or inferred, place, join
