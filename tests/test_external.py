"""Links to other sites are asked politely, remembered for a week, and never stop anything."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from community_files import write
from misbehaving import answer, redirect, repeated, server

from townsquare import build, external
from townsquare.external import KEPT_SECONDS, Verdict
from townsquare.imports import SourceFailed, fetching
from townsquare.imports.fetching import Reached

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECONDS = NOW.timestamp()
FILES = {
    "content/index.md": (
        "---\ntitle: Home\nimage: {src: a.png, alt: A}\n---\n"
        "See [one](https://one.test.net/a#x), <https://one.test.net/a> and\n"
        "[an example](https://docs.example.org/), [mail](mailto:a@b.net), [own](about.md).\n"
    ),
    "content/about.md": "---\ntitle: About\n---\nHello.\n",
    "content/hidden.md": "---\ntitle: H\ndraft: yes\n---\n<https://secret.test.net/>\n",
    "content/partners/acme.md": "---\ntitle: Acme\nurl: https://two.test.net/\n---\n",
}


def found(root: Path) -> dict[str, list[str]]:
    checked = build.check(write(root, FILES), now=NOW)
    links = external.links(checked.library, checked.bodies)
    return {url: [f"{p.path}:{p.line}:{p.column}" for p in places] for url, places in links.items()}


def test_every_address_is_asked_once_and_known_at_each_of_its_places(tmp_path):
    assert found(tmp_path) == {
        "https://one.test.net/a": ["content/index.md:5:11", "content/index.md:5:39"],
        "https://two.test.net/": ["content/partners/acme.md:3:6"],
    }


def asked(urls: list[str], folder: Path, answers: dict[str, object], now: float = SECONDS):
    """The verdicts, whom it asked in order, and how long it paused."""
    whom, pauses = [], []

    def ask(url: str) -> Reached:
        whom.append(url)
        reply = answers[url]
        if isinstance(reply, str):
            raise SourceFailed(reply)
        assert isinstance(reply, Reached)
        return reply

    known = external.asked(urls, folder, now=now, ask=ask, pause=pauses.append)
    return known, whom, pauses


def test_one_host_gets_one_question_at_a_time_and_others_do_not_wait(tmp_path):
    urls = [f"https://a.net/{n}" for n in range(3)] + ["https://b.net/"]
    _, whom, pauses = asked(urls, tmp_path, dict.fromkeys(urls, Reached(200)))
    assert sorted(whom) == urls
    assert [url for url in whom if "a.net" in url] == urls[:3]
    assert pauses == [external.PAUSE_SECONDS] * 2


def test_an_answer_is_remembered_for_a_week(tmp_path):
    urls = ["https://a.net/"]
    asked(urls, tmp_path, {urls[0]: Reached(404)})
    known, whom, _ = asked(urls, tmp_path, {}, now=SECONDS + KEPT_SECONDS - 1)
    assert (known[urls[0]].status, whom) == (404, [])
    _, whom, _ = asked(urls, tmp_path, {urls[0]: Reached(200)}, now=SECONDS + KEPT_SECONDS)
    assert whom == urls
    _, whom, _ = asked(urls, tmp_path, {urls[0]: Reached(200)}, now=SECONDS - 10)
    assert whom == urls


@pytest.mark.parametrize("content", ["", "[]", '{"https://a.net/": 3}', '{"https://a.net/": [1]}'])
def test_a_damaged_memory_is_none(tmp_path, content):
    (tmp_path / external.FILE).write_text(content)
    known, whom, _ = asked(["https://a.net/"], tmp_path, {"https://a.net/": Reached(200)})
    assert (whom, list(known)) == (["https://a.net/"], ["https://a.net/"])
    assert json.loads((tmp_path / external.FILE).read_text()) == {
        "https://a.net/": [SECONDS, 200, "", ""]
    }


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict(0, 200, "", ""), None),
        (Verdict(0, 403, "", ""), None),
        (Verdict(0, 429, "", ""), None),
        (Verdict(0, 404, "", ""), "https://a.net/: it answers with 404"),
        (Verdict(0, 503, "", ""), "https://a.net/: it answers with 503"),
        (Verdict(0, 200, "https://b.net/", ""), "https://a.net/: it has moved for good"),
        (Verdict(0, 0, "", "it takes longer"), "https://a.net/: it takes longer"),
    ],
)
def test_what_an_answer_means(tmp_path, verdict, words):
    checked = build.check(write(tmp_path, FILES), now=NOW)
    place = checked.library.entries[0].place("title")
    told = external.problems({"https://a.net/": [place]}, {"https://a.net/": verdict})
    assert [each.message for each in told] == ([words] if words else [])
    assert all(each.severity.word == "notice" and each.hint for each in told)


def test_a_real_server_that_misbehaves_is_a_notice_and_no_more(tmp_path):
    endless = repeated(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x" * 9_999, 10**9)
    with server({"/well": answer(), "/gone": answer(status=410), "/endless": endless}) as local:
        local.answers["/circle"] = redirect(local.url("/circle"))
        local.answers["/moved"] = redirect(local.url("/well"), status=301)
        local.answers["/inside"] = redirect("http://169.254.169.254/latest/meta-data/")
        local.answers["/slow"] = repeated(b"", b"H", 10**9, pause=0.2)
        policy = local.policy(seconds=1.5)
        urls = [local.url(path) for path in local.answers]
        before = threading.active_count()
        known = external.asked(
            urls,
            tmp_path,
            now=SECONDS,
            ask=lambda url: fetching.reached(url, policy=policy, agent="test"),
            pause=lambda _seconds: None,
        )
        told = {url.rpartition("/")[2]: verdict for url, verdict in known.items()}
        assert threading.active_count() <= before + 2
    assert (told["well"].status, told["gone"].status, told["endless"].status) == (200, 410, 200)
    assert told["moved"].moved.endswith("/well")
    assert told["circle"].failure == "it redirects in a circle"
    assert "not public" in told["inside"].failure
    assert "longer than 1.5 seconds" in told["slow"].failure


def test_who_was_not_reached_is_asked_again(tmp_path):
    urls = ["https://a.net/"]
    asked(urls, tmp_path, {urls[0]: "no machine is called `a.net`"})
    _, whom, _ = asked(urls, tmp_path, {urls[0]: Reached(200)}, now=SECONDS + 1)
    assert whom == urls
