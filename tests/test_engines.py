"""The listed rules in the listed zones, through the whole build: pages, structured data, calendars.

That three engines agree about them until 2033, and that a start which its rule does not give is
refused, is proved by test_calendar_engines and test_recurrence on the same rules.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from built_sites import Built, built, in_structured_data, on_page, window
from community_files import NOW, write
from test_calendar_engines import LISTED, ZONES

from judges import ical_js, icalendar_events

YML = """
    site_name: Engines
    site_url: https://example.org/
    plugins: []
    theme: {name: material}
    extra: {townsquare: {authority: "example.org,2026"}}
    """
WORKSHOP = {
    "a three-day workshop each year": "start: 2026-05-21\nend: 2026-05-23\nrepeat: {every: year}",
    "three days with hours each year": (
        "start: 2026-05-21 09:00\nend: 2026-05-23 17:00\nrepeat: {every: year}"
    ),
}
# As far as pages know of dates: eight years from this month.
START, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2034, 11, 8, tzinfo=UTC)


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def events() -> dict[str, str]:
    """The front matter of every listed rule in every listed zone, by the event's id."""
    found = {
        f"{name} {zone}": f"start: {day} 18:00\nend: 19:30\ntimezone: {zone}\nrepeat: {rule}"
        for name, (day, rule, _) in LISTED.items()
        for zone in ZONES
    }
    return {slug(name): text for name, text in {**found, **WORKSHOP}.items()}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("engines")
    files = {f"events/{id}.md": f"---\ntitle: T\n{text}\n---\n" for id, text in events().items()}
    root = write(folder / "root", {"mkdocs.yml": YML, **files})
    return built(root, folder / "site")


def test_pages_structured_data_and_calendars_name_the_same_dates(site):
    calendars = site.named(r"calendars/events/.*\.ics")
    assert len(calendars) == len(LISTED) * len(ZONES) + len(WORKSHOP)
    read = ical_js.expand_all(calendars, START, END)
    for address, data in calendars.items():
        assert icalendar_events.expand(data, START, END) == read[address], address
        entry = site.community.library.find("event", Path(address).stem)
        path, expected = f"{entry.address}index.html", window(read[address], "UTC")
        assert len(expected) >= 2, address
        assert in_structured_data(site.structured(path)) == expected, address
        assert on_page(site.tree(path)) == [start for start, _ in expected], address


def test_data_names_the_same_dates(site):
    calendars = site.named(r"calendars/events/.*\.ics")
    read = ical_js.expand_all(calendars, START, END)
    items = json.loads((site.folder / "api/events.json").read_bytes())["items"]
    assert len(items) == len(calendars)
    for item in items:
        told = [datetime.fromisoformat(o["start"]) for o in item["occurrences"]]
        expected = window(read[f"calendars/events/{item['id']}.ics"], "UTC")
        assert [start.replace(tzinfo=start.tzinfo or UTC) for start in told] == [
            datetime.fromisoformat(start).replace(tzinfo=UTC) for start, _ in expected
        ], item["id"]


def test_what_takes_place_every_day_for_years_still_has_a_next_date(tmp_path):
    since = NOW.date() - timedelta(days=5000)
    event = f"---\ntitle: T\nstart: {since} 18:00\nrepeat: {{every: day}}\n---\n"
    site = built(
        write(tmp_path / "root", {"mkdocs.yml": YML, "events/daily.md": event}), tmp_path / "site"
    )
    starts = on_page(site.tree("events/daily/index.html"))
    read = ical_js.expand((site.folder / "calendars/events/daily.ics").read_bytes(), START, END)
    assert starts == [start for start, _ in window(read, "UTC")]
    assert sum(datetime.fromisoformat(start) > NOW for start in starts) == 12
