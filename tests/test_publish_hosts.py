"""Folders that others upload: what is in them, and what hosts' own code makes of them."""

from __future__ import annotations

import os
import subprocess
import tarfile
from datetime import timedelta

import pytest
from built_sites import built
from published_sites import FILES, NOW, held, live, replaced, site
from publishing import files as contents

from judges import browser, static_hosts
from townsquare.ledger import Ledger
from townsquare.ledger.records import KnownEntry
from townsquare.problems import SetupError
from townsquare.publish import former, headers, host_files
from townsquare.publish.target import Moved, Site
from townsquare.publish.targets.artifact import HOSTS, Artifact

MOVED = (
    b'<meta http-equiv="refresh" content="0; url=/blog/new/">\n'
    b'<link rel="canonical" href="https://example.org/blog/new/">\n'
)
REMOVED = b'<meta name="robots" content="noindex">\n'
REMEMBERED = Ledger(
    authority="example.org,2026",
    entries={
        "post:new": KnownEntry(
            address="blog/new/", former=("blog/old/", "caf\u00e9.html", "rss.xml")
        ),
        "post:gone": KnownEntry(address="blog/gone/", former=("blog/went/",), gone=NOW),
        "post:back": KnownEntry(address="blog/gone/again/", gone=NOW),
    },
)
WITH_A_PAST = {
    "blog/new/index.html": b"new\n",
    "blog/old/index.html": MOVED,
    "caf\u00e9.html": MOVED,
    "blog/gone/index.html": REMOVED,
    "blog/went/index.html": REMOVED,
    "blog/gone/again/index.html": b"something else stands here\n",
    "rss.xml": b"<rss/>\n",
    "index.html": b"home\n",
    "404.html": b"not found\n",
    "feeds/tags/news.xml": b"<feed/>\n",
    "feeds/subscriptions.opml": b"<opml/>\n",
    "assets/townsquare/townsquare.0123abcd.css": b"p { color: red }\n",
    "feed.json": b"{}\n",
    "calendars/events/tea.ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
}


@pytest.fixture
def past(tmp_path) -> Site:
    return site(tmp_path / "past", WITH_A_PAST, known=REMEMBERED)


@pytest.mark.parametrize("host", HOSTS)
def test_the_folder_is_the_site_and_what_the_host_reads(tmp_path, past, host):
    out = tmp_path / "out"
    old_mask = os.umask(0o077)
    try:
        target = Artifact(host, out, None)
        replaced(target, past, None)
    finally:
        os.umask(old_mask)
    found = contents(out)
    own = {"_headers", "_redirects"} if host != "pages" else set()
    assert found.keys() - contents(past.folder).keys() == own
    assert contents(past.folder).items() <= found.items()
    digests = target.digests(list(past.published.files))
    assert digests == past.published.files
    modes = {oct(p.stat().st_mode & 0o777) for p in out.rglob("*") if p.is_file()}
    assert modes == {"0o644"}
    assert {oct(p.stat().st_mode & 0o777) for p in (out, *out.rglob("*/"))} == {"0o755"}
    assert not [path for path in found if path.startswith(".")]


def test_githubs_tar_of_the_folder_holds_every_file_once_and_no_link(tmp_path, past):
    out = tmp_path / "out"
    replaced(Artifact("pages", out, None), past, None)
    # As actions/upload-pages-artifact makes it.
    exclude = ("--exclude=.git", "--exclude=.github", "--exclude=.[^/]*")
    line = ["tar", "--dereference", "--hard-dereference", "--directory", str(out)]
    subprocess.run([*line, "-cf", str(tmp_path / "a.tar"), *exclude, "."], check=True)
    with tarfile.open(tmp_path / "a.tar") as tar:
        members = tar.getmembers()
        assert all(each.isfile() or each.isdir() for each in members)
        files = {m.name.removeprefix("./"): tar.extractfile(m) for m in members if m.isfile()}
        assert {path: stream.read() for path, stream in files.items() if stream} == contents(out)


def test_what_moved_and_what_is_gone_is_found_where_the_site_says_so(past):
    found = former.of_site(past.folder)
    assert found.moved == {"blog/old/": "blog/new/", "caf\u00e9.html": "blog/new/"}
    assert found.removed == ("blog/gone/", "blog/went/")


@pytest.fixture(scope="module")
def sample(root, tmp_path_factory) -> Site:
    """The sample, built as a publish builds it."""
    out = tmp_path_factory.mktemp("sample") / "site"
    built(root, out, search=True)
    return held(out)


def address(path: str) -> str:
    return "/" + path.removesuffix("index.html")


def expected(path: str) -> dict[str, str]:
    """Every header that our definition names for a file, its name in lower case."""
    return {k.lower(): v for k, v in (headers.SITE_WIDE | headers.of(path)).items()}


def test_cloudflare_takes_every_rule_and_tells_each_file_what_we_mean(tmp_path, sample):
    out = tmp_path / "out"
    replaced(Artifact("cloudflare", out, None), sample, None)
    paths = [path for path in sample.published.files if path != "404.html"]
    told = static_hosts.cloudflare(out, map(address, paths))
    assert told["refused"] == []
    moved = former.of_site(sample.folder).moved
    assert told["rules"][0] <= host_files.MOST_RULES
    assert told["rules"][1] == len(moved) > 0
    for path in paths:
        answer, meant = told["answers"][address(path)], expected(path)
        if new := moved.get(address(path)[1:]):
            assert (answer["status"], answer["headers"]["location"]) == (301, f"/{new}")
            continue
        if not headers.shared(path):
            meant["content-type"] = "text/x-what-the-host-thinks"
        assert answer["status"] == 200, path
        assert {name: answer["headers"].get(name) for name in meant} == meant, path


def test_netlify_takes_every_rule_and_tells_each_file_what_we_mean(tmp_path, sample):
    out = tmp_path / "out"
    replaced(Artifact("netlify", out, None), sample, None)
    told = static_hosts.netlify(out, map(address, sample.published.files))
    assert told["refused"] == []
    for path in sample.published.files:
        rules = told["answers"][address(path)]
        names = [name.lower() for rule in rules for name in rule]
        assert len(names) == len(set(names)), f"{path}: a header is told twice"
        said = {name.lower(): value for rule in rules for name, value in rule.items()}
        meant = expected(path)
        if not headers.shared(path):
            del meant["content-type"]
        if meant["cache-control"] == headers.cache_control("index.html"):
            # https://docs.netlify.com/build/caching/caching-overview/: what Netlify says anyway.
            del meant["cache-control"]
        assert said == meant, path


def test_old_addresses_are_answered_by_code(tmp_path, past):
    for host in ("cloudflare", "netlify"):
        replaced(Artifact(host, tmp_path / host, None), past, None)
    moved = ("/blog/old/", "/caf%C3%A9.html")
    told = static_hosts.cloudflare(tmp_path / "cloudflare", (*moved, "/rss.xml"))["answers"]
    assert {told[at]["status"] for at in moved} == {301}
    assert {told[at]["headers"]["location"] for at in moved} == {"/blog/new/"}
    assert told["/rss.xml"]["status"] == 200
    asked = static_hosts.netlify(tmp_path / "netlify", ())
    assert asked["redirects"] == [
        {"from": "/blog/old/", "to": "/blog/new/", "status": 301, "force": True},
        {"from": "/caf%C3%A9.html", "to": "/blog/new/", "status": 301, "force": True},
        {"from": "/blog/gone/", "to": "/blog/gone/index.html", "status": 404, "force": True},
        {"from": "/blog/went/", "to": "/blog/went/index.html", "status": 404, "force": True},
    ]


@pytest.mark.parametrize(
    ("limit", "most", "message"),
    [
        ("MOST_FILES", 5, r"the site has \d+ files, and Cloudflare Pages takes 5"),
        ("MOST_RULES", 3, r"`_headers` needs \d+ rules, and Cloudflare Pages takes 3"),
        ("MOST_BYTES", 30, "calendars/events/tea.ics is larger than"),
        ("MOST_LINE", 80, "`_headers` has a line of more than 80 characters"),
    ],
)
def test_what_cloudflare_would_not_take_is_refused_first(
    tmp_path, past, monkeypatch, limit, most, message
):
    monkeypatch.setattr(host_files, limit, most)
    files = {p: d for p, d in WITH_A_PAST.items() if p.endswith(".ics")}
    made = site(tmp_path / "few", files) if limit == "MOST_BYTES" else past
    monkeypatch.setattr(former, "of_site", lambda _folder: former.Former({}, ()))
    if limit == "MOST_BYTES":
        made.published.files.pop("build.json")  # type: ignore[attr-defined]
        made.published.files.pop("SHA256SUMS")  # type: ignore[attr-defined]
    with pytest.raises(SetupError, match=message):
        replaced(Artifact("cloudflare", tmp_path / "out", None), made, None)
    assert not (tmp_path / "out").exists()


def test_cloudflares_limits_are_those_of_its_own_code(tmp_path):
    many = former.Former({f"old/{n}/": f"new/{n}/" for n in range(2500)}, ())
    made = host_files.cloudflare(site(tmp_path / "site"), many)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "_redirects").write_bytes(made["_redirects"])
    told = static_hosts.cloudflare(tmp_path / "out", ["/old/1999/"])
    assert told["refused"] == []
    assert told["rules"][1] == host_files.MOST_REDIRECTS
    long = former.Former({f"{'old' * 50}/{n}/": f"{'new' * 50}/{n}/" for n in range(1000)}, ())
    made = host_files.cloudflare(site(tmp_path / "long"), long)
    assert 99_000 < len(made["_redirects"]) <= host_files.MOST_REDIRECTS_BYTES


def test_the_live_site_is_read_where_readers_get_it(tmp_path, past):
    newer = site(tmp_path / "newer", FILES, now=NOW + timedelta(hours=1))
    with browser.served(past.folder) as url:
        target = Artifact("pages", tmp_path / "out", url)
        since = live(target)
        assert since == past.published
        with pytest.raises(Moved):
            replaced(target, newer, newer.published)
        assert not (tmp_path / "out").exists()
        replaced(target, newer, since)
        assert contents(newer.folder).items() <= contents(tmp_path / "out").items()
        assert Artifact("pages", tmp_path / "x", url).read("nothing.html") is None


def test_a_live_site_that_cannot_be_asked_is_no_first_publish(tmp_path):
    target = Artifact("netlify", tmp_path / "out", "http://127.0.0.1:9/")
    with pytest.raises(SetupError, match=r"http://127.0.0.1:9/build.json cannot be read"):
        live(target)


def test_a_folder_that_is_no_site_is_never_replaced(tmp_path, past):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("years of work\n")
    with pytest.raises(SetupError, match="is not a site that a build made"):
        replaced(Artifact("pages", tmp_path / "out", None), past, None)
