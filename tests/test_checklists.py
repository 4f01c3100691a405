"""Checklists that commands print: what hosts do for an event, what a newcomer walks through."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from click.testing import CliRunner, Result
from communities import NOW, context, of_each
from community_files import write
from feed_readers import utc
from hypothesis import given
from hypothesis import strategies as st

from townsquare import cli, source, times, validation
from townsquare.checklists import hosting, walking
from townsquare.checks import events
from townsquare.kinds import event as event_kind
from townsquare.model import Entry
from townsquare.problems import SetupError
from townsquare.settings import Settings

SITE = """
    site_name: Test
    site_url: https://example.org/
    extra: {townsquare: {timezone: Europe/Berlin, question: https://chat.example.org/}}
    """
WORKSHOP = """
    ---
    title: Workshop
    start: 2027-01-16 10:00
    end: 16:00
    timezone: Asia/Kathmandu
    mode: hybrid
    place: Town Library
    join: https://meet.example.org/workshop
    capacity: 18
    registration: {url: https://example.org/register, opens: 2026-12-01, closes: 2027-01-14 12:00}
    ---
    """
SERIES = """
    ---
    title: Evening
    start: 2026-01-15 18:30
    repeat: {every: month, on: third thursday, until: 2026-12-17}
    changes:
      2026-12-17: {start: 2026-12-10 19:00, title: The last}
      2026-10-15: {after: {attended: 31, notes: Thanks.}}
      2026-11-19: {status: cancelled}
    ---
    """
SESSIONS = """
    ---
    title: School
    where: online
    sessions:
      - start: 2026-09-01 18:00
      - start: 2026-09-08 18:00
        recording: https://example.org/2.mp4
    ---
    """


def hosts(root: Path, text: str, name: str = "a", now=NOW) -> str:
    write(root, {"mkdocs.yml": SITE, "events/2026/a.md": text})
    return hosting.checklist(root, name, now)


def headings(made: str) -> list[str]:
    return re.findall("^## (.*)$", made, re.MULTILINE)


def lines_of(made: str) -> str:
    return made.partition("```yaml\n")[2].partition("```")[0]


def test_dates_are_reckoned_from_the_start_in_the_events_own_zone(tmp_path):
    assert headings(hosts(tmp_path, WORKSHOP)) == [
        "Tuesday 1 December 2026: registration opens",
        "Saturday 5 December 2026: six weeks before",
        "Saturday 2 January 2027: two weeks before",
        "Saturday 9 January 2027: the first reminder",
        "Thursday 14 January 2027, 12:00: registration closes",
        "Friday 15 January 2027: the day before, the last reminder",
        "Saturday 16 January 2027, 09:30: half an hour before",
        "Saturday 16 January 2027, 10:00: it begins",
        "Saturday 16 January 2027, 16:00: it ends",
        "Saturday 23 January 2027: a week after, everything is up",
        "Monday 15 February 2027: a month after",
        "The lines for `events/2026/a.md`",
    ]


def test_a_room_and_a_call_each_ask_for_their_own_access(tmp_path):
    made = hosts(tmp_path, WORKSHOP)
    assert "without steps" in made
    assert "Captions" in made
    online = hosts(
        tmp_path, WORKSHOP.replace("mode: hybrid\n    place: Town Library", "mode: online")
    )
    assert "without steps" not in online
    room = WORKSHOP.replace("hybrid", "in-person").replace("join: https://meet.example.org/", "x: ")
    in_person = hosts(tmp_path, re.sub("\n    x: .*", "", room))
    assert "Captions" not in in_person
    assert "without steps" in in_person


def test_the_next_date_that_takes_place_is_meant_unless_another_is_named(tmp_path):
    assert "# Hosts' checklist: The last\n" in hosts(tmp_path, SERIES)
    assert "- Thursday 10 December 2026, 19:00 (Europe/Berlin, UTC+1)" in hosts(tmp_path, SERIES)
    named = hosts(tmp_path, SERIES, "a#2026-02-19")
    assert "Thursday 19 February 2026, 18:30" in named
    with pytest.raises(SetupError, match="no date `2026-02-20`; did you mean"):
        hosts(tmp_path, SERIES, "a#2026-02-20")


def test_a_draft_has_a_checklist_and_a_file_is_a_name_too(tmp_path):
    draft = WORKSHOP.replace("capacity", "draft: yes\n    capacity")
    assert hosts(tmp_path, draft, "events/2026/a.md") == hosts(tmp_path, draft)
    with pytest.raises(SetupError, match="there is no event `b`"):
        hosts(tmp_path, draft, "b")


def test_only_what_the_file_does_not_say_yet_is_asked_for(tmp_path):
    found = yaml.safe_load(lines_of(hosts(tmp_path, SERIES, "a#2026-10-15")))
    assert {str(key) for key in found["changes"]} == {"2026-10-15"}
    assert [list(each["after"]) for each in found["changes"].values()] == [["recordings", "slides"]]


@pytest.mark.parametrize("filled", [False, True])
def test_the_lines_fit_the_file_and_say_nothing_until_they_are_filled_in(tmp_path, filled):
    made = lines_of(hosts(tmp_path, WORKSHOP))
    made = made.replace("attended:", "attended: 12") if filled else made
    text = dedent(WORKSHOP).strip().removesuffix("---") + made + "---\n"
    seen = context(tmp_path / "b", {"events/a.md": text}, now=utc(2027, 3, 1))
    assert len(of_each(events.after_missing)(seen)) == 1 - filled


def test_the_lines_of_one_date_stand_below_its_name(tmp_path):
    made = lines_of(hosts(tmp_path, SERIES, "a#2026-02-19")).replace("attended:", "attended: 12")
    plain = re.sub("    changes:.*?    ---", "    ---", SERIES, flags=re.DOTALL)
    text = dedent(plain).strip().removesuffix("---") + made + "---\n"
    (only,) = context(tmp_path / "b", {"events/a.md": text}).library.entries
    assert only.fields.changes["2026-02-19"].after.attended == 12


def test_a_sessions_lines_stand_in_the_session(tmp_path):
    made = hosts(tmp_path, SESSIONS)
    assert "session of 2026-09-08" in made
    slides, recording, *rest = lines_of(made).splitlines()
    whole = dedent(SESSIONS).strip().removesuffix("---").replace("    recording: https", "    #")
    text = whole + f"{slides}\n{recording}\n" + "\n".join(rest) + "\n---\n"
    (only,) = context(tmp_path / "b", {"events/a.md": text}).library.entries
    assert not events.says_what_remains(only.fields)


DAY = st.dates(times.parse_day("1990-01-01"), times.parse_day("2090-01-01"))
CLOCK = st.one_of(st.just(""), st.times().map(lambda at: f" {at:%H:%M}"))


@given(DAY, CLOCK, st.sampled_from(["Asia/Kathmandu", "Europe/Berlin", "America/St_Johns"]))
def test_tasks_stand_in_their_order_and_on_their_days(day, clock, zone):
    front = f"---\ntitle: E\nstart: {day}{clock}\ntimezone: {zone}\n---\n"
    parsed, _ = source.parse("events/a.md", front)
    assert parsed is not None
    fields, problems = validation.validate(event_kind.Event, parsed)
    assert problems == []
    assert fields is not None
    entry = Entry(event_kind.KIND, parsed, fields)
    schedule = fields.schedule(Settings())
    tasks = list(hosting._tasks(entry, schedule.occurrence(schedule.start)))
    days = [times.day_of(task.at) for task in tasks]
    assert days == sorted(days)
    away = [(each - day).days for each in days]
    assert away[:4] == [-42, -28, -14, -7]
    assert away[-1] in (30, 31)


GUIDE = """
    ---
    title: Host
    minutes: 45
    owner: ana
    contact: mailto:events@example.org
    prerequisites: [first]
    last_verified: 2026-01-05
    steps:
      - {title: Read it, link: "first.md#why", done_when: You have read it.}
      - {title: Ask, link: "https://example.com/ask"}
      - Rest
    ---
    """
FIRST = "---\ntitle: First steps\n---\n## Why\n"


def walk(root: Path, guide: str = GUIDE) -> str:
    folder = "content/onboarding"
    files = {f"{folder}/host.md": guide, f"{folder}/first.md": FIRST, "mkdocs.yml": SITE}
    write(root, files)
    return walking.checklist(root, "host", utc(2026, 11, 23, 23, 30))


def test_a_walk_names_every_step_where_it_leads_and_when_it_is_done(tmp_path):
    made = walk(tmp_path)
    assert headings(made) == ["Before", "1. Read it", "2. Ask", "3. Rest", "Afterwards"]
    assert "- [ ] First steps: https://example.org/onboarding/first/" in made
    assert "- [ ] The link works: https://example.org/onboarding/first/#why" in made
    assert "- [ ] The link works: https://example.com/ask" in made
    assert "- [ ] Done when: You have read it." in made
    assert made.count("What was not:") == 3
    assert "Last followed on: 5 January 2026" in made


def test_a_walk_ends_with_whom_to_send_it_to_and_the_line_for_the_file(tmp_path):
    made = walk(tmp_path)
    assert "Send this list to mailto:events@example.org." in made
    assert lines_of(made) == "last_verified: 2026-11-24\n"
    asked = walk(tmp_path, GUIDE.replace("contact: mailto:events@example.org", ""))
    assert "Send this list to https://chat.example.org/." in asked


def new(root: Path, *arguments: str) -> Result:
    command = ["new", *arguments, "--root", str(root), "--now", "2026-11-23T12:00:00Z"]
    return CliRunner().invoke(cli.main, command)


def test_the_command_prints_a_checklist_and_writes_nothing(tmp_path):
    expected = hosts(tmp_path, WORKSHOP)
    before = sorted(tmp_path.rglob("*"))
    done = new(tmp_path, "event", "--checklist", "a")
    assert (done.exit_code, done.stdout, done.stderr) == (0, expected, "")
    assert sorted(tmp_path.rglob("*")) == before
    walk(tmp_path)
    assert new(tmp_path, "walk", "host").stdout.startswith("# Walk: Host\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("event", "--checklist", "b"), "there is no event `b`"),
        (("walk", "hots"), "there is no guide `hots`; did you mean `host`?"),
        (("post", "--checklist", "a"), "there is no checklist for `post`"),
    ],
)
def test_what_has_no_checklist_is_said(tmp_path, arguments, said):
    hosts(tmp_path, WORKSHOP)
    walk(tmp_path)
    done = new(tmp_path, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
