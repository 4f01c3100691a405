"""The sections besides blog and events: people, guidelines, onboarding, partners, tags."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from view_pages import HTML, event, person, post, site

GUIDELINE = """
    ---
    title: {title}
    type: {type}
    version: {version}
    status: {status}
    effective: {effective}
    {more}
    ---
    The text.
    """


def guideline(title: str, more: str = "", **fields: str) -> str:
    """A policy in force, with these fields."""
    given = {"type": "policy", "version": "1.0", "status": "active", "effective": "2026-01-01"}
    return GUIDELINE.format(title=title, more=more, **(given | fields))


# --- the front page ------------------------------------------------------------------------------


def test_the_front_page_leads_to_everything_that_is_new_and_every_way_in(tmp_path: Path):
    files = {
        "content/index.md": "---\ntitle: Welcome\n---\n\nCome in.\n",
        "content/people/new.md": person("New", joined="2026-11-02"),
        "content/people/old.md": person("Old", joined="2026-01-02"),
        "content/people/later.md": person("Later", joined="2026-11-24"),
        "content/people/quiet.md": person("Quiet", joined="2026-11-02", listed="no"),
        "content/onboarding/first.md": "---\ntitle: First\nminutes: 10\n---\n",
        "content/onboarding/paths/author.md": "---\ntitle: Author\nguides: [first]\n---\n",
        "content/onboarding/paths/host.md": "---\ntitle: Host\nguides: [first]\n---\n",
        "guidelines/rules.md": guideline("Rules"),
        "guidelines/old-rules.md": guideline("Old rules", status="superseded"),
        **{f"content/blog/{n}.md": post(f"2026-10-0{n}") for n in range(1, 8)},
        **{f"events/{n}.md": event(f"2026-12-0{n}") for n in range(1, 8)},
    }
    made = site(tmp_path, files)
    assert made[""].title == "Welcome"
    assert "Come in." in made.text("")
    assert made.titles("", "ts-teaser__title") == [f"Post of 2026-10-0{n}" for n in (7, 6, 5, 4, 3)]
    assert made.titles("", "ts-row") == [f"Event of 2026-12-0{n}" for n in range(1, 6)]
    assert made.titles("", "ts-person") == ["New"]
    assert made.titles("", "ts-path") == ["Author", "Host"]
    assert made.titles("", "ts-line") == ["Rules"]


def test_an_event_that_repeats_stands_on_the_front_page_once(tmp_path: Path):
    files = {
        "events/a.md": event("2026-01-06 18:00", repeat="{every: week}"),
        "events/b.md": event("2027-05-05"),
    }
    assert site(tmp_path, files).titles("", "ts-row") == [
        "Event of 2026-01-06 18:00",
        "Event of 2027-05-05",
    ]


# --- people --------------------------------------------------------------------------------------


def test_a_persons_page_gathers_what_they_did_in_every_role(tmp_path: Path):
    files = {
        "content/people/ana.md": person("Ana"),
        "content/blog/a.md": post("2026-01-01", authors="[ana]"),
        "content/blog/b.md": post("2026-02-01", authors="[ana]"),
        "events/a.md": event("2026-03-01", speakers="[ana]", organisers="[ana]"),
    }
    made = site(tmp_path, files)
    text = made.text("people/ana/")
    assert "Wrote Post of 2026-02-01 1 February 2026 Post of 2026-01-01" in text
    assert "Organised Event of 2026-03-01" in text
    assert "Spoke at Event of 2026-03-01" in text
    assert "feeds/people/ana.xml" in made.links("people/ana/")


def test_a_role_moves_to_the_former_ones_when_its_term_is_over(tmp_path: Path):
    roles = "[{role: Moderator, until: 2026-11-22}, {role: Host, until: 2026-11-23}]"
    made = site(tmp_path, {"content/people/ana.md": person("Ana", roles=roles)})
    assert "Roles Host until 23 November 2026 Former roles Moderator" in made.text("people/ana/")
    assert "Host" in made.text("people/")
    assert "Moderator" not in made.text("people/")


def test_the_directory_is_sorted_by_name_whatever_its_case(tmp_path: Path):
    names = ("bo", "Ana", "Cy")
    made = site(tmp_path, {f"content/people/{n}.md": person(n) for n in names})
    assert made.titles("people/", "ts-person") == ["Ana", "bo", "Cy"]


# --- tags ----------------------------------------------------------------------------------------


def test_a_tag_gathers_every_kind_with_its_feed_and_calendar(tmp_path: Path):
    files = {
        "content/tags.yml": """
            care: {title: Care, description: Looking after people.}
            empty: {title: Empty}
            """,
        "content/blog/a.md": post("2026-01-01", tags="[care]"),
        "events/past.md": event("2026-02-01", tags="[care]"),
        "events/next.md": event("2027-02-01", tags="[care]"),
        "content/onboarding/guide.md": "---\ntitle: A guide\ntags: [care]\n---\n",
        "guidelines/rules.md": guideline("Rules", "tags: [care]"),
    }
    made = site(tmp_path, files)
    assert made.titles("tags/care/")[:5] == [
        "A guide", "Rules", "Event of 2027-02-01", "Post of 2026-01-01", "Event of 2026-02-01",
    ]  # fmt: skip
    assert "Looking after people." in made.text("tags/care/")
    assert {"feeds/tags/care.xml", "calendars/tags/care.ics"} <= made.links("tags/care/")
    assert "Nothing carries this tag yet." in made.text("tags/empty/")
    assert "Care 5 entries" in made.text("tags/")
    assert "Empty 0 entries" in made.text("tags/")


# --- guidelines ----------------------------------------------------------------------------------


def test_the_rulebook_parts_what_holds_from_what_does_not(tmp_path: Path):
    files = {
        "guidelines/held.md": guideline("Held"),
        "guidelines/proposed.md": guideline("Planned", status="draft"),
        "guidelines/old.md": guideline("Former", status="superseded"),
    }
    text = site(tmp_path, files).text("guidelines/")
    order = ["Policy", "Held", "Proposed", "Planned", "No longer in force", "Former"]
    assert sorted(order, key=text.index) == order


def test_a_guideline_tells_its_history_and_leads_to_former_texts(tmp_path: Path):
    more = "changes: [{version: '1.0', date: 2026-01-01, summary: A ladder}, {version: '0.9', date: 2025-01-01, summary: First}]"  # noqa: E501
    former = (
        "---\ntitle: Rules, as they were\nid: rules-0.9\nversion: 0.9\neffective: 2025-01-01\n---\n"
    )
    files = {
        "guidelines/rules.md": guideline("Rules", more),
        "guidelines/archive/rules/0.9.md": former,
    }
    made = site(tmp_path, files)
    assert "guidelines/archive/rules/0.9/" in made.links("guidelines/rules/")
    assert (
        "1.0 1 January 2026 A ladder this pageCompared: 1.0 0.9 1 January 2025 First"
        in " ".join(
            " ".join("".join(cell.itertext()) for cell in row)
            for row in made.tree("guidelines/rules/").iter(f"{HTML}tr")
        )
    )
    assert "This text no longer holds." in made.text("guidelines/archive/rules/0.9/")
    assert "guidelines/rules/" in made.links("guidelines/archive/rules/0.9/")


def test_a_guideline_and_its_successor_name_each_other(tmp_path: Path):
    files = {
        "guidelines/new.md": guideline("New", "supersedes: old"),
        "guidelines/old.md": guideline("Old", status="superseded"),
    }
    made = site(tmp_path, files)
    assert "New replaces it." in made.text("guidelines/old/")
    assert "guidelines/old/" in made.links("guidelines/new/")


def test_a_guideline_that_begins_later_says_so_until_it_begins(tmp_path: Path):
    files = {"guidelines/a.md": guideline("A", effective="2026-11-24")}
    words = "This holds from 24 November 2026."
    assert words in site(tmp_path, files).text("guidelines/a/")
    after = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert words not in site(tmp_path, files, now=after).text("guidelines/a/")


def test_the_ladder_is_a_table_with_named_rows_and_columns(tmp_path: Path):
    more = "ladder: [{rung: Word, event: A remark, consequence: A message}]"
    made = site(tmp_path, {"guidelines/a.md": guideline("A", more)})
    scopes = [th.get("scope") for th in made.tree("guidelines/a/").iter(f"{HTML}th")]
    assert scopes == ["col"] * 5 + ["row"]


FIGURES = "---\ntitle: Figures\nperiod: 2026-H1\n{}\n---\n"


@pytest.mark.parametrize(
    ("figures", "printed"),
    [
        ("cases: [{category: spam, count: 12}, {category: other, count: 5}]", "17"),
        ("cases: [{category: spam, count: 0}, {category: other, count: 0}]", "0"),
        ("cases: [{category: spam, count: 12}, {category: other, count: not collected}]", "12"),
        ("cases: [{category: spam, count: not collected}]", "not collected"),
        ('total: "<5"', "<5"),
    ],
)
def test_a_period_prints_a_total_that_is_the_sum_of_what_is_printed(
    tmp_path: Path, figures: str, printed: str
):
    made = site(tmp_path, {"guidelines/transparency/2026-h1.md": FIGURES.format(figures)})
    tree = made.tree("guidelines/transparency/")
    assert [*tree.iter(f"{HTML}td")][-1].text == printed
    totals = [
        next(foot.iter(f"{HTML}td")).text
        for foot in made.tree("guidelines/transparency/2026-h1/").iter(f"{HTML}tfoot")
    ]
    assert totals == ([printed] if printed.isdigit() else [])


def test_zero_few_and_not_collected_are_told_apart(tmp_path: Path):
    made = site(tmp_path, {"guidelines/transparency/2026-h1.md": FIGURES.format('total: "<5"')})
    text = made.text("guidelines/transparency/2026-h1/")
    assert "Fewer than five cases in the whole period" in text
    assert "0We counted, and there was none. <5One to four" in text
    assert "not collectedNobody counted. It is not zero." in text


# --- onboarding ----------------------------------------------------------------------------------

GUIDES = {
    "content/onboarding/one.md": "---\ntitle: One\nminutes: 10\n---\n",
    "content/onboarding/two.md": "---\ntitle: Two\nminutes: 25\n---\n",
    "content/onboarding/free.md": "---\ntitle: Free\n---\n",
}
PATH = "content/onboarding/paths/author.md"


@pytest.mark.parametrize(
    ("guides", "takes"), [("[one, two]", "35 minutes"), ("[one, free]", "time unknown")]
)
def test_a_paths_minutes_add_up_or_are_unknown(tmp_path: Path, guides: str, takes: str):
    made = site(tmp_path, GUIDES | {PATH: f"---\ntitle: Author\nguides: {guides}\n---\n"})
    assert f"Takes{takes}" in made.text("onboarding/paths/author/")
    assert f"2 guides · {takes}" in made.text("onboarding/")


def test_a_guide_tells_where_it_stands_and_what_is_next(tmp_path: Path):
    made = site(tmp_path, GUIDES | {PATH: "---\ntitle: Author\nguides: [one, two]\n---\n"})
    assert "Author, guide 1 of 2" in made.text("onboarding/one/")
    assert "What is next on “Author”: Two" in made.text("onboarding/one/")
    assert "What is next" not in made.text("onboarding/two/")
    assert made.titles("onboarding/") == ["Free"]


def test_steps_are_a_list_of_labelled_boxes_with_keys_of_their_own(tmp_path: Path):
    steps = "[{title: Read it, link: two.md, done_when: You know it}, Read it, {title: Elsewhere, link: 'https://e.example/'}]"  # noqa: E501
    files = GUIDES | {"content/onboarding/one.md": f"---\ntitle: One\nsteps: {steps}\n---\n"}
    made = site(tmp_path, files)
    tree = made.tree("onboarding/one/")
    boxes = [box.get("id") for box in tree.iter(f"{HTML}input")]
    assert boxes == ["ts-step-read-it", "ts-step-read-it-2", "ts-step-elsewhere"]
    assert [label.get("for") for label in tree.iter(f"{HTML}label")] == boxes
    assert "onboarding/two/" in made.links("onboarding/one/")
    assert 'href="https://e.example/"' in made.html("onboarding/one/")
    assert "Done when: You know it" in made.text("onboarding/one/")


# --- partners ------------------------------------------------------------------------------------


def test_a_partner_moves_to_the_past_ones_after_its_last_day(tmp_path: Path):
    text = "---\ntitle: {0}\nurl: https://x.example/\nuntil: {1}\n---\n"
    files = {
        "content/partners/a.md": text.format("Lasting", "2026-11-23"),
        "content/partners/b.md": text.format("Ended", "2026-11-22"),
        "content/blog/a.md": post("2026-01-01", partners="[b]"),
    }
    made = site(tmp_path, files)
    order = ["Current partners", "Lasting", "Past partners", "Ended"]
    assert sorted(order, key=made.text("partners/").index) == order
    assert "This partnership ended on 22 November 2026." in made.text("partners/b/")
    assert "blog/a/" in made.links("partners/b/")


def test_a_logo_is_shown_while_it_may_be(tmp_path: Path):
    text = "---\ntitle: A\nurl: https://x.example/\nlogo: {{src: a.png, alt: A sheet, permission_until: {}}}\n---\n"  # noqa: E501
    until = {"2026-11-23": 1, "2026-11-22": 0}
    for day, count in until.items():
        files = {"content/partners/a.md": text.format(day), "content/partners/a.png": "x"}
        made = site(tmp_path, files)
        assert made.html("partners/a/").count("<img") == count
        assert made.html("partners/").count("<img") == count


# --- subscribe and plain pages -------------------------------------------------------------------


def test_the_subscribe_page_names_every_calendar_and_feed(tmp_path: Path):
    files = {
        "content/people/ana.md": person("Ana"),
        "content/people/reader.md": person("Reader"),
        "content/partners/acme.md": "---\ntitle: Acme\nurl: https://acme.example/\n---\n",
        "content/blog/a.md": post("2026-01-01", authors="[ana]", tags="[care]"),
        "events/a.md": event("2027-01-01", tags="[care]", partners="[acme]", series="school"),
    }
    made = site(tmp_path, files)
    machines = {a for a in made.links("subscribe/") if "." in a}
    assert machines == {
        "events.ics", "calendars/tags/care.ics", "calendars/partners/acme.ics",
        "calendars/series/school.ics", "atom.xml", "rss.xml", "feed.json", "feeds/events.xml",
        "feeds/guidelines.xml", "feeds/subscriptions.opml", "feeds/tags/care.xml",
        "feeds/people/ana.xml",
    }  # fmt: skip
    page = made.html("subscribe/")
    assert "<code>https://example.org/site/events.ics</code>" in page
    assert "<code>webcal://example.org/site/events.ics</code>" in page
    assert "cid=webcal://example.org/site/calendars/tags/care.ics" in page
    assert "webcals:" not in page


def test_a_page_at_a_lists_address_introduces_the_list(tmp_path: Path):
    files = {
        "content/people/index.md": "---\ntitle: Who we are\norder: 7\n---\n\nAll of us.\n",
        "content/people/ana.md": person("Ana"),
        "content/about.md": "---\ntitle: About\n---\n\nWhat this is.\n",
    }
    made = site(tmp_path, files)
    assert [p.address for p in made.pages].count("people/") == 1
    assert made["people/"].title == "Who we are"
    assert (made["people/"].order, made["people/"].source) == (7, "content/people/index.md")
    assert "All of us." in made.text("people/")
    assert made.titles("people/", "ts-person") == ["Ana"]
    assert made["about/"].in_nav


def test_sections_without_content_have_no_page(tmp_path: Path):
    made = site(tmp_path, {"content/blog/a.md": post("2026-01-01")})
    for address in ("partners/", "onboarding/", "guidelines/", "guidelines/transparency/"):
        assert address not in made


def test_people_whose_terms_are_all_over_stand_by_themselves(tmp_path: Path):
    files = {
        "content/people/ana.md": person("Ana", roles="[{role: Host, until: 2026-11-22}]"),
        "content/people/bo.md": person("Bo"),
    }
    text = site(tmp_path, files).text("people/")
    order = ["Bo", "Once in a role here", "Ana"]
    assert sorted(order, key=text.index) == order


def test_the_contents_name_what_the_template_adds_to_a_guidelines_text(tmp_path: Path):
    more = "ladder: [{rung: Word, event: A remark, consequence: A message}]"
    text = guideline("A", more).replace("The text.", "## Scope")
    made = site(tmp_path, {"guidelines/a.md": text})
    assert [h.text for h in made["guidelines/a/"].headings] == ["Scope", "What follows what"]
    ids = {e.get("id") for e in made.tree("guidelines/a/").iter()}
    assert {h.id for h in made["guidelines/a/"].headings} <= ids
