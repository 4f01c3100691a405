"""What holds for every page: nothing hidden, nothing that acts, no dead end, valid, linear."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from communities import community
from community_files import NOW, write
from view_pages import HTML, Site, event, faults, person, post, site

from judges import nu
from townsquare import build, pages, views
from townsquare.community import Community
from townsquare.library import Library

ROOT = Path(__file__).parents[1]
MACHINES = re.compile(
    r"(rss|atom)\.xml|feed\.json|events\.ics|feeds/[\w./-]+\.(xml|opml)|calendars/[\w./-]+\.ics"
    r"|search/|(schemas|api)/[\w./-]+\.json|reports/\w+\.(json|csv)"
)


@pytest.fixture(scope="module")
def sample() -> Site:
    """The sample community's pages."""
    return Site(in_place(ROOT))


def in_place(root: Path) -> Community:
    """The community of the folder, whatever is wrong with it."""
    checked = build.check(root, now=NOW)
    return Community(checked.library, checked.bodies, checked.clock, checked.addresses)


SECRET = "Zyxomma"


def hidden(text: str, how: str) -> str:
    """The file with a title and a body that nobody must read."""
    return text.replace("title: ", f"{how}\ntitle: {SECRET} ", 1).replace("Some text", SECRET)


@pytest.mark.parametrize("how", ["draft: yes", "publish: 2026-11-24", "expires: 2026-11-23"])
def test_what_is_hidden_stands_on_no_page(tmp_path: Path, how: str):
    files = {
        "content/people/ana.md": person("Ana"),
        "content/people/h.md": hidden(person("Person", joined="2026-11-01"), how),
        "content/partners/h.md": hidden(person("Partner", url="https://x.example/"), how),
        "content/blog/h.md": hidden(post("2026-01-01", authors="[ana]", tags="[care]"), how),
        "content/blog/a.md": post("2026-01-02", event="h", partners="[h]"),
        "events/h.md": hidden(event("2026-12-01", speakers="[ana]", series="s"), how),
        "events/a.md": event("2026-12-02", part_of="h", continues="h", partners="[p]"),
        "events/b.md": event("2026-12-02", organisers="[p]"),
        "content/partners/p.md": hidden(person("Partner", url="https://x.example/"), how),
        "content/about.md": person("About", owner="h"),
        "guidelines/h.md": hidden(
            person("Rule", type="policy", version="1", status="active", effective="2026-01-01"), how
        ),
        "guidelines/transparency/h.md": hidden(
            person("Figures", period="2026-H1", cases="[{category: spam, count: 7}]"), how
        ),
        "content/onboarding/h.md": hidden(person("Guide"), how),
        "content/onboarding/a.md": person("A", next="h", prerequisites="[h]"),
        "content/onboarding/paths/h.md": hidden(person("Path", guides="[a]"), how),
        "content/onboarding/paths/a.md": person("Way", guides="[a, h]"),
        "content/h.md": hidden(person("Page"), how),
    }
    made = site(tmp_path, files)
    assert len(made.community.library.entries) == len(files)
    for page in made.pages:
        shown = made.html(page.address) + page.title + page.description
        shown += pages.structured_data(page) + " ".join(f.title for f in page.feeds)
        assert SECRET not in shown, page.address
        assert "/h/" not in f"/{page.address}", page.address


def test_an_unlisted_person_is_a_name_where_they_signed_and_nothing_else(tmp_path: Path):
    files = {
        "content/people/q.md": person(SECRET, listed="no", joined="2026-11-01"),
        "content/blog/a.md": post("2026-01-01", authors="[q]"),
        "events/a.md": event("2026-12-02", speakers="[q]", organisers="[q]"),
        "guidelines/a.md": person(
            "Rule", type="policy", version="1", status="active", effective="2026-01-01"
        ),
    }
    made = site(tmp_path, files)
    naming = {p.address for p in made.pages if SECRET in made.html(p.address)}
    assert naming == {"", "blog/", "blog/archive/2026/", "blog/a/", "events/a/"}
    assert not any("people/q" in made.html(p.address) for p in made.pages)


HOSTILE = (
    "</title></script><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}&amp;%(x)s"
)


def test_no_field_can_put_markup_on_a_page(tmp_path: Path):
    quoted = f"'{HOSTILE}'"
    words = {"title": quoted, "description": quoted}
    files = {
        "content/people/ana.md": person(
            "Ana", **words, pronouns=quoted, joined="2026-11-01",
            roles=f"[{{role: {quoted}, team: {quoted}}}]",
            links=f"[{{title: {quoted}, url: 'https://x.example/'}}]",
        ),
        "content/partners/acme.md": person(
            "Acme", **words, url="https://x.example/", tier=quoted
        ),
        "content/blog/a.md": post(
            "2026-01-01", **words, authors=f"[ana, {{name: {quoted}, affiliation: {quoted}}}]",
            tags=f"[{quoted}]", partners="[acme]", sponsored="yes",
        ),
        "events/a.md": event(
            "2026-12-01", **words, status="tentative", status_note=quoted,
            registration=f"{{price: [{{name: {quoted}, price: {quoted}}}]}}",
            place=f"{{name: {quoted}, address: {quoted}, city: {quoted}}}",
            after=f"{{notes: {quoted}, slides: [{{url: 'https://r.example/', title: {quoted}}}]}}",
        ).replace("where: online\n", ""),
        "guidelines/a.md": person(
            "Rule", **words, type="policy", version=quoted, status="active", effective="2026-01-01",
            applies_to=f"[{quoted}]",
            ladder=f"[{{rung: {quoted}, event: {quoted}, consequence: {quoted}}}]",
            changes=f"[{{version: {quoted}, date: 2026-01-01, summary: {quoted}}}]",
        ),
        "guidelines/transparency/a.md": person(
            "F", **words, period="2026-H1", cases=f"[{{category: {quoted}, count: 7}}]"
        ),
        "content/onboarding/a.md": person(
            "G", **words, audience=quoted, outcome=quoted,
            steps=f"[{{title: {quoted}, done_when: {quoted}}}]",
        ),
        "content/onboarding/paths/a.md": person(
            "P", **words, guides="[a]", role=quoted, audience=quoted
        ),
    }  # fmt: skip
    made = in_place(write(tmp_path, files))
    assert len(made.library.entries) == len(files)
    whole = Site(made)
    for page in whole.pages:
        tags = Counter(str(e.tag).removeprefix(HTML) for e in whole.tree(page.address).iter())
        assert not tags.keys() & {"script", "img", "title"}, page.address
        assert "<" not in pages.structured_data(page), page.address
    shown = "people/ana/", "partners/acme/", "blog/a/", "events/a/", "guidelines/a/"
    more = "guidelines/transparency/a/", "onboarding/a/", "onboarding/paths/a/"
    assert [a for a in (*shown, *more) if whole.text(a).count(HOSTILE) < 2] == []


def test_every_link_of_the_sample_leads_to_a_page_or_file(sample: Site):
    assets = {asset.address for asset in sample.community.library.assets.values()}
    dead = {
        f"{page.address} -> {to}"
        for page in sample.pages
        for to in sample.links(page.address)
        if to not in sample and to not in assets and not MACHINES.fullmatch(to)
    }
    assert dead == set()


def test_every_page_of_the_sample_is_reached_from_the_front_page(sample: Site):
    # The theme's tabs stand on every page.
    reached, waiting = set[str](), {p.address for p in sample.pages if p.in_nav}
    while waiting:
        here = waiting.pop()
        reached.add(here)
        waiting |= {to for to in sample.links(here) if to in sample} - reached
    assert sorted(p.address for p in sample.pages if p.address not in reached) == []


def test_no_two_pages_of_the_sample_have_one_address(sample: Site):
    assert [a for a, n in Counter(p.address for p in sample.pages).items() if n > 1] == []


def test_every_page_of_the_sample_has_one_first_heading_and_skips_no_level(sample: Site):
    for page in sample.pages:
        found = (str(e.tag).removeprefix(HTML) for e in sample.tree(page.address).iter())
        levels = [int(tag[1]) for tag in found if re.fullmatch("h[1-6]", tag)]
        assert levels.count(1) == 1, page.address
        assert levels[0] == 1, page.address
        steps = [after - before for before, after in pairwise(levels)]
        assert max(steps, default=1) <= 1, (page.address, levels)


def test_every_page_of_the_sample_is_valid_in_html5libs_terms(sample: Site):
    found = {p.address: faults(sample.html(p.address)) for p in sample.pages}
    assert {address: said for address, said in found.items() if said} == {}


def test_every_page_of_the_sample_is_valid_in_the_nu_checkers_terms(sample: Site, tmp_path: Path):
    write(
        tmp_path,
        {
            f"{p.address}index.html": "<!doctype html><html lang=en><title>x</title><main>"
            + sample.html(p.address)
            + "</main>"
            for p in sample.pages
        },
    )
    assert nu.errors(tmp_path) == []


def test_pages_are_the_same_whatever_the_order_in_which_they_are_made(sample: Site):
    again = Site(in_place(ROOT))
    assert [p.address for p in again.pages] == [p.address for p in sample.pages]
    for page in reversed(again.pages):
        assert again.html(page.address) == sample.html(page.address)


def test_nothing_but_what_the_clock_answers_changes_with_time(tmp_path: Path):
    files = {"content/blog/a.md": post("2026-01-01"), "events/a.md": event("2026-01-02")}

    def everything(now: datetime) -> list[str]:
        made = site(tmp_path, files, now=now)
        return [made.html(p.address) + json.dumps(p.structured) for p in made.pages]

    early, late = (datetime(2026, 11, d, 3, 4, 5, tzinfo=UTC) for d in (1, 29))
    assert everything(early) == everything(late)


def calls_of_shown(made: Community, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often all pages together ask whether readers see an entry."""
    calls: list[str] = []
    real = Library.shown

    def counted(held: Library, entry: Any) -> bool:
        calls.append(entry.key)
        return real(held, entry)

    with monkeypatch.context() as patched:
        patched.setattr(Library, "shown", counted)
        list(views.pages(made))
    return len(calls)


def test_work_grows_with_the_community_and_not_with_its_square(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked: dict[int, int] = {}
    for size in (20, 80):
        more = {"tags": "[t]", "series": "s"}
        files = {f"content/blog/p{n}.md": post("2026-01-01", **more) for n in range(size)}
        files |= {f"events/e{n}.md": event("2026-02-01", **more) for n in range(size)}
        asked[size] = calls_of_shown(community(tmp_path / str(size), files), monkeypatch)
    assert asked[20] >= 40  # each entry once
    assert asked[80] < 5 * asked[20]


def test_the_contents_of_every_page_of_the_sample_name_places_on_it(sample: Site):
    for page in sample.pages:
        ids = {e.get("id") for e in sample.tree(page.address).iter()}
        assert {h.id for h in page.headings} <= ids, page.address


def fragments(made: Site, address: str) -> set[tuple[str, str]]:
    """The places that an article's links name: the page's address and the id."""
    here = f"https://x.example/{address}"
    found = (
        urlsplit(urljoin(here, a.get("href", ""))) for a in made.tree(address).iter(f"{HTML}a")
    )
    inside = (url for url in found if url.netloc == "x.example" and url.fragment)
    return {(unquote(url.path)[1:], unquote(url.fragment)) for url in inside}


def test_every_link_to_a_place_on_a_page_finds_it_there(sample: Site, tmp_path: Path):
    long = {"events/a.md": event("2025-01-07 18:00", repeat="{every: week}", series="s")}
    for made in (sample, site(tmp_path, long)):
        ids = {p.address: {e.get("id") for e in made.tree(p.address).iter()} for p in made.pages}
        named = {place for page in made.pages for place in fragments(made, page.address)}
        assert len(named) >= 24
        assert {place for place in named if place[1] not in ids[place[0]]} == set()
