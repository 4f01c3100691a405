"""Strangers' feeds and calendars are read in bounds, and nothing but plain text is kept of them."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townsquare.imports import SourceFailed, cleaning, events, posts, reading, snapshot
from townsquare.imports.events import Window
from townsquare.imports.notes import Reading
from townsquare.texts import unsafe_character

URL = "https://partner.example/feed.xml"
WINDOW = Window(date(2026, 11, 1), date(2027, 12, 1), "Europe/Berlin")
DATE = "<pubDate>Mon, 02 Nov 2026 10:00:00 +0100</pubDate>"


def rss(*items: str, title: str = "Partner") -> bytes:
    held = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{held}'
        "</channel></rss>"
    ).encode()


def atom(*entries: str) -> bytes:
    held = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Partner</title>{held}</feed>'
    ).encode()


def item(title: str = "A", link: str = "https://partner.example/a", more: str = DATE) -> str:
    return f"<title>{title}</title><link>{link}</link>{more}"


def of_feed(data: bytes, charset: str = "") -> Reading:
    return posts.read(data, charset, URL)


def ics(*components: str, head: str = "") -> bytes:
    lines = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{head}" + "".join(
        f"BEGIN:VEVENT\n{each.strip()}\nEND:VEVENT\n" for each in components
    )
    return f"{lines}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def of_calendar(*components: str, head: str = "") -> Reading:
    return events.read(ics(*components, head=head), "", WINDOW)


def starts(found: Reading) -> list[str]:
    return [each["start"] for each in found.items]


def why(read: Any, *given: Any) -> str:
    with pytest.raises(SourceFailed) as raised:
        read(*given)
    return str(raised.value)


# --- feeds --------------------------------------------------------------------------------------


def test_a_post_is_title_beginning_link_date_and_author() -> None:
    found = of_feed(
        rss(
            item(
                "Fish &amp;amp; chips &lt;b&gt;now&lt;/b&gt;",
                more=f"{DATE}<author>ada@x.example (Ada)</author><guid>1</guid>"
                "<description>&lt;p&gt;First&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;</description>",
            )
        )
    )
    assert found.title == "Partner"
    assert found.notes == []
    (post,) = found.items
    assert post.pop("author")
    assert post == {
        "id": post["id"],
        "title": "Fish & chips now",
        "url": "https://partner.example/a",
        "date": "2026-11-02T09:00:00Z",
        "summary": "First",
    }


def test_atom_is_read_with_its_relative_links_and_its_plain_titles() -> None:
    (post,) = of_feed(
        atom(
            '<id>x</id><title>a &lt;b&gt; c</title><link href="/a?b=1&amp;c=2"/>'
            "<published>2026-11-02T10:00:00+01:00</published><updated>2026-11-20T00:00:00Z</updated>"
            "<author><name>Ada</name></author>"
            '<content type="html">&lt;p&gt;Whole text&lt;/p&gt;</content>'
        )
    ).items
    assert post["title"] == "a <b> c"
    assert post["url"] == "https://partner.example/a?b=1&c=2"
    assert (post["date"], post["author"]) == ("2026-11-02T09:00:00Z", "Ada")
    assert post["summary"] == "Whole text"


def test_undated_posts_are_left_out_and_told_and_never_dated_today() -> None:
    found = of_feed(
        rss(
            item("Dated"),
            item("Never", more=""),
            item("Odd", more="<pubDate>soon</pubDate>"),
            item("Year 1", more="<pubDate>0001-01-01T00:00:00Z</pubDate>"),
            item("Year 9999", more="<pubDate>9999-01-01T00:00:00Z</pubDate>"),
        )
    )
    # The four have the link of the first, but are left out before keys are compared.
    assert [post["title"] for post in found.items] == ["Dated"]
    assert found.notes == ["left out, since it has no date: “Never”, “Odd”, “Year 1” and 1 more"]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.example/",
        "https://u:p@a.example/",
        "",
        "//",
    ],
)
def test_a_post_whose_link_could_act_or_is_none_is_left_out(link: str) -> None:
    found = of_feed(rss(item(link=link)))
    assert found.items == []
    assert found.notes == ["left out, since it has no usable link: “A”"]


def test_keys_come_from_guids_else_from_links() -> None:
    by_guid = "<guid isPermaLink='false'>{}</guid>" + DATE
    one, same, other = (
        of_feed(rss(item(title, link, by_guid.format(guid)))).items[0]["id"]
        for title, link, guid in (
            ("A", "https://a.example/1", "g"),
            ("B", "https://a.example/2", "g"),
            ("A", "https://a.example/1", "h"),
        )
    )
    assert one == same != other
    links = [of_feed(rss(item(t, f"{URL}/1"))).items[0]["id"] for t in "AB"]
    assert links[0] == links[1]


def test_two_posts_with_one_guid_are_one_and_it_is_told() -> None:
    found = of_feed(
        rss(*[item(t, f"https://a.example/{t}", DATE + "<guid>1</guid>") for t in "AB"])
    )
    assert [post["title"] for post in found.items] == ["A"]
    assert found.notes == ["left out, since it has the id of another, which stands above it: “B”"]


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<rss version="2.0"><channel><title>&b;</title></channel></rss>"""


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (LAUGHS, "it declares a document type, as web pages and entity bombs do"),
        (LAUGHS.decode().encode("utf-16"), "it declares a document type"),
        (b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>', "it declares a document type"),
        (b"<!doctype html><p>Hello", "it is not well-formed XML: syntax error, line 1"),
        (b"<a>" * 50_000, "it holds more than 64 levels"),
        (b"<a>" + b"<b/>" * 100_000 + b"</a>", "it holds more than 100000 elements"),
        (rss(*["<title/>"] * 2001), "it holds more than 2000 items"),
        (b"<rss><item></rss>", "it is not well-formed XML: mismatched tag, line 1"),
        (b"<x:rss/>", "it is not well-formed XML: unbound prefix, line 1"),
        (b"", "it is not well-formed XML: no element found, line 1"),
        (b"<html/>", "it is neither an RSS nor an Atom feed"),
        (b"https://127.0.0.1/", "it is not well-formed XML: not well-formed (invalid token)"),
        (b"/etc/passwd", "it is not well-formed XML: not well-formed (invalid token)"),
    ],
)
def test_what_would_make_a_parser_suffer_is_refused_before(data: bytes, message: str) -> None:
    assert why(of_feed, data).startswith(message)


@pytest.mark.parametrize(
    ("encoding", "declared", "stated"),
    [
        ("utf-8", "utf-8", ""),
        ("latin-1", "iso-8859-1", ""),
        ("utf-16", "utf-16", ""),
        ("latin-1", "utf-8", ""),  # the document lies
        ("utf-8", "us-ascii", ""),
        ("latin-1", "utf-8", "iso-8859-1"),  # HTTP goes before the document
        ("latin-1", "utf-8", "utf-8"),  # both lie
        ("utf-8", "unicode_escape", ""),  # no encoding of texts
        ("utf-8", "idna", "punycode"),
    ],
)
def test_a_feed_whose_encoding_lies_is_read_as_what_it_is(
    encoding: str, declared: str, stated: str
) -> None:
    text = rss(item("Grüße")).decode().replace('"1.0"', f'"1.0" encoding="{declared}"', 1)
    assert of_feed(text.encode(encoding), stated).items[0]["title"] == "Grüße"


def test_lone_ampersands_html_names_and_controls_do_not_make_a_feed_unreadable() -> None:
    (post,) = of_feed(rss(item("A&nbsp;B & C &eacute; \b&#233; &unknown; D"))).items
    assert post["title"] == "A B & C é é &unknown; D"


def test_only_the_newest_posts_are_taken_and_a_hundred_thousand_are_refused() -> None:
    days = [f"<pubDate>{day:02} Nov 2026 10:00:00 GMT</pubDate>" for day in range(1, 29)]
    many = [item(str(n), f"https://a.example/{n}", days[n % 28]) for n in range(500)]
    found = of_feed(rss(*many)).items
    assert len(found) == snapshot.MAX_POSTS
    assert {post["date"][:10] for post in found} >= {"2026-11-28", "2026-11-25"}
    assert min(post["date"] for post in found) >= "2026-11-23"
    whole = rss(*[item("x", f"https://a.example/{n}") for n in range(100_000)])
    assert why(of_feed, whole) == "it holds more than 2000 items"
    assert why(events.read, ics(*["UID:1"] * 100_000), "", WINDOW) == (
        "it holds more than 200000 lines"
    )


# --- calendars ----------------------------------------------------------------------------------

WEEKLY = """
UID:weekly
SUMMARY:Weekly
DTSTART;TZID=Europe/Berlin:20261102T180000
DTEND;TZID=Europe/Berlin:20261102T193000
RRULE:FREQ=WEEKLY;COUNT=4
"""


def test_repeated_events_are_dates_with_changes_and_exceptions() -> None:
    moved = """
UID:weekly
RECURRENCE-ID;TZID=Europe/Berlin:20261116T180000
SUMMARY:Weekly, on Tuesday
DTSTART;TZID=Europe/Berlin:20261117T180000
STATUS:CANCELLED
"""
    found = of_calendar(WEEKLY + "EXDATE;TZID=Europe/Berlin:20261109T180000", moved)
    assert starts(found) == ["2026-11-02 18:00", "2026-11-17 18:00", "2026-11-23 18:00"]
    assert [each["title"] for each in found.items] == ["Weekly", "Weekly, on Tuesday", "Weekly"]
    assert [each.get("status") for each in found.items] == [None, "cancelled", None]
    assert {each["timezone"] for each in found.items} == {"Europe/Berlin"}
    assert found.items[0]["end"] == "2026-11-02 19:30"


def test_changed_dates_without_the_event_that_they_change_are_dates_of_their_own() -> None:
    change = "UID:1\nSUMMARY:A\nRECURRENCE-ID:2026120{0}T180000Z\nDTSTART:2026120{0}T190000Z"
    found = of_calendar(change.format(1), change.format(2))
    assert starts(found) == ["2026-12-01 20:00", "2026-12-02 20:00"]


def test_an_exception_without_a_time_means_that_day() -> None:
    found = of_calendar(WEEKLY + "EXDATE;VALUE=DATE:20261109,20261116")
    assert starts(found) == ["2026-11-02 18:00", "2026-11-23 18:00"]


def test_the_clocks_of_the_zone_are_kept_when_they_change() -> None:
    rule = "UID:1\nSUMMARY:A\nDTSTART;TZID=Europe/Berlin:20261019T180000\nRRULE:FREQ=WEEKLY;COUNT=4"
    assert starts(of_calendar(rule)) == ["2026-11-02 18:00", "2026-11-09 18:00"]
    in_utc = rule.replace(";TZID=Europe/Berlin", "").replace("T180000", "T180000Z")
    assert starts(of_calendar(in_utc)) == ["2026-11-02 19:00", "2026-11-09 19:00"]


@pytest.mark.parametrize(
    ("start", "head", "told"),
    [
        ("DTSTART:20261203T180000Z", "", ("2026-12-03 19:00", "Europe/Berlin")),
        ("DTSTART:20261203T180000", "", ("2026-12-03 18:00", "Europe/Berlin")),
        (
            "DTSTART:20261203T180000",
            "X-WR-TIMEZONE:America/New_York\n",
            ("2026-12-03 18:00", "America/New_York"),
        ),
        (
            "DTSTART:20261203T180000",
            "X-WR-TIMEZONE:Nowhere/Land\n",
            ("2026-12-03 18:00", "Europe/Berlin"),
        ),
        (
            "DTSTART;TZID=America/New_York:20261203T180000",
            "",
            ("2026-12-03 18:00", "America/New_York"),
        ),
        (
            "DTSTART;TZID=W. Europe Standard Time:20261203T180000",
            "",
            ("2026-12-03 18:00", "Europe/Berlin"),
        ),
        ("DTSTART;VALUE=DATE:20261203", "", ("2026-12-03", None)),
    ],
)
def test_a_time_is_in_its_own_zone_else_the_calendars_else_the_sites(
    start: str, head: str, told: tuple[str, str | None]
) -> None:
    (found,) = of_calendar(f"UID:1\nSUMMARY:A\n{start}", head=head).items
    assert (found["start"], found.get("timezone")) == told


def test_an_end_in_the_hour_that_comes_twice_is_not_told_as_if_it_came_first() -> None:
    found = of_calendar(
        "UID:1\nSUMMARY:A\nDTSTART:20261101T053000Z\nDTEND:20261101T061500Z",
        head="X-WR-TIMEZONE:America/New_York\n",
    )
    (event,) = found.items
    assert (event["start"], event.get("end")) == ("2026-11-01 01:30", None)


def test_the_last_day_of_whole_days_is_included_as_people_write_it() -> None:
    three, one, odd = (
        of_calendar(f"UID:1\nSUMMARY:A\nDTSTART;VALUE=DATE:20261203\n{end}").items[0]
        for end in ("DTEND;VALUE=DATE:20261206", "", "DTEND;VALUE=DATE:20261101")
    )
    assert three["end"] == "2026-12-05"
    assert "end" not in one
    assert "end" not in odd


def test_cancelled_events_are_told_and_private_ones_are_not_kept() -> None:
    one = "UID:1\nSUMMARY:A\nDTSTART:20261203T180000Z\n"
    assert of_calendar(one + "STATUS:CANCELLED").items[0]["status"] == "cancelled"
    assert of_calendar(one + "STATUS:tentative").items[0]["status"] == "tentative"
    assert of_calendar(one, head="METHOD:CANCEL\n").items[0]["status"] == "cancelled"
    assert of_calendar(one + "CLASS:PRIVATE").items == []


def test_of_two_events_with_one_uid_the_later_revision_counts_and_the_other_is_told() -> None:
    old = "UID:1\nSUMMARY:Old\nDTSTART:20261203T180000Z\nSEQUENCE:1"
    new = "UID:1\nSUMMARY:New\nDTSTART:20261204T180000Z\nSEQUENCE:2"
    for order in ((old, new), (new, old)):
        found = of_calendar(*order)
        assert [each["title"] for each in found.items] == ["New"]
        assert found.notes == ["left out, since it has the UID of a later revision: “Old”"]


def test_a_stamp_that_changes_on_each_access_changes_nothing() -> None:
    one = "UID:1\nSUMMARY:A\nDTSTART:20261203T180000Z\nDTSTAMP:{}\nLAST-MODIFIED:{}"
    first, second = (
        of_calendar(one.format(s, s)) for s in ("20261101T000000Z", "20261102T000000Z")
    )
    assert first == second


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("SUMMARY:A", "it has no date"),
        ("SUMMARY:A\nDTSTART:2026", "it has no date"),
        ("SUMMARY:A\nDTSTART:20261203T180000Z\nRRULE:FREQ=SECONDLY", "not daily or coarser"),
        ("SUMMARY:A\nDTSTART:20261203T180000Z\nRRULE:FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("SUMMARY:A\nDTSTART:20261203T180000Z\nRRULE:FREQ=DAILY;COUNT=99999", "COUNT"),
        ("SUMMARY:A\nDTSTART:00010101T000000Z\nRRULE:FREQ=DAILY", "cannot be"),
        ("SUMMARY:A\nDTSTART:20261203T180000Z\nRRULE:nonsense", "several rules, or a broken one"),
        ("SUMMARY:A\nDTSTART:20261203T180000Z\nEXDATE:x", "its EXDATE is broken"),
    ],
)
def test_an_event_that_cannot_be_understood_is_left_out_and_told(event: str, message: str) -> None:
    found = of_calendar(f"UID:1\n{event}", "UID:2\nSUMMARY:Good\nDTSTART:20261203T180000Z")
    assert [each["title"] for each in found.items] == ["Good"]
    assert message in found.notes[0]
    assert "“A”" in found.notes[0]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is no calendar"),
        (b"<html>", "it is no calendar"),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "it is no calendar"),
        (b"BEGIN:VCALENDAR\r\n" * 50_000, "it nests more than 4 components"),
        (b"BEG\r\n IN:X\r\n" * 5, "it nests more than 4 components"),
        (ics(*["UID:1"] * 5000), "it holds more than 5000 components"),
        (b"X:1\r\n" * 200_001, "it holds more than 200000 lines"),
        (
            ics(*[f"UID:{n}\nDTSTART;VALUE=DATE:20261101\nRRULE:FREQ=DAILY" for n in range(20)]),
            "it gives more than 5000 dates within a year",
        ),
    ],
)
def test_what_is_no_calendar_or_too_much_of_one_is_refused(data: bytes, message: str) -> None:
    assert why(events.read, data, "", WINDOW).startswith(message)


def test_an_event_without_uid_is_known_by_its_address_else_by_its_title_and_date() -> None:
    url = "SUMMARY:{}\nDTSTART:2026120{}T180000Z\nURL:https://a.example/1"
    assert _ids(url.format("A", 1)) == _ids(url.format("B", 2))
    bare = "SUMMARY:{}\nDTSTART:2026120{}T180000Z"
    assert _ids(bare.format("A", 1)) == _ids(bare.format("A", 1))
    assert (
        len({*_ids(bare.format("A", 1)), *_ids(bare.format("B", 1)), *_ids(bare.format("A", 2))})
        == 3
    )


def _ids(event: str) -> tuple[str, ...]:
    return tuple(each["id"] for each in of_calendar(event).items)


# --- whatever the bytes -------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *("<rss version='2.0'>", "<channel>", "</channel>", "</rss>", "<item>", "</item>"),
        *(
            "<title>",
            "</title>",
            "<link>https://a.example/</link>",
            DATE,
            "<![CDATA[",
            "]]>",
            "<!--",
        ),
        *("<script>alert(1)</script>", "&lt;img src=x onerror=alert(1)&gt;", "&#0;", "&amp;#60;"),
        *("<?xml version='1.0' encoding='utf-7'?>", "<feed xmlns='http://www.w3.org/2005/Atom'>"),
        *(
            "</feed>",
            "<entry>",
            "</entry>",
            "<summary type='xhtml'>",
            "</summary>",
            "\x00",
            "\u202e",
        ),
        *("<description>", "</description>", "<guid>javascript:alert(1)</guid>", "<content>"),
    ]
)
LINES = st.sampled_from(
    [
        *("BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "UID:1", "UID:2"),
        *("DTSTART:20261203T180000Z", "DTSTART;VALUE=DATE:20261203", "DTEND:20261203T170000"),
        *("DTSTART;TZID=Europe/Berlin:20261203T180000", "DTSTART;TZID=X:20261203T180000"),
        *("RRULE:FREQ=WEEKLY", "RRULE:FREQ=YEARLY;BYDAY=53MO", "RRULE:FREQ=MINUTELY", "RRULE:"),
        *("EXDATE:20261203T180000Z,20261204", "RDATE;VALUE=PERIOD:20261203T180000Z/PT1H"),
        *("RECURRENCE-ID:20261210T180000Z", "STATUS:CANCELLED", "DURATION:-P1D", "DURATION:P"),
        *("SUMMARY:<script>alert(1)</script>", "DESCRIPTION:<img src=x onerror=x>\\nb", "CLASS:"),
        *(
            "URL:javascript:alert(1)",
            "URL:https://a.example/",
            "LOCATION:\x1b[31m\u202e",
            " folded",
        ),
        *("SEQUENCE:x", "SEQUENCE:2", "X-WR-TIMEZONE:UTC", "METHOD:CANCEL", "DTSTAMP:20261203"),
    ]
)
HOSTILE = st.one_of(
    st.binary(max_size=400),
    st.lists(PIECES, max_size=40).map(lambda p: "".join(p).encode()),
    st.lists(PIECES, max_size=12).map(lambda p: rss(item("t", more=DATE + "".join(p)))),
    st.text(max_size=100).map(lambda t: rss(item(html.escape(t), more=DATE))),
    st.lists(LINES, max_size=40).map(lambda lines: "\r\n".join(lines).encode()),
    st.lists(LINES, max_size=12).map(lambda lines: ics("\n".join(lines))),
    st.lists(LINES, max_size=12).map(lambda lines: ics("DTSTART:20261203T180000Z", *lines)),
)
ASKED = {"since": "2026-11-01", "until": "2027-12-01", "zone": "Europe/Berlin", "url": URL}


@given(HOSTILE, st.sampled_from(["posts", "events"]), st.sampled_from(["", "utf-8", "utf-16", "x"]))
def test_whatever_the_bytes_what_is_kept_is_whole_bounded_and_plain(
    data: bytes, what: str, charset: str
) -> None:
    told = reading.answered({**ASKED, "what": what, "charset": charset}, data)
    json.dumps(told)
    if "failed" in told:
        assert told["failed"].isprintable()
        return
    assert all(note.replace("\n", "").isprintable() for note in told["notes"])
    front = {"format": "1", "url": URL, what: told["items"]}
    kept = snapshot.typed(front)
    assert kept is not None, told
    assert snapshot.read("data/imports/x.json", snapshot.encoded(kept)) == (kept, [])
    for each in told["items"]:
        assert all(len(text) <= 1000 and unsafe_character(text) is None for text in each.values())
        assert each.get("url", "https:").startswith(("https:", "http:"))
        assert not re.search(r"<(script|img|p)\b", each.get("summary", ""))


@given(st.text(max_size=500), st.integers(10, 300))
def test_a_line_is_one_line_no_longer_than_it_may_be(text: str, most: int) -> None:
    made = cleaning.line(text, most)
    assert len(made) <= most
    assert made == cleaning.line(made, most)
    assert unsafe_character(made) is None
    assert made == " ".join(made.split())


@pytest.mark.parametrize("nested", ["<div>", "<b>", "<a ", "<![CDATA[", "[", "<script>"])
def test_nested_markup_costs_no_more_than_what_is_read_of_it(nested: str) -> None:
    assert len(cleaning.line_of_html(nested * 1_000_000, 300)) <= 300


# --- in a process of its own --------------------------------------------------------------------


def _read(what: str, data: bytes) -> Reading:
    days = {"since": WINDOW.first, "until": WINDOW.last, "zone": WINDOW.zone}
    return reading.read(what, data, charset="", url=URL, **days)  # type: ignore[arg-type]


def test_the_process_reads_what_is_read_here() -> None:
    feed, calendar = rss(item(), item("B", "https://a.example/b")), ics(WEEKLY)
    assert _read("posts", feed) == of_feed(feed)
    assert _read("events", calendar) == events.read(calendar, "", WINDOW)
    assert why(_read, "posts", LAUGHS).startswith("it declares a document type")


def test_a_process_that_does_not_end_or_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", 0.5)
    monkeypatch.setattr(reading, "_START", "import time; time.sleep(60)")
    assert why(_read, "posts", b"") == "reading it takes longer than 0.5 seconds"
    monkeypatch.setattr(reading, "SECONDS", 60)
    monkeypatch.setattr(reading, "_START", "import os; os.abort()")
    assert why(_read, "posts", b"") == "reading it takes more memory than any feed should"
