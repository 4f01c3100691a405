"""What is known of a source follows it, keeps its keys, and is the same however often one looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townsquare.clock import Clock
from townsquare.imports import snapshot
from townsquare.imports.merging import Difference, difference, merged
from townsquare.imports.snapshot import MAX_EVENTS, MAX_POSTS, ImportedEvent, ImportedPost, Snapshot

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CLOCK = Clock(NOW, "Europe/Berlin")
URL = "https://partner.example/feed.xml"


def key(number: int) -> str:
    return f"{number:020x}"


def post(number: int, days: int = 0, **more: str) -> ImportedPost:
    told = {"title": f"Post {number}", "url": f"https://partner.example/{number}"} | more
    return ImportedPost(id=key(number), date=NOW - timedelta(days=days), **told)


def event(number: int, days: int = 1, **more: object) -> ImportedEvent:
    told: dict[str, object] = {"title": f"Event {number}", "timezone": "Europe/Berlin"} | more
    start = datetime(2026, 11, 23, 18) + timedelta(days=days)
    return ImportedEvent(id=key(number), start=start, **told)  # type: ignore[arg-type]


def told(*items: ImportedPost | ImportedEvent, **more: str) -> Snapshot:
    posts = tuple(each for each in items if isinstance(each, ImportedPost))
    events = tuple(each for each in items if isinstance(each, ImportedEvent))
    return Snapshot(format="1", url=URL, posts=posts, events=events, **more)


def after(*states: Snapshot) -> Snapshot:
    """What is known after the source has said these, one after the other."""
    known = None
    for state in states:
        known = merged(known, state, CLOCK)
    assert known
    return known


def test_posts_that_leave_a_feed_age_and_the_newest_stay() -> None:
    known = after(told(post(1, 3), post(2, 2)), told(post(2, 2), post(3, 1)))
    assert [each.id for each in known.posts] == [key(3), key(2), key(1)]
    full = after(told(*[post(n, n) for n in range(MAX_POSTS)]), told(post(500), post(501, 999)))
    assert len(full.posts) == MAX_POSTS
    assert [full.posts[0].id, full.posts[-1].id] == [key(0), key(501)]
    assert key(98) not in {each.id for each in full.posts}


def test_a_post_that_reads_otherwise_is_changed_and_keeps_its_date() -> None:
    before = told(post(1, 3))
    known = after(before, told(post(1, 0, title="Better")))
    assert [(each.title, each.date) for each in known.posts] == [
        ("Better", NOW - timedelta(days=3))
    ]
    assert difference(before, known) == Difference(0, 1, 0)


def test_a_feed_that_dates_its_posts_anew_each_time_changes_nothing() -> None:
    first = after(told(*[post(n, 5) for n in range(150)]))
    assert merged(first, told(*[post(n, 1) for n in range(150)]), CLOCK) is first


def test_a_server_that_calls_its_copy_otherwise_each_time_changes_nothing() -> None:
    first = after(told(post(1), etag="a", modified="b"))
    assert merged(first, told(post(1), etag="c", modified="d"), CLOCK) is first
    assert after(first, told(post(1), post(2), etag="c")).etag == "c"
    assert merged(after(told(etag="a")), told(etag="c"), CLOCK).etag == "a"


def test_an_event_that_vanishes_before_its_date_is_withdrawn_and_comes_back() -> None:
    before = after(told(event(1), event(2)))
    gone = merged(before, told(event(2)), CLOCK)
    assert [(each.id, each.status) for each in gone.events] == [
        (key(1), "withdrawn"),
        (key(2), "confirmed"),
    ]
    assert difference(before, gone) == Difference(0, 0, 1)
    assert merged(gone, told(event(2)), CLOCK) is gone
    assert after(gone, told(event(1), event(2))).events == before.events
    assert [each.status for each in after(before, told()).events] == ["withdrawn"] * 2


def test_an_event_that_vanishes_after_its_date_is_forgotten() -> None:
    whole_day = ImportedEvent(id=key(3), title="Today", start=date(2026, 11, 23))
    known = after(told(event(1, -5), event(2, 5), whole_day), told())
    assert [each.id for each in known.events] == [key(3), key(2)]


def test_a_cancellation_is_followed_and_stays_when_the_event_vanishes() -> None:
    known = after(told(event(1)), told(event(1, status="cancelled")), told())
    assert [each.status for each in known.events] == ["cancelled"]


def test_a_source_at_another_address_has_nothing_of_the_one_before() -> None:
    known = after(told(post(1)), replace(told(post(2)), url="https://other.example/"))
    assert [each.id for each in known.posts] == [key(2)]


def test_items_whose_ids_change_on_each_access_keep_the_first() -> None:
    events, posts = told(event(1), event(2)), told(post(1), post(2))
    for first, again in (
        (events, told(replace(event(1), id=key(8)), replace(event(2), id=key(9)))),
        (posts, told(replace(post(1), id=key(8)), replace(post(2), id=key(9)))),
    ):
        known = after(first)
        assert merged(known, again, CLOCK) is known


def test_no_more_events_are_kept_than_may_be_and_those_are_the_next() -> None:
    known = after(told(*[event(n, n + 1) for n in reversed(range(MAX_EVENTS + 50))]))
    assert [each.id for each in known.events] == [key(n) for n in range(MAX_EVENTS)]
    assert merged(known, told(*[event(n, n + 1) for n in range(MAX_EVENTS + 50)]), CLOCK) is known


SMALL = st.integers(0, 5)
POSTS = st.builds(
    lambda n, days, url, title: replace(post(n, days), url=f"{URL}/{url}", title=f"T{title}"),
    *(SMALL, SMALL, SMALL, SMALL),
)
EVENTS = st.builds(
    lambda n, days, title, status: event(n, days - 3, title=f"T{title}", status=status),
    *(SMALL, SMALL, st.integers(0, 2), st.sampled_from(["confirmed", "tentative", "cancelled"])),
)


def _once(items: list) -> Snapshot:
    return told(*{each.id: each for each in items}.values())


STATES = st.one_of(
    st.lists(st.lists(POSTS, max_size=6).map(_once), min_size=1, max_size=4),
    st.lists(st.lists(EVENTS, max_size=6).map(_once), min_size=1, max_size=4),
)


@given(STATES)
def test_importing_twice_is_importing_once(states: list[Snapshot]) -> None:
    once = after(*states)
    assert merged(once, states[-1], CLOCK) is once
    data = snapshot.encoded(once)
    assert snapshot.read("data/imports/x.json", data) == (once, [])
    assert snapshot.encoded(after(*(state for state in states for _ in range(2)))) == data


@given(STATES)
def test_keys_are_each_once_and_what_is_still_there_keeps_its_own(states: list[Snapshot]) -> None:
    before, last = after(*states), states[-1]
    keys = [item.id for item in before.items]
    assert len(keys) == len(set(keys))
    same = {item.id for item in before.items} & {item.id for item in last.items}
    known = merged(before, last, CLOCK)
    assert same <= {item.id for item in known.items}


@given(st.lists(EVENTS, max_size=6).map(_once), st.randoms())
def test_the_order_in_which_a_calendar_tells_its_events_does_not_matter(
    state: Snapshot, random
) -> None:
    mixed = list(state.events)
    random.shuffle(mixed)
    assert after(replace(state, events=tuple(mixed))) == after(state)


@pytest.mark.parametrize("clock", [datetime(2026, 11, 22, tzinfo=UTC), NOW])
def test_what_a_file_holds_has_no_instant_of_the_day_on_which_it_was_made(clock: datetime) -> None:
    made = merged(None, told(post(1), event(1)), Clock(clock, "UTC"))
    assert snapshot.encoded(made) == snapshot.encoded(after(told(post(1), event(1))))
