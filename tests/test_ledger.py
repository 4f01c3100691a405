"""The ledger's rules (DESIGN, section 7), each by two or more builds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from small_ledgers import DAY, FIRST, NOW, START, Event, build, cancelled, published, sequence

from townsquare.clock import Clock
from townsquare.ledger import (
    Beginning,
    Component,
    Previous,
    Removed,
    Revision,
    ShownEntry,
    advance,
    encode,
    forgotten,
    overrides_to_keep,
)
from townsquare.ledger.revisions import is_kept
from townsquare.problems import SetupError

CALL = Event()
SERIES = Event(id="series", address="events/series/", rule="FREQ=WEEKLY", ends=None)
KEY = (CALL.uid, "")
LATER = START + timedelta(hours=2)
WEEK_2, WEEK_3 = "20260528T160000Z", "20260604T160000Z"


# --- 1. the previous ledger ---


def test_a_build_that_remembers_nothing_has_constant_revisions():
    outcome = build(Previous(), CALL)
    constant = datetime(2000, 1, 1, tzinfo=UTC)
    assert outcome.revisions == {KEY: Revision(0, constant, constant)}


def test_a_build_that_remembers_nothing_is_the_same_at_any_time():
    one, other = (build(Previous(), CALL, SERIES, now=NOW + n * DAY) for n in (0, 900))
    assert encode(one.ledger) == encode(other.ledger)


def test_a_first_publish_begins_at_zero_and_now():
    assert build(FIRST, CALL).revisions == {KEY: Revision(0, NOW, NOW)}


# --- 2. and 3. what moves a revision ---


def test_a_moved_event_rises_by_one_and_is_modified_now():
    first = build(FIRST, CALL)
    second = build(first, replace(CALL, start=LATER), now=NOW + DAY)
    assert second.revisions == {KEY: Revision(1, NOW, NOW + DAY)}


def test_an_edit_of_the_text_alone_is_modified_now_and_does_not_rise():
    first = build(FIRST, CALL)
    second = build(first, replace(CALL, text="Bring a friend"), now=NOW + DAY)
    assert second.revisions == {KEY: Revision(0, NOW, NOW + DAY)}


def test_a_build_without_an_edit_moves_nothing():
    first = build(FIRST, CALL, SERIES)
    second = build(first, CALL, SERIES, now=NOW + 10 * DAY)
    assert second.revisions == first.revisions
    assert encode(second.ledger) == encode(first.ledger)


def test_a_revert_rises_again():
    first = build(FIRST, CALL)
    second = build(first, replace(CALL, start=LATER), now=NOW + DAY)
    third = build(second, CALL, now=NOW + 2 * DAY)
    assert third.revisions == {KEY: Revision(2, NOW, NOW + 2 * DAY)}


def test_two_publishes_in_one_second_still_differ_in_their_stamps():
    first = build(FIRST, CALL)
    second = build(first, replace(CALL, text="a"))
    third = build(second, replace(CALL, text="b"))
    assert [o.revisions[KEY].modified for o in (first, second, third)] == [
        NOW,
        NOW + timedelta(seconds=1),
        NOW + timedelta(seconds=2),
    ]


def test_a_clock_that_was_set_back_does_not_lower_a_stamp():
    first = build(FIRST, CALL)
    second = build(first, replace(CALL, text="a"), now=NOW - 100 * DAY)
    assert second.revisions[KEY].modified == NOW + timedelta(seconds=1)


def test_an_edit_of_one_event_leaves_all_others():
    first = build(FIRST, CALL, SERIES)
    second = build(first, replace(CALL, start=LATER), SERIES, now=NOW + DAY)
    assert second.revisions[SERIES.uid, ""] == first.revisions[SERIES.uid, ""]


# --- 4. hidden entries ---


def test_an_event_that_is_first_shown_late_begins_then():
    first = build(FIRST, SERIES, hidden={CALL.key})
    assert CALL.key not in first.ledger.entries
    second = build(first, SERIES, CALL, now=NOW + DAY)
    assert second.revisions[KEY] == Revision(0, NOW + DAY, NOW + DAY)


def test_an_event_that_is_hidden_again_is_cancelled_and_its_page_says_no_title():
    first = build(FIRST, CALL)
    second = build(first, hidden={CALL.key}, now=NOW + DAY)
    assert second.revisions == {KEY: Revision(1, NOW, NOW + DAY)}
    assert cancelled(second) == [KEY]
    assert second.removed == (Removed("events/call/", ""),)


def test_an_event_that_is_shown_once_more_goes_on():
    first = build(FIRST, CALL)
    second = build(first, hidden={CALL.key}, now=NOW + DAY)
    third = build(second, CALL, now=NOW + 2 * DAY)
    assert third.revisions == {KEY: Revision(2, NOW, NOW + 2 * DAY)}
    assert third.removed == ()


# --- 5. deleted entries ---


def test_a_deleted_event_stays_cancelled_in_the_calendars_that_carried_it():
    first = build(FIRST, replace(CALL, calendars=("events.ics", "tags/call.ics")))
    second = build(first, now=NOW + DAY)
    (tombstone,) = second.tombstones.values()
    assert tombstone.lines == CALL.components()[0].tombstone
    assert second.revisions == {KEY: Revision(1, NOW, NOW + DAY)}
    assert second.calendars == {CALL.key: ("events.ics", "tags/call.ics")}
    assert second.removed == (Removed("events/call/", "Call"),)


def test_a_cancelled_event_does_not_move_again_while_it_is_told_of():
    second = build(build(FIRST, CALL), now=NOW + DAY)
    third = build(second, now=NOW + 2 * DAY)
    assert third.revisions == second.revisions
    assert encode(third.ledger) == encode(second.ledger)


def test_a_deleted_event_is_told_of_until_thirty_days_after_its_end():
    second = build(build(FIRST, CALL), now=NOW + DAY)
    until = START + timedelta(hours=1) + 30 * DAY
    assert cancelled(build(second, now=until - timedelta(seconds=1))) == [KEY]
    after = build(second, now=until)
    assert (after.tombstones, after.revisions) == ({}, {})
    assert b"Call" not in encode(build(second, now=NOW + 500 * DAY).ledger)


def test_a_deleted_series_without_end_is_told_of_for_four_hundred_days():
    second = build(build(FIRST, SERIES), now=NOW + DAY)
    until = NOW + DAY + 400 * DAY
    assert cancelled(build(second, now=until - timedelta(seconds=1))) == [(SERIES.uid, "")]
    assert build(second, now=until).tombstones == {}


def test_the_end_of_a_tombstone_is_a_change_that_falls_due():
    clock = Clock(NOW + DAY, "UTC")
    second = build(build(FIRST, CALL), now=NOW + DAY)
    assert is_kept(second.ledger.components[KEY], clock)
    assert clock.next_change == START + timedelta(hours=1) + 30 * DAY


def test_what_was_deleted_and_created_again_goes_on_and_keeps_its_creation():
    second = build(build(FIRST, CALL), now=NOW + DAY)
    third = build(second, CALL, now=NOW + 2 * DAY)
    assert third.revisions == {KEY: Revision(2, NOW, NOW + 2 * DAY)}


def test_what_comes_back_after_years_is_never_lower_than_it_was():
    second = build(build(FIRST, CALL), now=NOW + DAY)
    third = build(second, now=NOW + 1000 * DAY)
    fourth = build(third, CALL, now=NOW + 1001 * DAY)
    assert fourth.revisions == {KEY: Revision(2, NOW, NOW + 1001 * DAY)}


def test_a_deleted_series_is_cancelled_with_its_changed_dates():
    series = replace(SERIES, overrides=((WEEK_2, LATER + 7 * DAY),))
    second = build(build(FIRST, series), now=NOW + DAY)
    assert cancelled(second) == [(SERIES.uid, ""), (SERIES.uid, WEEK_2)]


def test_a_changed_date_does_not_outlive_its_deleted_series():
    ends = START + 14 * DAY
    series = replace(SERIES, ends=ends, overrides=((WEEK_2, START + 90 * DAY),))
    second = build(build(FIRST, series), now=NOW + DAY)
    assert build(second, now=ends + 31 * DAY).tombstones == {}


def test_feeds_and_calendars_are_written_for_ever():
    first = build(FIRST, CALL, machines={"events.ics": "Events", "tags/call.ics": "Calls"})
    second = build(first, machines={"events.ics": "Events"}, now=NOW + 2000 * DAY)
    assert second.emptied == {"tags/call.ics": "Calls"}
    third = build(second, machines={"events.ics": "Events", "tags/call.ics": "New calls"})
    assert third.emptied == {}


# --- 6. renames ---


def test_a_renamed_file_with_its_id_keeps_its_revision_and_the_old_address_leads_on():
    first = build(FIRST, CALL)
    second = build(first, replace(CALL, address="events/may-call/"), now=NOW + DAY)
    assert second.revisions == first.revisions
    assert second.redirects == {"events/call/": "events/may-call/"}
    assert second.removed == ()


def test_every_address_an_entry_ever_had_leads_to_its_last():
    outcome = build(FIRST, replace(CALL, aliases=("old/",)))
    for name in ("a/", "b/"):
        outcome = build(outcome, replace(CALL, address=name))
    assert outcome.redirects == {"a/": "b/", "events/call/": "b/", "old/": "b/"}
    back = build(outcome, CALL)
    assert back.redirects == {"a/": "events/call/", "b/": "events/call/", "old/": "events/call/"}


def test_an_address_that_another_entry_took_does_not_lead_away():
    first = build(FIRST, CALL)
    moved = replace(CALL, address="events/may-call/")
    other = replace(SERIES, address="events/call/")
    assert build(first, moved, other).redirects == {}
    assert build(first, moved, taken={"events/call/"}).redirects == {}


def test_an_authors_alias_goes_before_memory():
    first = build(FIRST, CALL)
    heir = replace(SERIES, aliases=("events/call/",))
    second = build(first, heir)
    assert second.redirects == {"events/call/": "events/series/"}
    assert second.removed == ()


def test_an_authors_alias_goes_before_the_memory_of_another_entry():
    first = build(FIRST, replace(CALL, aliases=("old/",)))
    second = build(first, CALL, replace(SERIES, aliases=("old/",)))
    assert second.redirects == {"old/": "events/series/"}
    third = build(second, replace(CALL, aliases=("old/",)), SERIES)
    assert third.redirects == {"old/": "events/call/"}


def test_an_address_that_a_new_entry_took_is_not_called_removed():
    first = build(FIRST, CALL)
    second = build(first, replace(SERIES, address="events/call/"))
    assert (second.removed, second.redirects) == ((), {})


# --- 7. changed dates of a series ---


def test_an_occurrence_moved_twice_rises_twice():
    first = build(FIRST, SERIES)
    once = replace(SERIES, overrides=((WEEK_2, LATER + 7 * DAY),))
    twice = replace(SERIES, overrides=((WEEK_2, LATER + 8 * DAY),))
    second = build(first, once, now=NOW + DAY)
    third = build(second, twice, now=NOW + 2 * DAY)
    assert [sequence(o, SERIES) for o in (first, second, third)] == [0, 0, 0]
    assert [sequence(o, SERIES, WEEK_2) for o in (second, third)] == [1, 2]


def test_a_changed_date_of_a_new_series_begins_at_zero():
    outcome = build(FIRST, replace(SERIES, overrides=((WEEK_2, LATER),)))
    assert sequence(outcome, SERIES, WEEK_2) == 0


def test_a_change_taken_back_must_still_be_written_until_thirty_days_past():
    at = START + 7 * DAY
    first = build(FIRST, replace(SERIES, overrides=((WEEK_2, at + timedelta(hours=1)),)))
    until = at + timedelta(hours=2) + 30 * DAY
    assert overrides_to_keep(first.ledger, Clock(until - DAY, "UTC")) == {SERIES.uid: (WEEK_2,)}
    assert overrides_to_keep(first.ledger, Clock(until, "UTC")) == {}
    assert overrides_to_keep(None, Clock(NOW, "UTC")) == {}
    back = build(first, replace(SERIES, overrides=((WEEK_2, at),)), now=NOW + DAY)
    assert sequence(back, SERIES, WEEK_2) == 1


def test_a_shortened_series_cancels_the_changed_date_that_left_it():
    first = build(FIRST, replace(SERIES, overrides=((WEEK_3, LATER + 14 * DAY),)))
    short = replace(SERIES, rule="FREQ=WEEKLY;UNTIL=20260601T000000Z", ends=START + 7 * DAY)
    second = build(first, short, now=NOW + DAY)
    assert cancelled(second) == [(SERIES.uid, WEEK_3)]
    assert (sequence(second, SERIES), sequence(second, SERIES, WEEK_3)) == (1, 1)
    assert second.calendars == {SERIES.key: ("events.ics",)}
    assert second.removed == ()


def test_a_changed_date_that_is_long_past_is_tidied_away_in_silence():
    first = build(FIRST, replace(SERIES, overrides=((WEEK_2, LATER + 7 * DAY),)))
    second = build(first, SERIES, now=NOW + 200 * DAY)
    assert second.tombstones == {}
    assert second.announced == first.announced


# --- 8. previews, the digest ---


def test_a_preview_says_so_in_its_ledger():
    assert build(FIRST, CALL, preview=True).ledger.preview
    assert b'"preview": true' in encode(build(FIRST, CALL, preview=True).ledger)


# --- 9. a lost ledger ---


def test_after_a_loss_every_revision_is_above_what_it_can_have_been():
    first = build(FIRST, CALL)
    second = build(first, replace(CALL, start=LATER), now=NOW + DAY)
    third = build(Previous(beginning=Beginning.LOST), CALL, now=NOW + 2 * DAY)
    minutes = (NOW + 2 * DAY - datetime(2020, 1, 1, tzinfo=UTC)) // timedelta(minutes=1)
    assert third.revisions == {KEY: Revision(minutes, NOW + 2 * DAY, NOW + 2 * DAY)}
    assert sequence(third, CALL) > sequence(second, CALL)


def test_what_was_hidden_at_a_loss_is_not_lower_when_it_comes_back():
    lost = build(Previous(beginning=Beginning.LOST), SERIES, now=NOW)
    second = build(lost, SERIES, CALL, now=NOW + DAY)
    assert sequence(second, CALL) == sequence(lost, SERIES) > 0


# --- faulty files, feeds, erasure ---


def test_a_file_left_out_for_its_faults_is_not_called_cancelled():
    first = build(FIRST, CALL, SERIES)
    second = build(first, SERIES, held={"events/call/"}, now=NOW + DAY)
    assert (second.tombstones, second.removed) == ({}, ())
    assert second.ledger.entries == first.ledger.entries
    third = build(second, CALL, SERIES, now=NOW + 2 * DAY)
    assert third.revisions == first.revisions


def test_what_was_cancelled_before_its_file_was_faulty_is_told_no_longer_than_else():
    changed = replace(CALL, overrides=((WEEK_2, LATER + 7 * DAY),))
    second = build(build(FIRST, changed), CALL, now=NOW + DAY)
    assert cancelled(second) == [(CALL.uid, WEEK_2)]
    past = LATER + 7 * DAY + timedelta(hours=1) + 30 * DAY
    assert cancelled(build(second, held={"events/call/"}, now=past - DAY)) == cancelled(second)
    assert cancelled(build(second, held={"events/call/"}, now=past)) == []


def test_an_announcement_is_newer_only_when_a_sequence_rose():
    first = build(FIRST, SERIES)
    worded = replace(SERIES, text="New words")
    second = build(first, worded, now=NOW + DAY)
    assert second.announced == first.announced == {SERIES.key: Revision(0, NOW, NOW)}
    moved = replace(worded, overrides=((WEEK_2, LATER + 7 * DAY),))
    third = build(second, moved, now=NOW + 2 * DAY)
    assert third.announced == {SERIES.key: Revision(1, NOW, NOW + 2 * DAY)}


def test_a_person_is_erased_from_the_ledger_with_every_address():
    jane = ShownEntry("person:jane", "people/jane/", "Jane", "", "d", aliases=("people/jd/",))
    feeds = {"feeds/people/jane.xml": "Jane"}
    first = advance(
        FIRST,
        shown=[jane],
        components=[],
        machines=feeds,
        authority="a",
        clock=Clock(NOW, "UTC"),
    )
    without = forgotten(published(first.ledger), ["person:jane", "feeds/people/jane.xml"])
    assert without.digest == "digest"
    second = build(without, CALL)
    assert (second.removed, second.redirects, second.emptied) == ((), {}, {})
    assert b"jane" not in encode(second.ledger).lower()


def test_an_erased_event_is_not_called_cancelled():
    first = build(FIRST, CALL, SERIES)
    second = build(forgotten(published(first.ledger), [CALL.key]), SERIES, now=NOW + DAY)
    assert second.revisions == {(SERIES.uid, ""): first.revisions[SERIES.uid, ""]}


def test_a_name_that_the_ledger_does_not_hold_cannot_be_erased():
    with pytest.raises(SetupError, match="does not hold `event:cal`; did you mean `event:call`"):
        forgotten(published(build(FIRST, CALL).ledger), ["event:cal"])


def test_a_tombstone_is_a_component_of_the_same_key():
    second = build(build(FIRST, CALL), now=NOW + DAY)
    for key, component in second.tombstones.items():
        assert isinstance(component, Component)
        assert component.key == key and key in second.revisions
    assert len(second.tombstones) == 1
