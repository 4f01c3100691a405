"""Whole sites on disk, of the sample and of a real community, as others' programs read them.

What is proved elsewhere of feeds and calendars in memory (test_feeds_real, test_calendar_engines)
is proved here of the files that are published.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from built_sites import Built, built, in_structured_data, on_page, window
from community_files import write
from feed_readers import addresses_in, from_atom, from_json, from_rss, parsed
from lxml import etree

from judges import browser, ical_js, icalendar_events
from townsquare.problems import Severity

# All that the corpus holds, and what our pages know of: eight years from this month.
START, END = datetime(2010, 1, 1, tzinfo=UTC), datetime(2034, 11, 8, tzinfo=UTC)
XML = r"rss\.xml|atom\.xml|podcast\.xml|feeds/.*\.xml"
WHOLE = re.compile(r"(?:https?://|mailto:)\S+")
KILOBYTE = 1024
YML = """
    site_name: New
    site_url: https://example.org/new/
    plugins: []
    theme: {name: material}
    """


@pytest.fixture(scope="module")
def sample(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built(root, tmp_path_factory.mktemp("sample") / "site", search=True)


@pytest.fixture(scope="module")
def corpus(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built(corpora / "rust-community", tmp_path_factory.mktemp("corpus") / "site")


@pytest.fixture(scope="module", params=["sample", "corpus"])
def site(request: pytest.FixtureRequest) -> Built:
    return request.getfixturevalue(request.param)


def test_every_post_and_event_has_its_page_and_stands_in_its_feed_or_calendar(site):
    posts, events = site.community.posts, site.community.events
    pages = {f"{entry.address}index.html" for entry in [*posts, *events]}
    assert len(pages) == len(posts) + len(events) > 40
    assert pages <= set(site.pages)
    archived = [
        each for data in site.named(r"feeds/archive/\d+\.xml").values() for each in from_atom(data)
    ]
    urls = [site.community.settings.absolute(entry.address) for entry in reversed(posts)]
    assert sorted(each.url for each in archived) == sorted(urls)
    assert {f"calendars/events/{entry.id}.ics" for entry in events} <= set(site.files)


def test_the_corpus_is_whole(corpus):
    entries = corpus.community.library.entries
    assert len(corpus.community.posts) == 745
    assert len(corpus.community.events) == 2188
    assert sum(entry.kind.name == "person" for entry in entries) == 161
    assert corpus.plan.errors == ()


def test_every_feed_is_well_formed_and_names_whole_addresses_alone(site):
    feeds = site.named(XML)
    assert len(feeds) > 20
    for address, data in feeds.items():
        for link in etree.fromstring(data).xpath("//@href | //@src | //@url | //link/text()"):
            assert WHOLE.fullmatch(link), (address, link)


def test_every_feed_parses(site, full):
    # feedparser takes half a minute for a real community's feeds: the normal run asks a share.
    feeds = [
        (a, d)
        for n, (a, d) in enumerate(site.named(XML).items())
        if full or "/" not in a or n % 12 == 0
    ]
    assert {"atom.xml", "rss.xml"} <= {address for address, _ in feeds}
    for address, data in feeds:
        read = parsed(data)
        assert read.version == ("rss20" if b"<rss " in data[:300] else "atom10"), address
        for entry in read.entries:
            for content in entry.get("content", []):
                for link in addresses_in(content.value):
                    assert WHOLE.fullmatch(link.replace("\n", "")), (address, entry.id, link)


def test_rss_atom_and_json_feed_agree(site):
    atom, rss, feed = ((site.folder / p).read_bytes() for p in ("atom.xml", "rss.xml", "feed.json"))
    read = from_atom(atom)
    assert len(read) == min(30, len(site.community.posts))
    assert read == from_rss(rss) == from_json(feed)


def test_what_a_feed_names_on_this_site_is_there(site):
    assert [url for url in from_feeds(site) if not site.leads(url)] == []


def from_feeds(site: Built) -> set[str]:
    """Every address that a feed names outside its texts."""
    named = "//*[local-name()='link']/@href | //@url | //channel/link/text() | //item/link/text()"
    return {u for data in site.named(XML).values() for u in etree.fromstring(data).xpath(named)}


def test_the_list_of_feeds_names_every_feed_but_archives(site):
    outline = etree.parse(site.folder / "feeds/subscriptions.opml").xpath("//@xmlUrl")
    named = {found[0] for url in outline if (found := site.file_of(url))}
    assert named == {
        p for p in site.named(XML) if not p.startswith("feeds/archive/") and p != "rss.xml"
    }


def test_every_calendar_is_read_alike_by_two_engines(site):
    calendars = site.named(r".*\.ics")
    assert len(calendars) > 40
    read = ical_js.expand_all(calendars, START, END)
    for address, data in calendars.items():
        assert icalendar_events.expand(data, START, END) == read[address], address


def test_what_takes_place_by_our_reckoning_is_what_calendars_say(site):
    community, found = site.community, {}
    whole = ical_js.expand_all(site.named(r"calendars/events/.*\.ics"), START, END)
    for entry in community.events:
        found[entry.id] = sorted(
            (str(o.start), str(o.end)) if o.all_day else (_utc(o.begins), _utc(o.ends))
            for o in community.occurrences(entry)
        )
    read = {
        address.removeprefix("calendars/events/").removesuffix(".ics"): sorted(
            (str(o["start"]), str(o["end"])) for o in held
        )
        for address, held in whole.items()
    }
    assert read == found


def test_the_calendars_of_all_events_and_of_past_years_hold_what_the_events_own_do(site):
    own = ical_js.expand_all(site.named(r"calendars/events/.*\.ics"), START, END)
    whole = site.named(r"events\.ics|calendars/archive/\d+\.ics")
    together = ical_js.expand_all(whole, START, END)
    assert len(together) > 1
    held = [{_key(o) for each in read.values() for o in each} for read in (together, own)]
    assert held[0] == held[1]


def test_pages_and_structured_data_show_what_calendars_say_within_their_window(site):
    calendars = ical_js.expand_all(site.named(r"calendars/events/.*\.ics"), START, END)
    several = 0
    for entry in site.community.events:
        path = f"{entry.address}index.html"
        zone = site.community.schedule(entry).zone
        expected = window(calendars[f"calendars/events/{entry.id}.ics"], zone)
        assert in_structured_data(site.structured(path)) == expected, path
        assert on_page(site.tree(path)) == [start for start, _ in expected], path
        several += len(expected) > 1
    assert several or site.community.settings.site_name != "Townsquare"


def test_every_link_of_the_sample_leads_to_a_file_and_a_place_in_it(sample):
    assert {path: found for path in sample.pages if (found := list(sample.dead(path)))} == {}


def test_a_community_that_has_nothing_yet_has_no_dead_link(tmp_path):
    files = {"mkdocs.yml": YML, "content/index.md": "---\ntitle: Home\n---\nHello.\n"}
    site = built(write(tmp_path / "root", files), tmp_path / "site")
    assert {path: found for path in site.pages if (found := list(site.dead(path)))} == {}
    assert [url for url in from_feeds(site) if not site.leads(url)] == []


def test_what_is_dead_in_a_real_community_was_dead_in_its_texts_and_is_reported(corpus):
    by_path, told = corpus.community.library.by_path, set[tuple[str, str]]()
    for each in corpus.plan.problems:
        if each.code == "anchor_broken":
            found = re.fullmatch(r"(?:this page|(\S+)) has no heading `#(.*)`", each.message)
            assert found, each.message
            page = by_path[found[1] or each.place.path].address
            told.add((f"{page}index.html", found[2]))
    dead = {corpus.file_of(url) for path in corpus.pages for url in corpus.dead(path)}
    assert dead == told and len(told) > 50


def test_problems_of_a_real_community_have_a_file_and_a_line_and_stop_nothing(corpus):
    assert len(corpus.plan.problems) > 100
    for each in corpus.plan.problems:
        assert each.severity is not Severity.ERROR
        assert (corpus.community.library.root / each.place.path).is_file()
        assert each.place.line >= 1 and each.place.column >= 1


def test_the_sitemap_names_each_page_that_may_be_found_and_nothing_else(site):
    listed = etree.parse(site.folder / "sitemap.xml").xpath("//*[local-name()='loc']/text()")
    files = [found[0] for url in listed if (found := site.file_of(url))]
    own = {
        path
        for path in site.pages
        if site.tree(path).xpath("//link[@rel='canonical']/@href")
        == [site.url + quote(path.removesuffix("index.html"))]
    }
    # What was first published elsewhere names that place, and is found here all the same.
    assert own <= set(files) and len(files) == len(set(files)) and set(files) <= set(site.pages)
    for path in set(site.pages) - set(files):
        assert site.tree(path).xpath("//meta[@name='robots' or @http-equiv='refresh']"), path


def test_every_feed_and_calendar_that_pages_offer_is_there(site):
    offered = {
        found[0]
        for path in site.pages
        for url in site.tree(path).xpath("//link[@rel='alternate'][@type]/@href")
        if (found := site.file_of(urljoin(site.url + path, url)))
    }
    assert {"rss.xml", "atom.xml", "feed.json"} <= offered <= set(site.files)


def test_data_names_addresses_that_are_there(site):
    for address, data in site.named(r"api/.*\.json").items():
        for url in _urls(json.loads(data), site.url):
            assert site.leads(url), (address, url)


def test_an_event_page_is_at_most_thirty_kilobytes_in_a_community_of_two_thousand_events(corpus):
    assert max(sizes(corpus).values()) <= 30 * KILOBYTE


def test_the_sample_s_event_pages_are_light_those_with_two_dozen_dates_too(sample):
    found = sizes(sample)
    longest = found.pop("events/2026/townsquare-evening/index.html")
    assert longest <= 32 * KILOBYTE and max(found.values()) <= 30 * KILOBYTE


def sizes(site: Built) -> dict[str, int]:
    """Bytes of HTML of every event's page."""
    pages = (f"{entry.address}index.html" for entry in site.community.events)
    return {path: site.files[path].stat().st_size for path in pages}


def test_the_first_load_of_the_heaviest_event_page_is_at_most_a_hundred_kilobytes(site, chromium):
    heaviest = max(sizes(site).items(), key=lambda found: (found[1], found[0]))[0]
    with browser.served(site.folder) as base, chromium.visit(base + heaviest) as visit:
        sent = visit.transferred()
    assert f"/{heaviest}" in sent and len(sent) > 3
    assert not [path for path in sent if path.startswith("/pagefind/")]
    assert sum(sent.values()) <= 100 * KILOBYTE, sent


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _key(occurrence: ical_js.Occurrence) -> tuple[str, str, str]:
    return tuple(str(occurrence[name]) for name in ("uid", "start", "end"))  # type: ignore[return-value]


def _urls(data: object, own: str) -> list[str]:
    """Every text in the data that begins with this site's address."""
    if isinstance(data, dict):
        return [url for value in data.values() for url in _urls(value, own)]
    if isinstance(data, list):
        return [url for value in data for url in _urls(value, own)]
    return [data] if isinstance(data, str) and data.startswith(own) else []
