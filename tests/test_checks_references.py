"""Entries name others that exist, that readers see, and tags that are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from communities import context, of_each

from townsquare.checks import references
from townsquare.checks.context import Context
from townsquare.problems import Problem

Found = tuple[str, int, str, str]
ANA = {"content/people/ana.md": "---\ntitle: Ana\n---\n"}


def found(
    check: Callable[[Context], Iterator[Problem]], root: Path, files: dict[str, str]
) -> list[Found]:
    return [
        (each.place.path, each.place.line, each.message, each.hint)
        for each in check(context(root, files))
    ]


def test_a_person_who_does_not_exist_is_named_with_the_nearest_and_the_folder(tmp_path):
    post = "---\ntitle: A\ndate: 2026-01-05\nauthors:\n  - ana\n  - anna\n---\n"
    assert found(
        of_each(references.reference_unknown), tmp_path, {**ANA, "content/blog/a.md": post}
    ) == [
        (
            "content/blog/a.md",
            6,
            "no person is called `anna`",
            "did you mean `ana`? A new person goes in content/people/",
        )
    ]


def test_every_reference_of_every_kind_is_resolved(tmp_path):
    files = {
        "content/blog/a.md": "---\ntitle: A\ndate: 2026-01-05\nevent: x\npartners: [y]\n---\n",
        "content/onboarding/g.md": "---\ntitle: G\nnext: z\nowner: v\n---\n",
        "guidelines/p.md": (
            "---\ntitle: P\ntype: policy\nversion: 1\nstatus: draft\nsupersedes: w\n---\n"
        ),
        "events/e.md": (
            "---\ntitle: E\nstart: 2026-12-03\nspeakers: [u, {person: t}]\npart_of: s\n---\n"
        ),
    }
    messages = {each[2] for each in found(of_each(references.reference_unknown), tmp_path, files)}
    assert messages == {
        "no event is called `x`", "no partner is called `y`", "no guide is called `z`",
        "no person is called `v`", "no guideline is called `w`", "no person is called `u`",
        "no person is called `t`", "no event is called `s`",
    }  # fmt: skip


def test_organisers_are_people_or_partners(tmp_path):
    files = {
        **ANA,
        "content/partners/acme.md": "---\ntitle: Acme\nurl: https://example.org\n---\n",
        "events/e.md": "---\ntitle: E\nstart: 2026-12-03\norganisers: [ana, acme, acne]\n---\n",
    }
    assert found(of_each(references.reference_unknown), tmp_path, files) == [
        (
            "events/e.md",
            4,
            "no person or partner is called `acne`",
            (
                "did you mean `acme`? "
                "A new person or partner goes in content/people/ or content/partners/"
            ),
        )
    ]


def test_drafts_are_asked_too_and_guests_are_not(tmp_path):
    files = {
        "content/blog/a.md": "---\ntitle: A\ndate: 2026-01-05\ndraft: yes\nauthors: [x]\n---\n",
        "content/blog/b.md": "---\ntitle: B\ndate: 2026-01-05\nauthors: [{name: Bo}]\n---\n",
    }
    assert [each[0] for each in found(of_each(references.reference_unknown), tmp_path, files)] == [
        "content/blog/a.md"
    ]


def test_naming_what_readers_do_not_see_is_told_with_the_reason(tmp_path):
    files = {
        "content/blog/a.md": "---\ntitle: A\ndate: 2026-01-05\nevent: draft\n---\n",
        "content/blog/b.md": "---\ntitle: B\ndate: 2026-01-05\nevent: later\n---\n",
        "content/blog/c.md": "---\ntitle: C\ndate: 2026-01-05\nevent: over\n---\n",
        "content/blog/d.md": "---\ntitle: D\ndate: 2026-01-05\nevent: draft\ndraft: yes\n---\n",
        "events/draft.md": "---\ntitle: E\nstart: 2026-12-03\ndraft: yes\n---\n",
        "events/later.md": "---\ntitle: F\nstart: 2026-12-03\npublish: 2026-12-01\n---\n",
        "events/over.md": "---\ntitle: G\nstart: 2026-12-03\nexpires: 2026-01-01\n---\n",
    }
    assert [each[::2] for each in found(of_each(references.reference_hidden), tmp_path, files)] == [
        ("content/blog/a.md", "the event `draft` is not shown: it is a draft"),
        ("content/blog/b.md", "the event `later` is not shown: it is hidden until its date"),
        ("content/blog/c.md", "the event `over` is not shown: it is expired"),
    ]


def test_who_is_not_listed_may_be_named(tmp_path):
    files = {
        "content/people/quiet.md": "---\ntitle: Quiet\nlisted: no\n---\n",
        "content/blog/a.md": "---\ntitle: A\ndate: 2026-01-05\nauthors: [quiet]\n---\n",
    }
    assert found(of_each(references.reference_hidden), tmp_path, files) == []


def test_a_tag_is_known_by_its_slug_its_title_and_its_aliases(tmp_path):
    files = {
        "content/tags.yml": "events:\n  title: Events and activities\n  aliases: [meetings]\n",
        "content/blog/a.md": (
            "---\ntitle: A\ndate: 2026-01-05\n"
            "tags: [events, Events and Activities, meetings, meting]\n---\n"
        ),
    }
    assert found(of_each(references.tag_unknown), tmp_path, files) == [
        (
            "content/blog/a.md",
            4,
            "no tag is called `meting`",
            "did you mean `meetings`? New tags go in content/tags.yml",
        )
    ]


def test_without_a_list_every_tag_is_known(tmp_path):
    files = {"content/blog/a.md": "---\ntitle: A\ndate: 2026-01-05\ntags: [anything]\n---\n"}
    assert found(of_each(references.tag_unknown), tmp_path, files) == []
