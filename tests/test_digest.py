"""`digest`: what happened in a period, in three forms, for whoever may see it."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, date, datetime
from email import message_from_string, policy
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from typing import Any

import html5lib
import pytest
from click.testing import CliRunner
from communities import SITE, at, community
from community_files import NOW, write
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from repositories import Repository

from judges import browser, installed, nu
from townsquare import cli, digest
from townsquare.community import Community
from townsquare.digest import FORMS
from townsquare.digest.written import COLUMNS, MAX_BYTES, _wrapped

OCTOBER = date(2026, 10, 1), date(2026, 11, 1)
NOVEMBER = date(2026, 11, 1), date(2026, 12, 1)
ANA = "---\ntitle: Ana\njoined: 2024-10-31\n---\n"
BO = "---\ntitle: Bo\njoined: 2026-10-05\ndescription: Likes maps.\n---\n"
CY = "---\ntitle: Cy Quiet\nlisted: no\njoined: 2026-10-06\n---\n"


def post(title: str = "Hello", day: str = "2026-10-05", more: str = "authors: [ana]") -> str:
    return f"---\ntitle: {title!r}\ndate: {day}\n{more}\n---\nText.\n"


def event(title: str = "Call", start: str = "2026-11-05 18:00", more: str = "where: online") -> str:
    return f"---\ntitle: {title!r}\nstart: {start}\n{more}\n---\nTalk.\n"


FILES = {
    "content/people/ana.md": ANA,
    "content/people/bo.md": BO,
    "content/people/cy.md": CY,
    "content/partners/acme.md": "---\ntitle: Acme\nurl: https://acme.example\n---\n",
}


def made(root: Path, files: dict[str, str], *, now: datetime = NOW) -> Community:
    return community(root, {**FILES, **files}, now=now)


def sections(held: Community, since: date, until: date) -> dict[str, list[str]]:
    """Each section's items, on one line each: label, title, facts, text."""
    found = digest.gathered(held, since, until)
    return {
        section.title: [
            " | ".join(filter(None, (i.label, i.title, *i.facts, i.text))) for i in section.items
        ]
        for section in found.sections
    }


def forms(held: Community, since: date, until: date) -> dict[str, str]:
    found = digest.gathered(held, since, until)
    return {form: digest.written(found, form) for form in FORMS}


@pytest.fixture(scope="module")
def sample(root: Path) -> Community:
    return at(root)


# --- what belongs to a period ---------------------------------------------------------------------


def test_a_period_begins_with_its_first_midnight_and_ends_before_its_last(tmp_path):
    days = ("2026-09-30 23:59", "2026-10-01", "2026-10-31 23:59", "2026-11-01")
    files = {f"content/blog/p{n}.md": post(f"P{n}", day) for n, day in enumerate(days)}
    assert sections(made(tmp_path, files), *OCTOBER)["New posts"] == [
        "P1 | By Ana, 1 October 2026 | Text.",
        "P2 | By Ana, 31 October 2026 | Text.",
    ]


def test_coming_events_are_those_of_as_many_days_or_months_after_it(tmp_path):
    starts = ("2026-10-31 18:00", "2026-11-01 00:00", "2026-11-30 23:00", "2026-12-01 00:00")
    files = {f"events/e{n}.md": event(f"E{n}", start) for n, start in enumerate(starts)}
    held = made(tmp_path, files)
    [title] = [t for t in sections(held, *OCTOBER) if t.startswith("Coming")]
    assert title == "Coming events, until 30 November 2026"
    assert [e.split(" |")[0] for e in sections(held, *OCTOBER)[title]] == ["E1", "E2"]
    week = sections(held, date(2026, 10, 25), date(2026, 11, 1))
    assert [e.split(" |")[0] for e in week["Coming events, until 7 November 2026"]] == ["E1"]


def test_an_event_says_its_own_time_place_how_often_it_comes_and_what_became_of_it(tmp_path):
    files = {
        "events/far.md": event("Far", more="timezone: Asia/Kathmandu\nend: 19:00\nwhere: Hall"),
        "events/off.md": event(
            "Off", "2026-11-06", "status: cancelled\nstatus_note: Flood.\nwhere: Hall"
        ),
        "events/often.md": event(
            "Gym",
            "2026-11-07 10:00",
            "where: online\nrepeat: {every: week, times: 9}\n"
            "changes: {2026-11-07: {status: cancelled}}",
        ),
    }
    more = "and 2 more dates, not on 7 November 2026"
    assert sections(made(tmp_path, files), *OCTOBER)["Coming events, until 30 November 2026"] == [
        "Far | Thursday 5 November 2026, 18:00–19:00 (Asia/Kathmandu, UTC+5:45) | Hall",
        "Cancelled | Off | Friday 6 November 2026 | Hall | Flood.",
        f"Gym | Saturday 14 November 2026, 10:00 (Europe/Berlin, UTC+1) | Online | {more}",
    ]


def test_versions_of_guidelines_are_told_on_the_day_from_which_they_hold(tmp_path):
    rules = """\
        ---
        title: Rules
        type: policy
        version: 1.2
        status: active
        effective: 2026-10-31
        changes:
          - {version: 1.2, date: 2026-10-31, summary: Be kinder}
          - {version: 1.1, date: 2026-09-30, summary: Be kind}
        ---
        Rules.
        """
    held = made(tmp_path, {"guidelines/rules.md": rules})
    told = sections(held, *OCTOBER)["Changes in the guidelines"]
    assert told == ["Rules, version 1.2 | 31 October 2026 | Be kinder"]


def test_new_people_are_those_who_joined_and_are_listed(tmp_path):
    assert sections(made(tmp_path, {}), *OCTOBER)["New people"] == ["Bo | Likes maps."]


def test_a_first_contribution_is_welcomed_once(tmp_path):
    files = {
        "content/blog/a.md": post("Old", "2026-01-05", "authors: [ana]"),
        "content/blog/b.md": post("New", "2026-10-05", "authors: [ana, bo, cy]"),
        "content/blog/c.md": post("Newer", "2026-11-05", "authors: [bo]"),
    }
    held = made(tmp_path, files)
    welcome = "First contributions: welcome"
    assert sections(held, *OCTOBER)[welcome] == ["Bo | wrote “New”"]
    assert welcome not in sections(held, *NOVEMBER)


def test_the_tenth_and_the_hundredth_contribution_are_told_in_their_period(tmp_path):
    files = {
        f"content/blog/p{n:03}.md": post(f"P{n}", f"2026-0{1 + n // 28}-{1 + n % 28:02}")
        for n in range(98)
    }
    files |= {f"content/blog/q{n}.md": post(f"Q{n}", f"2026-10-0{1 + n}") for n in range(3)}
    held = made(tmp_path, files)
    years = "Ana | 2 years here"
    assert sections(held, *OCTOBER)["Milestones"] == [
        "Ana | contribution number 100 | wrote “Q1”",
        years,
    ]
    assert len(sections(held, date(2026, 1, 1), date(2027, 1, 1))["Milestones"]) == 2
    january = sections(held, date(2026, 1, 1), date(2026, 2, 1))
    assert january["Milestones"] == ["Ana | contribution number 10 | wrote “P9”"]


def test_the_29th_of_february_has_a_day_in_every_year(tmp_path):
    held = made(tmp_path, {"content/people/ana.md": ANA.replace("2024-10-31", "2024-02-29")})
    march = date(2026, 3, 1), date(2026, 4, 1)
    assert sections(held, *march)["Milestones"] == ["Ana | 2 years here"]


def test_thanks_go_to_everybody_who_did_something_by_what_they_did(tmp_path):
    talk = "where: online\norganisers: [ana]\nspeakers: [bo, {name: Di Guest}]"
    weekly = talk + "\nrepeat: {every: week, times: 4}"
    files = {
        "content/blog/a.md": post("One", "2026-10-05"),
        "content/blog/b.md": post("Two", "2026-10-06"),
        "events/talk.md": event("Talk", "2026-10-07 18:00", talk),
        "events/weekly.md": event("Weekly", "2026-10-08 18:00", weekly),
        "events/off.md": event("Off", "2026-10-08 18:00", talk + "\nstatus: cancelled"),
    }
    assert sections(made(tmp_path, files), *OCTOBER)["Thanks to"] == [
        "Ana | wrote 2 texts, organised 2 events",
        "Bo | spoke at 2 events",
        "Di Guest | spoke at 2 events",
    ]


def test_a_speaker_of_a_single_date_is_credited_on_that_date(tmp_path):
    weekly = (
        "where: online\nspeakers: [ana]\nrepeat: {every: week, times: 8}\n"
        "changes: {2026-10-15: {speakers: [bo], title: Bo speaks}}"
    )
    held = made(tmp_path, {"events/weekly.md": event("Weekly", "2026-09-10 18:00", weekly)})
    told = sections(held, *OCTOBER)
    assert told["First contributions: welcome"] == ["Bo | spoke at “Weekly”"]
    assert told["Thanks to"] == ["Bo | spoke at 1 event"]


def test_a_sponsored_post_says_so_before_its_title_in_every_form(tmp_path):
    paid = post("Paid", more="authors: [ana]\nsponsored: yes\npartners: [acme]")
    label = "Sponsored: Acme paid for this post"
    told = forms(made(tmp_path, {"content/blog/a.md": paid}), *OCTOBER)
    assert f"* [{label}] Paid" in told["text"]
    assert f"- **{label}** · **[Paid]" in told["markdown"]
    assert told["html"].index(label) < told["html"].index(">Paid</a>")


def test_an_empty_period_says_that_it_is_empty(tmp_path):
    for text in forms(made(tmp_path, {}), date(2020, 1, 1), date(2020, 2, 1)).values():
        assert "Nothing new in this period." in text


def test_commits_are_thanked_for_where_their_people_are_listed(tmp_path):
    repository = Repository(tmp_path / "root")
    files = {"mkdocs.yml": SITE, **FILES}
    files["content/people/ana.md"] = ANA.replace("joined", "git: [Ana Lee]\njoined")
    files["content/people/cy.md"] = CY.replace("joined", "git: [Cy Quiet]\njoined")
    autumn = int(datetime(2026, 10, 5, tzinfo=UTC).timestamp())
    repository.commit(files, who="Ana Lee <a@x.example>", at=autumn)
    for n, who in enumerate(("Ana Lee", "Cy Quiet", "Di Unknown"), 1):
        repository.commit({"a.txt": str(n)}, who=f"{who} <{n}@x.example>", at=autumn + n)
    told = sections(at(repository.root), *OCTOBER)
    assert told["First contributions: welcome"] == ["Ana | changed this site's files"]
    assert told["Thanks to"] == ["Ana | made 2 changes"]


# --- promises -------------------------------------------------------------------------------------

HIDDEN = {
    "draft": "draft: yes",
    "publish": "publish: 2027-01-01",
    "expired": "expires: 2026-11-01",
}


@pytest.mark.parametrize("how", HIDDEN)
def test_nothing_hidden_appears_in_any_form(tmp_path, how):
    line = HIDDEN[how]
    rules = (
        f"---\ntitle: Secret rules\ntype: policy\nversion: 1.0\nstatus: active\n{line}\n"
        "effective: 2026-10-05\n---\nText.\n"
    )
    files = {
        "content/blog/a.md": post("Secret post", more=f"authors: [bo]\n{line}"),
        "content/people/di.md": f"---\ntitle: Secret Di\njoined: 2025-10-05\n{line}\n---\n",
        "content/people/ed.md": f"---\ntitle: Secret Ed\njoined: 2026-10-05\n{line}\n---\n",
        "content/partners/acme.md": f"---\ntitle: Secret Ltd\nurl: https://a.example\n{line}\n---\n",
        "content/blog/b.md": post(more="authors: [ana]\nsponsored: yes\npartners: [acme]"),
        "events/a.md": event("Secret event", more=f"where: online\nspeakers: [bo]\n{line}"),
        "events/b.md": event("Past secret", "2026-10-05", f"where: online\nspeakers: [bo]\n{line}"),
        "guidelines/rules.md": rules,
    }
    for text in forms(made(tmp_path, files), *OCTOBER).values():
        assert "secret" not in text.lower()
        assert "a partner paid" in text
        assert "spoke" not in text


def test_who_is_not_listed_is_named_where_they_signed_and_nowhere_else(tmp_path):
    files = {
        "content/blog/a.md": post(more="authors: [cy]"),
        "events/a.md": event("Talk", "2026-10-05", "where: online\nspeakers: [cy]"),
    }
    for text in forms(made(tmp_path, files), *OCTOBER).values():
        assert text.count("Cy Quiet") == 1 and "By Cy Quiet, 5 October" in text
        assert "people/cy" not in text and "Thanks to" not in text


def test_the_time_decides_what_is_seen_and_nothing_else(tmp_path):
    weekly = "where: online\nspeakers: [bo]\nrepeat: {every: week}"
    files = {
        "content/blog/a.md": post(),
        "content/blog/b.md": post("Late", "2026-10-20"),
        "events/a.md": event("Call", "2026-10-05 18:00", weekly),
    }
    told = [
        forms(made(tmp_path / str(year), files, now=datetime(year, 12, 1, tzinfo=UTC)), *OCTOBER)
        for year in (2026, 2027, 2044)
    ]
    assert told[0] == told[1] == told[2]
    early = forms(made(tmp_path, files, now=datetime(2026, 10, 10, tzinfo=UTC)), *OCTOBER)
    assert "Late" in told[0]["text"] and "Late" not in early["text"]


def test_the_same_content_gives_the_same_bytes(sample, root):
    assert forms(sample, *NOVEMBER) == forms(at(root), *NOVEMBER)


# --- HTML -----------------------------------------------------------------------------------------

HOSTILE = (
    "</title><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"' onclick=alert(1) x='",
    "[a](javascript:alert(1)) **b** `c` <b>",
    "{{ 7*7 }}{% raw %}&lt;&amp;lt;",
    "--> <!-- ]]> #1 @ana www.evil.example https://evil.example",
)


def tree(html: str) -> Any:
    return html5lib.parse(html, namespaceHTMLElements=False)


def hostile(root: Path) -> Community:
    def quoted(text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    files = {"content/people/di.md": "---\ntitle: Di\njoined: 2026-10-05\n---\n"}
    for n, text in enumerate(HOSTILE):
        said = f"description: {quoted(text)}\nauthors: [{{name: {quoted(text)}}}]"
        files[f"content/blog/p{n}.md"] = (
            f"---\ntitle: {quoted(text)}\ndate: 2026-10-05\n{said}\n---\n"
        )
        place = f"place: {{name: {quoted(text)}}}\nstatus: postponed\nstatus_note: {quoted(text)}"
        files[f"events/e{n}.md"] = (
            f"---\ntitle: {quoted(text)}\nstart: 2026-11-05 18:00\n{place}\n---\n"
        )
    return made(root, files)


def test_no_title_becomes_markup_in_html(tmp_path):
    html = forms(hostile(tmp_path), *OCTOBER)["html"]
    found = tree(html)
    names = {e.tag for e in found.iter() if isinstance(e.tag, str)}
    assert names == {
        *("html", "head", "meta", "title", "style", "body", "table", "tbody", "tr", "td", "div"),
        *("h1", "h2", "h3", "p", "a"),
    }
    assert {name for e in found.iter() for name in e.attrib} == {
        *("lang", "charset", "name", "content", "class", "style", "role", "dir", "href"),
    }
    titles = ["".join(e.itertext()) for e in found.iter("h3")]
    assert all(titles.count(text) == 3 for text in HOSTILE), "post, event, guest"


def test_no_title_means_anything_in_markdown(tmp_path):
    text = forms(hostile(tmp_path), *OCTOBER)["markdown"]
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text)
    inline = [child for each in tokens for child in each.children or ()]
    kinds = {each.type for each in (*tokens, *inline)}
    assert kinds <= {
        *("heading_open", "heading_close", "bullet_list_open", "bullet_list_close", "text"),
        *("list_item_open", "list_item_close", "paragraph_open", "paragraph_close", "inline"),
        *("link_open", "link_close", "strong_open", "strong_close", "hardbreak", "text_special"),
    }
    hrefs = [each.attrs["href"] for each in inline if each.type == "link_open"]
    assert all(href.startswith("https://example.org/site/") for href in hrefs)
    read = "".join(each.content for each in inline if each.type.startswith("text"))
    assert all(read.count(text) >= 3 for text in HOSTILE)


def test_every_address_is_whole_and_on_the_site(sample):
    told = forms(sample, *NOVEMBER)
    hrefs = [e.attrib["href"] for e in tree(told["html"]).iter("a")]
    assert len(hrefs) > 15
    assert all(href.startswith("https://townsquare.example.org/") for href in hrefs)
    in_text = re.findall(r"^(?:Subscribe: )?(https?://\S+)$", told["text"], re.MULTILINE)
    assert sorted(in_text) == sorted(hrefs)
    assert sorted(re.findall(r"\]\(<(.*?)>\)", told["markdown"])) == sorted(hrefs)


MAIL_STYLES = {
    *("background-color", "border", "border-collapse", "color", "font-family", "font-size"),
    *("font-weight", "line-height", "margin", "max-width", "overflow-wrap", "padding"),
    *("table-layout", "text-decoration", "width", "word-wrap"),
}
"""What mail programs know or can do without (https://www.caniemail.com)."""


def test_html_is_styled_in_its_elements_and_brings_nothing_from_elsewhere(sample):
    html = forms(sample, *NOVEMBER)["html"]
    for never in ("<script", "<link", "<img", "@import", "url(", "<iframe", "<form"):
        assert never not in html
    styles = [e.attrib["style"] for e in tree(html).iter() if "style" in e.attrib]
    names = {line.partition(":")[0] for style in styles for line in style.split(";") if line}
    assert names <= MAIL_STYLES
    assert "margin:-" not in html and " -1" not in " ".join(styles)


def test_the_nu_html_checker_finds_nothing_in_it(sample, tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    told = {"sample": forms(sample, *NOVEMBER)["html"], "hostile": ""}
    told["hostile"] = forms(hostile(tmp_path / "root"), *OCTOBER)["html"]
    for name, html in told.items():
        (folder / f"{name}.html").write_text(html, "utf-8")
    assert nu.messages(folder) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [600, 390])
def test_it_reads_well_wide_and_narrow_light_and_dark(chromium, sample, tmp_path, scheme, width):
    long = made(tmp_path / "root", {"content/blog/a.md": post("W" * 190)})
    for name, held, period in (("sample", sample, NOVEMBER), ("long", long, OCTOBER)):
        (tmp_path / f"{name}.html").write_text(forms(held, *period)["html"], "utf-8")
    with browser.served(tmp_path) as base:
        for name in ("sample", "long"):
            with chromium.visit(f"{base}{name}.html", width=width, scheme=scheme) as visit:
                assert visit.violations() == []
                assert visit.sideways() == 0
                assert visit.foreign == []


@pytest.mark.parametrize("program", ["w3m", "lynx"])
def test_a_client_that_shows_text_alone_shows_all_of_it(sample, tmp_path, program):
    file = tmp_path / "digest.html"
    file.write_text(forms(sample, *NOVEMBER)["html"], "utf-8")
    options = {
        "w3m": ["-dump", "-cols", "300", "-I", "UTF-8", "-O", "UTF-8", "-T", "text/html"],
        "lynx": ["-dump", "-nolist", "-width=300", "-display_charset=UTF-8", "-force_html"],
    }
    line = [installed.program(program), *options[program], str(file)]
    shown = subprocess.run(line, capture_output=True, check=True, encoding="utf-8").stdout
    read = " ".join(shown.split())
    for section in digest.gathered(sample, *NOVEMBER).sections:
        assert section.title in read
        for item in section.items:
            for said in (item.label, item.title, *item.facts, item.text):
                assert " ".join(said.split()) in read


def test_it_stays_below_100_kb_whatever_the_size_of_the_community(tmp_path):
    title = "\U0001f9ff<&\"'" * 40
    files = {
        f"content/blog/{'x' * 150}{n}.md": post("t", more="authors: [ana]").replace(
            "'t'", "'" + title.replace("'", "''")[:199].rstrip("'") + "'"
        )
        for n in range(300)
    }
    told = forms(made(tmp_path, files), *OCTOBER)
    for text in told.values():
        assert 10_000 < len(text.encode()) < MAX_BYTES
        assert re.search(r"and 2\d\d more", unescape(text))
    more = [e for e in tree(told["html"]).iter("a") if re.match(r"and \d+ more", e.text or "")]
    assert [e.attrib["href"] for e in more] == ["https://example.org/site/blog/"]


# --- plain text -----------------------------------------------------------------------------------


def test_plain_text_has_72_columns_and_no_line_that_mail_would_read_otherwise(sample, tmp_path):
    for held, period in ((sample, NOVEMBER), (hostile(tmp_path), OCTOBER)):
        text = forms(held, *period)["text"]
        for line in text.splitlines():
            assert len(line) <= COLUMNS or line.startswith("http") or " " not in line
            assert len(line.encode()) < 998
            assert line == line.rstrip()
            assert not line.startswith((">", "From "))


def test_plain_text_comes_whole_out_of_an_e_mail(sample):
    text = forms(sample, *NOVEMBER)["text"]
    mail = EmailMessage()
    mail.set_content(text)
    got = message_from_string(mail.as_string(), policy=policy.default).get_content()
    assert got == text


@given(st.text(st.sampled_from("ab >F\u4e2d\u0301-") | st.characters(codec="utf-8"), max_size=400))
def test_wrapping_loses_no_word_and_keeps_within_the_columns(text):
    lines = _wrapped(text).split("\n")
    assert " ".join(lines).split() == text.split()
    for line in lines:
        assert len(line.split()) <= 1 or len(line.strip()) <= COLUMNS
        assert not line.startswith((">", "From ")) and line != "--"


# --- the command ----------------------------------------------------------------------------------


def run(root: Path, *options: str) -> Any:
    line = ["digest", "--root", str(root), "--now", "2026-11-23T12:00:00Z", *options]
    return CliRunner().invoke(cli.main, line)


MONTH = ("--since", "2026-10-01", "--until", "2026-11-01")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {"mkdocs.yml": SITE, **FILES, "content/blog/a.md": post("Grüße")}
    return write(tmp_path / "root", files)


def test_the_command_writes_html_to_standard_output_or_a_file(folder, tmp_path):
    done = run(folder, *MONTH)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout_bytes.startswith(b"<!doctype html>")
    assert "Grüße".encode() in done.stdout_bytes
    file = tmp_path / "out.html"
    assert run(folder, *MONTH, "--out", str(file)).stdout == ""
    assert file.read_bytes() == done.stdout_bytes


@pytest.mark.parametrize(("until", "over"), [("2026-11-23", True), ("2026-11-24", False)])
def test_of_a_period_that_is_not_over_it_is_said_that_it_will_change(folder, until, over):
    done = run(folder, "--since", "2026-11-01", "--until", until)
    assert done.exit_code == 0
    assert ("The period is not over" in done.stderr) is not over


def test_a_period_that_ends_before_it_begins_is_refused(folder):
    done = run(folder, "--since", "2026-11-01", "--until", "2026-11-01")
    assert done.exit_code == 2
    assert "`--until` is the day after the last" in done.stderr


@pytest.mark.parametrize("day", ["soon", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_what_is_no_date_is_refused(folder, day):
    done = run(folder, "--since", day, "--until", "2026-11-01")
    assert done.exit_code == 2
    assert "date" in done.stderr and "Traceback" not in done.stderr


def test_with_errors_nothing_is_written_but_them(folder, tmp_path):
    write(folder, {"content/blog/b.md": "---\ntitle: B\n---\n"})
    file = tmp_path / "out.html"
    done = run(folder, *MONTH, "--out", str(file))
    assert done.exit_code == 1
    assert done.stdout.startswith("content/blog/b.md:1:1: error")
    assert not file.exists()


def test_a_digest_is_not_written_among_the_content(folder):
    done = run(folder, *MONTH, "--out", str(folder / "content" / "digest.html"))
    assert done.exit_code == 2
