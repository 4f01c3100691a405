"""The judges find what is planted for them, so that their silence about a build means something."""

from datetime import UTC, datetime

import pytest

from judges import browser, ical_js, icalendar_events, nu

WINDOW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
CALENDAR = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//townsquare//tests//EN
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:call
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260114T180000
DTEND;TZID=Europe/Berlin:20260114T190000
RRULE:FREQ=MONTHLY;BYDAY=2WE
EXDATE;TZID=Europe/Berlin:20260311T180000
SUMMARY:Call
END:VEVENT
BEGIN:VEVENT
UID:call
DTSTAMP:20260101T000000Z
RECURRENCE-ID;TZID=Europe/Berlin:20260408T180000
DTSTART;TZID=Europe/Berlin:20260409T200000
DTEND;TZID=Europe/Berlin:20260409T210000
SUMMARY:Call moved
STATUS:CANCELLED
END:VEVENT
BEGIN:VEVENT
UID:days
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20260201
DTEND;VALUE=DATE:20260203
SUMMARY:Days
END:VEVENT
END:VCALENDAR
""".replace(b"\n", b"\r\n")
ENGINES = pytest.mark.parametrize("engine", [ical_js, icalendar_events], ids=lambda e: e.__name__)


@ENGINES
def test_both_engines_give_the_same_occurrences_in_utc(engine):
    found = [
        (o["start"], o["recurrence_id"], o["status"]) for o in engine.expand(CALENDAR, *WINDOW)
    ]
    assert found == [
        ("2026-01-14T17:00:00Z", "2026-01-14T17:00:00Z", ""),
        ("2026-02-01", None, ""),
        ("2026-02-11T17:00:00Z", "2026-02-11T17:00:00Z", ""),
        ("2026-04-09T18:00:00Z", "2026-04-08T16:00:00Z", "CANCELLED"),
        ("2026-05-13T16:00:00Z", "2026-05-13T16:00:00Z", ""),
        ("2026-06-10T16:00:00Z", "2026-06-10T16:00:00Z", ""),
    ]


@ENGINES
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"FREQ=MONTHLY", b"FREQ=MOTHLY"),
        (b"SUMMARY:Days", b"SUMMARY Days"),
        (b"END:VCALENDAR\r\n", b""),
        (b"DTSTART;TZID=Europe/Berlin:20260114T180000", b"DTSTART:20260114T180000"),
    ],
)
def test_both_engines_refuse_a_broken_calendar(engine, right, wrong):
    with pytest.raises(ical_js.Refused):
        engine.expand(CALENDAR.replace(right, wrong), *WINDOW)


def test_ical_js_refuses_a_zone_that_the_file_does_not_define():
    with pytest.raises(ical_js.Refused, match="undefined TZID Europe/Berlin"):
        ical_js.expand(CALENDAR.replace(b"TZID:Europe/Berlin", b"TZID:Europe/Wien"), *WINDOW)


def test_one_refused_file_among_many_is_named():
    with pytest.raises(ical_js.Refused, match=r"^broken\.ics: "):
        ical_js.expand_all({"fine.ics": CALENDAR, "broken.ics": b"BEGIN:VCALENDAR"}, *WINDOW)


def test_the_html_checker_finds_a_duplicate_id_and_nothing_in_a_valid_page(tmp_path):
    page = '<!doctype html>\n<html lang="en"><title>A</title>\n<p id="a">A</p>'
    (tmp_path / "a.html").write_text(f'{page}<p id="a">B</p></html>\n')
    (tmp_path / "b.html").write_text(f"{page}</html>\n")
    assert nu.errors(tmp_path) == ["a.html:3:16: Duplicate ID “a”."]


SCRIPT = "document.body.append('scripted'); console.error('said'); throw new Error('thrown')"
PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>A</title></head><body>
<p style="color:#aaa;background:#fff">pale</p><img src="http://127.0.0.2:9/x.png" alt="x">
<div style="width:500px">wide</div><noscript>unscripted</noscript><script src="a.js"></script>
<style>@media (prefers-color-scheme: dark) { p::after { content: " at night" } }</style>"""


@pytest.fixture
def site(tmp_path):
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "a.js").write_text(SCRIPT + " " * 10_000)
    with browser.served(tmp_path) as url:
        yield url


def test_a_browser_tells_of_errors_foreign_hosts_bytes_and_violations(chromium, site):
    with chromium.visit(site, width=320) as visit:
        assert "uncaught: thrown" in visit.console and "error: said" in visit.console
        assert visit.foreign == ["http://127.0.0.2:9/x.png"]
        assert 0 < visit.transferred()["/a.js"] < 1000
        assert visit.sideways() > 100
        rules = {violation.partition(":")[0] for violation in visit.violations()}
    assert rules == {"color-contrast", "html-has-lang"}


def test_a_browser_without_script_reads_what_is_there_without_it(chromium, site):
    with chromium.visit(site, script=False) as visit:
        assert "unscripted" in visit.text() and "scripted" not in visit.text().split()


def test_a_browser_prefers_the_scheme_it_is_asked_to(chromium, site):
    content = "getComputedStyle(document.querySelector('p'), '::after').content"
    with chromium.visit(site, scheme="dark") as visit:
        assert visit.page.evaluate(content) == '" at night"'
    with chromium.visit(site, scheme="light") as visit:
        assert visit.page.evaluate(content) == "none"


def test_a_page_that_is_not_there_answers_404(chromium, site):
    with chromium.visit(site + "nowhere/") as visit:
        assert ["404" in line for line in visit.console] == [True]
