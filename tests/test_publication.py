"""What stands beside the site: a record of the build, and sums that another program can check."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from communities import write

from townsquare import cli

NOW = "2026-11-23T12:00:00Z"
FILES = {
    "mkdocs.yml": "site_url: https://example.org/\n",
    "content/index.md": "---\ntitle: Home\n---\nHello.\n",
    "content/people/jane.md": "---\ntitle: Jane Doe\n---\nHello.\n",
    "content/blog/a.md": "---\ntitle: A\ndate: 2026-01-05\nauthors: [jane]\n---\nText.\n",
    "events/call.md": (
        "---\ntitle: Call\nstart: 2026-12-01 18:00\nrepeat: {every: week, times: 3}\n---\n"
    ),
}


def build(root: Path, out: Path, *options: str | Path) -> Result:
    arguments = ["build", "--root", root, "--out", out, "--now", NOW, *options]
    return CliRunner().invoke(cli.main, [str(each) for each in arguments])


@pytest.fixture
def site(tmp_path: Path) -> Path:
    write(tmp_path / "community", FILES)
    done = build(tmp_path / "community", tmp_path / "site", "--first-publish")
    assert done.exit_code == 0, done.output
    return tmp_path / "site"


def test_every_file_has_a_sum_that_sha256sum_finds_right(site):
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("no sha256sum: sums were not checked by another program")
    command = [program, "--check", "--strict", "SHA256SUMS"]
    done = subprocess.run(command, cwd=site, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    named = {line.removesuffix(": OK") for line in done.stdout.splitlines()}
    files = {f.relative_to(site).as_posix() for f in site.rglob("*") if f.is_file()}
    assert files - named == {"build.json", "SHA256SUMS"}


def test_a_changed_byte_is_found_by_its_sum(site):
    if shutil.which("sha256sum") is None:
        pytest.skip("no sha256sum: sums were not checked by another program")
    (site / "rss.xml").write_bytes((site / "rss.xml").read_bytes().replace(b"A", b"B", 1))
    command = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    done = subprocess.run(command, cwd=site, capture_output=True, text=True, check=False)
    assert done.stdout == "rss.xml: FAILED\n"


def test_the_record_says_when_from_what_and_how_much(site):
    record = json.loads((site / "build.json").read_text())
    assert record["now"] == NOW
    assert record["next_change"] == "2026-12-01T00:00:00Z"
    assert (record["commit"], record["preview"], record["previous_ledger"]) == (None, False, None)
    counts = record["counts"]
    assert (counts["posts"], counts["events"], counts["occurrences"]) == (1, 1, 3)
    assert counts["calendars"] == len(list(site.rglob("*.ics")))
    pages = list(site.rglob("index.html"))
    assert counts["pages"] == len(pages)
    assert set(record["engines"]) == {
        "mkdocs",
        "mkdocs-material",
        "Markdown",
        "feedgen",
        "icalendar",
    }


def test_an_hour_later_only_the_record_differs(site, tmp_path):
    community = tmp_path / "community"
    for name, now in (("noon", NOW), ("one", "2026-11-23T13:00:00Z")):
        done = build(community, tmp_path / name, "--previous", site, "--now", now)
        assert done.exit_code == 0
    noon, one = (contents(tmp_path / name) for name in ("noon", "one"))
    assert noon.keys() == one.keys()
    assert [path for path in noon if noon[path] != one[path]] == ["build.json"]


def contents(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_a_build_names_the_ledger_that_it_grew_from(site, tmp_path):
    after = tmp_path / "after"
    assert build(tmp_path / "community", after, "--previous", site).exit_code == 0
    record = json.loads((after / "build.json").read_text())
    digest = hashlib.sha256((site / "ledger.json").read_bytes()).hexdigest()
    assert record["previous_ledger"] == digest


def test_a_preview_is_marked_and_nothing_grows_from_it(site, tmp_path):
    preview = tmp_path / "preview"
    root = tmp_path / "community"
    assert build(root, preview, "--previous", site, "--preview").exit_code == 0
    assert json.loads((preview / "build.json").read_text())["preview"] is True
    refused = build(root, tmp_path / "next", "--previous", preview)
    assert refused.exit_code == 2
    assert "belongs to a preview" in refused.stderr
    assert not (tmp_path / "next").exists()


def test_a_person_can_be_erased_from_the_site_and_from_its_memory(site, tmp_path):
    root, kept, erased = tmp_path / "community", tmp_path / "kept", tmp_path / "erased"
    (root / "content/people/jane.md").unlink()
    write(root, {"content/blog/a.md": FILES["content/blog/a.md"].replace("authors: [jane]\n", "")})
    assert build(root, kept, "--previous", site).exit_code == 0
    assert "Jane" in (kept / "ledger.json").read_text()
    forget = ("--forget", "person:jane", "--forget", "feeds/people/jane.xml")
    assert build(root, erased, "--previous", site, *forget).exit_code == 0
    left = [f for f in erased.rglob("*") if f.is_file() and b"jane" in f.read_bytes().lower()]
    assert left == []
    assert not (erased / "people/jane").exists() and not (erased / "feeds/people").exists()


def test_forgetting_what_the_ledger_does_not_hold_is_a_broken_set_up(site, tmp_path):
    done = build(
        tmp_path / "community", tmp_path / "next", "--previous", site, "--forget", "person:jan"
    )
    assert done.exit_code == 2
    assert "the ledger does not hold `person:jan`; did you mean `person:jane`?" in done.stderr


def test_an_error_that_only_memory_shows_stops_the_build_also_with_keep_going(site, tmp_path):
    root = tmp_path / "community"
    (root / "content/blog/a.md").rename(root / "content/blog/b.md")
    for options in ((), ("--keep-going",)):
        done = build(root, tmp_path / "next", "--previous", site, *options)
        assert done.exit_code == 1
        assert "[renamed-without-id]" in done.stdout
        assert not (tmp_path / "next").exists()


def test_what_is_left_out_for_its_faults_is_not_called_deleted(site, tmp_path):
    root, after = tmp_path / "community", tmp_path / "after"
    write(root, {"events/call.md": "---\ntitle: Call\nstart: soon\n---\n"})
    assert build(root, after, "--previous", site, "--keep-going").exit_code == 1
    before, now = (json.loads((f / "ledger.json").read_text()) for f in (site, after))
    assert [c for c in now["components"] if c["entry"] == "event:call"] == [
        c for c in before["components"] if c["entry"] == "event:call"
    ]
    assert "CANCELLED" not in (after / "events.ics").read_text()
