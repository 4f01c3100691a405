"""Partners: what is done with them, what they paid for, and what they allow until when."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from communities import NOW, community, context, made_by, of_each
from feed_readers import parsed, utc
from view_pages import HTML, Site, event, person, post, site

from townsquare import api, attachments, catalogue, feeds
from townsquare.checks import partners

PARTNER = "---\ntitle: Acme\nurl: https://acme.example/\n{}\n---\n"
PAID = "blog/paid/"
FILES = {
    "content/tags.yml": "books: {title: Books}\n",
    "content/partners/acme.md": PARTNER.format(""),
    "content/people/ana.md": person("Ana"),
    "events/fair.md": event("2026-12-01", organisers="[acme]", tags="[books]"),
    "events/talk.md": event("2026-12-02", partners="[acme]"),
    "content/blog/paid.md": post(
        "2026-06-01", authors="[ana]", partners="[acme]", sponsored="yes", event="fair",
        tags="[books]", series="reading", media="{type: audio, url: https://e.example/a.mp3}",
    ),
    "content/blog/older.md": post("2026-05-01", series="reading"),
    "content/blog/newer.md": post("2026-07-01", series="reading"),
}  # fmt: skip


def around(made: Site, address: str, target: str) -> list[str]:
    """The text around each link of a page to another: of its paragraph, line or teaser."""
    tree = made.tree(address)
    parents = {child: parent for parent in tree.iter() for child in parent}
    found = []
    for link in tree.iter(f"{HTML}a"):
        if target not in made.links_of(address, link):
            continue
        box = link
        while box.tag not in (f"{HTML}{tag}" for tag in ("li", "p", "article", "nav")):
            box = parents[box]
        found.append("".join((link if box.tag == f"{HTML}nav" else box).itertext()))
    return found


def test_whoever_names_a_sponsored_post_says_so(tmp_path):
    made = site(tmp_path, FILES)
    named = {page.address: around(made, page.address, PAID) for page in made.pages}
    named = {address: texts for address, texts in named.items() if texts}
    unlabelled = {a for a, texts in named.items() if any("ponsored" not in t for t in texts)}
    assert unlabelled == set()
    assert set(named) == {
        "", "blog/", "blog/archive/2026/", "blog/newer/", "blog/older/", "blog/series/reading/",
        "events/fair/", "partners/acme/", "people/ana/", "tags/books/",
    }  # fmt: skip
    assert "Sponsored: Acme paid for this post." in made.text(PAID)
    assert 'data-pagefind-meta="title:Sponsored: Post of 2026-06-01"' in made.html(PAID)
    sponsor = {"@type": "Organization", "name": "Acme"}
    assert made[PAID].structured["sponsor"] == [sponsor]
    assert "sponsor" not in made["blog/older/"].structured


def test_feeds_say_what_was_paid_for_in_its_title_and_in_its_text(tmp_path):
    files = made_by(feeds, community(tmp_path, FILES))
    for address in ("rss.xml", "atom.xml", "feeds/tags/books.xml", "feeds/people/ana.xml"):
        titles = [each.title for each in parsed(files[address]).entries]
        assert "Sponsored: Post of 2026-06-01" in titles, address
        assert "Post of 2026-06-01" not in titles
    assert b"Sponsored: Post of 2026-06-01" in files["podcast.xml"]
    items = {each["title"]: each for each in json.loads(files["feed.json"])["items"]}
    paid = items["Sponsored: Post of 2026-06-01"]
    assert paid["content_html"].startswith("<p>Sponsored: Acme paid for this post.</p>")
    assert "Sponsored" not in items["Post of 2026-05-01"]["content_html"]


def test_a_hidden_partner_is_not_named_as_who_paid(tmp_path):
    files = FILES | {"content/partners/acme.md": PARTNER.format("draft: yes")}
    assert b"Sponsored: a partner paid" in made_by(feeds, community(tmp_path, files))["rss.xml"]
    assert b"Acme" not in made_by(feeds, community(tmp_path, files))["rss.xml"]


def test_a_partner_s_page_gathers_what_was_held_together_and_what_they_helped_with(tmp_path):
    text = site(tmp_path, FILES).text("partners/acme/")
    held, _, rest = text.partition("Events with their help")
    assert "Event of 2026-12-01" in held.partition("Events held together")[2]
    assert "Event of 2026-12-02" in rest.partition("Posts with this partner")[0]
    assert "Post of 2026-06-01" in rest.partition("Posts with this partner")[2]


def test_a_partner_who_holds_an_event_has_it_in_its_calendar(tmp_path):
    files = {key: text for key, text in FILES.items() if key != "events/talk.md"}
    carrying = catalogue.carried_by(community(tmp_path, files), "event:fair")
    assert "calendars/partners/acme.ics" in carrying


def test_an_organiser_s_id_that_is_a_person_s_means_the_person(tmp_path):
    files = FILES | {"content/people/acme.md": person("Acme the person")}
    made = site(tmp_path, files)
    assert "Event of 2026-12-01" not in made.text("partners/acme/")
    assert "Event of 2026-12-02" in made.text("partners/acme/")


LOGO = "logo: {src: a.png, alt: A wheel, permission_until: 2026-11-22}"
LAST = utc(2026, 11, 22, 22, 59)


def with_logo(root: Path, now: datetime, **more: str) -> Site:
    files = {"content/partners/acme.md": PARTNER.format(LOGO), "content/partners/a.png": "x"}
    return site(root, files | more, now=now)


@pytest.mark.parametrize(("now", "shown"), [(LAST, True), (NOW, False)])
def test_after_its_last_day_a_logo_is_nowhere(tmp_path, now, shown):
    made = with_logo(tmp_path, now)
    for address in ("partners/", "partners/acme/"):
        assert ("a.png" in made.html(address)) is shown
    assert ("logo" in made["partners/acme/"].structured) is shown
    listed = json.loads(made_by(api, made.community)["api/partners.json"])["items"]
    assert ("logo" in listed[0]["fields"]) is shown
    assert ("content/partners/a.png" in attachments.shown(made.community)) is shown


def test_a_picture_that_something_else_shows_too_stays(tmp_path):
    other = {"content/blog/b.md": post("2026-01-01", image="{src: ../partners/a.png, alt: A}")}
    made = with_logo(tmp_path, NOW, **other)
    assert "content/partners/a.png" in attachments.shown(made.community)


@pytest.mark.parametrize(("until", "notice", "message"), [
    ("2027-01-22", "", "the logo may be shown until 2027-01-22"),
    ("2027-01-23", "", None),
    ("2026-12-01", "renewal_notice_days: 7", None),
    ("2026-11-30", "renewal_notice_days: 7", "the logo may be shown until 2026-11-30"),
    ("2026-11-22", "", "the logo could be shown until 2026-11-22, and is shown no more"),
])  # fmt: skip
def test_the_end_of_a_permission_is_told_before(tmp_path, until, notice, message):
    line = LOGO.replace("2026-11-22", until) + f"\n{notice}"
    files = {"content/partners/acme.md": PARTNER.format(line), "content/partners/a.png": "x"}
    found = of_each(partners.logo_permission_ends)(context(tmp_path, files))
    assert [each.message for each in found] == ([message] if message else [])
