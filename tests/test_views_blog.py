"""The blog: which posts stand where, in which order."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from view_pages import Site, person, post, site

from townsquare.views.blog import page_bounds

PEOPLE = {
    "content/people/ana.md": person("Ana"),
    "content/people/quiet.md": person("Quiet Member", listed="no"),
}


def posts(count: int) -> dict[str, str]:
    """Posts on consecutive days, the first on 1 January 2026."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(count)]
    return {f"content/blog/{day}.md": post(str(day)) for day in days}


def shown(made: Site, address: str) -> list[str]:
    """The dates of the posts that a page of the blog shows."""
    return [t.removeprefix("Post of ") for t in made.titles(address, "ts-teaser__title")]


@given(st.integers(0, 300), st.integers(1, 30))
def test_each_post_stands_on_one_page_and_the_index_holds_less_than_two(total: int, size: int):
    bounds = page_bounds(total, size)
    assert [n for first, last in bounds for n in range(first, last)] == list(range(total))
    assert all(last - first == size for first, last in bounds[:-1])
    assert bounds[-1][1] - bounds[-1][0] < 2 * size


@given(st.integers(0, 300), st.integers(1, 30))
def test_a_new_post_leaves_every_numbered_page_as_it_was(total: int, size: int):
    before, after = page_bounds(total, size)[:-1], page_bounds(total + 1, size)[:-1]
    assert after[: len(before)] == before
    assert len(after) <= len(before) + 1


def test_the_index_shows_the_newest_and_numbered_pages_count_from_the_oldest(tmp_path: Path):
    made = site(tmp_path, posts(25))
    assert len(shown(made, "blog/")) == 15
    assert shown(made, "blog/")[0] == "2026-01-25"
    assert shown(made, "blog/page/1/") == [f"2026-01-{n:02}" for n in range(10, 0, -1)]
    assert "blog/page/1/" in made.links("blog/")
    assert "blog/" in made.links("blog/page/1/")
    assert "blog/page/2/" not in made


def test_a_pinned_post_stands_first_and_once_on_the_index(tmp_path: Path):
    pinned = {"content/blog/rules.md": post("2026-01-02", pinned="yes")}
    made = site(tmp_path, posts(5) | pinned)
    assert shown(made, "blog/") == ["2026-01-02", *(f"2026-01-0{n}" for n in (5, 4, 3, 2, 1))]
    assert "Pinned" in made.text("blog/")


def test_a_pinned_post_keeps_its_place_on_its_numbered_page(tmp_path: Path):
    pinned = {"content/blog/2026-01-01.md": post("2026-01-01", pinned="yes")}
    made = site(tmp_path, posts(20) | pinned)
    assert shown(made, "blog/")[0] == "2026-01-01"
    assert shown(made, "blog/page/1/")[-1] == "2026-01-01"


def test_archives_hold_every_post_under_its_year_and_month(tmp_path: Path):
    files = {f"content/blog/{d}.md": post(d) for d in ("2024-12-31", "2025-01-01", "2025-03-05")}
    made = site(tmp_path, files)
    assert made.titles("blog/archive/") == ["2025", "2024"]
    assert made.titles("blog/archive/2025/") == ["Post of 2025-03-05", "Post of 2025-01-01"]
    assert made.text("blog/archive/2025/").index("March 2025") < made.text(
        "blog/archive/2025/"
    ).index("January 2025")
    assert "blog/archive/2024/" in made.links("blog/archive/2025/")
    assert "blog/archive/2025/" in made.links("blog/archive/2024/")


def test_posts_of_a_series_lead_to_one_another_in_the_order_in_which_they_were_written(
    tmp_path: Path,
):
    days = ("2026-01-01", "2026-02-01", "2026-03-01")
    files = {f"content/blog/{d}.md": post(d, series="ninety-days") for d in days}
    made = site(tmp_path, files)
    assert made.titles("blog/series/ninety-days/") == [f"Post of {d}" for d in days]
    text = made.text("blog/2026-02-01/")
    assert "Part 2 of 3 of the series Ninety days" in text
    assert "Before: Post of 2026-01-01" in text
    assert "Next: Post of 2026-03-01" in text


def test_a_post_leads_to_its_neighbours(tmp_path: Path):
    made = site(tmp_path, posts(3))
    assert {"blog/2026-01-01/", "blog/2026-01-03/"} <= made.links("blog/2026-01-02/")
    assert "blog/2026-01-02/" in made.links("blog/2026-01-03/")


def test_a_post_names_its_authors_and_links_those_who_have_a_page(tmp_path: Path):
    who = "[ana, quiet, {name: Bo Guest, url: https://bo.example.org/, affiliation: Example Ltd}]"
    made = site(tmp_path, PEOPLE | {"content/blog/a.md": post("2026-01-01", authors=who)})
    assert "by Ana, Quiet Member, Bo Guest (Example Ltd)" in made.text("blog/a/")
    assert "people/ana/" in made.links("blog/a/")
    assert "people/quiet/" not in made.links("blog/a/")
    assert 'href="https://bo.example.org/"' in made.html("blog/a/")
    assert [f.address for f in made["blog/a/"].feeds] == ["feeds/people/ana.xml"]


def test_a_recording_elsewhere_is_a_link_and_loads_nothing(tmp_path: Path):
    media = "{type: video, url: https://video.example.org/talk.mp4, duration: 1h30m}"
    made = site(tmp_path, {"content/blog/a.md": post("2026-01-01", media=media)})
    page = made.html("blog/a/")
    assert "Watch at video.example.org" in made.text("blog/a/")
    assert "1 hour 30 minutes" in made.text("blog/a/")
    assert not any(tag in page for tag in ("<video", "<iframe", "<audio", "src="))


def test_a_recording_of_our_own_is_fetched_only_when_it_is_played(tmp_path: Path):
    (tmp_path / "content/blog").mkdir(parents=True)
    (tmp_path / "content/blog/a.mp3").write_bytes(b"ID3")
    files = {
        "content/blog/a.md": post(
            "2026-01-01", media="{type: audio, file: a.mp3, transcript: t.vtt}"
        ),
        "content/blog/t.vtt": "WEBVTT\n",
    }
    made = site(tmp_path, files)
    page = made.html("blog/a/")
    assert '<audio controls preload="none"' in page
    assert '<source src="../a.mp3" type="audio/mpeg">' in page
    assert {"blog/a.mp3", "blog/t.vtt"} <= made.links("blog/a/")


def test_a_sponsored_post_says_who_paid_in_lists_too(tmp_path: Path):
    files = {
        "content/partners/acme.md": "---\ntitle: Acme\nurl: https://acme.example/\n---\n",
        "content/blog/a.md": post("2026-01-01", sponsored="yes", partners="[acme]"),
    }
    made = site(tmp_path, files)
    assert "Sponsored: Acme paid for this post." in made.text("blog/a/")
    assert "Sponsored" in made.text("blog/")
    assert "partners/acme/" in made.links("blog/a/")


def test_what_was_published_elsewhere_first_names_that_address(tmp_path: Path):
    url = "https://other.example/post"
    made = site(tmp_path, {"content/blog/a.md": post("2026-01-01", canonical=url)})
    assert made["blog/a/"].canonical == url
    assert "First published at other.example" in made.text("blog/a/")


def test_a_post_is_described_for_search_engines(tmp_path: Path):
    files = PEOPLE | {
        "content/blog/a.md": post("2026-01-01 09:30", authors="[ana]", updated="2026-02-03")
    }
    found = site(tmp_path, files)["blog/a/"].structured
    assert found is not None
    assert found["@type"] == "BlogPosting"
    assert found["datePublished"] == "2026-01-01T09:30+01:00"
    assert found["dateModified"] == "2026-02-03"
    assert found["author"] == [
        {"@type": "Person", "name": "Ana", "url": "https://example.org/site/people/ana/"}
    ]


def test_a_blog_without_posts_says_so(tmp_path: Path):
    assert "There are no posts yet." in site(tmp_path, {}).text("blog/")


def test_a_post_without_description_is_described_by_its_first_words(tmp_path: Path):
    text = post("2026-01-01").replace("Some text.", "word " * 100)
    made = site(tmp_path, {"content/blog/a.md": text, "content/blog/b.md": post("2026-01-02")})
    assert made["blog/a/"].description == "word " * 31 + "…"
    assert made["blog/b/"].description == "Some text."
