"""Events: when and where readers are told that something takes place."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from view_pages import HTML, Site, event, person, post, site

WEEKLY = "{every: week, on: tuesday}"


def rows(made: Site, address: str) -> list[str]:
    """The titles of the occurrences that a page lists."""
    return made.titles(address, "ts-row")


def cells(made: Site, address: str) -> dict[str, list[str]]:
    """What a month's table holds, by date; days without events are left out."""
    found: dict[str, list[str]] = {}
    for cell in made.tree(address).iter(f"{HTML}td"):
        for time in cell.iter(f"{HTML}time"):
            titles = ["".join(a.itertext()) for a in cell.iter(f"{HTML}a")]
            found |= {time.get("datetime", ""): titles} if titles else {}
    return found


def test_the_agenda_shows_what_is_to_come_by_month_and_nothing_else(tmp_path: Path):
    files = {
        "events/past.md": event("2026-11-22 18:00"),
        "events/now.md": event("2026-11-23 12:30", timezone="Europe/Berlin"),
        "events/next.md": event("2026-12-24"),
        "events/far.md": event("2031-05-05"),
    }
    made = site(tmp_path, files, now=datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    starts = "2026-11-23 12:30", "2026-12-24", "2031-05-05"
    assert rows(made, "events/") == [f"Event of {start}" for start in starts]
    text = made.text("events/")
    assert text.index("November 2026") < text.index("December 2026") < text.index("May 2031")
    assert rows(made, "events/past/2026/") == ["Event of 2026-11-22 18:00"]


def test_an_event_moves_to_the_past_when_it_has_ended_and_not_before(tmp_path: Path):
    files = {"events/a.md": event("2026-11-23 13:00", end="14:00")}
    before = site(tmp_path, files, now=datetime(2026, 11, 23, 12, 59, 59, tzinfo=UTC))
    after = site(tmp_path, files, now=datetime(2026, 11, 23, 13, 0, 0, tzinfo=UTC))
    assert rows(before, "events/") == ["Event of 2026-11-23 13:00"]
    assert "events/past/" not in before
    assert rows(after, "events/") == []
    assert "This is over." in after.text("events/a/")
    assert before.community.clock.next_change == datetime(2026, 11, 23, 13, 0, tzinfo=UTC)


def test_a_series_without_end_stands_twelve_times_in_the_agenda(tmp_path: Path):
    made = site(tmp_path, {"events/a.md": event("2026-01-06 18:00", repeat=WEEKLY)})
    assert len(rows(made, "events/")) == 12
    assert len(re.findall('<li class="ts-row" id', made.html("events/a/"))) == 24
    assert "It goes on" in made.text("events/a/")
    assert "and 34 earlier dates" in made.text("events/a/")


def test_times_are_the_events_own_with_zone_and_offset(tmp_path: Path):
    fields = {"timezone": "Asia/Kathmandu", "duration": "1h30m"}
    made = site(tmp_path, {"events/a.md": event("2027-01-16 10:00", **fields)})
    page = made.html("events/a/")
    assert "Saturday 16 January 2027, 10:00–11:30 Asia/Kathmandu, UTC+5:45" in made.text(
        "events/a/"
    )
    assert 'datetime="2027-01-16T10:00+05:45"' in page


def test_an_end_that_nobody_gave_is_not_printed(tmp_path: Path):
    made = site(tmp_path, {"events/a.md": event("2027-01-16 10:00")})
    assert "16 January 2027, 10:00 Europe/Berlin" in made.text("events/a/")


def test_the_last_day_of_several_is_included(tmp_path: Path):
    made = site(tmp_path, {"events/a.md": event("2027-06-09", end="2027-06-11")})
    assert "Wednesday 9 – Friday 11 June 2027" in made.text("events/a/")
    assert cells(made, "events/months/2027-06/") == {
        f"2027-06-{day:02}": ["Event of 2027-06-09"] for day in (9, 10, 11)
    }


def test_months_that_hold_nothing_have_no_table(tmp_path: Path):
    files = {
        "events/a.md": event("2026-10-31", end="2026-11-01"),
        "events/b.md": event("2027-02-03"),
    }
    made = site(tmp_path, files)
    tables = [p.address for p in made.pages if re.fullmatch(r"events/months/\d.*", p.address)]
    assert tables == [f"events/months/{m}/" for m in ("2026-10", "2026-11", "2027-02")]
    assert cells(made, "events/months/2026-11/") == {"2026-11-01": ["Event of 2026-10-31"]}
    assert "events/months/2027-02/" in made.links("events/months/2026-11/")
    assert made.titles("events/months/") == ["February 2027", "November 2026", "October 2026"]


def test_a_months_table_names_its_columns_and_itself(tmp_path: Path):
    tree = site(tmp_path, {"events/a.md": event("2027-02-03")}).tree("events/months/2027-02/")
    headers = [th.get("scope") for th in tree.iter(f"{HTML}th")]
    assert headers == ["col"] * 7
    assert "February 2027" in "".join(next(tree.iter(f"{HTML}caption")).itertext())
    days = [t for t in tree.iter(f"{HTML}time") if t.get("class") == "ts-month__day"]
    assert [t.get("datetime") for t in days] == [str(date(2027, 2, n)) for n in range(1, 29)]


def test_every_past_occurrence_stands_in_its_year(tmp_path: Path):
    files = {
        "events/a.md": event("2025-12-23 18:00", repeat="{every: week, until: 2026-01-13}"),
        "events/b.md": event("2024-02-29"),
    }
    made = site(tmp_path, files)
    assert made.titles("events/past/") == ["2026", "2025", "2024"]
    assert len(rows(made, "events/past/2025/")) == 2
    assert len(rows(made, "events/past/2026/")) == 2
    assert "calendars/archive/2025.ics" in made.links("events/past/2025/")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"status": "cancelled", "status_note": "No room."},
            "Cancelled. It does not take place. No room.",
        ),
        (
            {"status": "postponed"},
            "Postponed. It does not take place then; a new date will follow.",
        ),
        (
            {"status": "rescheduled", "previous_start": "2027-01-09 10:00"},
            "New date. It was to begin on Saturday 9 January 2027, 10:00.",
        ),
        ({"status": "moved-online"}, "Moved online. Nobody needs to travel."),
        ({"status": "tentative"}, "Not yet confirmed."),
    ],
)
def test_a_status_is_told_before_anything_else_and_in_lists(
    tmp_path: Path, fields: dict[str, str], words: str
):
    made = site(tmp_path, {"events/a.md": event("2027-01-16 10:00", **fields)})
    assert f"Event of 2027-01-16 10:00 {words}" in made.text("events/a/")
    assert words.split(".")[0] in made.text("events/")


def test_a_cancelled_date_is_told_in_the_list_and_passed_over_as_the_next(tmp_path: Path):
    changes = "{2026-11-24: {status: cancelled, status_note: The hall is closed.}}"
    made = site(
        tmp_path, {"events/a.md": event("2026-01-06 18:00", repeat=WEEKLY, changes=changes)}
    )
    text = made.text("events/a/")
    assert "Next Tuesday 1 December 2026, 18:00" in text.replace("Next", "Next ").replace("  ", " ")
    assert (
        "Tuesday 24 November 2026, 18:00 Europe/Berlin, UTC+1 Cancelled The hall is closed." in text
    )


def test_a_moved_date_tells_the_former_one_under_its_anchor(tmp_path: Path):
    changes = "{2026-11-24: {start: 2026-11-25 19:00, title: A guest}}"
    made = site(
        tmp_path, {"events/a.md": event("2026-01-06 18:00", repeat=WEEKLY, changes=changes)}
    )
    assert "instead of Tuesday 24 November 2026, 18:00" in made.text("events/a/")
    assert 'id="2026-11-24"><span class="ts-row__title">A guest</span>' in made.html("events/a/")
    assert 'href="a/#2026-11-24"' in made.html("events/")


@pytest.mark.parametrize(
    ("registration", "words", "button"),
    [
        (
            "{url: https://r.example/, opens: 2026-12-01}",
            "Opens on Tuesday 1 December 2026.",
            False,
        ),
        (
            "{url: https://r.example/, closes: 2026-11-23}",
            "Open. Closes on Monday 23 November 2026.",
            True,
        ),
        ("{url: https://r.example/, closes: 2026-11-22}", "Closed.", False),
        ("{price: free}", "Not needed.", False),
    ],
)
def test_registration_is_offered_while_it_is_open(
    tmp_path: Path, registration: str, words: str, button: bool
):
    made = site(tmp_path, {"events/a.md": event("2027-01-16 10:00", registration=registration)})
    assert f"Registration{words}" in made.text("events/a/")
    assert ("Register at r.example" in made.text("events/a/")) is button


def test_an_event_is_added_to_calendars_by_subscribing(tmp_path: Path):
    page = site(tmp_path, {"events/a.md": event("2027-01-16 10:00")}).html("events/a/")
    at = "example.org/site/calendars/events/a.ics"
    assert f'href="webcal://{at}"' in page
    assert f'href="https://calendar.google.com/calendar/r?cid=webcal://{at}"' in page
    assert 'href="../../calendars/events/a.ics"' in page
    assert "webcals" not in page


@pytest.mark.parametrize(
    ("place", "address"),
    [
        ("{name: Hall, geo: [52.5, 13.4]}", "?mlat=52.5&amp;mlon=13.4#map=17/52.5/13.4"),
        (
            "{address: Sample Street 12, city: Berlin}",
            "search?query=Sample%20Street%2012%2C%20Berlin",
        ),
    ],
)
def test_a_place_links_to_its_map(tmp_path: Path, place: str, address: str):
    fields = {"place": place, "where": "Hall"}
    page = site(tmp_path, {"events/a.md": event("2027-01-16 10:00", **fields)}).html("events/a/")
    assert f'href="https://www.openstreetmap.org/{address}"' in page
    assert "<iframe" not in page


def test_events_that_belong_together_lead_to_one_another(tmp_path: Path):
    files = {
        "events/whole.md": event("2027-06-09", end="2027-06-11"),
        "events/part.md": event("2027-06-10 14:00", part_of="whole"),
        "events/old.md": event("2026-01-06 18:00", repeat="{every: week, until: 2026-06-30}"),
        "events/new.md": event("2026-07-14 12:00", continues="old", repeat="{every: week}"),
        "content/blog/recap.md": post("2026-11-01", event="whole"),
    }
    made = site(tmp_path, files)
    assert "events/part/" in made.links("events/whole/")
    assert "events/whole/" in made.links("events/part/")
    assert "Continued by Event of 2026-07-14 12:00" in made.text("events/old/")
    assert "This continues Event of 2026-01-06 18:00" in made.text("events/new/")
    assert "blog/recap/" in made.links("events/whole/")
    assert "events/whole/" in made.links("blog/recap/")


def test_what_remains_is_shown_afterwards(tmp_path: Path):
    after = "{recordings: [https://v.example/a.mp4], slides: [{url: https://s.example/a.pdf, title: The slides}], attended: 31}"  # noqa: E501
    made = site(tmp_path, {"events/a.md": event("2026-01-16 10:00", after=after)})
    text = made.text("events/a/")
    assert "Recording v.example The slides s.example 31 people came." in text
    assert "Add to calendar" not in text


def test_organisers_are_people_partners_or_others(tmp_path: Path):
    files = {
        "content/people/ana.md": person("Ana"),
        "content/people/quiet.md": person("Quiet", listed="no"),
        "content/partners/acme.md": "---\ntitle: Acme\nurl: https://acme.example/\n---\n",
        "events/a.md": event("2027-01-16 10:00", organisers="[ana, acme, quiet, {name: Bo}]"),
    }
    made = site(tmp_path, files)
    assert "Organised byAna, Acme, Quiet, Bo" in made.text("events/a/")
    assert {"people/ana/", "partners/acme/"} <= made.links("events/a/")
    assert not [link for link in made.links("events/a/") if "quiet" in link]
    assert "events/a/" in made.links("partners/acme/")


def test_a_series_of_events_has_a_page_and_a_calendar(tmp_path: Path):
    files = {
        "events/a.md": event("2026-10-07 17:00", series="moderation-school"),
        "events/b.md": event("2026-12-02 17:00", series="moderation-school"),
    }
    made = site(tmp_path, files)
    address = "events/series/moderation-school/"
    assert rows(made, address) == ["Event of 2026-12-02 17:00", "Event of 2026-10-07 17:00"]
    assert "calendars/series/moderation-school.ics" in made.links(address)
    assert address in made.links("events/")
    assert address in made.links("events/a/")


def test_an_event_page_offers_the_report_channels_of_the_code_in_force(tmp_path: Path):
    channels = "[{name: Team, contact: 'mailto:c@example.org', reaches: two}, {name: Form, contact: 'https://f.example/', reaches: one}]"  # noqa: E501
    code = "---\ntitle: Code\ntype: code-of-conduct\nversion: 1.0\nstatus: {}\neffective: 2026-01-01\nreport_channels: {}\n---\n"  # noqa: E501
    files = {
        "guidelines/code.md": code.format("active", channels),
        "events/a.md": event("2027-01-16 10:00"),
    }
    assert "mailto:c@example.org" in site(tmp_path, files).html("events/a/")
    files["guidelines/code.md"] = code.format("superseded", channels)
    assert "mailto:c@example.org" not in site(tmp_path, files).html("events/a/")


def test_an_event_is_described_for_search_engines(tmp_path: Path):
    fields = {
        "timezone": "America/New_York",
        "end": "11:00",
        "place": "{name: Hall, address: Street 1, city: Berlin, country: DE, geo: [52.5, 13.4]}",
        "where": "https://meet.example/x",
        "registration": "{url: https://r.example/, opens: 2026-12-01 09:00, price: [149 EUR, {name: Students, price: free}]}",  # noqa: E501
        "status": "rescheduled",
        "previous_start": "2027-01-09 10:00",
        "organisers": "[{name: Bo, url: https://bo.example/}]",
        "capacity": "40",
    }
    found = site(tmp_path, {"events/a.md": event("2027-01-16 10:00", **fields)})[
        "events/a/"
    ].structured
    offer = {"@type": "Offer", "url": "https://r.example/", "validFrom": "2026-12-01T09:00-05:00"}
    assert found == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Event of 2027-01-16 10:00",
        "url": "https://example.org/site/events/a/",
        "startDate": "2027-01-16T10:00-05:00",
        "endDate": "2027-01-16T11:00-05:00",
        "previousStartDate": "2027-01-09T10:00-05:00",
        "eventStatus": "https://schema.org/EventRescheduled",
        "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
        "inLanguage": "en",
        "maximumAttendeeCapacity": 40,
        "organizer": [{"@type": "Person", "name": "Bo", "url": "https://bo.example/"}],
        "location": [
            {
                "@type": "Place",
                "name": "Hall",
                "address": {
                    "@type": "PostalAddress",
                    "streetAddress": "Street 1",
                    "addressLocality": "Berlin",
                    "addressCountry": "DE",
                },
                "geo": {"@type": "GeoCoordinates", "latitude": 52.5, "longitude": 13.4},
            },
            {"@type": "VirtualLocation", "url": "https://meet.example/x"},
        ],
        "offers": [
            offer | {"price": "149", "priceCurrency": "EUR"},
            offer | {"price": "0", "name": "Students"},
        ],
    }


def test_a_repeating_event_is_a_series_of_the_dates_on_its_page(tmp_path: Path):
    made = site(tmp_path, {"events/a.md": event("2026-01-06 18:00", repeat=WEEKLY)})
    found = made["events/a/"].structured
    assert found is not None
    assert found["@type"] == "EventSeries"
    assert found["startDate"] == "2026-01-06T18:00+01:00"
    assert "endDate" not in found
    dates = [each["startDate"] for each in found["subEvent"]]
    printed = re.findall(
        r'id="\d[^>]*>\s*<time class="ts-when" datetime="([^"]*)"', made.html("events/a/")
    )
    assert len(dates) == 24
    assert sorted(dates) == sorted(printed)


@pytest.mark.parametrize(
    ("start", "listed"), [("2099-01-06", "events/"), ("1965-01-06", "events/past/1965/")]
)
def test_events_far_from_today_are_dated_and_listed(tmp_path: Path, start: str, listed: str):
    made = site(tmp_path, {"events/a.md": event(f"{start} 18:00")})
    assert f"6 January {start[:4]}, 18:00" in made.text("events/a/")
    assert rows(made, listed) == [f"Event of {start} 18:00"]


def test_whole_days_have_no_zone(tmp_path: Path):
    made = site(tmp_path, {"events/a.md": event("2027-01-16")})
    assert 'datetime="2027-01-16"' in made.html("events/a/")
    assert "Europe/Berlin" not in made.text("events/a/")


def test_a_date_that_is_cancelled_or_elsewhere_says_so_in_the_series(tmp_path: Path):
    changes = "{2026-11-24: {status: cancelled}, 2026-12-01: {join: 'https://other.example/'}}"
    fields = {"where": "https://meet.example/", "repeat": WEEKLY, "changes": changes}
    found = site(tmp_path, {"events/a.md": event("2026-11-24 18:00", **fields)})[
        "events/a/"
    ].structured
    assert found is not None
    first, second, third = found["subEvent"][:3]
    assert first["eventStatus"] == "https://schema.org/EventCancelled"
    assert second["location"] == [{"@type": "VirtualLocation", "url": "https://other.example/"}]
    assert third["location"] == [{"@id": found["location"][0]["@id"]}]
    assert "eventStatus" not in third


def filtered(made: Site, address: str) -> dict[str, str]:
    """The filters that a page offers, by their words; the page's own has a star."""
    found = re.findall(
        r'<li><a href="([^"]+)"( aria-current="page")?>([^<]+) <span class="ts-meta">(\d+)',
        made.html(address),
    )
    return {word: number + ("*" if own else "") for _, own, word, number in found}


def test_each_format_has_a_page_with_what_is_coming_and_what_was(tmp_path: Path):
    files = {
        "events/a.md": event("2026-12-01 18:00", format="workshop"),
        "events/b.md": event("2026-11-01 18:00", format="workshop"),
        "events/c.md": event("2026-12-02 18:00", format="networking"),
        "events/d.md": event("2026-12-03 18:00", format="other"),
        "events/e.md": event("2026-12-04 18:00"),
    }
    made = site(tmp_path, files)
    assert rows(made, "events/formats/workshop/") == [
        "Event of 2026-12-01 18:00", "Event of 2026-11-01 18:00"
    ]  # fmt: skip
    assert filtered(made, "events/formats/workshop/") == {
        "Networking session": "1", "Workshop": "2*"
    }  # fmt: skip
    usual = {"Networking session": "1", "Workshop": "2"}
    assert filtered(made, "events/") == filtered(made, "events/past/") == usual
    assert "events/formats/networking/" in made.links("events/c/")
    assert "events/formats/other/" not in made
    assert "Nothing of this sort" not in made.text("events/formats/networking/")
    assert "events/past/" not in made.links("events/formats/networking/")


def test_a_formats_page_holds_two_dozen_of_what_is_over(tmp_path: Path):
    daily = event("2026-01-06 18:00", format="call", repeat="{every: day, times: 40}")
    made = site(tmp_path, {"events/a.md": daily})
    assert len(rows(made, "events/formats/call/")) == 24
    assert "Nothing of this sort is planned" in made.text("events/formats/call/")


def test_how_many_came_stands_beside_how_many_fit(tmp_path: Path):
    fields = {"capacity": "40", "after": "{attended: 1}"}
    made = site(tmp_path, {"events/a.md": event("2026-10-06 18:00", **fields)})
    assert "1 person came. There were 40 places." in made.text("events/a/")


def test_why_nothing_remains_is_told(tmp_path: Path):
    fields = {"after": "{none: Everybody spoke in private.}"}
    made = site(tmp_path, {"events/a.md": event("2026-10-06 18:00", **fields)})
    assert "What remains Everybody spoke in private." in made.text("events/a/")


def test_lists_say_how_many_came_to_what_is_over(tmp_path: Path):
    rule = {"repeat": "{every: week, times: 3}", "after": "{attended: 99}"}
    changes = {"changes": "{2026-10-13: {after: {attended: 7}}}"}
    files = {
        "events/a.md": event("2026-11-01 18:00", after="{attended: 12}"),
        "events/b.md": event("2026-10-06 18:00", **rule, **changes),
        "events/c.md": event("2026-12-01 18:00"),
    }
    made = site(tmp_path, files)
    text = made.text("events/past/2026/")
    assert re.findall(r"\d+ people came", text) == ["12 people came", "7 people came"]
    assert "came" not in made.text("events/")
