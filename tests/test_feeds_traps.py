"""Each trap of feedgen 1.0: that it is there, and that our feeds do not fall into it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from feed_readers import ATOM, DC, from_atom, from_rss, utc
from feedgen.feed import FeedGenerator
from lxml import etree

from townsquare.feeds import formats
from townsquare.feeds.items import Author, Channel, Item, writable
from townsquare.feeds.recordings import Enclosure

CHANNEL = Channel(
    id="tag:example.org,2026:feed:posts",
    title="News",
    description="What is new",
    url="https://example.org/atom.xml",
    home="https://example.org/",
    author="Example",
    language="en",
)
ITEM = Item(
    id="tag:example.org,2026:post:one",
    title="One",
    url="https://example.org/blog/one/",
    published=utc(2026, 1, 5),
    updated=utc(2026, 1, 6),
    content="<p>Text &amp; more</p>",
    summary="Text & more",
    authors=(Author("Ana", "https://example.org/people/ana/"), Author("Bo Guest")),
    enclosures=(
        Enclosure("https://example.org/one.mp3", "audio/mpeg", 1234),
        Enclosure("https://example.org/two.mp3", "audio/mpeg", 99),
    ),
)
SECOND = replace(ITEM, id="tag:example.org,2026:post:two", title="Two", updated=utc(2026, 1, 4))


def plain() -> tuple[Any, Any]:
    """feedgen as its documentation uses it: a feed with what it requires, and one entry."""
    feed = FeedGenerator()
    feed.id("tag:x")
    feed.title("News")
    feed.description("What is new")
    feed.link(href="https://example.org/", rel="alternate")
    entry = feed.add_entry()
    entry.id("tag:y")
    entry.title("One")
    entry.link(href="https://example.org/blog/one/")
    return feed, entry


def atom(*items: Item) -> Any:
    return etree.fromstring(formats.atom(CHANNEL, items))


def rss(*items: Item) -> Any:
    return etree.fromstring(formats.rss(CHANNEL, items))[0]


def test_feedgen_drops_what_an_atom_link_is():
    feed, entry = plain()
    entry.link(href="https://example.org/one.mp3", rel="enclosure", type="audio/mpeg", length="9")
    links = etree.fromstring(feed.atom_str()).findall(f"{ATOM}entry/{ATOM}link")
    assert [dict(each.attrib) for each in links] == [
        {"href": "https://example.org/blog/one/"},
        {"href": "https://example.org/one.mp3"},
    ]


def test_atom_links_say_what_they_are():
    links = atom(ITEM).findall(f"{ATOM}entry/{ATOM}link")
    assert [dict(each.attrib) for each in links] == [
        {"rel": "alternate", "type": "text/html", "href": "https://example.org/blog/one/"},
        {
            "rel": "enclosure", "type": "audio/mpeg", "length": "1234",
            "href": "https://example.org/one.mp3",
        },
        {
            "rel": "enclosure", "type": "audio/mpeg", "length": "99",
            "href": "https://example.org/two.mp3",
        },
    ]  # fmt: skip


def test_feedgen_takes_the_last_link_for_the_rss_channel():
    feed, _ = plain()
    feed.link(href="https://example.org/rss.xml", rel="self")
    assert etree.fromstring(feed.rss_str())[0].findtext("link") == "https://example.org/rss.xml"


def test_the_rss_channel_links_to_the_page():
    channel = rss(ITEM)
    assert channel.findtext("link") == "https://example.org/"
    assert channel.find(f"{ATOM}link").get("rel") == "self"


def test_feedgen_drops_rss_authors_without_an_address():
    feed, entry = plain()
    entry.description("x")
    entry.author(name="Ana")
    assert b"Ana" not in feed.rss_str()


def test_rss_names_every_author():
    creators = rss(ITEM).findall(f"item/{DC}creator")
    assert [each.text for each in creators] == ["Ana", "Bo Guest"]


def test_feedgen_writes_the_whole_text_only_beside_a_summary():
    feed, entry = plain()
    entry.content("<p>Whole</p>")
    assert b"content:encoded" not in feed.rss_str()


@pytest.mark.parametrize("summary", ["", "Short"])
def test_rss_has_the_whole_text_with_and_without_a_summary(summary):
    (read,) = from_rss(formats.rss(CHANNEL, (replace(ITEM, summary=summary),)))
    assert read.content == "<p>Text &amp; more</p>"


def test_feedgen_writes_an_atom_type_that_does_not_exist():
    feed, entry = plain()
    entry.content("<p>Whole</p>", type="CDATA")
    content = etree.fromstring(feed.atom_str()).find(f"{ATOM}entry/{ATOM}content")
    assert content.get("type") == "CDATA"


def test_atom_content_is_html():
    entry = atom(ITEM).find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}content").get("type") == "html"
    assert entry.find(f"{ATOM}summary").get("type") is None


@pytest.mark.parametrize(
    ("text", "error"),
    [("a\x08b", ValueError), ("a\ufffeb", ValueError), ("a\ud800b", UnicodeEncodeError)],
)
def test_feedgen_stops_at_what_xml_cannot_hold(text, error):
    feed, entry = plain()
    with pytest.raises(error):
        entry.title(text)
        feed.atom_str()


@pytest.mark.parametrize("text", ["a\x00b", "a\x08b", "a\x1bb", "a\ufffeb", "a\uffffb", "a\ud800b"])
def test_what_xml_cannot_hold_is_left_out(text):
    item = replace(ITEM, title=writable(text), content=writable(text), summary=writable(text))
    for read in (
        from_atom(formats.atom(CHANNEL, (item,))),
        from_rss(formats.rss(CHANNEL, (item,))),
    ):
        assert (read[0].title, read[0].content) == ("ab", "ab")


def test_feedgen_reverses_the_order():
    feed, _ = plain()
    second = feed.add_entry()
    second.id("tag:z")
    second.title("Two")
    second.link(href="https://example.org/two/")
    titles = etree.fromstring(feed.atom_str()).iterfind(f"{ATOM}entry/{ATOM}title")
    assert [each.text for each in titles] == ["Two", "One"]


def test_items_stand_in_their_order():
    assert [read.title for read in from_atom(formats.atom(CHANNEL, (ITEM, SECOND)))] == [
        "One",
        "Two",
    ]
    assert [read.title for read in from_rss(formats.rss(CHANNEL, (ITEM, SECOND)))] == ["One", "Two"]


def test_feedgen_reads_the_clock():
    feed, entry = plain()
    entry.description("x")
    assert "lastBuildDate" in feed.rss_str().decode()
    assert (
        etree.fromstring(feed.atom_str()).findtext(f"{ATOM}updated") != "2026-01-06T00:00:00+00:00"
    )


def test_a_feed_was_updated_when_its_newest_item_was():
    for items, updated in (((SECOND, ITEM), "2026-01-06"), ((), "2000-01-01")):
        stamp = f"{updated}T00:00:00+00:00"
        assert atom(*items).findtext(f"{ATOM}updated") == stamp
        assert rss(*items).findtext("lastBuildDate").split()[1:4] == (
            ["06", "Jan", "2026"] if items else ["01", "Jan", "2000"]
        )


def test_feedgen_names_its_version():
    feed, _ = plain()
    generator = etree.fromstring(feed.atom_str()).find(f"{ATOM}generator")
    assert re.fullmatch(r"\d+\.\d+\.\d+", generator.get("version"))


def test_no_version_is_named():
    assert dict(atom(ITEM).find(f"{ATOM}generator").attrib) == {}
    assert rss(ITEM).findtext("generator") == "Townsquare"


def test_feedgen_lets_one_format_change_the_other():
    feed, entry = plain()
    entry.content("<p>Whole</p>", type="html")
    entry.description("Short")
    assert b"Whole" not in feed.atom_str()


def test_atom_and_rss_have_their_own_summary():
    assert atom(ITEM).findtext(f"{ATOM}entry/{ATOM}summary") == "Text & more"
    assert rss(ITEM).findtext("item/description") == "Text &amp; more"


def test_feedgen_keeps_the_last_of_two_rss_enclosures():
    feed, entry = plain()
    entry.description("x")
    entry.enclosure("https://example.org/one.mp3", "1", "audio/mpeg")
    entry.enclosure("https://example.org/two.mp3", "2", "audio/mpeg")
    found = etree.fromstring(feed.rss_str())[0].findall("item/enclosure")
    assert [each.get("url") for each in found] == ["https://example.org/two.mp3"]


def test_an_rss_item_has_the_first_enclosure():
    found = rss(ITEM).findall("item/enclosure")
    assert [dict(each.attrib) for each in found] == [
        {"url": "https://example.org/one.mp3", "length": "1234", "type": "audio/mpeg"}
    ]


def test_feedgen_knows_no_explicit_false():
    feed, _ = plain()
    feed.load_extension("podcast")
    with pytest.raises(ValueError):
        feed.podcast.itunes_explicit("false")
