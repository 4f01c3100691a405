"""A site's pages can be listed before any is made, and each is made from what concerns it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from communities import community
from community_files import NOW
from view_pages import event, person, post

from townsquare import build, views
from townsquare.community import Community
from townsquare.makings import Making, function_of
from townsquare.model import Entry
from townsquare.pages import Page

SAMPLE = Path(__file__).parents[1]


@pytest.fixture
def sample() -> Community:
    checked = build.check(SAMPLE, now=datetime(2026, 11, 25, 12, tzinfo=UTC))
    return Community(checked.library, checked.bodies, checked.clock, checked.addresses)


def made(found: Community, making: Making) -> Page:
    return function_of(making)(found, *making.arguments)


def test_every_page_stands_where_its_making_says(sample: Community):
    for making in views.makings(sample):
        assert made(sample, making).address == making.address


def test_no_page_is_listed_twice_and_none_is_made_from_more_than_names(sample: Community):
    listed = list(views.makings(sample))
    assert len({making.address for making in listed}) == len(listed) > 150
    arguments = {type(argument) for making in listed for argument in making.arguments}
    assert arguments == {str, int, type(None)}


class Forbidden:
    """What holds everything, and must not be looked through."""

    def __iter__(self) -> Iterator[Any]:
        raise AssertionError("looked through everything")

    def __getitem__(self, _key: Any) -> Any:
        raise AssertionError("looked into everything")


def test_a_page_looks_through_everything_in_queries_alone(sample: Community):
    listed = list(views.makings(sample))
    once = [made(sample, making) for making in listed]
    for name in ("posts", "events", "tagged", "credits_by_person"):
        key = (f"townsquare.community:{name}",)
        assert key in sample.answers
        sample.answers[key] = Forbidden()
    object.__setattr__(sample.library, "entries", Forbidden())
    assert [made(sample, making) for making in listed] == once


PLAIN = (str, int, float, bool, date, type(None))


def faults_of_answer(answer: Any) -> Iterator[str]:
    """Whatever in a query's answer is neither structure nor an entry."""
    if isinstance(answer, (list, tuple)):
        for each in answer:
            yield from faults_of_answer(each)
    elif isinstance(answer, dict):
        yield from (f"key {key!r}" for key in answer if type(key) not in (str, int))
        yield from faults_of_answer(list(answer.values()))
    elif not isinstance(answer, Entry) and type(answer) not in PLAIN:
        yield type(answer).__name__


def test_queries_answer_with_entries_names_and_numbers(sample: Community):
    list(views.pages(sample))
    faults = {key[0]: set(faults_of_answer(a)) for key, a in sample.answers.items()}
    assert len(faults) > 30
    assert {name: found for name, found in faults.items() if found} == {}
    assert list(faults_of_answer({date.min: [{1}]})) == [f"key {date.min!r}", "set"]


def told(found: Community) -> dict[str, tuple[tuple[Any, ...], list[Any]]]:
    """For each page's address, the names that it is made from and the answers that it asks for."""
    pages: dict[str, tuple[tuple[Any, ...], list[Any]]] = {}
    listed = list(views.makings(found))
    for making in listed:
        made(found, making)
    everything = dict(found.answers)
    for making in listed:
        asked = Asked(everything)
        found.__dict__["answers"] = asked
        made(found, making)
        pages[making.address] = making.arguments, [(k, named(everything[k])) for k in asked.names]
    return pages


class Asked(dict[Any, Any]):
    """Answers that remember which of them were asked for."""

    def __init__(self, answers: dict[Any, Any]) -> None:
        super().__init__(answers)
        self.names: list[Any] = []

    def __getitem__(self, key: Any) -> Any:
        self.names.append(key)
        return super().__getitem__(key)


def named(answer: Any) -> Any:
    """The answer with keys in place of entries."""
    if isinstance(answer, (list, tuple)):
        return [named(each) for each in answer]
    if isinstance(answer, dict):
        return [(key, named(each)) for key, each in answer.items()]
    return answer.key if isinstance(answer, Entry) else answer


FILES = {
    **{
        f"content/blog/p{n:02}.md": post(
            f"2025-{n % 12 + 1:02}-10", authors="[ana]", tags="[t]", series="s" if n % 2 else "r"
        )
        for n in range(48)
    },
    **{
        f"events/e{n:02}.md": event(f"2026-{n % 12 + 1:02}-05", tags="[u]", series="a")
        for n in range(24)
    },
    "content/people/ana.md": person("Ana"),
    "content/people/bo.md": person("Bo"),
    "mkdocs.yml": "site_name: X\n",
}


def concerned(tmp_path: Path, changed: dict[str, str]) -> set[str]:
    """Addresses of pages that another file changes, beside the page of its own."""
    before = told(community(tmp_path / "before", FILES, now=NOW))
    after = told(community(tmp_path / "after", FILES | changed, now=NOW))
    return {address for address in after if before.get(address) != after[address]}


def test_a_new_post_concerns_the_lists_in_which_it_stands_and_its_neighbour(tmp_path: Path):
    new = {"content/blog/new.md": post("2026-01-10", authors="[bo]", tags="[v]")}
    assert concerned(tmp_path, new) == {
        "", "blog/", "blog/archive/", "blog/archive/2025/", "blog/archive/2026/", "blog/new/",
        "blog/p11/", "people/", "people/bo/", "reports/", "subscribe/", "tags/", "tags/v/",
    }  # fmt: skip


def test_a_new_event_concerns_what_lists_its_date_and_what_it_names(tmp_path: Path):
    new = {"events/new.md": event("2026-12-24", tags="[v]", part_of="e03")}
    assert concerned(tmp_path, new) == {
        "", "events/", "events/e03/", "events/months/", "events/months/2026-12/", "events/new/",
        "subscribe/", "tags/", "tags/v/",
    }  # fmt: skip
