"""What falls due by time, and what contradicts itself: people, guides, guidelines, partners."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from communities import NOW, context, of_each
from feed_readers import utc

from townsquare.checks import guidelines, guides, partners, people
from townsquare.checks.context import Context
from townsquare.problems import Problem

Check = Callable[[Context], Iterator[Problem]]


def found(check: Check, root: Path, files: dict[str, str], now=NOW) -> list[tuple[str, int, str]]:
    problems = check(context(root, files, now=now))
    return [(each.place.path, each.place.line, each.message) for each in problems]


def roles(*until: str) -> str:
    lines = [f"  - {{role: Host, team: Events, since: 2025-01-01{each}}}\n" for each in until]
    return f"---\ntitle: P\nroles:\n{''.join(lines)}---\n"


def test_a_term_that_ended_is_told_once_its_last_day_is_over(tmp_path):
    files = {"content/people/ana.md": roles(", until: 2026-11-22")}
    message = "the term as Host (Events) ended on 2026-11-22"
    assert found(people.term_ended, tmp_path, files) == [("content/people/ana.md", 4, message)]
    assert found(people.term_ended, tmp_path, files, utc(2026, 11, 22, 22, 59)) == []


@pytest.mark.parametrize("still", ["", ", until: 2027-01-01"])
def test_a_role_that_somebody_holds_is_no_open_task(tmp_path, still):
    files = {
        "content/people/ana.md": roles(", until: 2026-10-01"),
        "content/people/bo.md": roles(still),
    }
    assert found(people.term_ended, tmp_path, files) == []


def test_after_a_year_a_former_role_is_history(tmp_path):
    assert (
        found(people.term_ended, tmp_path, {"content/people/a.md": roles(", until: 2025-11-21")})
        == []
    )


def test_the_end_of_a_term_is_when_the_site_checks_again(tmp_path):
    seen = context(tmp_path, {"content/people/ana.md": roles(", until: 2026-12-31")})
    assert list(people.term_ended(seen)) == []
    assert seen.clock.next_change == utc(2026, 12, 31, 23)


def guide(*lines: str) -> str:
    return "---\ntitle: G\n" + "".join(f"{line}\n" for line in lines) + "---\n"


def in_onboarding(**guides_: str) -> dict[str, str]:
    return {f"content/onboarding/{name}.md": text for name, text in guides_.items()}


def test_a_circle_of_guides_is_named_once_whole(tmp_path):
    files = in_onboarding(
        a=guide("prerequisites: [c]"), b=guide("prerequisites: [a]"), c=guide("prerequisites: [b]"),
        d=guide("prerequisites: [a]"),
    )  # fmt: skip
    assert found(guides.guide_cycle, tmp_path, files) == [
        ("content/onboarding/a.md", 3, "the guides lead in a circle: a → b → c → a")
    ]


def test_what_follows_a_guide_cannot_come_before_it(tmp_path):
    files = in_onboarding(a=guide("next: b"), b=guide("next: a"), c=guide("next: c"))
    assert [each[2] for each in found(guides.guide_cycle, tmp_path, files)] == [
        "the guides lead in a circle: a → b → a",
        "the guides lead in a circle: c → c",
    ]


def test_guides_that_share_a_prerequisite_make_no_circle(tmp_path):
    files = in_onboarding(
        a=guide("next: b"), b=guide("prerequisites: [a]"), c=guide("prerequisites: [a, b]")
    )
    assert found(guides.guide_cycle, tmp_path, files) == []


def test_a_guide_is_reached_by_a_path_by_what_it_requires_and_by_what_follows(tmp_path):
    files = in_onboarding(
        a=guide("prerequisites: [b]", "next: c"), b=guide(), c=guide(), lonely=guide(),
        hidden=guide("draft: yes"),
    ) | {"content/onboarding/paths/p.md": "---\ntitle: P\nguides: [a]\n---\n"}  # fmt: skip
    assert found(guides.guide_unreachable, tmp_path, files) == [
        ("content/onboarding/lonely.md", 2, "no path leads to the guide `lonely`")
    ]


def policy(more: str = "", type: str = "policy", status: str = "active") -> str:
    channels = "".join(
        f"  - {{name: {n}, contact: 'https://example.org/{n}', reaches: {n}}}\n" for n in "ab"
    )
    return (
        f"---\ntitle: T\ntype: {type}\nversion: 1.0\nstatus: {status}\neffective: 2026-01-01\n"
        f"{more}report_channels:\n{channels}---\n"
    )


def test_an_overdue_review_is_told_the_day_after_it_was_due(tmp_path):
    more = "last_reviewed: 2026-05-22\nreview_every: 6 months\nowner: ana\n"
    files = {"guidelines/a.md": policy(more), "content/people/ana.md": "---\ntitle: Ana\n---\n"}
    message = "it was last read on 2026-05-22 and was due again on 2026-11-22"
    assert found(of_each(guidelines.review_overdue), tmp_path, files) == [
        ("guidelines/a.md", 7, message)
    ]
    assert found(of_each(guidelines.review_overdue), tmp_path, files, utc(2026, 11, 22)) == []


def test_guides_and_pages_are_reviewed_too(tmp_path):
    files = {
        "content/onboarding/g.md": guide("last_verified: 2025-01-01", "review_every: 1 year"),
        "content/about.md": "---\ntitle: A\nreview_every: 90 days\n---\n",
        "content/new.md": "---\ntitle: F\nlast_reviewed: 2026-11-01\nreview_every: 90 days\n---\n",
        "guidelines/old.md": policy("review_every: 1 day\n", status="superseded"),
    }
    assert found(of_each(guidelines.review_overdue), tmp_path, files) == [
        ("content/about.md", 3, "nobody has said when this was last read through"),
        (
            "content/onboarding/g.md",
            3,
            "it was last read on 2025-01-01 and was due again on 2026-01-01",
        ),
    ]


def test_a_text_and_the_one_that_replaced_it_are_not_both_active(tmp_path):
    files = {"guidelines/new.md": policy("supersedes: old\n"), "guidelines/old.md": policy()}
    message = "guidelines/new.md replaces this text, and both are active"
    assert found(guidelines.guideline_active_twice, tmp_path, files) == [
        ("guidelines/old.md", 5, message)
    ]


def test_a_text_that_is_not_in_effect_yet_replaces_nothing(tmp_path):
    new = policy("supersedes: old\n").replace("2026-01-01", "2027-01-01")
    files = {"guidelines/new.md": new, "guidelines/old.md": policy()}
    assert found(guidelines.guideline_active_twice, tmp_path, files) == []


@pytest.mark.parametrize(
    ("scopes", "clash"),
    [(("", ""), 1), (("[chat]", "[Chat, list]"), 1), (("[chat]", "[events]"), 0), (("", "[a]"), 1)],
)
def test_two_codes_of_conduct_cannot_hold_in_one_scope(tmp_path, scopes, clash):
    files = {
        f"guidelines/c{n}.md": policy(f"applies_to: {scope}\n" if scope else "", "code-of-conduct")
        for n, scope in enumerate(scopes)
    }
    assert len(found(guidelines.guideline_active_twice, tmp_path, files)) == clash


def period(name: str) -> dict[str, str]:
    text = f"---\ntitle: P\nperiod: {name}\ncases: [{{category: spam, count: 12}}]\n---\n"
    return {f"guidelines/transparency/{name}.md": text}


def test_a_period_without_figures_between_two_is_missed(tmp_path):
    files = period("2025-H1") | period("2025-H2") | period("2026-Q2")
    assert found(guidelines.period_missing, tmp_path, files) == [
        (
            "guidelines/transparency/2026-Q2.md",
            3,
            "there are no figures for 2026-01-01 to 2026-03-31",
        )
    ]


def test_periods_that_follow_one_another_or_overlap_miss_nothing(tmp_path):
    files = period("2025-H1") | period("2025") | period("2026-Q1")
    assert found(guidelines.period_missing, tmp_path, files) == []


def partner(until: str, more: str = "") -> dict[str, str]:
    text = f"---\ntitle: Acme\nurl: https://example.org\nuntil: {until}\n{more}---\n"
    return {"content/partners/acme.md": text}


@pytest.mark.parametrize(
    ("until", "more", "count"),
    [
        ("2027-01-22", "", 1),  # sixty days from now
        ("2027-01-23", "", 0),
        ("2026-11-23", "", 1),  # its last day
        ("2026-11-22", "", 0),  # over: it stands with the past partners
        ("2027-01-22", "renewal_notice_days: 30\n", 0),
    ],
)
def test_a_renewal_is_due_within_its_days_of_notice(tmp_path, until, more, count):
    assert (
        len(found(of_each(partners.partner_renewal_due), tmp_path, partner(until, more))) == count
    )


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        ("version: 1.0\neffective: 2026-01-05", []),
        ("version: 2.0\neffective: 2026-01-05", [3]),
        ("version: 1.0\neffective: 2026-06-01", [4]),
        ("version: 1.0", []),
    ],
)
def test_one_text_of_a_document_holds_on_a_day(tmp_path, head, lines):
    now = "type: policy\nversion: 2.0\nstatus: active\neffective: 2026-06-01"
    files = {
        "guidelines/room.md": f"---\ntitle: Room\n{now}\n---\n",
        "guidelines/archive/room/former.md": f"---\ntitle: Room\n{head}\n---\n",
        "guidelines/archive/gone/1.0.md": "---\ntitle: Gone\nversion: 2.0\n---\n",
    }
    path = "guidelines/archive/room/former.md"
    told = found(guidelines.guideline_active_twice, tmp_path, files)
    assert [each[:2] for each in told] == [(path, line) for line in lines]
