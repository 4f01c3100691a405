"""Announcements of events: who follows them learns of a new time and is not told twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from communities import community, made_by, outcome
from feed_readers import Read, from_atom, utc

from townsquare import feeds
from townsquare.ledger import Component, KnownEntry, Revision

FAIR = "---\ntitle: Fair\nstart: 2026-12-03 18:00\nwhere: Town Hall\n{more}---\nCome.\n"


def announced(root: Path, more: str = "", **revisions: Revision) -> list[Read]:
    found = community(root, {"events/fair.md": FAIR.format(more=more)})
    told = {f"event:{id}": revision for id, revision in revisions.items()}
    return from_atom(made_by(feeds, found, outcome(found, announced=told))["feeds/events.xml"])


@pytest.mark.parametrize(
    ("more", "title"),
    [
        ("", "Fair"),
        ("status: cancelled\n", "Cancelled: Fair"),
        ("status: postponed\n", "Postponed: Fair"),
        ("status: rescheduled\nprevious_start: 2026-12-01 18:00\n", "Moved: Fair"),
        ("join: https://meet.example.org/a\nstatus: moved-online\n", "Moved online: Fair"),
        ("status: tentative\n", "Fair"),
    ],
)
def test_the_title_says_what_has_become_of_the_event(tmp_path, more, title):
    (read,) = announced(tmp_path, more)
    assert (read.id, read.title) == ("tag:example.org,2026:event:fair", title)


def test_an_announcement_is_updated_when_its_sequence_rises(tmp_path):
    (read,) = announced(tmp_path, fair=Revision(2, utc(2026, 1, 1), utc(2026, 3, 1)))
    assert (read.published, read.updated) == (utc(2026, 1, 1), utc(2026, 3, 1))


def test_an_announcement_says_when_and_where(tmp_path):
    (read,) = announced(tmp_path, "end: 19:30\nstatus_note: Bring <cake>.\n")
    assert read.content == (
        "<p>Bring &lt;cake&gt;.</p>\n"
        "<p>Thursday 3 December 2026, 18:00–19:30 (Europe/Berlin)</p>\n"
        "<p>Town Hall</p>\n"
        "<p>Come.</p>"
    )


def test_an_announcement_tells_of_single_dates_that_differ(tmp_path):
    more = (
        "repeat: {every: week, times: 5}\n"
        "changes:\n  2026-12-10: {status: cancelled, status_note: Holiday}\n"
    )
    (read,) = announced(tmp_path, more)
    assert read.title == "Fair"
    assert (
        "<p>Thursday 10 December 2026, 18:00 (Europe/Berlin): Cancelled. Holiday</p>"
        in read.content
    )


def test_the_newest_announcements_come_first(tmp_path):
    files = {f"events/e{n}.md": f"---\ntitle: E{n}\nstart: 2026-12-0{n}\n---\n" for n in (1, 2, 3)}
    found = community(tmp_path, files)
    told = {"event:e2": Revision(1, utc(2026, 1, 1), utc(2026, 5, 1))}
    read = from_atom(made_by(feeds, found, outcome(found, announced=told))["feeds/events.xml"])
    assert [each.title for each in read] == ["E2", "E3", "E1"]


def test_a_deleted_event_is_announced_as_cancelled_under_its_old_id(tmp_path):
    found = community(tmp_path, {"content/index.md": "---\ntitle: Home\n---\n"})
    gone = Component("uid", "", b"x", b"x", "event:fair", "Fair", None, b"x")
    override = replace(gone, recurrence_id="20261203T180000")
    revision = Revision(3, utc(2026, 1, 1), utc(2026, 11, 1))
    whole = outcome(found)
    known = KnownEntry(address="events/fair/", gone=utc(2026, 11, 1))
    told = replace(
        whole,
        ledger=replace(whole.ledger, entries={"event:fair": known}),
        tombstones={each.key: each for each in (gone, override)},
        revisions={gone.key: revision},
    )
    (read,) = from_atom(made_by(feeds, found, told)["feeds/events.xml"])
    assert (read.id, read.title, read.updated) == (
        "tag:example.org,2026:event:fair",
        "Cancelled: Fair",
        utc(2026, 11, 1),
    )
    hidden = replace(
        told, ledger=replace(told.ledger, entries={"event:fair": replace(known, hidden=True)})
    )
    assert from_atom(made_by(feeds, found, hidden)["feeds/events.xml"]) == []
