"""`check --base --changes`: what a change does for readers, told from what they get."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from random import Random

import edits
import icalendar
import pytest
from click.testing import CliRunner
from community_files import NOW, write
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_changes import commit, git

from townsquare import build, cli, effects
from townsquare.build import Plan
from townsquare.effects import Change, Effects, written
from townsquare.ledger import Previous
from townsquare.markdown_text import escaped, link
from townsquare.pages import Article

SITE = """\
site_name: Test Commons
site_url: https://example.org/site/
extra:
  townsquare:
    authority: example.org,2026
    timezone: Europe/Berlin
"""
POST = "---\ntitle: Hello\ndate: 2026-01-05\nauthors: [ana]\n---\nText.\n"
CALL = """\
---
title: Call
start: 2026-12-03 18:00
end: 19:00
timezone: Europe/Berlin
where: online
---
We talk.
"""
SERIES = CALL.replace("where: online", "where: online\nrepeat: {every: week, times: 6}")
SESSIONS = """\
---
title: School
timezone: Asia/Kathmandu
where: Town Library
sessions:
  - {start: 2026-12-03 18:00, end: 19:00}
  - {start: 2026-12-04 18:00, end: 19:00}
---
We learn.
"""
RULES = """\
---
title: Rules
type: policy
version: 1.0
status: active
effective: 2026-02-01
changes:
  - {version: 1.0, date: 2026-02-01, summary: First version}
---
Be kind.
"""
FILES = {
    "mkdocs.yml": SITE,
    "content/index.md": "---\ntitle: Home\n---\nHello.\n",
    "content/people/ana.md": "---\ntitle: Ana\n---\n",
    "content/blog/hello.md": POST,
    "content/blog/other.md": POST.replace("Hello", "Other"),
    "events/call.md": CALL,
    "guidelines/rules.md": RULES,
}


def found(tmp_path: Path, change: dict[str, str | None], files: dict[str, str] | None = None):
    """What a change of these files does; no text means that the file is deleted."""
    before = write(tmp_path / "before", {**FILES, **(files or {})})
    after = tmp_path / "after"
    shutil.copytree(before, after)
    for path, text in change.items():
        if text is None:
            (after / path).unlink()
        else:
            write(after, {path: text})
    return effects.between(build.check(before, now=NOW), build.check(after, now=NOW))


def told(made: Effects, *groups: str) -> list[str]:
    """Each change of these groups on one line, with its notes."""
    return [
        " | ".join((f"{c.how} {c.title} {'/' + c.address if c.address else c.path}", *c.notes))
        for c in made.changes
        if c.group in groups
    ]


def test_a_community_against_itself_differs_in_nothing(tmp_path):
    made = found(tmp_path, {})
    assert made == Effects(())
    assert "Readers see no difference." in written.as_text(made)


def test_a_new_post_is_a_page_an_item_and_a_change_of_lists(tmp_path):
    made = found(tmp_path, {"content/blog/new.md": POST.replace("Hello", "New")})
    assert told(made, "pages") == ["added New /blog/new/"]
    assert told(made, "feeds") == ["added New /blog/new/ | subscribers to all posts and Ana see it"]
    assert told(made, "calendars", "announcements", "hidden", "addresses") == []
    follow = told(made, "following")
    assert "changed Ana /people/ana/" in follow and "changed Blog /blog/" in follow
    assert not [line for line in follow if "rules" in line or "call" in line]


def test_a_changed_post_says_what_of_it_changed_and_whether_readers_are_told(tmp_path):
    other = POST.replace("title: Hello", "title: Good day").replace("Text.", "More.")
    made = found(tmp_path, {"content/blog/hello.md": other})
    assert told(made, "pages") == ["changed Good day /blog/hello/ | title was “Hello” | text"]
    quiet = "keeps its date: few feed readers show it again"
    item = f"changed Good day /blog/hello/ | title, text, summary | {quiet}"
    assert told(made, "feeds") == [item]


def test_a_post_that_says_updated_is_shown_as_updated(tmp_path):
    made = found(
        tmp_path, {"content/blog/hello.md": POST.replace("authors", "updated: 2026-11-20\nauthors")}
    )
    loud = "feed readers may show it as updated on 19 November 2026"
    assert told(made, "feeds") == [f"changed Hello /blog/hello/ | {loud}"]


def test_a_draft_and_a_post_of_a_day_to_come_are_said_to_be_hidden(tmp_path):
    made = found(
        tmp_path,
        {
            "content/blog/draft.md": POST.replace("date", "draft: yes\ndate"),
            "content/blog/later.md": POST.replace("Hello", "Later").replace(
                "2026-01-05", "2026-12-20 09:00"
            ),
        },
    )
    draft = "a draft: nobody sees it until `draft` is taken away"
    assert told(made, "hidden") == [
        f"added Hello content/blog/draft.md | {draft}",
        (
            "added Later content/blog/later.md | "
            "will appear on Sunday 20 December 2026, 09:00 (Europe/Berlin)"
        ),
    ]
    assert told(made, "pages", "feeds", "following") == []


def test_a_page_that_is_hidden_now_says_why_and_what_stands_at_its_address(tmp_path):
    made = found(tmp_path, {"content/people/ana.md": "---\ntitle: Ana\nlisted: no\n---\n"})
    [line] = told(made, "hidden")
    assert line.startswith("hidden Ana content/people/ana.md | asked not to be listed")
    assert line.endswith("listed | its address says that the page was removed")
    assert told(made, "pages") == []


@pytest.mark.parametrize("link", ["blog/other.md", "/blog/other/", "/2019/a/"])
def test_a_page_whose_link_leads_nowhere_any_more_follows(tmp_path, link):
    other = POST.replace("date", "aliases: [/2019/a/]\ndate")
    files = {
        "content/about.md": f"---\ntitle: About\n---\nSee [it]({link}).\n",
        "content/blog/other.md": other,
    }
    hidden = other.replace("date", "draft: yes\ndate", 1)
    made = found(tmp_path, {"content/blog/other.md": hidden}, files)
    assert "changed About /about/" in told(made, "following")


def test_a_renamed_file_without_id_is_a_stranger_and_is_told_so(tmp_path):
    made = found(tmp_path, {"events/call.md": None, "events/the-call.md": CALL})
    assert told(made, "pages") == [
        "added Call /events/the-call/",
        (
            "removed Call /events/call/ | is now /events/the-call/: without `id: call` there it is "
            "new to subscribers | its address says that the page was removed"
        ),
    ]


def test_a_renamed_file_with_its_id_is_moved_and_nobody_is_told_twice(tmp_path):
    kept = CALL.replace("title", "id: call\ntitle")
    made = found(tmp_path, {"events/call.md": None, "events/the-call.md": kept})
    assert told(made, "pages") == [
        "moved Call /events/the-call/ | was at /events/call/, which leads here"
    ]
    assert told(made, "announcements") == []
    other, quiet = "its description, topics, people or links", "calendar apps change it without"
    assert told(made, "calendars") == [
        f"changed Call /events/the-call/ | {other} | {quiet} telling anybody"
    ]


def test_an_alias_is_an_old_address_that_leads_there(tmp_path):
    aliased = POST.replace("date", "aliases: [/2019/a/]\ndate")
    made = found(tmp_path, {"content/blog/hello.md": aliased})
    assert told(made, "addresses") == ["added /2019/a/ /2019/a/ | leads to /blog/hello/"]


def test_a_page_that_goes_and_is_replaced_leads_to_the_other(tmp_path):
    heir = POST.replace("Hello", "Other").replace("date", "aliases: [/blog/hello/]\ndate")
    made = found(tmp_path, {"content/blog/hello.md": None, "content/blog/other.md": heir})
    assert "removed Hello /blog/hello/ | its address leads to /blog/other/" in told(made, "pages")


BERLIN = "(Europe/Berlin, UTC+1)"
TOLD = "calendar apps tell those who have it"


def calendar_of(tmp_path: Path, old: str, new: str | None) -> list[str]:
    made = found(tmp_path, {"events/call.md": new}, {"events/call.md": old})
    return [line.partition(" | ")[2] for line in told(made, "calendars")]


def test_an_event_that_moves_says_from_when_to_when_in_its_own_zone(tmp_path):
    moved = CALL.replace("2026-12-03 18:00", "2026-12-04 18:30").replace("19:00", "20:00")
    old = f"Thursday 3 December 2026, 18:00–19:00 {BERLIN}"
    new = f"Friday 4 December 2026, 18:30–20:00 {BERLIN}"
    assert calendar_of(tmp_path, CALL, moved) == [f"moved from {old} to {new} | {TOLD}"]


def test_an_event_in_another_zone_has_moved_though_its_clock_says_the_same(tmp_path):
    moved = CALL.replace("Europe/Berlin", "Asia/Kathmandu")
    old = f"Thursday 3 December 2026, 18:00–19:00 {BERLIN}"
    new = "Thursday 3 December 2026, 18:00–19:00 (Asia/Kathmandu, UTC+5:45)"
    assert calendar_of(tmp_path, CALL, moved) == [f"moved from {old} to {new} | {TOLD}"]


def test_a_cancelled_event_and_one_that_takes_place_elsewhere_say_so(tmp_path):
    off = CALL.replace("where", "status: cancelled\nstatus_note: Flood.\nwhere")
    assert calendar_of(tmp_path / "1", CALL, off) == [f"cancelled: Flood. | {TOLD}"]
    elsewhere = CALL.replace("online", "Town Hall")
    assert calendar_of(tmp_path / "2", CALL, elsewhere) == [
        f"place: Town Hall, before: Online | {TOLD}"
    ]


def test_a_new_text_changes_a_calendar_without_a_word_to_anybody(tmp_path):
    assert calendar_of(tmp_path, CALL, CALL + "\nMuch.\n") == [
        "its description, topics, people or links | calendar apps change it without telling anybody"
    ]


def test_a_deleted_event_is_shown_as_cancelled(tmp_path):
    when = f"Thursday 3 December 2026, 18:00–19:00 {BERLIN}"
    assert calendar_of(tmp_path, CALL, None) == [
        f"{when} | Online | calendar apps show it as cancelled"
    ]


def test_a_single_date_of_a_series_is_told_by_its_day(tmp_path):
    changes = "changes: {2026-12-10: {status: cancelled}, 2026-12-17: {start: 2026-12-18 20:00}}\n"
    other = SERIES.replace("---\nWe", f"{changes}---\nWe")
    [line] = calendar_of(tmp_path, SERIES, other)
    assert line.split(" | ") == [
        "Thursday 10 December 2026, 18:00: cancelled",
        (
            f"Thursday 17 December 2026, 18:00: moved from Thursday 17 December 2026, 18:00–19:00 "
            f"{BERLIN} to Friday 18 December 2026, 20:00–21:00 {BERLIN}"
        ),
        TOLD,
    ]


def test_a_rule_and_the_dates_beside_it_are_told_in_words(tmp_path):
    old = SERIES
    new = SERIES.replace("times: 6", "times: 6, except: [2026-12-24], also: [2026-12-23]")
    assert calendar_of(tmp_path / "1", old, new) == [
        "also on Wednesday 23 December 2026, 18:00 | not on Thursday 24 December 2026, 18:00 | "
        + TOLD
    ]
    assert calendar_of(tmp_path / "2", old, SERIES.replace("every: week", "every: 2 weeks")) == [
        (
            "repeats otherwise: Every 2 weeks on Thursday 6 times, "
            f"before: Every week on Thursday 6 times | {TOLD}"
        )
    ]


def test_what_every_date_has_is_not_told_of_each(tmp_path):
    changed = SERIES.replace("---\nWe", "changes: {2026-12-10: {start: 2026-12-11 18:00}}\n---\nWe")
    elsewhere = changed.replace("online", "Town Hall")
    assert calendar_of(tmp_path, changed, elsewhere) == [
        f"place: Town Hall, before: Online | {TOLD}"
    ]


def test_sessions_come_and_go_one_by_one(tmp_path):
    kathmandu = "(Asia/Kathmandu, UTC+5:45)"
    assert calendar_of(tmp_path, SESSIONS, SESSIONS.replace("12-04", "12-05")) == [
        (
            f"no longer: Friday 4 December 2026, 18:00–19:00 {kathmandu} | "
            f"new date: Saturday 5 December 2026, 18:00–19:00 {kathmandu} | {TOLD}"
        )
    ]


def test_those_who_follow_events_are_told_of_new_moved_and_deleted_ones(tmp_path):
    moved = CALL.replace("12-03", "12-04").replace(
        "where", "status: rescheduled\nprevious_start: 2026-12-03 18:00\nwhere"
    )
    files = {"events/gone.md": CALL.replace("Call", "Gone")}
    change = {"events/call.md": moved, "events/gone.md": None, "events/new.md": SESSIONS}
    assert told(found(tmp_path, change, files), "announcements") == [
        "added School /events/new/ | announced to those who follow events",
        "changed Call /events/call/ | told again, as “Moved: Call”",
        "removed Gone /events/gone/ | told that it is cancelled",
    ]


def test_a_new_version_of_a_guideline_is_told_with_what_it_changes(tmp_path):
    second = RULES.replace("version: 1.0\n", "version: 1.1\n", 1).replace(
        "changes:", "changes:\n  - {version: 1.1, date: 2026-12-01, summary: Be kinder}"
    )
    assert told(found(tmp_path, {"guidelines/rules.md": second}), "guidelines") == [
        "added Rules, version 1.1 /guidelines/rules/ | Be kinder | will be told on 1 December 2026"
    ]


def test_settings_and_pictures_are_told_by_their_names(tmp_path):
    change = {"mkdocs.yml": SITE.replace("Test Commons", "Commons"), "content/a.png": "picture"}
    made = found(tmp_path, change)
    assert told(made, "files") == ["added a.png /a.png"]
    assert told(made, "settings") == [
        (
            "changed site_name mkdocs.yml | from Test Commons to Commons, which may change every "
            "page, feed and calendar"
        )
    ]


def test_errors_keep_it_from_being_told_and_the_reason_is_said(tmp_path):
    made = found(tmp_path, {"content/blog/hello.md": "---\ntitle: Hello\n---\n"})
    assert made.changes == ()
    assert "until the errors are mended" in written.as_text(made)


def test_errors_of_the_base_leave_its_files_out_and_are_named(tmp_path):
    made = found(tmp_path, {"content/blog/bad.md": POST}, {"content/blog/bad.md": "nothing"})
    assert told(made, "pages") == ["added Hello /blog/bad/"]
    assert made.faulty == ("content/blog/bad.md",)
    assert "errors: content/blog/bad.md." in written.as_text(made)


def test_a_base_whose_settings_are_faulty_cannot_be_compared_with(tmp_path):
    made = found(tmp_path, {"mkdocs.yml": SITE}, {"mkdocs.yml": "site_name: [1\n"})
    assert "the base itself cannot be built" in made.untold


# --- against what readers get ---------------------------------------------------------------------

CONTENT = [
    *(edits.body, edits.title, edits.tag, edits.author, edits.date, edits.event_time, edits.draft),
    *(edits.pinned, edits.alias, edits.renamed, edits.deleted, edits.new_post, edits.new_event),
    *(edits.introduced, edits.plain_page, edits.picture, edits.tag_title, edits.setting),
    *(edits.page_size, edits.summary, edits.heading, edits.nothing, edits.touched),
]


@pytest.mark.parametrize("seed", range(14))
def test_what_is_told_is_what_differs_in_pages_items_and_calendars(tmp_path, seed):
    life = edits.begun(tmp_path / "root", seed)
    shutil.copytree(life.root, tmp_path / "before")
    for edit in Random(seed).choices(CONTENT, k=1 + seed % 4):
        life.told.append(edit.__name__)
        edit(life)
    sides = [build.check(root, now=NOW) for root in (tmp_path / "before", life.root)]
    made = effects.between(*sides)
    assert made.untold == ""
    old, new = (build.plan(side, previous=Previous()) for side in sides)
    assert _told_pages(made, old) == _differing(_pages(old), _pages(new)), life.told
    assert _paths(made, "feeds") == _differing(_items(old), _items(new)), life.told
    assert _paths(made, "calendars") == _differing(_vevents(old), _vevents(new)), life.told


def _differing(old: dict[str, object], new: dict[str, object]) -> set[str]:
    return {key for key in {*old, *new} if old.get(key) != new.get(key)}


def _pages(plan: Plan) -> dict[str, object]:
    """What pages say, of those that a community's content makes."""
    community = plan.community
    article = Article(community.settings, community.addresses)
    return {
        p.address: (p.title, p.description, p.image, p.structured, p.feeds, article.render(p))
        for p in plan.pages
        if p.template not in ("redirect.html", "removed.html", "search.html")
    }


def _told_pages(made: Effects, old: Plan) -> set[str]:
    paths = {e.path: e.address for e in old.community.library.entries}
    found = {c.address for c in made.changes if c.group in ("pages", "following")}
    found |= {paths[c.path] for c in made.changes if c.group == "hidden" and c.how == "hidden"}
    moved = [note for c in made.changes if c.how == "moved" for note in c.notes]
    return found | {m[1] for note in moved if (m := re.match("was at /([^,]+),", note))}


def _paths(made: Effects, group: str) -> set[str]:
    return {f"{c.kind}:{Path(c.path).stem}" for c in made.changes if c.group == group}


def _items(plan: Plan) -> dict[str, object]:
    whole = json.loads(plan.files["feed.json"])["items"]
    items = [each for each in whole if ":imported:" not in each["id"]]
    assert len(items) == len(plan.community.posts), "all posts are in it"
    return {":".join(each["id"].split(":")[2:]): each for each in items}


def _vevents(plan: Plan) -> dict[str, object]:
    found: dict[str, object] = {}
    for path, data in sorted(plan.files.items()):
        if path.startswith("calendars/events/"):
            events = icalendar.Calendar.from_ical(data).walk("VEVENT")
            found[f"event:{Path(path).stem}"] = sorted(each.to_ical() for each in events)
    return found


# --- how it is written ----------------------------------------------------------------------------


def test_of_thousands_of_pages_a_count_and_the_first_are_listed():
    many = [Change("pages", "added", f"T{n:04}", "post", f"blog/{n:04}/") for n in range(5000)]
    lines = [Change("following", "changed", f"L{n}", "", f"l/{n}/") for n in range(300)]
    made = Effects((*many, *lines))
    for text in (written.as_text(made), written.as_markdown(made)):
        assert "5,000 new" in text and "and 4,975 more" in text
        assert "T0024" in text and "T0025" not in text
        assert "and 290 more" in text and "L10" not in text
        assert len(text) < 4000
    assert len(written.as_data(made)["changes"]) == 5300


def test_of_an_event_with_hundreds_of_changes_the_first_are_told():
    notes = tuple(f"N{n:03} {'x' * 999}" for n in range(400))
    made = Effects((Change("calendars", "changed", "Call", "event", "events/call/", "", notes),))
    for text in (written.as_text(made), written.as_markdown(made)):
        assert "N009" in text and "N010" not in text and "and 390 more" in text
        assert len(text) < 10 * 450


def test_no_character_of_a_title_means_anything_in_the_list(tmp_path):
    title = "<script>alert(1)</script> *a* _b_ [c](https://evil.example) `d` ![e](f) | # @g"
    made = found(tmp_path, {"content/blog/new.md": POST.replace("Hello", f"'{title}'")})
    html = MarkdownIt("commonmark", {"html": True}).render(written.as_markdown(made))
    assert set(re.findall("<([a-z0-9]+)", html)) == {"h2", "h3", "ul", "li", "p"} - {"p"}
    assert title.replace("<", "&lt;").replace(">", "&gt;") in html


TEXTS = st.text(
    st.sampled_from("aZ0 \t19.)+-=:*_`~[](){}<>!|&#\\\"'@$^/wht ps\n"), max_size=40
) | st.text(max_size=30)


@given(TEXTS)
def test_escaped_text_reads_as_it_was(text):
    line = " ".join(text.split())
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(escaped(text))
    inline = [each for each in tokens if each.type == "inline"]
    read = "".join(
        child.content if child.type != "softbreak" else "\n" for i in inline for child in i.children
    )
    kinds = {each.type for each in tokens} | {c.type for i in inline for c in i.children}
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}
    assert read == line.replace("\0", "\ufffd")


@given(TEXTS)
def test_a_link_has_its_text_and_its_address(text):
    [_open, inline, _close] = MarkdownIt("commonmark").parse(link(text or "x", "https://x.org/(a)"))
    first, *_middle, last = inline.children
    assert (first.type, first.attrs, last.type) == (
        "link_open",
        {"href": "https://x.org/(a)"},
        "link_close",
    )


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path):
    root = write(tmp_path / "root", FILES)
    git(root, "init", "-q", "-b", "main")
    commit(root)
    git(root, "switch", "-q", "-c", "change")
    return write(root, {"content/blog/new.md": POST.replace("Hello", "New")})


def run(root: Path, *options: str):
    line = ["check", "--root", str(root), "--now", "2026-11-23T12:00:00Z", *options]
    return CliRunner().invoke(cli.main, line)


def test_the_command_lists_what_a_branch_does_and_says_the_same_twice(root):
    done = run(root, "--base", "main", "--changes")
    assert (done.exit_code, done.stdout.splitlines()[:4]) == (
        0,
        [
            "What this change does for readers",
            "=================================",
            "",
            "Pages (1 new)",
        ],
    )
    assert run(root, "--base", "main", "--changes").stdout == done.stdout


def test_as_json_problems_and_changes_are_one_object(root):
    write(root, {"content/blog/new.md": POST.replace("Text", "[Nothing](nothing.md)")})
    told = json.loads(run(root, "--base", "main", "--changes", "--format", "json").stdout)
    assert told["changes"]["format"] == "townsquare-changes/1"
    assert told["changes"]["counts"]["pages"] == {"added": 1}
    assert [each["code"] for each in told["problems"]] == ["link-broken"]


def test_on_github_the_list_goes_to_the_summary_and_problems_stay_annotations(
    root, tmp_path, monkeypatch
):
    summary = tmp_path / "summary.md"
    summary.write_text("Before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    done = run(root, "--base", "main", "--changes", "--format", "github")
    assert done.stdout == ""
    assert summary.read_text().startswith("Before\n## What this change does for readers\n")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    done = run(root, "--base", "main", "--changes", "--format", "github")
    assert done.stdout.startswith("## What this change does for readers\n")


def test_with_errors_the_problems_come_first_and_the_code_is_1(root):
    write(root, {"content/blog/new.md": "---\ntitle: New\n---\n"})
    done = run(root, "--base", "main", "--changes")
    assert done.exit_code == 1
    assert done.stdout.startswith("content/blog/new.md:1:1: error")
    assert done.stdout.endswith("What would change cannot be told until the errors are mended.\n")


@pytest.mark.parametrize(
    "options", [["--changes"], ["--changes", "--base", "main", "--format=sarif"]]
)
def test_what_cannot_be_asked_is_refused_in_words(root, options):
    done = run(root, *options)
    assert done.exit_code == 2
    assert "`--changes`" in done.stderr
