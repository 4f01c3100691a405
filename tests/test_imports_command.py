"""`import partners`: each source by itself, what changed into files, what failed into words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from community_files import write
from misbehaving import Answer, Server, answer, redirect, repeated, server
from test_imports_reading import DATE, ics, item, rss

from townsquare.imports import bringing, snapshot
from townsquare.problems import SetupError

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
POSTS, EVENTS = "data/imports/acme-posts.json", "data/imports/acme-events.json"
EVENT = "UID:1\nSUMMARY:Fair\nDTSTART;TZID=Europe/Berlin:20261203T180000\nDTSTAMP:{}"


@pytest.fixture
def there() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture
def root(tmp_path: Path, there: Server) -> Path:
    """A community whose partner has a feed and a calendar on the server."""
    there.answers |= {"/feed": answer(rss(item())), "/events": calendar(EVENT)}
    partner(tmp_path, there, ("/feed", "posts"), ("/events", "events"))
    return write(tmp_path, {"content/index.md": "---\ntitle: Home\n---\nHello.\n"})


def partner(
    root: Path, there: Server, *imports: tuple[str, str], name: str = "acme", more=""
) -> None:
    listed = "".join(f"  - {{url: '{there.url(at)}', what: {what}}}\n" for at, what in imports)
    text = f"---\ntitle: Acme\nurl: https://acme.example/\n{more}imports:\n{listed}---\nText.\n"
    write(root, {f"content/partners/{name}.md": text})


def calendar(*events: str, stamp: str = "20261101T000000Z") -> bytes:
    return answer(ics(*[each.format(stamp) for each in events]), "text/calendar; charset=utf-8")


def run(
    root: Path, there: Server, *only: str, failed: int = 0, now: datetime = NOW
) -> dict[str, list[str]]:
    """What is said of each source."""
    lines: list[str] = []
    policy = there.policy(seconds=2.0)
    assert bringing.partners(root, only, now=now, say=lines.append, policy=policy) == failed
    said: dict[str, list[str]] = {}
    for line in lines:
        name, _, rest = line.partition(": ")
        said.setdefault(name, []).append(rest)
    return said


def kept(root: Path, path: str) -> snapshot.Snapshot:
    found, problems = snapshot.read(path, (root / path).read_bytes())
    assert found and not problems
    return found


def files(root: Path) -> dict[str, bytes]:
    return {str(f.relative_to(root)): f.read_bytes() for f in (root / "data").rglob("*.*")}


def test_sources_become_files_and_a_second_run_leaves_every_byte(root: Path, there: Server) -> None:
    assert run(root, there) == {
        "acme-posts": ["1 new, 1 kept"],
        "acme-events": ["1 new, 1 kept"],
    }
    before = files(root)
    assert sorted(before) == [EVENTS, POSTS]
    assert kept(root, POSTS).posts[0].title == "A"
    assert kept(root, EVENTS).events[0].title == "Fair"
    # The calendar stamps itself anew at each access, and a day passes.
    there.answers["/events"] = calendar(EVENT, stamp="20261124T000000Z")
    said = run(root, there, now=datetime(2026, 11, 24, tzinfo=UTC))
    assert said == {"acme-posts": ["unchanged, 1 kept"], "acme-events": ["unchanged, 1 kept"]}
    assert files(root) == before


def test_a_server_is_asked_for_what_is_newer_than_the_copy(root: Path, there: Server) -> None:
    def unless_known(body: bytes, kind: str) -> Answer:
        def send(connection) -> None:
            known = '"1"' in there.asked[-1][1].get("if-none-match", "")
            connection.sendall(answer(status=304) if known else answer(body, kind, ETag='"1"'))

        return send

    there.answers["/feed"] = unless_known(rss(item()), "text/xml")
    there.answers["/events"] = unless_known(ics(EVENT.format("20261101T000000Z")), "text/calendar")
    run(root, there)
    assert run(root, there) == {"acme-posts": ["unchanged"], "acme-events": ["unchanged"]}
    # In another month a calendar is read anew: a repeated event has come into view.
    later = run(root, there, now=datetime(2026, 12, 1, 12, tzinfo=UTC))
    assert later == {"acme-posts": ["unchanged"], "acme-events": ["unchanged, 1 kept"]}
    assert all("Townsquare/" in headers["user-agent"] for _, headers in there.asked)


@pytest.mark.parametrize(
    ("dead", "why"),
    [
        (answer(status=404), "it answers with 404"),
        (answer(b"<html>", "text/html"), "it says that it is `text/html`"),
        (answer(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "it declares a document type"),
        (redirect("https://127.0.0.1/"), "leads to 127.0.0.1, which is not public"),
        (repeated(b"HTTP/1.1 200 OK\r\n", b"", 1, 20), "it takes longer than 2 seconds"),
        (b"", "it"),
    ],
)
def test_a_source_that_fails_keeps_its_last_good_copy_and_stops_no_other(
    root: Path, there: Server, dead: Answer, why: str
) -> None:
    run(root, there)
    before = files(root)[POSTS]
    there.answers |= {"/feed": dead, "/events": calendar(EVENT, EVENT.replace("UID:1", "UID:2"))}
    said = run(root, there, failed=1)
    (line,) = said["acme-posts"]
    assert line.startswith(f"warning: {there.url('/feed')}: ")
    assert why in line
    assert line.endswith("; what came before stays")
    assert files(root)[POSTS] == before
    assert said["acme-events"] == ["1 new, 2 kept"]


def test_a_source_that_never_answered_is_told_and_leaves_no_file(root: Path, there: Server) -> None:
    there.answers.clear()
    said = run(root, there, failed=2)
    assert all(line.endswith("; nothing is known of it yet") for (line,) in said.values())
    assert files(root) == {}


def test_cancelled_and_vanished_events_are_followed(root: Path, there: Server) -> None:
    run(root, there)
    there.answers["/events"] = calendar(EVENT + "\nSTATUS:CANCELLED")
    assert run(root, there)["acme-events"] == ["1 changed, 1 kept"]
    assert kept(root, EVENTS).events[0].status == "cancelled"
    there.answers["/events"] = calendar(EVENT)
    run(root, there)
    there.answers["/events"] = calendar()
    assert run(root, there)["acme-events"] == ["1 withdrawn, 1 kept"]
    assert kept(root, EVENTS).events[0].status == "withdrawn"


def test_items_left_out_and_moves_for_ever_are_told(root: Path, there: Server) -> None:
    there.answers |= {"/feed": redirect("/now", 301), "/now": answer(rss(item(more="")))}
    assert run(root, there)["acme-posts"] == [
        "unchanged, 0 kept",
        "left out, since it has no date: “A”",
        f"warning: it has moved for ever: write `url: {there.url('/now')}`",
    ]


def test_the_longest_of_everything_in_any_script_still_fits(root: Path, there: Server) -> None:
    long = "語" * 2000
    items = [
        item(
            f"{n}{long}",
            f"https://a.example/{n}/{'x' * 900}",
            f"{DATE}<description>{long}</description>",
        )
        for n in range(150)
    ]
    event = (
        f"SUMMARY:{long}\nLOCATION:{long}\nDESCRIPTION:{long}\nURL:https://a.example/{'x' * 900}"
    )
    events = [f"UID:{n}\nDTSTART:20261203T180000Z\n{event}" for n in range(100)]
    there.answers |= {"/feed": answer(rss(*items)), "/events": calendar(*events)}
    assert run(root, there, now=NOW)["acme-posts"] == ["100 new, 100 kept"]
    assert len(kept(root, POSTS).posts) == 100
    assert len(kept(root, EVENTS).events) == 100


def test_a_damaged_file_is_told_and_made_anew(root: Path, there: Server) -> None:
    run(root, there)
    whole = files(root)[POSTS]
    (root / POSTS).write_bytes(whole[:-20])
    first, second = run(root, there)["acme-posts"]
    assert first.startswith(f"warning: {POSTS} is made anew: this is not JSON")
    assert second == "1 new, 1 kept"
    assert files(root)[POSTS] == whole


def test_only_current_partners_and_enabled_imports_are_asked(root: Path, there: Server) -> None:
    for name, more in {
        "past": "until: 2026-11-22\n",
        "draft": "draft: yes\n",
        "later": "publish: 2027-01-01\n",
    }.items():
        partner(root, there, ("/feed", "posts"), name=name, more=more)
    off = (root / "content/partners/acme.md").read_text().replace("posts}", "posts, enabled: no}")
    write(root, {"content/partners/off.md": off})
    assert sorted(run(root, there)) == ["acme-events", "acme-posts", "off-events"]


def test_partners_that_are_named_are_asked_alone(root: Path, there: Server) -> None:
    partner(root, there, ("/feed", "posts"), ("/feed", "posts"), name="other")
    assert list(run(root, there, "other")) == ["other-posts", "other-posts-2"]
    with pytest.raises(SetupError, match="no partner is called `acne`; did you mean `acme`"):
        run(root, there, "acne")


def test_a_partner_with_a_fault_is_told_and_the_others_are_asked(root: Path, there: Server) -> None:
    write(root, {"content/partners/bad.md": "---\ntitle: Bad\n---\nText.\n"})
    said = run(root, there)
    assert said.pop("warning") == [
        "content/partners/bad.md has a fault, so nothing of it is asked: see check"
    ]
    assert len(said) == 2


def test_without_imports_nothing_is_made(tmp_path: Path, there: Server) -> None:
    write(tmp_path, {"content/index.md": "---\ntitle: Home\n---\nHello.\n"})
    assert list(run(tmp_path, there)) == ["No current partner has an import that is enabled."]
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize("linked", ["data", "data/imports"])
def test_nothing_is_written_through_a_link(root: Path, there: Server, linked: str) -> None:
    (root / "elsewhere/imports").mkdir(parents=True)
    (root / linked).parent.mkdir(exist_ok=True)
    (root / linked).symlink_to(root / "elsewhere")
    with pytest.raises(SetupError, match="is a link to another folder"):
        run(root, there)
    assert [f for f in (root / "elsewhere").rglob("*") if f.is_file()] == []


def test_commands_have_no_way_to_a_host_of_this_machine(root: Path, there: Server) -> None:
    lines: list[str] = []
    assert bringing.partners(root, (), now=NOW, say=lines.append) == 2
    assert all("only https is asked, and this is `http:`" in line for line in lines)
    assert there.asked == []
