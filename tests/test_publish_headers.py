"""What hosts say beside each file: held against nginx, a real browser and what files hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest
from built_sites import built
from playwright.sync_api import Page
from publishing import files as contents

from judges import servers
from townsquare import library
from townsquare.publish import headers

CONFIGURATION = "docs/nginx-site.conf"


@pytest.fixture(scope="module")
def site(root, tmp_path_factory) -> Path:
    """The sample, built as a publish builds it."""
    out = tmp_path_factory.mktemp("sample") / "site"
    built(root, out, search=True)
    return out


@contextmanager
def nginx(configuration: str, site: Path, scratch: Path) -> Iterator[str]:
    """The site behind nginx, set up as operators are told to: `127.0.0.1:PORT`."""
    own = configuration.replace("/srv/townsquare/site", str(site))
    with servers.nginx_with(
        lambda port: own.replace("listen 80;", f"listen {port};"), scratch
    ) as at:
        yield at.removeprefix("http://")


def test_nginx_says_of_every_file_what_we_mean(root, site, tmp_path):
    with (
        nginx((root / CONFIGURATION).read_text(), site, tmp_path / "nginx") as place,
        closing(HTTPConnection(place, timeout=20)) as connection,
    ):
        for path in contents(site):
            connection.request("GET", f"/{quote(path)}")
            answer = connection.getresponse()
            answer.read()
            meant = headers.SITE_WIDE | headers.of(path)
            assert answer.status == 200, path
            said = {name: answer.getheader(name) for name in meant}
            if headers.content_type(path).startswith("image/svg"):
                said["Content-Type"] = str(said["Content-Type"]).partition(";")[0]
            assert said == meant, path
            if not headers.shared(path):
                assert answer.getheader("Access-Control-Allow-Origin") is None, path
        connection.request("GET", "/nothing/here/")
        answer = connection.getresponse()
        assert answer.status == 404
        assert answer.read() == (site / "404.html").read_bytes()
        assert (
            answer.getheader("Content-Security-Policy")
            == headers.SITE_WIDE["Content-Security-Policy"]
        )


WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (found) =>
  window.violations.push(`${found.violatedDirective} ${found.blockedURI} ${found.sample}`));
"""


def pages(site: Path, *, every: bool) -> list[str]:
    """All pages but those that lead on; else one of each folder, every template among them."""
    found: dict[str, str] = {}
    for path, data in sorted(contents(site).items()):
        if path.endswith(".html") and b'http-equiv="refresh"' not in data:
            sort = path if every else "/".join(path.split("/")[:-2])
            found.setdefault(sort, path.removesuffix("index.html"))
    return sorted({*found.values(), "search/", "404.html"})


def test_no_page_does_what_the_policy_forbids(root, site, tmp_path, chromium, full):
    with nginx((root / CONFIGURATION).read_text(), site, tmp_path / "nginx") as place:
        with chromium.visit(f"http://{place}/") as visit:
            visit.page.add_init_script(WATCH)
            for path in pages(site, every=full):
                _opened(visit.page, f"http://{place}/{path}")
                assert visit.page.evaluate("window.violations") == [], path
            visit.page.goto(f"http://{place}/news/welcome/")
            visit.page.wait_for_url("**/blog/2026/welcome/")
            visit.page.goto(f"http://{place}/search/?q=gathering", wait_until="networkidle")
            assert visit.page.evaluate("window.violations") == []
            assert "gathering" in visit.text().lower()
            visit.page.evaluate(
                "const s = document.createElement('script');"
                "s.textContent = '1'; document.body.append(s)"
            )
            visit.page.wait_for_function("window.violations.length === 1")
        refused = [said for said in visit.console if "Content Security Policy" in said]
        assert len(refused) == 1, refused


def _opened(page: Page, address: str) -> None:
    """The page is drawn, and its scripts have run."""
    page.goto(address, wait_until="load")
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")


def test_no_other_site_may_frame_a_page():
    assert headers.POLICY["frame-ancestors"] == "'none'"
    assert headers.SITE_WIDE["X-Frame-Options"] == "DENY"


def test_every_ending_that_content_may_have_is_known():
    for suffix in (*library.IMAGES, *library.MEDIA):
        assert headers.content_type(f"blog/a{suffix}") != headers.UNKNOWN, suffix


def test_feeds_are_named_by_what_they_hold(site):
    roots = {b"<rss": "application/rss+xml", b"<feed": "application/atom+xml"}
    for path, data in contents(site).items():
        if path.endswith(".xml"):
            root = data.split(b"?>", 1)[1].lstrip()
            kind = next(
                (k for start, k in roots.items() if root.startswith(start)), "application/xml"
            )
            assert headers.content_type(path).partition(";")[0] == kind, path


def test_what_is_kept_for_good_has_its_content_in_its_name(site):
    kept = {path for path in contents(site) if "immutable" in headers.cache_control(path)}
    assert any("townsquare." in path for path in kept)
    assert all(path.startswith("assets/") for path in kept)
    for name in ("index.html", "events.ics", "assets/images/favicon.png", "blog/a.0123abcd.png"):
        assert "immutable" not in headers.cache_control(name)
    assert headers.cache_control("ledger.json") == "no-cache"
