"""Onboarding: the end of a path, guides that age, whom to ask; files and steps that are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from communities import SITE, context, of_each
from feed_readers import utc
from hypothesis import given
from hypothesis import strategies as st
from view_pages import site

from townsquare.checks import named_files
from townsquare.views import onboarding

GUIDES = {
    "content/onboarding/one.md": "---\ntitle: One\nminutes: 10\n---\n",
    "content/onboarding/two.md": "---\ntitle: Two\nminutes: 25\n---\n## Why\n",
}
PATH = "content/onboarding/paths/author.md"


def test_a_path_ends_with_a_page_that_asks_for_something_to_do(tmp_path: Path):
    first = "first_contribution: [{title: Say hello, link: ../one.md, done_when: You are greeted}]"
    others = {"content/onboarding/paths/host.md": "---\ntitle: Host\nguides: [one]\n---\n"}
    path = f"---\ntitle: Author\nguides: [one, two]\noutcome: You can write.\n{first}\n---\n"
    made = site(tmp_path, GUIDES | others | {PATH: path})
    done = made.text("onboarding/paths/author/done/")
    assert "You can write." in done
    assert "Say hello Open: Say hello" in done
    assert "Done when: You are greeted" in done
    assert made.links("onboarding/paths/author/done/") >= {
        "onboarding/one/", "onboarding/paths/author/", "onboarding/paths/host/"
    }  # fmt: skip
    assert "onboarding/paths/author/done/" in made.links("onboarding/paths/author/")
    assert "onboarding/paths/author/done/" in made.links("onboarding/two/")
    assert "onboarding/paths/author/done/" not in made.links("onboarding/one/")
    assert "Mend one thing" in made.text("onboarding/paths/host/done/")


@pytest.mark.parametrize(("last", "overdue"), [("2026-05-22", True), ("2026-05-23", False)])
def test_a_guide_that_nobody_followed_in_time_says_so(tmp_path: Path, last: str, overdue: bool):
    aged = f"---\ntitle: One\nlast_verified: {last}\nreview_every: 6 months\n---\n"
    path = "---\ntitle: Author\nguides: [one]\n---\n"
    files = GUIDES | {"content/onboarding/one.md": aged, PATH: path}
    made = site(tmp_path, files)
    assert ("Nobody has followed these steps since" in made.text("onboarding/one/")) is overdue
    assert ("Not followed lately" in made.text("onboarding/paths/author/")) is overdue
    assert (made.community.clock.next_change == utc(2026, 11, 23, 23)) is not overdue


@given(st.lists(st.one_of(st.none(), st.integers(0, 10_000))))
def test_a_total_is_the_sum_of_all_or_unknown(minutes: list[int | None]):
    total = onboarding.total_minutes(minutes)
    known = [each for each in minutes if each is not None]
    assert (total is None) == (not minutes or len(known) < len(minutes))
    assert total in (None, sum(known))


def test_whom_to_ask_is_the_guides_own_contact_or_where_members_ask(tmp_path: Path):
    asked = SITE.replace("townsquare:", "townsquare:\n        question: mailto:ask@example.org", 1)
    own = "---\ntitle: One\ncontact: https://own.example/\n---\n"
    made = site(tmp_path, GUIDES | {"mkdocs.yml": asked, "content/onboarding/one.md": own})
    assert 'href="mailto:ask@example.org"' in made.html("onboarding/two/")
    assert 'href="https://own.example/"' in made.html("onboarding/one/")
    assert "mailto:" not in made.html("onboarding/one/")


def step_faults(root: Path, link: str, **more: str) -> list[tuple[str, str]]:
    guide = f"---\ntitle: One\nsteps: [{{title: Go, link: '{link}'}}]\n---\n## Here\n"
    files = GUIDES | {"content/onboarding/one.md": guide} | more
    found = of_each(named_files.step_leads_nowhere)(context(root, files))
    return [(problem.code, problem.message) for problem in found]


@pytest.mark.parametrize(
    "link", ["two.md", "two.md#top", "https://e.example/#x", "mailto:a@e.example", "a.png"]
)
def test_a_step_may_lead_to_a_page_a_file_or_elsewhere(tmp_path: Path, link: str):
    assert (
        step_faults(tmp_path, link.removesuffix("#top"), **{"content/onboarding/a.png": "x"}) == []
    )


def test_a_step_that_leads_nowhere_is_told(tmp_path: Path):
    assert step_faults(tmp_path, "tow.md") == [("link_broken", "`tow.md` leads nowhere")]


def test_a_step_that_leads_to_a_draft_is_told(tmp_path: Path):
    draft = {"content/onboarding/two.md": "---\ntitle: Two\ndraft: yes\n---\n"}
    found = step_faults(tmp_path, "two.md", **draft)
    assert found == [("links_to_hidden", "`two.md` is hidden from readers")]


POST = "---\ntitle: P\ndate: 2026-01-01\n{}\n---\n"


@pytest.mark.parametrize(
    "line",
    [
        "image: {src: no.png, alt: A}",
        "media: {type: audio, file: no.png}",
        "media: {type: audio, file: a.png, transcript: no.png}",
        "media: {type: video, file: a.png, captions: no.png}",
        "media: {type: video, file: a.png, poster: {src: no.png, alt: A}}",
    ],
)
def test_a_file_that_is_named_and_is_not_there_is_told(tmp_path: Path, line: str):
    files = {"content/blog/p.md": POST.format(line), "content/blog/a.png": "x"}
    (found,) = of_each(named_files.file_missing)(context(tmp_path, files))
    assert (found.code, found.message) == ("file_missing", "there is no file `no.png`")
    files["content/blog/no.png"] = "x"
    assert of_each(named_files.file_missing)(context(tmp_path / "b", files)) == []


def test_a_transcript_that_is_a_draft_is_told(tmp_path: Path):
    files = {
        "content/blog/p.md": POST.format("media: {type: audio, file: a.mp3, transcript: ../t.md}"),
        "content/blog/a.mp3": "x",
        "content/t.md": "---\ntitle: T\ndraft: yes\n---\n",
    }
    (found,) = of_each(named_files.file_missing)(context(tmp_path, files))
    assert found.code == "links_to_hidden"
