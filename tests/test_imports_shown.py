"""What is kept of partners' sources stands on pages with whose it is, and nowhere else."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from community_files import NOW, write
from hypothesis import given
from hypothesis import strategies as st
from view_pages import HTML, Site, faults, post, site

from townsquare import build, ledger
from townsquare.imports import snapshot
from townsquare.upkeep import session
from townsquare.upkeep import snapshot as files_at

URL = "https://acme.example/feed.xml"
CALENDAR = "https://acme.example/events.ics"
POSTS = [
    {
        "id": f"{number:020x}",
        "title": f"News {number}",
        "url": f"https://acme.example/{number}",
        "date": f"2026-11-{number:02}T10:00:00Z",
        "author": "Zoë",
        "summary": "How it <b>began</b>.",
    }
    for number in (20, 10, 25)
]
GOOD = POSTS[0]
DATES = [
    {
        "id": f"{number:020x}",
        "title": f"Evening {day}",
        "timezone": "Europe/Berlin",
        "start": f"2026-{day} 18:00",
        "end": f"2026-{day} 20:00",
    }
    for number, day in enumerate(("12-03", "11-20", "11-30"))
]
NEWS: dict[str, Any] = {"format": "1", "url": URL, "posts": POSTS}
EVENTS: dict[str, Any] = {"format": "1", "url": CALENDAR, "events": DATES}
FILES = ("data/imports/acme-posts.json", "data/imports/acme-events.json")


def partner(more: str = "", of_posts: str = "", of_events: str = "") -> str:
    return (
        f"---\ntitle: Acme\nurl: https://acme.example/\n{more}imports:\n"
        f"  - {{url: {URL}, what: posts{of_posts}}}\n"
        f"  - {{url: {CALENDAR}, what: events{of_events}}}\n---\nText.\n"
    )


def files(
    more: str = "", *, news: Any = NEWS, events: Any = EVENTS, **imports: str
) -> dict[str, str]:
    """A community with one partner, its feed and its calendar."""
    return {
        "content/partners/acme.md": partner(more, **imports),
        "content/blog/own.md": post("2026-11-01"),
        FILES[0]: json.dumps(news),
        FILES[1]: json.dumps(events),
    }


def shown(made: Site) -> list[str]:
    """The titles of what is imported, on the list of all."""
    if "partners/news/" not in made:
        return []
    return [
        *made.titles("partners/news/", "ts-row"),
        *made.titles("partners/news/", "ts-line"),
    ]


def planned(root: Path) -> build.Plan:
    checked = build.check(root, now=NOW)
    assert not checked.errors
    return build.plan(checked, previous=ledger.Previous())


def test_a_list_shows_what_is_to_come_and_what_was_published_with_whose_it_is(
    tmp_path: Path,
) -> None:
    made = site(tmp_path, files())
    # What is over and what is dated later than now is not shown.
    assert shown(made) == ["Evening 11-30", "Evening 12-03", "News 20", "News 10"]
    text = made.text("partners/news/")
    assert (
        "Evening 11-30 Monday 30 November 2026, 18:00–20:00 Europe/Berlin, UTC+1 from Acme, on"
        in text
    )
    assert (
        "News 20 20 November 2026 · Zoë · from Acme, on acme.example How it <b>began</b>." in text
    )
    assert "partners/acme/" in made.links("partners/news/")
    assert faults(made.html("partners/news/")) == []


def test_each_item_links_to_where_it_is_and_an_event_without_a_page_to_its_partner(
    tmp_path: Path,
) -> None:
    made = site(tmp_path, files())
    outward = [
        a.get("href")
        for a in made.tree("partners/news/").iter(f"{HTML}a")
        if a.get("rel") == "external"
    ]
    assert outward == ["https://acme.example/"] * 2 + [
        "https://acme.example/20",
        "https://acme.example/10",
    ]


def test_the_partners_page_the_agenda_and_the_blog_lead_to_it(tmp_path: Path) -> None:
    made = site(tmp_path, files())
    assert "From Acme itself" in made.text("partners/acme/")
    assert made.titles("partners/acme/", "ts-row") == ["Evening 11-30", "Evening 12-03"]
    assert made.titles("events/", "ts-row") == ["Evening 11-30", "Evening 12-03"]
    assert "At our partners Held and announced by partners" in made.text("events/")
    for address in ("partners/", "partners/acme/", "events/", "blog/"):
        assert "partners/news/" in made.links(address), address
        assert faults(made.html(address)) == []


def test_nothing_imported_stands_in_our_own_lists_feeds_calendars_or_data(tmp_path: Path) -> None:
    write(tmp_path, files())
    plan = planned(tmp_path)
    assert [p for p, data in plan.files.items() if re.search(rb"Evening 1|News [12]", data)] == []
    with_any = {"partners/news/", "partners/acme/", "events/"}
    made = Site(plan.community)
    found = {
        p.address for p in made.pages if re.search("Evening 1|News [12]", made.html(p.address))
    }
    assert found == with_any


@pytest.mark.parametrize(
    "changed",
    [
        files("until: 2026-11-22\n"),
        files("draft: yes\n"),
        files(of_posts=", enabled: no", of_events=", enabled: no"),
        files(news=NEWS | {"url": "https://other.example/"}, events=EVENTS | {"url": URL}),
        {k: v for k, v in files().items() if k not in FILES},
    ],
    ids=["past", "hidden", "switched off", "from elsewhere", "never fetched"],
)
def test_what_is_not_to_be_shown_is_nowhere(tmp_path: Path, changed: dict[str, str]) -> None:
    write(tmp_path, changed)
    plan = planned(tmp_path)
    made = Site(plan.community)
    assert "partners/news/" not in made
    assert not any(
        re.search("Evening 1|News [12]|partners/news", made.html(p.address)) for p in made.pages
    )


def test_a_partners_items_leave_on_the_day_after_its_last(tmp_path: Path) -> None:
    day = {"more": "until: 2026-11-26\n"}
    for now, count in (
        (datetime(2026, 11, 26, 22, tzinfo=UTC), 5),
        (datetime(2026, 11, 26, 23, tzinfo=UTC), 0),
    ):
        folder = tmp_path / str(count)
        folder.mkdir()
        assert len(shown(site(folder, files(**day), now=now))) == count


def test_withdrawn_and_cancelled_events_are_marked_until_they_are_over(tmp_path: Path) -> None:
    one, two, three = DATES
    events = [
        one | {"status": "cancelled"},
        two | {"status": "cancelled"},
        three | {"status": "withdrawn"},
    ]
    made = site(tmp_path, files(events=EVENTS | {"events": events}))
    text = made.text("partners/news/")
    assert text.count("Cancelled") == 1
    assert text.count("No longer announced") == 1
    assert shown(made)[:2] == ["Evening 11-30", "Evening 12-03"]


def test_the_site_is_built_again_when_a_post_is_due_or_an_event_is_over(tmp_path: Path) -> None:
    write(tmp_path, files())
    assert planned(tmp_path).next_change == datetime(2026, 11, 25, 10, tzinfo=UTC)


# --- what somebody may have put there -----------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"url": "javascript:alert(1)"}, "`javascript:alert(1)` is not a web address"),
        ({"url": 'https://a.example/"onclick=x'}, "an address cannot hold"),
        ({"title": "x" * 201}, "201 characters, at most 200 fit"),
        ({"title": "a\u202eb"}, "the text holds RIGHT-TO-LEFT OVERRIDE"),
        ({"title": ""}, "the value is empty"),
        ({"title": ["a"]}, "takes one value"),
        ({"title": None}, "title"),
        ({"date": "2026-13-01T00:00:00Z"}, "there is no such instant"),
        ({"date": "today"}, "this is no instant"),
        ({"date": 5}, ""),
        ({"id": "../../etc"}, "this is no item's key"),
        ({"html": "<script>"}, "no field is called `html`"),
        ({"summary": "x" * 5000}, "at most 4000 fit"),
    ],
)
def test_a_post_edited_by_hand_is_refused_at_its_line(
    tmp_path: Path, changed: dict[str, Any], message: str
) -> None:
    news = NEWS | {"posts": [GOOD | changed]}
    write(tmp_path, files(news=news) | {FILES[0]: json.dumps(news, indent=2)})
    found = build.check(tmp_path, now=NOW).errors
    assert found
    assert {each.place.path for each in found} == {FILES[0]}
    assert all(each.place.line > 1 for each in found)
    assert any(message in each.message for each in found), found


@pytest.mark.parametrize(
    "changed",
    [
        {"timezone": "Mars/Base"},
        {"timezone": None},
        {"start": "2026-12-03"},
        {"end": "2026-12-01 18:00"},
        {"end": "2026-12-04"},
        {"status": "maybe"},
        {"start": "9999-12-31 18:00"},
    ],
)
def test_an_event_edited_by_hand_is_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    event = DATES[0] | changed
    write(tmp_path, files(events=EVENTS | {"events": [event]}))
    assert {e.place.path for e in build.check(tmp_path, now=NOW).errors} == {FILES[1]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "this is not JSON"),
        (b"{", "this is not JSON"),
        (b"[]", "it is no list of fields"),
        (b"\xff", "this is not UTF-8 text"),
        (b'{"format": "1", "format": "1"}', "names something twice"),
        (b"[" * 100_000, "it nests too deep"),
        (b'{"a":' * 100_000, "it nests too deep"),
        (b" " * 1024 * 2049, "it is larger than 2048 KB"),
        (b'{"format": "2", "url": "https://a.example/"}', ""),
        (b'{"format": 1, "url": "https://a.example/"}', ""),
        (b'{"format": "1"}', "the field `url` is missing"),
        (b'{"format": NaN}', ""),
        (b'{"format": "1", "url": "https://a.example/", "posts": {"a": 1}}', ""),
        (
            json.dumps(NEWS | {"posts": [GOOD | {"id": f"{n:020x}"} for n in range(101)]}).encode(),
            "it holds 101 posts, and at most 100 are shown",
        ),
    ],
)
def test_a_damaged_file_is_a_problem_and_none_of_it_is_shown(
    tmp_path: Path, data: bytes, message: str
) -> None:
    write(tmp_path, files())
    (tmp_path / FILES[0]).write_bytes(data)
    checked = build.check(tmp_path, now=NOW)
    assert {e.place.path for e in checked.errors} == {FILES[0]}
    assert message in checked.errors[0].message
    # Who goes on without it gets everything else.
    rest = build.without_faulty(checked)
    made = Site(build.plan(rest, previous=ledger.Previous()).community)
    assert shown(made) == ["Evening 11-30", "Evening 12-03"]
    quick = session.check(files_at.taken(str(tmp_path)), now=NOW, out=None, strict=False)
    assert quick and quick.problems == checked.problems


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from([*GOOD.values()]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD, *NEWS]), inner)
    ),
    max_leaves=12,
)


def _with(value: Any, number: int, name: str) -> dict[str, Any]:
    return NEWS | {"posts": [GOOD | {name: value} if n == number else GOOD for n in range(2)]}


@given(
    st.one_of(
        st.binary(max_size=200),
        VALUES.map(lambda value: json.dumps(value).encode()),
        st.builds(_with, VALUES, st.integers(0, 1), st.sampled_from([*GOOD])).map(
            lambda front: json.dumps(front).encode()
        ),
    )
)
def test_whatever_stands_in_a_file_it_is_whole_or_a_problem_at_its_place(data: bytes) -> None:
    found, problems = snapshot.read(FILES[0], data)
    assert (found is None) == bool(problems)
    lines = data.count(b"\n") + 1
    assert all(p.place.path == FILES[0] and 1 <= p.place.line <= lines for p in problems)
    if found:
        assert snapshot.read(FILES[0], snapshot.encoded(found)) == (found, [])


PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "%(partner)s %s %",
    "&lt;b&gt; &amp;",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_looks_like_markup_is_shown_as_the_text_that_it_is(
    tmp_path: Path, payload: str
) -> None:
    news = NEWS | {"posts": [GOOD | {"title": payload, "author": payload, "summary": payload}]}
    event = DATES[0] | {"title": payload, "where": payload, "summary": payload}
    made = site(tmp_path, files(news=news, events=EVENTS | {"events": [event]}))
    for address, times in (("partners/news/", 5), ("partners/acme/", 5), ("events/", 2)):
        assert made.text(address).count(payload) == times
        tags = {element.tag for element in made.tree(address).iter()}
        assert not tags & {f"{HTML}{name}" for name in ("script", "img", "svg", "b")}
        assert not any(
            "onerror" in e.attrib or "onload" in e.attrib for e in made.tree(address).iter()
        )


def _none(_root: Path) -> None:
    """Nothing changes."""


def _gone(root: Path) -> None:
    (root / FILES[0]).unlink()


def _other(root: Path) -> None:
    write(root, {FILES[1]: json.dumps(EVENTS | {"events": DATES[:1]})})


def _off(root: Path) -> None:
    write(root, {"content/partners/acme.md": partner(of_posts=", enabled: no")})


@pytest.mark.parametrize("change", [_none, _gone, _other, _off])
def test_a_check_after_a_change_says_what_a_first_one_says(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    write(tmp_path, files() | {"data/imports/nobody-posts.json": json.dumps(NEWS)})
    for step in (_none, change):
        step(tmp_path)
        quick = session.check(files_at.taken(str(tmp_path)), now=NOW, out=None, strict=False)
        assert quick
        session.keep_check(quick)
        assert quick.problems == build.check(tmp_path, now=NOW).problems
        assert "import_unclaimed" in {each.code for each in quick.problems}


def test_a_faulty_partners_files_are_not_said_to_be_nobodys(tmp_path: Path) -> None:
    write(tmp_path, files() | {"content/partners/acme.md": "---\ntitle: Acme\n---\n"})
    assert [each.code for each in build.check(tmp_path, now=NOW).problems] == ["field_missing"]


# --- in our own feeds, where a partner's file says so -------------------------------------------

IN_FEEDS = files(of_posts=", in_feeds: yes")


def test_posts_that_may_stand_in_our_feeds_are_there_with_whose_they_are(tmp_path: Path) -> None:
    write(tmp_path, IN_FEEDS)
    plan = planned(tmp_path)
    for name in ("atom.xml", "rss.xml", "feed.json"):
        found = feedparser.parse(io.BytesIO(plan.files[name])) if name != "feed.json" else None
        read = found.entries if found else json.loads(plan.files[name])["items"]
        assert [each["title"] for each in read] == ["News 20", "News 10", "Post of 2026-11-01"]
        first = read[0]
        assert (first.get("link") or first["url"]) == "https://acme.example/20"
        assert first["id"].endswith(":imported:acme:00000000000000000014")
        text = first["content"][0]["value"] if found else first["content_html"]
        assert "How it &lt;b&gt;began&lt;/b&gt;." in text
        assert 'From <a href="http://localhost:8000/partners/acme/">Acme</a>' in text
        assert '<a href="https://acme.example/20">acme.example</a>' in text
    with_any = sorted(p for p, data in plan.files.items() if re.search(rb"News [12]", data))
    assert with_any == ["atom.xml", "feed.json", "rss.xml"]


def test_their_posts_take_no_more_room_in_a_feed_than_there_is(tmp_path: Path) -> None:
    many = {f"content/blog/{n}.md": post(f"2026-10-{n:02}") for n in range(1, 31)}
    write(tmp_path, IN_FEEDS | many)
    read = json.loads(planned(tmp_path).files["feed.json"])["items"]
    assert len(read) == 30
    assert [each["title"] for each in read[:4]] == [
        "News 20",
        "News 10",
        "Post of 2026-11-01",
        "Post of 2026-10-30",
    ]


def test_a_partners_events_cannot_be_put_into_our_calendars(tmp_path: Path) -> None:
    write(tmp_path, files(of_events=", in_feeds: yes"))
    (found,) = build.check(tmp_path, now=NOW).errors
    assert (found.code, found.place.line) == ("value_invalid", 6)
    made = site(tmp_path, files())
    links = [a.get("href") for a in made.tree("partners/acme/").iter(f"{HTML}a")]
    assert "webcal://acme.example/events.ics" in links
