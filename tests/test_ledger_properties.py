"""Whatever people edit, in whatever order, revisions only rise and others' do not move."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from small_ledgers import DAY, FIRST, NOW, START, Event, build

from townsquare.ledger import decode, encode

IDS = ("a", "b", "c")
HOUR = timedelta(hours=1)

overrides = st.dictionaries(
    st.sampled_from(["20260528T160000Z", "20260604T160000Z"]),
    st.integers(0, 3).map(lambda n: START + 7 * DAY + n * HOUR),
).map(lambda found: tuple(sorted(found.items())))
events = st.builds(
    Event,
    title=st.sampled_from(["Call", 'Fair \u2028 & "so" on', "日"]),
    start=st.integers(0, 2).map(lambda n: START + n * HOUR),
    rule=st.sampled_from(["", "FREQ=WEEKLY"]),
    text=st.sampled_from(["", "x"]),
    ends=st.sampled_from([None, START + HOUR, START + 40 * DAY]),
    overrides=overrides,
)
absent = st.sampled_from(["deleted", "hidden", "held"])
steps = st.tuples(st.tuples(*(st.one_of(events, absent) for _ in IDS)), st.integers(-40, 500))


def run(history):
    """The outcome of each build of a history, with what stood in the community then."""
    outcome, now = FIRST, NOW
    for states, days in history:
        now += days * DAY
        told = dict(zip(IDS, states, strict=True))
        shown = {
            name: replace(event, id=name, address=f"events/{name}/")
            for name, event in told.items()
            if isinstance(event, Event)
        }
        outcome = build(
            outcome,
            *shown.values(),
            now=now,
            hidden={f"event:{name}" for name, state in told.items() if state == "hidden"},
            held={f"events/{name}/" for name, state in told.items() if state == "held"},
        )
        yield outcome, shown, now


@given(st.lists(steps, min_size=2, max_size=8))
def test_no_revision_ever_falls(history):
    highest = {}
    for outcome, _, _ in run(history):
        for key, revision in outcome.revisions.items():
            before = highest.get(key, revision)
            assert revision.sequence >= before.sequence
            assert revision.modified >= before.modified
            assert revision.created == before.created
            if revision.sequence > before.sequence:
                assert revision.modified > before.modified
            highest[key] = revision


@given(st.lists(steps, min_size=2, max_size=6))
def test_a_component_moves_if_and_only_if_its_own_bytes_differ(history):
    before = {}
    for outcome, shown, _ in run(history):
        live = {c.key: c for event in shown.values() for c in event.components()}
        for key in before.keys() & live.keys():
            (old, was), new, revision = before[key], live[key], outcome.revisions[key]
            assert (revision.modified != was.modified) == (old.lines != new.lines)
            assert revision.sequence - was.sequence == (old.significant != new.significant)
        before = {key: (c, outcome.revisions[key]) for key, c in live.items()}


@given(st.lists(steps, min_size=1, max_size=5), st.integers(0, 3))
def test_a_build_without_an_edit_moves_no_revision(history, later):
    *_, (outcome, shown, now) = run(history)
    hidden = {key for key, known in outcome.ledger.entries.items() if known.hidden}
    # What was held a moment ago is a deletion when it is missing from a whole build.
    held = {e.address for e in outcome.ledger.entries.values() if e.gone is None}
    again = build(outcome, *shown.values(), now=now + later * HOUR, hidden=hidden, held=held)
    for key, revision in again.revisions.items():
        assert outcome.revisions.get(key) == revision
    assert {key for event in shown.values() for key in [(event.uid, "")]} <= again.revisions.keys()


@given(st.lists(steps, min_size=1, max_size=6))
def test_every_address_that_was_shown_leads_somewhere_for_ever(history):
    seen = set()
    for outcome, shown, _ in run(history):
        addresses = {event.address for event in shown.values()}
        held = {e.address for e in outcome.ledger.entries.values() if e.gone is None}
        served = addresses | held | set(outcome.redirects) | {r.address for r in outcome.removed}
        seen |= addresses
        assert seen <= served
        assert not addresses & (set(outcome.redirects) | {r.address for r in outcome.removed})


@given(st.lists(steps, min_size=1, max_size=6))
def test_a_ledger_reads_back_as_it_was_written(history):
    for outcome, _, _ in run(history):
        content = encode(outcome.ledger)
        assert decode(content, where="the test") == outcome.ledger
        assert encode(decode(content, where="the test")) == content


@given(st.lists(steps, min_size=2, max_size=6))
def test_what_is_cancelled_is_not_alive_and_was(history):
    ever = set()
    for outcome, shown, now in run(history):
        live = {c.key for event in shown.values() for c in event.components()}
        told = set(outcome.tombstones)
        assert not told & live and told <= ever
        assert outcome.revisions.keys() >= live | told
        for key in told:
            known = outcome.ledger.components[key]
            assert known.gone is not None and now < known.gone + 400 * DAY
            assert known.ends is None or now < known.ends + 30 * DAY
        ever |= live
