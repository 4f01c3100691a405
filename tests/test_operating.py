"""The operator learns from anywhere how old the site is, and whether its next build is late."""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from community_files import write
from packaging.requirements import Requirement

from townsquare import cli, dependencies, operating
from townsquare.problems import SetupError

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RECORD = {"now": "2026-11-23T09:00:00Z", "next_change": None, "commit": "a" * 40}
REPORT = {
    "pages": {"files": 3, "median": 1, "percentile_95": 2, "over": 0, "budget": 100},
    "broken": [["link-broken", 2], ["image-missing", 1]],
}


def site(root: Path, **record: object) -> Path:
    files = {
        "build.json": json.dumps(RECORD | record),
        "reports/platform.json": json.dumps(REPORT),
    }
    return write(root / "out", files)


def said(where: Path | str, *more: str) -> tuple[int, str]:
    line = ["report", "platform", "--site", str(where), "--now", NOW.isoformat(), *more]
    done = CliRunner().invoke(cli.main, line)
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("due", "code", "words"),
    [
        (None, 0, "no change falls due by itself"),
        ("2026-11-23T13:30:00Z", 0, "the next change falls due in 1 hour"),
        ("2026-11-22T12:00:00Z", 0, "fell due 1 day ago, and 24 hours are allowed: in time"),
        ("2026-11-22T11:59:59Z", 1, "fell due 1 day ago, and 24 hours are allowed: the sched"),
    ],
)
def test_a_build_is_late_when_a_change_has_waited_too_long(tmp_path, due, code, words):
    exit_code, text = said(site(tmp_path, next_change=due))
    assert (exit_code, words in text) == (code, True)
    assert "built 3 hours ago from commit aaaaaaaaaaaa" in text
    assert "broken links and images: 3" in text


def test_how_long_is_allowed_is_the_operator_s_choice(tmp_path):
    folder = site(tmp_path, next_change="2026-11-23T10:00:00Z")
    assert said(folder, "--within", "2")[0] == 0
    assert said(folder, "--within", "1")[0] == 1


def test_the_same_is_told_as_data(tmp_path):
    code, text = said(site(tmp_path, next_change="2026-01-01T00:00:00Z"), "--format", "json")
    told = json.loads(text)
    assert (code, told["late"], told["report"]) == (1, True, REPORT)
    assert told["dependencies"]["differ"] == []


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format, *args):
            pass

    handler = functools.partial(Quiet, directory=str(site(tmp_path)))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_a_site_is_asked_over_the_network(address):
    code, text = said(address)
    assert (code, "built 3 hours ago" in text) == (0, True)
    code, text = said(f"{address}elsewhere/")
    assert (code, "cannot be read: HTTP Error 404" in text) == (2, True)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"now": "x"}', '{"now": 1}', "<html>"])
def test_what_is_no_record_of_ours_is_said(tmp_path, content):
    folder = site(tmp_path)
    (folder / "build.json").write_text(content)
    code, text = said(folder)
    assert code == 2
    assert "Traceback" not in text


def test_every_line_of_our_lock_is_a_pin_that_is_installed():
    text = (ROOT / "requirements.lock").read_text()
    found = dependencies.pins(text)
    lines = [line.rstrip("\\ ") for line in text.splitlines() if "==" in line]
    meant = [Requirement(line) for line in lines]
    assert len(found) == sum(each.marker is None or each.marker.evaluate() for each in meant) > 30
    assert dependencies.state(ROOT / "requirements.lock", ask_for_newer=False)["differ"] == []


def test_a_release_that_was_taken_back_or_is_not_final_is_not_newer(monkeypatch, tmp_path):
    file, back = {"yanked": False}, {"yanked": True}
    releases = {
        "1.0": [file], "1.10": [file], "1.9": [file], "2.0rc1": [file], "3.0": [back], "4.0": [],
        "not a version": [file],
    }  # fmt: skip
    assert dependencies.newest_of(releases) == "1.10"
    asked = []

    def fetched(address: str, _limit: int) -> bytes:
        asked.append(address)
        if "silent" in address:
            raise OSError("no network")
        return json.dumps({"releases": releases}).encode()

    monkeypatch.setattr("townsquare.remote.fetched", fetched)
    lock = tmp_path / "lock"
    lock.write_text(
        "old==1.9 \\\n    --hash=sha256:00\nnew==1.10\nsilent==1\nno==1 ; os_name == 'x'\n"
    )
    found = dependencies.state(lock, ask_for_newer=True)
    assert [each["name"] for each in found["newer"]] == ["old"]
    assert found["unknown"] == ["silent"]
    assert len(asked) == 3


def test_without_a_lock_nothing_is_pinned(tmp_path):
    assert dependencies.state(tmp_path / "none", ask_for_newer=True)["pinned"] == 0
    (tmp_path / "bad").write_text("a b c==\n")
    with pytest.raises(SetupError, match="a line that is none"):
        dependencies.state(tmp_path / "bad", ask_for_newer=False)


@pytest.mark.parametrize(
    ("past", "words"),
    [
        (timedelta(seconds=5), "0 minutes ago"),
        (timedelta(minutes=-61), "in 1 hour"),
        (timedelta(days=3, hours=5), "3 days ago"),
    ],
)
def test_ages_are_told_in_their_largest_unit(past, words):
    assert operating._ago(past) == words
