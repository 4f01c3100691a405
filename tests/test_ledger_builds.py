"""The ledger's rules through the real command: communities are edited, published, read back."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from textwrap import dedent

import pytest
from click.testing import CliRunner
from icalendar import Calendar

from townsquare import cli

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CALL = """\
    ---
    title: Community call
    start: 2026-05-21 18:00
    end: 19:00
    timezone: Europe/Berlin
    where: online
    ---
    Bring questions.
    """
SERIES = """\
    ---
    title: Weekly
    start: 2026-05-05 18:00
    timezone: Europe/Berlin
    where: online
    repeat: {every: week, on: tuesday}
    ---
    Every week.
    """
POST = """\
    ---
    title: Welcome
    date: 2026-04-01
    ---
    Hello.
    """
BASE = {
    "events/call.md": CALL,
    "content/blog/welcome.md": POST,
    "content/index.md": "---\ntitle: Home\n---\n",
}


class Site:
    """A community that is edited and published again and again."""

    def __init__(self, folder):
        self.folder = folder
        self.root = folder / "community"
        self.files = {}
        self.count = 0
        self.live = None

    def write(self, files):
        """The community is these files and no others."""
        shutil.rmtree(self.root, ignore_errors=True)
        for path, text in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text), encoding="utf-8", newline="\n")

    def run(self, files, *options, now=NOW, code=0, command="build"):
        self.write(files)
        self.count += 1
        out = self.folder / f"site-{self.count}"
        arguments = [command, "--root", str(self.root), "--now", f"{now:%Y-%m-%dT%H:%M:%SZ}"]
        if command == "build":
            arguments += ["--out", str(out)]
        result = CliRunner().invoke(cli.main, [*arguments, *options])
        assert result.exit_code == code, result.output
        return out, result.output

    def publish(self, files, *options, now=NOW):
        """The community is live; what is live before is its previous."""
        previous = ["--previous", str(self.live)] if self.live else ["--first-publish"]
        self.live, _ = self.run(files, *(options or previous), now=now)
        return self.events()

    def check(self, files, *, now=NOW, code=1):
        """The text of `check` against the live site."""
        _, text = self.run(files, "--previous", str(self.live), now=now, code=code, command="check")
        return text

    def events(self, name="events.ics"):
        """SEQUENCE, LAST-MODIFIED and STATUS of each component that the live calendar holds."""
        (file,) = self.live.rglob(name)
        calendar = Calendar.from_ical(file.read_bytes())
        assert not calendar.errors
        found = {}
        for event in calendar.walk("VEVENT"):
            at = event.get("RECURRENCE-ID")
            key = str(event["UID"]).partition("@")[0] + (f" {at.dt:%m-%d}" if at else "")
            assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt >= event["CREATED"].dt
            found[key] = (event["SEQUENCE"], event["LAST-MODIFIED"].dt, str(event["STATUS"]))
        return found


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


def edited(**changes):
    """The base community with files written, or deleted where the text is none."""
    files = BASE | {path.replace("__", "/") + ".md": text for path, text in changes.items()}
    return {path: text for path, text in files.items() if text is not None}


LATER = CALL.replace("18:00", "18:30")


def test_a_moved_event_rises_and_a_new_text_does_not(site):
    assert site.publish(BASE) == {"event-call": (0, NOW, "CONFIRMED")}
    moved = site.publish(edited(events__call=LATER), now=NOW + DAY)
    assert moved == {"event-call": (1, NOW + DAY, "CONFIRMED")}
    worded = edited(events__call=LATER.replace("questions", "cake"))
    assert site.publish(worded, now=NOW + 2 * DAY) == {
        "event-call": (1, NOW + 2 * DAY, "CONFIRMED")
    }
    assert site.publish(worded, now=NOW + 3 * DAY) == {
        "event-call": (1, NOW + 2 * DAY, "CONFIRMED")
    }
    assert site.publish(BASE, now=NOW + 3 * DAY) == {"event-call": (2, NOW + 3 * DAY, "CONFIRMED")}


def test_a_build_of_the_same_files_from_its_own_ledger_changes_no_calendar_and_no_feed(site):
    site.publish(BASE)
    before = {p.relative_to(site.live): p.read_bytes() for p in site.live.rglob("*") if p.is_file()}
    site.publish(BASE, now=NOW + timedelta(hours=1))
    after = {p.relative_to(site.live): p.read_bytes() for p in site.live.rglob("*") if p.is_file()}
    moved = {
        str(path) for path in before.keys() | after.keys() if before.get(path) != after.get(path)
    }
    assert len(before) > 10
    assert moved <= {"build.json", "SHA256SUMS"}


def test_a_deleted_event_is_cancelled_in_its_calendars_and_its_page_says_so(site):
    site.publish(BASE)
    rest = edited(events__call=None)
    assert site.publish(rest, now=NOW + DAY) == {"event-call": (1, NOW + DAY, "CANCELLED")}
    page = (site.live / "events/call/index.html").read_text("utf-8")
    assert "noindex" in page and "Bring questions" not in page
    ended = datetime(2026, 5, 21, 17, tzinfo=UTC) + 30 * DAY
    assert site.publish(rest, now=ended) == {}
    assert site.publish(rest, now=ended + 900 * DAY) == {}
    assert (site.live / "events/call/index.html").is_file()


def test_what_is_deleted_and_created_again_goes_on(site):
    site.publish(BASE)
    site.publish(edited(events__call=None), now=NOW + DAY)
    again = site.publish(BASE, now=NOW + 2 * DAY)
    assert again == {"event-call": (2, NOW + 2 * DAY, "CONFIRMED")}


def test_what_is_hidden_again_is_cancelled_and_shows_no_title_on_a_page(site):
    site.publish(BASE)
    draft = edited(events__call=CALL.replace("where", "draft: yes\n    where"))
    assert site.publish(draft, now=NOW + DAY) == {"event-call": (1, NOW + DAY, "CANCELLED")}
    pages = [p for p in site.live.rglob("*.html") if "Community call" in p.read_text("utf-8")]
    assert pages == []
    assert site.publish(BASE, now=NOW + 2 * DAY) == {"event-call": (2, NOW + 2 * DAY, "CONFIRMED")}


def test_a_rename_is_refused_until_the_named_lines_are_added(site):
    first = site.publish(BASE)
    renamed = edited(events__call=None, events__may=CALL)
    found = site.check(renamed)
    assert "[renamed-without-id]" in found and "events/may.md:" in found
    assert "add `id: call` and `aliases: [/events/call/]`" in found
    mended = CALL.replace("where", "id: call\n    aliases: [/events/call/]\n    where")
    after = site.publish(edited(events__call=None, events__may=mended), now=NOW + DAY)
    # The page's address is one of the lines that calendars show, so the stamp moves.
    assert after == {"event-call": (0, NOW + DAY, "CONFIRMED")}
    assert "events/may/" in (site.live / "events/call/index.html").read_text("utf-8")
    assert first.keys() == after.keys()


def test_a_renamed_post_keeps_its_feed_id(site):
    site.publish(BASE)
    ids = _feed_ids(site)
    found = site.check(edited(content__blog__welcome=None, content__blog__hello=POST))
    assert "add `id: welcome` and `aliases: [/blog/welcome/]`" in found
    mended = POST.replace("date", "id: welcome\n    aliases: [/blog/welcome/]\n    date")
    site.publish(edited(content__blog__welcome=None, content__blog__hello=mended), now=NOW + DAY)
    assert _feed_ids(site) == ids and len(ids) == 1
    assert "blog/hello/" in (site.live / "blog/welcome/index.html").read_text("utf-8")


def _feed_ids(site):
    return [
        item["id"] for item in json.loads((site.live / "feed.json").read_text("utf-8"))["items"]
    ]


def _series(changes="", repeat="{every: week, on: tuesday}"):
    text = SERIES.replace("{every: week, on: tuesday}", repeat)
    return edited(
        events__call=None, events__weekly=text.replace("---\n    Every", changes + "---\n    Every")
    )


def test_an_occurrence_moved_twice_rises_twice_and_stays_when_it_returns_to_the_rule(site):
    moved = "changes: {{2026-05-19: {{start: 2026-05-20 {}}}}}\n    "
    assert site.publish(_series()).keys() == {"event-weekly"}
    once = site.publish(_series(moved.format("18:00")), now=NOW + DAY)
    twice = site.publish(_series(moved.format("19:00")), now=NOW + 2 * DAY)
    back = site.publish(_series(), now=NOW + 3 * DAY)
    assert [s["event-weekly 05-19"][0] for s in (once, twice, back)] == [1, 2, 3]
    assert {s["event-weekly"][0] for s in (once, twice, back)} == {0}
    assert back["event-weekly 05-19"][2] == "CONFIRMED"
    after = site.publish(_series(), now=datetime(2026, 6, 19, tzinfo=UTC))
    assert after.keys() == {"event-weekly"}


def test_a_shortened_series_cancels_the_changed_date_that_left_it(site):
    site.publish(_series("changes: {2026-06-16: {start: 2026-06-17 18:00}}\n    "))
    short = _series(repeat="{every: week, on: tuesday, until: 2026-06-01}")
    after = site.publish(short, now=NOW + DAY)
    assert after == {
        "event-weekly": (1, NOW + DAY, "CONFIRMED"),
        "event-weekly 06-16": (1, NOW + DAY, "CANCELLED"),
    }


def test_two_publishes_on_one_day_differ_in_their_stamps(site):
    site.publish(BASE)
    site.publish(edited(events__call=LATER))
    third = site.publish(edited(events__call=CALL.replace("18:00", "18:45")))
    assert third == {"event-call": (2, NOW + timedelta(seconds=2), "CONFIRMED")}


def test_a_lost_ledger_raises_every_revision(site):
    site.publish(BASE)
    before = site.publish(edited(events__call=LATER), now=NOW + DAY)
    after = site.publish(edited(events__call=LATER), "--previous", "lost", now=NOW + 2 * DAY)
    assert after["event-call"][0] > 3_000_000 > before["event-call"][0]
    assert after["event-call"][1] == NOW + 2 * DAY


def test_a_build_without_a_previous_site_has_constant_revisions(site):
    site.live, _ = site.run(BASE)
    assert site.events() == {"event-call": (0, datetime(2000, 1, 1, tzinfo=UTC), "CONFIRMED")}


def test_a_build_names_the_ledger_that_it_grew_from(site):
    site.publish(BASE)
    grown_from = sha256((site.live / "ledger.json").read_bytes()).hexdigest()
    site.publish(BASE, now=NOW + DAY)
    assert grown_from in (site.live / "build.json").read_text("utf-8")


def test_a_previous_site_that_is_not_there_is_a_broken_set_up(site):
    out, text = site.run(BASE, "--previous", str(site.folder / "nowhere"), code=2)
    assert "cannot be reached" in text and not out.exists()


def test_a_faulty_event_that_is_left_out_is_not_called_cancelled(site):
    first = site.publish(BASE)
    faulty = edited(events__call=CALL.replace("end: 19:00", "end: 17:00"))
    options = ("--previous", str(site.live), "--keep-going")
    site.live, _ = site.run(faulty, *options, now=NOW + DAY, code=1)
    assert site.events() == {}
    broken = edited(events__call=CALL.replace("title", "title: a"))
    options = ("--previous", str(site.live), "--keep-going")
    site.live, _ = site.run(broken, *options, now=NOW + 2 * DAY, code=1)
    assert site.events() == {}
    assert site.publish(BASE, now=NOW + 3 * DAY) == first


def test_a_vanished_address_an_old_id_and_another_authority_are_told(site):
    site.publish(BASE)
    gone = edited(content__blog__welcome=None)
    assert "content/blog/welcome.md:1:1: warning:" in site.check(gone, code=0)
    site.publish(gone, now=NOW + DAY)
    reused = edited(content__blog__welcome=POST.replace("Hello", "Something else"))
    assert "[id-reused]" in site.check(reused, now=NOW + 500 * DAY)
    moved = BASE | {"mkdocs.yml": "extra:\n  townsquare:\n    authority: example.net,2027\n"}
    assert "mkdocs.yml:3:" in (found := site.check(moved)) and "[authority-changed]" in found


def test_an_edit_of_dates_already_held_is_told(site):
    site.publish(_series())
    later = edited(events__call=None, events__weekly=SERIES.replace("18:00", "19:00"))
    found = site.check(later, now=datetime(2026, 5, 14, tzinfo=UTC), code=0)
    assert (
        "this moves what was already held on 2026-05-05, 2026-05-12 [past-occurrences-changed]"
        in found
    )
    assert "`until: 2026-05-12`" in found and "`continues: weekly`" in found
