"""What readers would lose is reported at the file that can mend it, with the lines to add."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from textwrap import dedent

import pytest
from small_ledgers import published

from townsquare import library
from townsquare.checks import ledger as checks
from townsquare.clock import Clock
from townsquare.ledger import Beginning, Component, Previous, advance, shown_entry
from townsquare.ledger.held import held_dates
from townsquare.model import Fields
from townsquare.problems import Place
from townsquare.settings import Settings

DAY = timedelta(days=1)
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
WELCOME = "---\ntitle: Welcome\ndate: 2026-04-01\n---\nHello, all of you.\n"
OTHER = "---\ntitle: Another\ndate: 2026-04-02\n---\nSomething else.\n"
AUTHORITY = Place("mkdocs.yml", 7, 1, 9)


class Site:
    """A community that is published again and again; `find` tells what its ledger shows."""

    def __init__(self, folder):
        self.folder = folder
        self.previous = Previous(beginning=Beginning.FIRST)

    def publish(self, files, **more):
        _, _, _, outcome = self._grown(files, **more)
        self.previous = published(outcome.ledger)

    def find(self, files, **more):
        shown, entries, components, outcome = self._grown(files, **more)
        found = checks.run(
            checks.Grown(
                previous=self.previous.ledger,
                outcome=outcome,
                shown=shown,
                components=components,
                entries=entries,
                clock=Clock(more.get("now", NOW), "UTC"),
                authority=AUTHORITY,
            )
        )
        return [(p.place, p.label, p.message, p.hint) for p in sorted(found)]

    def _grown(self, files, *, now=NOW, authority="example.org,2026", components=(), held=()):
        for old in (self.folder / "content").rglob("*.md"):
            old.unlink()
        for path, text in files.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text), encoding="utf-8", newline="\n")
        held_library, problems = library.load(self.folder, Settings(), Clock(now, "UTC"))
        assert not problems
        entries = {entry.key: entry for entry in held_library.entries}
        shown = [shown_entry(entry) for entry in held_library.visible(Fields)]
        outcome = advance(
            self.previous,
            shown=shown,
            components=components,
            machines={},
            authority=authority,
            clock=Clock(now, "UTC"),
            hidden=entries.keys() - {entry.key for entry in shown},
            held=held,
        )
        return shown, entries, components, outcome


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


def test_a_site_that_only_grew_has_no_faults(site):
    site.publish({"content/blog/welcome.md": WELCOME})
    assert site.find({"content/blog/welcome.md": WELCOME, "content/blog/other.md": OTHER}) == []


# --- renames ---


def test_a_rename_without_id_is_recognised_by_its_content(site):
    site.publish({"content/blog/welcome.md": WELCOME, "content/blog/other.md": OTHER})
    found = site.find({"content/blog/hello.md": WELCOME, "content/blog/other.md": OTHER})
    assert found == [
        (
            Place("content/blog/hello.md"),
            "renamed-without-id",
            "this was published as `/blog/welcome/` and would lose its subscribers",
            (
                "add `id: welcome` and `aliases: [/blog/welcome/]`; "
                "if it is another entry, give it an `id` of its own"
            ),
        )
    ]


def test_a_rename_with_an_edit_is_recognised_by_title_and_date(site):
    site.publish({"content/blog/welcome.md": WELCOME})
    ((place, label, _, _),) = site.find({"content/blog/hi.md": WELCOME.replace("all", "both")})
    assert (place.path, label) == ("content/blog/hi.md", "renamed-without-id")


def test_the_lines_that_the_hint_names_mend_the_rename(site):
    site.publish({"content/blog/welcome.md": WELCOME})
    mended = WELCOME.replace("date", "id: welcome\naliases: [/blog/welcome/]\ndate")
    assert site.find({"content/blog/hello.md": mended}) == []
    *_, outcome = site._grown({"content/blog/hello.md": mended})
    assert outcome.redirects == {"blog/welcome/": "blog/hello/"}
    assert outcome.removed == ()


def test_aliases_that_are_there_already_are_part_of_the_line_to_write(site):
    site.publish({"content/blog/welcome.md": WELCOME})
    old = WELCOME.replace("date", "aliases: [/blog/first/]\ndate")
    ((_, _, _, hint),) = site.find({"content/blog/hello.md": old})
    assert hint.startswith("add `id: welcome` and `aliases: [/blog/welcome/, /blog/first/]`;")
    both = WELCOME.replace("date", "aliases: [/blog/welcome/]\ndate")
    ((_, _, _, hint),) = site.find({"content/blog/hello.md": both})
    assert hint.startswith("add `id: welcome`;")


def test_a_changed_id_of_an_unchanged_text_is_a_rename(site):
    site.publish({"content/blog/welcome.md": WELCOME})
    stated = WELCOME.replace("date", "id: hello\ndate")
    ((place, label, _, hint),) = site.find({"content/blog/welcome.md": stated})
    assert (place, label) == (Place("content/blog/welcome.md", 3, 5, 5), "renamed-without-id")
    assert hint.startswith("add `id: welcome`;")


def test_an_entry_that_states_its_own_id_and_text_is_taken_at_its_word(site):
    site.publish({"content/blog/welcome.md": WELCOME})
    stated = WELCOME.replace("date", "id: hello\ndate").replace("all", "both")
    (found,) = site.find({"content/blog/hello.md": stated})
    assert found[1] == "address-vanished"


def test_two_equal_texts_are_renamed_one_by_one(site):
    site.publish({"content/blog/a.md": WELCOME, "content/blog/b.md": WELCOME})
    found = site.find({"content/blog/c.md": WELCOME, "content/blog/d.md": WELCOME})
    assert [(p.path, hint[:11]) for p, _, _, hint in found] == [
        ("content/blog/c.md", "add `id: a`"),
        ("content/blog/d.md", "add `id: b`"),
    ]


# --- what is gone ---


def test_an_address_that_vanished_is_named_with_its_mend(site):
    site.publish({"content/blog/welcome.md": WELCOME})
    gone = [
        (
            Place("content/blog/welcome.md"),
            "address-vanished",
            "the page `/blog/welcome/` was published and is gone",
            "if another page replaces it, add `aliases: [/blog/welcome/]` there",
        )
    ]
    assert site.find({}) == gone
    heir = OTHER.replace("date", "aliases: [/blog/welcome/]\ndate")
    assert site.find({"content/blog/other.md": heir}) == []


def test_a_vanished_address_is_reported_once(site):
    site.publish({"content/blog/welcome.md": WELCOME})
    site.publish({})
    assert site.find({}) == []


@pytest.mark.parametrize("line", ["draft: yes", "expires: 2026-04-20", "publish: 2027-01-01"])
def test_what_its_author_hides_is_not_reported_as_vanished(site, line):
    site.publish({"content/blog/welcome.md": WELCOME})
    hidden = WELCOME.replace("date", f"{line}\ndate")
    assert site.find({"content/blog/welcome.md": hidden}) == []


def test_a_file_left_out_for_its_faults_has_not_vanished(site):
    site.publish({"content/blog/welcome.md": WELCOME})
    assert site.find({}, held={"blog/welcome/"}) == []


# --- ids ---


def test_an_id_is_reused_only_when_its_tombstone_is_gone(site):
    site.publish({"content/blog/welcome.md": WELCOME})
    site.publish({}, now=NOW + DAY)
    again = {"content/blog/welcome.md": OTHER}
    assert site.find(again, now=NOW + 400 * DAY) == []
    assert site.find(again, now=NOW + 401 * DAY) == [
        (
            Place("content/blog/welcome.md"),
            "id-reused",
            "the id `welcome` belonged to another post until 2026-05-02",
            "give this one an id of its own: add `id: welcome-2027`",
        )
    ]


def test_an_events_id_is_reused_from_thirty_days_after_its_end(site):
    files = {"content/blog/welcome.md": WELCOME}
    site.publish(files, components=[event("20260521T160000")])
    site.publish({}, now=NOW + DAY)
    end = datetime(2026, 5, 21, 17, tzinfo=UTC)
    assert site.find(files, now=end + 30 * DAY - timedelta(seconds=1)) == []
    assert [f[1] for f in site.find(files, now=end + 30 * DAY)] == ["id-reused"]


def test_what_was_hidden_for_years_keeps_its_id(site):
    site.publish({"content/blog/welcome.md": WELCOME})
    hidden = {"content/blog/welcome.md": WELCOME.replace("date", "draft: yes\ndate")}
    site.publish(hidden, now=NOW + DAY)
    site.publish(hidden, now=NOW + 900 * DAY)
    assert site.find({"content/blog/welcome.md": WELCOME}, now=NOW + 901 * DAY) == []


def test_what_was_hidden_and_then_deleted_does_not_keep_its_id(site):
    site.publish({"content/blog/welcome.md": WELCOME})
    hidden = {"content/blog/welcome.md": WELCOME.replace("date", "draft: yes\ndate")}
    site.publish(hidden, now=NOW + DAY)
    site.publish({}, now=NOW + 2 * DAY)
    found = site.find({"content/blog/welcome.md": WELCOME}, now=NOW + 901 * DAY)
    assert [f[1] for f in found] == ["id-reused"]


def test_what_was_deleted_and_came_back_as_a_draft_does_not_keep_its_id(site):
    site.publish({"content/blog/welcome.md": WELCOME})
    site.publish({}, now=NOW + DAY)
    draft = {"content/blog/welcome.md": OTHER.replace("date", "draft: yes\ndate")}
    site.publish(draft, now=NOW + 2 * DAY)
    found = site.find({"content/blog/welcome.md": OTHER}, now=NOW + 901 * DAY)
    assert [f[1] for f in found] == ["id-reused"]


def test_the_authority_does_not_change(site):
    site.publish({})
    assert site.find({}, authority="example.net,2027") == [
        (
            AUTHORITY,
            "authority-changed",
            (
                "the authority is `example.net,2027`, and was `example.org,2026` when the site was "
                "published"
            ),
            (
                "set `authority: example.org,2026` under `extra: townsquare:`; "
                "a site may move, its ids not"
            ),
        )
    ]


# --- dates that were held ---


def event(start, rule="", zone="", key="post:welcome"):
    """A component as calendars make it, ending an hour after its first start."""
    lines = f"DTSTART{zone}:{start}\r\n" + (f"{rule}\r\n" if rule else "")
    ends = datetime.strptime(start[:8], "%Y%m%d").replace(hour=17, tzinfo=UTC)
    return Component(
        uid="u",
        recurrence_id="",
        lines=lines.encode(),
        significant=lines.encode(),
        entry_key=key,
        title="Call",
        ends=None if rule else ends,
        tombstone=lines.encode(),
    )


RULE = "RRULE:FREQ=WEEKLY;BYDAY=TU"
BERLIN = ";TZID=Europe/Berlin"
FROM = "20260407T180000"
WEEKLY = event(FROM, RULE, BERLIN)
FILES = {"content/blog/welcome.md": WELCOME}


def changed(site, before, after):
    site.publish(FILES, components=[before])
    return site.find(FILES, components=[after])


def test_an_edit_that_moves_dates_already_held_asks_for_a_new_file(site):
    later = event("20260407T190000", RULE, BERLIN)
    assert changed(site, WEEKLY, later) == [
        (
            Place("content/blog/welcome.md"),
            "past-occurrences-changed",
            "this moves what was already held on 2026-04-07, 2026-04-14, 2026-04-21 and 1 more",
            (
                "leave this series as it was, ending `until: 2026-04-28`, and "
                "put what is new into a file of its own with `continues: welcome`"
            ),
        )
    ]


@pytest.mark.parametrize(
    "after",
    [
        event(FROM, f"{RULE};UNTIL=20260505T160000Z", BERLIN),
        event(FROM, f"{RULE}\r\nEXDATE{BERLIN}:20260505T180000", BERLIN),
        event(FROM, f"{RULE}\r\nRDATE{BERLIN}:20260506T180000", BERLIN),
        event(FROM, RULE, ";TZID=Europe/Paris"),
    ],
    ids=["an end", "a future exception", "a date more", "a zone with the same clocks"],
)
def test_an_edit_of_what_is_to_come_is_no_fault(site, after):
    assert changed(site, WEEKLY, after) == []


@pytest.mark.parametrize(
    ("after", "lost"),
    [
        (event("20260505T180000", RULE, BERLIN), 4),
        (event(FROM, f"{RULE};UNTIL=20260421T160000Z", BERLIN), 1),
        (event(FROM, f"{RULE}\r\nEXDATE{BERLIN}:20260414T180000", BERLIN), 1),
        (event(FROM, RULE, ";TZID=Europe/London"), 4),
        (event("20260407", RULE, ";VALUE=DATE"), 4),
    ],
    ids=["a later start", "a past end", "a past exception", "another zone", "all day"],
)
def test_every_way_to_move_the_past_is_found(site, after, lost):
    ((_, label, message, _),) = changed(site, WEEKLY, after)
    assert label == "past-occurrences-changed"
    assert message.count("2026-04") == min(lost, 3) and ("1 more" in message) == (lost == 4)


def test_a_single_event_that_was_held_is_not_given_another_date(site):
    ((_, label, message, hint),) = changed(
        site, event("20260407T160000Z"), event("20260601T160000Z")
    )
    assert (label, message) == (
        "past-occurrences-changed",
        "this moves what was already held on 2026-04-07",
    )
    assert hint == "leave this event as it was, and announce the new date in a file of its own"


def test_a_single_event_to_come_may_move(site):
    assert changed(site, event("20260521T160000Z"), event("20260407T160000Z")) == []


def test_a_session_that_was_held_is_not_taken_away(site):
    evening = replace(event("20260407T160000Z"), uid="u+2026-04-07@example.org")
    coming = replace(event("20260521T160000Z"), uid="u+2026-05-21@example.org")
    site.publish(FILES, components=[evening, coming])
    ((_, label, message, _),) = site.find(FILES, components=[])
    assert label == "past-occurrences-changed"
    assert message == "this moves what was already held on 2026-04-07"


def test_a_deleted_event_comes_back_with_any_dates(site):
    site.publish(FILES, components=[event("20260430T160000Z")])
    site.publish({})
    assert site.find(FILES, components=[event("20260601T160000Z")]) == []


@pytest.mark.parametrize(
    "lines",
    [
        b"",
        b"DTSTART:nonsense\r\n",
        b"DTSTART;TZID=Mars/Olympus:20260407T160000\r\n",
        b"DTSTART;TZID=../../etc/passwd:20260407T160000\r\n",
        b"DTSTART:20260407T160000Z\r\nRRULE:FREQ=NEVER\r\n",
    ],
)
def test_what_cannot_be_reckoned_was_not_held(lines):
    assert held_dates(lines, NOW) == frozenset()


def test_no_rule_makes_the_reckoning_endless():
    lines = b"DTSTART:19700101T000000Z\r\nRRULE:FREQ=%s\r\n"
    assert len(held_dates(lines % b"SECONDLY", NOW)) == 1
    assert len(held_dates(lines % b"DAILY", NOW)) == 5000


def test_folded_lines_are_read_whole():
    folded = (
        b"DTSTART;TZID=Europe/Ber\r\n lin:20260407T180000\r\nRRULE:FREQ=WEEKLY;COU\r\n\tNT=2\r\n"
    )
    starts = sorted(held_dates(folded, NOW))
    assert [s.astimezone(UTC).isoformat() for s in starts] == [
        "2026-04-07T16:00:00+00:00",
        "2026-04-14T16:00:00+00:00",
    ]


def test_a_shown_entry_is_recognised_by_all_but_its_names(site):
    site._grown({"content/blog/a.md": WELCOME})
    held, _ = library.load(site.folder, Settings(), Clock(NOW, "UTC"))
    one = shown_entry(held.entries[0], calendars=["b.ics", "a.ics"])
    assert (one.key, one.address, one.title, one.start) == (
        "post:a",
        "blog/a/",
        "Welcome",
        "2026-04-01",
    )
    assert one.calendars == ("a.ics", "b.ics")
    site._grown({"content/blog/b.md": WELCOME.replace("date", "id: z\naliases: [/q/]\ndate")})
    held, _ = library.load(site.folder, Settings(), Clock(NOW, "UTC"))
    other = shown_entry(held.entries[0])
    assert (
        replace(other, key=one.key, address=one.address, aliases=(), calendars=one.calendars) == one
    )
