"""Asks ical.js, in its strict mode, which occurrences a calendar file holds."""

from collections.abc import Mapping
from datetime import datetime

from judges import installed

Occurrence = dict[str, str | None]


class Refused(ValueError):
    """A calendar file that the judge does not take, and why."""


def expand(ics: bytes, start: datetime, end: datetime) -> list[Occurrence]:
    """Every occurrence that starts in [start, end), ordered.

    Keys: uid, recurrence_id (None where the event does not repeat), start, end, summary, status.
    Times are UTC (`2026-05-21T16:00:00Z`), all-day ones are dates and their end is exclusive.
    Raises Refused for what ical.js cannot parse, a TZID without its VTIMEZONE in the file, a
    floating time, and two events of one UID.
    """
    return expand_all({"calendar": ics}, start, end)["calendar"]


def expand_all(
    files: Mapping[str, bytes], start: datetime, end: datetime
) -> dict[str, list[Occurrence]]:
    """The same for many files in one process, by name; Refused names each file not taken."""
    answers = _ask(files, start, end)
    refused = {name: answer for name, answer in answers.items() if isinstance(answer, str)}
    if refused:
        raise Refused("; ".join(f"{name}: {why}" for name, why in sorted(refused.items())))
    return {name: ordered(answer) for name, answer in answers.items()}


def ordered(occurrences: list[Occurrence]) -> list[Occurrence]:
    """By start, then UID, then recurrence id: the order in which judges are compared."""
    return sorted(
        occurrences, key=lambda o: (o["start"] or "", o["uid"] or "", o["recurrence_id"] or "")
    )


def _ask(files: Mapping[str, bytes], start: datetime, end: datetime):
    question = {
        "files": {name: ics.decode("utf-8") for name, ics in files.items()},
        "start": start.isoformat(),
        "end": end.isoformat(),
        "module": str(installed.npm_package("ical.js") / "dist" / "ical.js"),
    }
    return installed.answered(installed.LISTED / "expand.mjs", question)
