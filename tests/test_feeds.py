"""Feeds of a community: what stands in them, and that all formats say the same."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from communities import community, made_by, outcome
from feed_readers import ATOM, addresses_in, from_atom, from_json, from_rss, parsed, utc
from hypothesis import given
from hypothesis import strategies as st
from json_feed import SCHEMA
from lxml import etree
from test_feeds_traps import CHANNEL, ITEM

from townsquare import feeds
from townsquare.feeds import formats
from townsquare.feeds.items import Item, tag_uri, writable
from townsquare.settings import Settings

POST = """
    ---
    title: "Bread & butter: <b>🍞</b> שלום"
    date: 2026-01-05
    updated: 2026-01-07 12:30
    authors: [ana, quiet, {name: Bo Guest, url: https://example.org/bo}]
    tags: [News & views]
    ---
    Before all: [the fair](../../events/fair.md) and **bold**.

    ## A heading

    ![A cover](cover.png)

    <script>alert(1)</script>
    """
FILES = {
    "content/blog/bread.md": POST,
    "content/blog/second.md": "---\ntitle: Second\ndate: 2026-02-01\n---\nMore.\n",
    "content/blog/draft.md": "---\ntitle: Secret\ndate: 2026-02-02\ndraft: yes\n---\nHidden.\n",
    "content/blog/later.md": "---\ntitle: Secret\ndate: 2027-02-02\n---\nHidden.\n",
    "content/blog/cover.png": "not really",
    "content/people/ana.md": "---\ntitle: Ana\n---\n",
    "content/people/quiet.md": "---\ntitle: Quiet One\nlisted: no\n---\n",
    "events/fair.md": "---\ntitle: Fair\nstart: 2026-12-03 18:00\nwhere: Town Hall\n---\nCome.\n",
}
ADDRESSES = {
    "atom.xml", "rss.xml", "feed.json", "feeds/archive/1.xml", "feeds/events.xml",
    "feeds/guidelines.xml", "feeds/people/ana.xml", "feeds/tags/news-views.xml",
    "feeds/subscriptions.opml",
}  # fmt: skip

# Any text that authors may write: no controls, no surrogates, nothing that is no character.
WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1
).filter(lambda text: writable(text) == text)


def made(root: Path, files: dict[str, str] = FILES) -> dict[str, bytes]:
    found = community(root, files)
    return made_by(feeds, found)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return made(tmp_path_factory.mktemp("community"))


def test_every_feed_has_its_address_also_an_empty_one(built):
    assert set(built) == ADDRESSES
    assert from_atom(built["feeds/guidelines.xml"]) == []


def test_every_feed_parses(built):
    for address in ADDRESSES - {"feed.json", "feeds/subscriptions.opml"}:
        parsed(built[address])


def test_rss_atom_and_json_agree_entry_by_entry(built):
    read = from_atom(built["atom.xml"])
    assert [each.title for each in read] == ["Second", "Bread & butter: <b>🍞</b> שלום"]
    assert read == from_rss(built["rss.xml"]) == from_json(built["feed.json"])


def test_feedparser_reads_the_same_from_atom_and_rss(built):
    atom, rss = parsed(built["atom.xml"]).entries, parsed(built["rss.xml"]).entries
    for one, other in zip(atom, rss, strict=True):
        assert (one.id, one.link) == (other.id, other.link)
        assert one.published_parsed == other.published_parsed
        assert one.updated_parsed == other.updated_parsed
        assert one.content[0].value == other.content[0].value
        assert [t.get("label") for t in one.get("tags", [])] == [
            t.term for t in other.get("tags", [])
        ]


def test_json_feed_follows_its_specification(built):
    whole = json.loads(built["feed.json"])
    jsonschema.Draft202012Validator(SCHEMA).validate(whole)
    del whole["items"][0]["id"]
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(whole)


def test_ids_are_made_from_kind_and_id_and_never_from_an_address(built):
    assert [each.id for each in from_atom(built["atom.xml"])] == [
        "tag:example.org,2026:post:second",
        "tag:example.org,2026:post:bread",
    ]


def test_an_id_with_letters_of_any_script_is_a_uri():
    settings = Settings(authority="example.org,2026")
    assert tag_uri(settings, "post", "größe") == "tag:example.org,2026:post:gr%C3%B6%C3%9Fe"


def test_renaming_a_file_with_its_id_changes_the_link_alone(tmp_path):
    before = made(tmp_path / "a", {"content/blog/old.md": "---\ntitle: A\ndate: 2026-01-05\n---\n"})
    text = "---\ntitle: A\nid: old\ndate: 2026-01-05\n---\n"
    (one,) = from_atom(before["atom.xml"])
    (other,) = from_atom(made(tmp_path / "b", {"content/blog/new.md": text})["atom.xml"])
    assert other == one._replace(url="https://example.org/site/blog/new/")


def test_stamps_are_the_authors_in_the_zone_of_the_site(built):
    bread = from_atom(built["atom.xml"])[1]
    assert bread.published == utc(2026, 1, 4, 23)
    assert bread.updated == utc(2026, 1, 7, 11, 30)


def test_a_text_is_whole_and_has_whole_addresses_and_no_script(built):
    content = from_atom(built["atom.xml"])[1].content
    assert addresses_in(content) == [
        "https://example.org/site/events/fair/",
        "https://example.org/site/blog/cover.png",
    ]
    assert "<strong>bold</strong>" in content
    assert "script" not in content
    assert "**" not in content


def test_nothing_hidden_is_in_any_feed(built):
    for address, data in built.items():
        assert b"Secret" not in data and b"draft" not in data, address


def test_who_is_not_listed_signs_with_a_name_and_has_no_feed(built):
    feed = etree.fromstring(built["atom.xml"])
    authors = [
        (who.findtext(f"{ATOM}name"), who.findtext(f"{ATOM}uri"))
        for who in feed.iterfind(f"{ATOM}entry/{ATOM}author")
    ]
    assert authors == [
        ("Ana", "https://example.org/site/people/ana/"),
        ("Quiet One", None),
        ("Bo Guest", "https://example.org/bo"),
    ]
    assert "feeds/people/quiet.xml" not in built


def test_feeds_of_a_tag_and_of_a_person_hold_their_posts(built):
    for address in ("feeds/tags/news-views.xml", "feeds/people/ana.xml"):
        assert [each.id for each in from_atom(built[address])] == [
            "tag:example.org,2026:post:bread"
        ]


def test_the_newest_thirty_stand_in_the_main_feeds(tmp_path):
    files = {
        f"content/blog/p{n:02}.md": f"---\ntitle: P{n}\ndate: 2026-01-{n % 28 + 1:02}\n---\n"
        for n in range(31)
    }
    found = made(tmp_path, files)
    for read in (from_atom(found["atom.xml"]), from_rss(found["rss.xml"])):
        assert len(read) == 30
        assert [each.published for each in read] == sorted(
            (each.published for each in read), reverse=True
        )


def test_the_same_community_gives_the_same_bytes_in_another_folder_and_at_another_time(tmp_path):
    later = community(tmp_path / "b", FILES, now=utc(2026, 11, 24))
    assert made_by(feeds, later) == made(tmp_path / "a")


def test_the_opml_lists_every_feed_once(built):
    tree = etree.fromstring(built["feeds/subscriptions.opml"])
    assert (tree.tag, tree.get("version")) == ("opml", "2.0")
    listed = [each.get("xmlUrl") for each in tree.iterfind("body/outline/outline")]
    assert listed == [
        f"https://example.org/site/{at}"
        for at in (
            "atom.xml", "feeds/events.xml", "feeds/guidelines.xml", "feeds/tags/news-views.xml",
            "feeds/people/ana.xml",
        )
    ]  # fmt: skip
    outlines = tree.findall("body/outline/outline")
    assert all(each.get("type") == "rss" and each.get("text") for each in outlines)


def test_the_ledger_is_told_of_every_feed(tmp_path, built):
    found = community(tmp_path, FILES)
    assert set(feeds.machines(found)) == ADDRESSES - {"feeds/subscriptions.opml"}


def test_a_feed_that_was_published_stays_when_nothing_is_left_for_it(tmp_path):
    once = {"feeds/tags/gone.xml": "Gone", "podcast.xml": "Heard", "calendars/tags/gone.ics": "x"}
    found = community(tmp_path, {"content/index.md": "---\ntitle: Home\n---\n"})
    written = made_by(feeds, found, outcome(found, emptied=once))
    assert from_atom(written["feeds/tags/gone.xml"]) == []
    assert etree.fromstring(written["feeds/tags/gone.xml"]).findtext(f"{ATOM}id") == (
        "tag:example.org,2026:feed:tag:gone"
    )
    assert from_rss(written["podcast.xml"]) == []
    assert "calendars/tags/gone.ics" not in written


def test_an_empty_community_has_feeds_of_the_constant_stamp(tmp_path):
    found = made(tmp_path, {"content/index.md": "---\ntitle: Home\n---\n"})
    feed = etree.fromstring(found["atom.xml"])
    assert feed.findtext(f"{ATOM}updated") == "2000-01-01T00:00:00+00:00"
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(found["feed.json"]))


def test_pages_announce_the_feeds_that_there_are(tmp_path, built):
    links = feeds.announced(community(tmp_path, FILES))
    assert [each.address for each in links] == [
        "atom.xml", "rss.xml", "feed.json", "feeds/events.xml", "feeds/guidelines.xml",
    ]  # fmt: skip
    assert {each.address for each in links} < set(built)
    assert links[1].type == "application/rss+xml"


def test_a_feed_of_guidelines_tells_of_each_version_that_holds(tmp_path):
    text = """
        ---
        title: Photos
        type: policy
        version: 1.1
        status: active
        effective: 2026-02-01
        changes:
          - {version: 1.1, date: 2026-02-01, summary: Ask <first>.}
          - {version: 1.2, date: 2027-01-01, summary: Not yet.}
          - {version: 1.0, date: 2025-01-01, summary: First version.}
        ---
        """
    read = from_atom(made(tmp_path, {"guidelines/photos.md": text})["feeds/guidelines.xml"])
    assert [(each.id, each.title, each.content) for each in read] == [
        (
            "tag:example.org,2026:guideline:photos:1.1",
            "Photos, version 1.1",
            "<p>Ask &lt;first&gt;.</p>",
        ),
        (
            "tag:example.org,2026:guideline:photos:1.0",
            "Photos, version 1.0",
            "<p>First version.</p>",
        ),
    ]
    assert read[0].url == "https://example.org/site/guidelines/photos/"


@given(title=WORDS, content=WORDS, name=WORDS)
def test_any_text_comes_back_from_every_format(title, content, name):
    item = Item(
        id="tag:x,2026:a", title=title, url=ITEM.url, published=ITEM.published,
        updated=ITEM.updated, content=content, summary=title,
        authors=(type(ITEM.authors[0])(name),), topics=(("a", title),),
    )  # fmt: skip
    expected = (title, content, (name,), (title,))
    for read in (
        from_atom(formats.atom(CHANNEL, (item,))),
        from_rss(formats.rss(CHANNEL, (item,))),
        from_json(formats.json_feed(CHANNEL, (item,))),
    ):
        assert [(each.title, each.content, each.authors, each.topics) for each in read] == [
            expected
        ]


def test_atom_has_what_rfc_4287_requires(built):
    for address, data in built.items():
        if address.endswith(".xml") and address != "rss.xml":
            feed = etree.fromstring(data)
            for node in (feed, *feed.iterfind(f"{ATOM}entry")):
                for name in ("id", "title", "updated"):
                    assert len(node.findall(f"{ATOM}{name}")) == 1, (address, name)
            assert feed.find(f"{ATOM}author/{ATOM}name").text
            (own,) = feed.findall(f"{ATOM}link[@rel='self']")
            assert own.get("href") == f"https://example.org/site/{address}"
            ids = [each.text for each in feed.iterfind(f"{ATOM}entry/{ATOM}id")]
            assert len(ids) == len(set(ids))


def test_feeds_hold_no_e_mail_address(built):
    for address, data in built.items():
        assert b"@" not in data, address


def test_an_updated_before_the_publication_counts_as_the_publication(tmp_path):
    text = "---\ntitle: A\ndate: 2026-02-05\nupdated: 2026-02-01\n---\n"
    (read,) = from_atom(made(tmp_path, {"content/blog/a.md": text})["atom.xml"])
    assert read.updated - read.published == timedelta(0)
