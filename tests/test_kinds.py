"""A new kind of content costs one record and one template."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pytest
from community_files import NOW, write

from townsquare import build, kinds, ledger, new, pages, schemas
from townsquare.fields import Doc, record
from townsquare.model import Credit, Credited, Fields, Kind, Published, below
from townsquare.settings import Settings


@record
class JobPosting(Credited, Published, Fields):
    """A job that somebody of the community offers."""

    contact: Annotated[tuple[Credit, ...], Doc("Whom to ask.", "[ana]")] = ()

    def credits(self) -> Iterator[tuple[str, Credit]]:
        return (("contact", who) for who in self.contact)


JOB = Kind(
    name="job",
    fields=JobPosting,
    matches=below("content/jobs/"),
    template="job.html",
    folder="content/jobs",
    section="jobs",
)


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(kinds, "KINDS", (JOB, *kinds.KINDS))
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "job.html").write_text("<h1>{{ page.title }}</h1>{{ body(converted) }}")
    monkeypatch.setattr(pages, "FOLDERS", (templates, *pages.FOLDERS))
    community = {
        "content/people/ana.md": "---\ntitle: Ana\n---\n",
        "content/jobs/cook.md": """
            ---
            title: A cook
            date: 2026-11-02
            contact: [ana]
            tags: [work]
            ---
            Come and **cook**.
            """,
    }
    return write(tmp_path / "community", community)


def test_a_new_kind_has_a_page_feeds_data_a_schema_and_credits(jobs: Path) -> None:
    checked = build.check(jobs, now=NOW)
    assert not checked.errors
    plan = build.plan(checked, previous=ledger.Previous())
    page = next(page for page in plan.pages if page.address == "jobs/cook/")
    article = pages.Article(plan.community.settings, plan.community.addresses).render(page)
    assert "<h1>A cook</h1>" in article and "<strong>cook</strong>" in article
    assert b"A cook" in plan.files["atom.xml"]
    assert b"A cook" in plan.files["api/jobs.json"]
    assert b"A cook" in plan.files["feeds/tags/work.xml"]
    assert schemas.front_matter(JOB)["properties"]["contact"]
    assert [entry.id for _, entry in plan.community.credited("ana")] == ["cook"]


def test_a_new_kind_is_validated_and_its_references_are_checked(jobs: Path) -> None:
    write(jobs, {"content/jobs/cook.md": "---\ntitle: Cook\ncontact: [anna]\nsalery: 1\n---\n"})
    codes = sorted(problem.code for problem in build.check(jobs, now=NOW).errors)
    assert codes == ["field_missing", "field_unknown"]
    write(
        jobs, {"content/jobs/cook.md": "---\ntitle: Cook\ndate: 2026-11-02\ncontact: [anna]\n---\n"}
    )
    assert [p.code for p in build.check(jobs, now=NOW).errors] == ["reference_unknown"]


def test_new_writes_a_file_of_the_new_kind(jobs: Path) -> None:
    made = new.create(jobs, JOB, "A baker", NOW.date(), Settings())
    assert made == jobs / "content/jobs/a-baker.md"
    assert not build.check(jobs, now=NOW).errors
