"""One small community with one of everything gives these very bytes.

`TOWNSQUARE_BLESS=1 python scripts/test.py tests/test_golden.py` takes today's output as right: read
the diff of tests/golden/site as a reader, a feed reader and a calendar app would.
"""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

import pytest
from communities import NOW

from townsquare import build, ledger, pages
from townsquare.kinds import KINDS

GOLDEN = Path(__file__).with_name("golden")
SITE = GOLDEN / "site"
BLESS = bool(os.environ.get("TOWNSQUARE_BLESS"))
FILES = (
    *(
        "rss.xml",
        "atom.xml",
        "feed.json",
        "podcast.xml",
        "feeds/guidelines.xml",
        "feeds/events.xml",
    ),
    *("feeds/tags/moderation.xml", "feeds/subscriptions.opml", "events.ics"),
    *("calendars/events/fair.ics", "calendars/series/schools.ics", "api/events.json"),
    *("api/posts.json", "api/people.json", "api/tags.json", "ledger.json", "sitemap.xml"),
)
PAGES = (
    *("", "blog/", "blog/first/", "blog/episode/", "events/", "events/call/", "events/fair/"),
    *("events/school/", "events/storm/", "guidelines/", "guidelines/conduct/"),
    *("guidelines/transparency/2026-H1/", "onboarding/", "onboarding/first-steps/"),
    *(
        "onboarding/paths/host/",
        "reports/",
        "people/",
        "people/ana/",
        "partners/",
        "partners/acme/",
        "partners/news/",
    ),
    *("tags/", "tags/moderation/", "subscribe/", "news/first/", "about/"),
)


@cache
def written() -> dict[str, bytes]:
    """What is compared, by the name of its golden file."""
    checked = build.check(GOLDEN / "community", now=NOW)
    assert not checked.errors
    first = ledger.Previous(beginning=ledger.Beginning.FIRST)
    plan = build.plan(checked, previous=first)
    article = pages.Article(plan.community.settings, plan.community.addresses)
    found = {page.address: article.render(page).encode() for page in plan.pages}
    every = sorted((*found, *plan.files, *plan.assets))
    return {
        "addresses.txt": "".join(f"/{address}\n" for address in every).encode(),
        **{path: plan.files[path] for path in FILES},
        **{f"{address}article.html": found[address] for address in PAGES},
    }


@pytest.fixture(scope="module", autouse=True)
def blessed() -> None:
    if BLESS:
        shutil.rmtree(SITE, ignore_errors=True)
        for path, content in written().items():
            file = SITE / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


@pytest.mark.parametrize("path", ["addresses.txt", *FILES, *(f"{p}article.html" for p in PAGES)])
def test_the_golden_community_gives_the_golden_bytes(path):
    assert written()[path].decode() == (SITE / path).read_bytes().decode()


def test_no_golden_file_is_left_over():
    files = (file for file in SITE.rglob("*") if file.is_file())
    assert {file.relative_to(SITE).as_posix() for file in files} == set(written())


def test_the_golden_community_has_one_of_every_kind():
    held = build.check(GOLDEN / "community", now=NOW).library
    assert {entry.kind.name for entry in held.entries} == {kind.name for kind in KINDS}
