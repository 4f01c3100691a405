"""Every kind of page as readers meet it: in a real browser, wide and narrow, light and dark."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from judges import browser, nu
from townsquare import build, ledger, publication
from townsquare.pages import Page

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def plan(root: Path) -> build.Plan:
    checked = build.check(root, now=NOW)
    made = build.plan(checked, previous=ledger.load(None, first_publish=False))
    assert made.errors == ()
    return made


@pytest.fixture(scope="module")
def site(plan, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("browser") / "site"
    folder.mkdir()
    publication.write(plan, folder, previous=ledger.load(None, first_publish=False), search=True)
    return folder


@pytest.fixture(scope="module")
def base(site) -> Iterator[str]:
    with browser.served(site) as address:
        yield address


def one_of_each(plan: build.Plan, *, full: bool) -> list[Page]:
    """The longest page of every template; with `full`, every page."""
    if full:
        return list(plan.pages)
    kinds: dict[str, Page] = {}
    for page in plan.pages:
        best = kinds.get(page.template)
        if best is None or _weight(page) > _weight(best):
            kinds[page.template] = page
    return [page for page in kinds.values() if page.template != "redirect.html"]


def _weight(page: Page) -> tuple[int, int, str]:
    return (len(page.headings), len(str(page.data)) if page.source else 0, page.address)


def opened(visit: browser.Visit, url: str) -> browser.Visit:
    """The same reader on another page, with nothing noted yet."""
    for notes in (visit.console, visit.foreign, visit.failed):
        notes.clear()
    visit.page.goto(url, wait_until="load")
    # What watches sizes is told of them with the second frame.
    visit.page.evaluate("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")
    return visit


def faults(visit: browser.Visit) -> list[str]:
    """What a reader would suffer from, in words; empty when nothing is wrong."""
    found = [f"asks {url}" for url in visit.foreign]
    found += [f"fails {url}" for url in visit.failed]
    found += [f"says {line}" for line in visit.console]
    found += visit.violations()
    if beyond := visit.sideways():
        found.append(f"scrolls sideways by {beyond} pixels")
    return found


SIGHTS = [
    pytest.param(width, scheme, marks=[] if is_short else pytest.mark.full)
    for width, scheme, is_short in (
        (1280, "light", True),
        (320, "dark", True),
        (1280, "dark", False),
        (320, "light", False),
    )
]
"""Each width and each scheme in the short run: what the one spoils does not hang on the other."""


@pytest.mark.parametrize(("width", "scheme"), SIGHTS)
def test_every_kind_of_page_is_accessible_quiet_and_asks_no_other_host(
    plan, base, chromium, full, width, scheme
):
    found = {}
    pages = one_of_each(plan, full=full)
    assert len(pages) >= 20
    with chromium.visit(base, width=width, scheme=scheme) as visit:
        for page in pages:
            found[page.address] = faults(opened(visit, base + page.address))
    assert {address: bad for address, bad in found.items() if bad} == {}


def test_the_page_for_missing_addresses_is_accessible(base, chromium):
    with chromium.visit(base + "no/such/page/") as visit:
        assert "This page is not here" in visit.text()
        assert visit.violations() == []


def test_every_page_reads_whole_without_script(plan, base, chromium, full):
    with chromium.visit(base, script=False) as bare, chromium.visit(base) as rich:
        for page in one_of_each(plan, full=full):
            bare.page.goto(base + page.address)
            without = bare.page.inner_text("#__content")
            opened(rich, base + page.address)
            rest = rich.page.inner_text("#__content").splitlines()
            lost = [line for line in rest if line.strip() and line not in without]
            assert [line for line in lost if not _made_by_script(line)] == [], page.address


def _made_by_script(line: str) -> bool:
    marks = ("where you are", "stay in this browser", "Copy", "Words to look for", "Search")
    marks = (*marks, "Play here")
    return any(mark in line for mark in marks)


def test_the_html_checker_finds_no_error(site):
    assert nu.errors(site) == []


def test_the_first_load_of_a_page_is_at_most_100_kib_compressed(plan, base, chromium):
    measured = ("front.html", "blog.html", "post.html", "events.html", "event.html", "guide.html")
    for page in one_of_each(plan, full=False):
        if page.template not in measured:
            continue
        with chromium.visit(base + page.address) as visit:
            sent = visit.transferred()
            own = {path: size for path, size in sent.items() if not path.endswith((".png", ".jpg"))}
        assert sum(own.values()) <= 100 * 1024, (page.address, own)


def test_pages_work_under_a_policy_that_allows_no_script_in_them(base, chromium):
    policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    policy += "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'"

    def guarded(route):
        answer = route.fetch()
        headers = {**answer.headers, "content-security-policy": policy}
        route.fulfill(response=answer, headers=headers)

    with chromium.visit(base) as visit:
        visit.page.route("**/*", guarded)
        visit.page.goto(base + "onboarding/first-steps/", wait_until="networkidle")
        assert visit.console == []
        assert visit.page.locator(".ts-kept").count() == 1
        assert visit.page.evaluate("document.documentElement.classList.contains('js')")


def test_a_reader_s_dark_scheme_is_there_before_the_page_is_painted(base, chromium):
    with chromium.visit(base, scheme="dark") as visit:
        assert visit.page.get_attribute("body", "data-md-color-scheme") == "slate"
    with chromium.visit(base, scheme="light") as visit:
        assert visit.page.get_attribute("body", "data-md-color-scheme") == "default"


def test_a_chosen_scheme_is_kept(base, chromium):
    with chromium.visit(base, scheme="light") as visit:
        visit.page.locator("label[for=__palette_1]").click()
        visit.page.goto(base + "blog/", wait_until="networkidle")
        assert visit.page.get_attribute("body", "data-md-color-scheme") == "slate"


def test_the_drawer_opens_and_closes_by_keyboard(base, chromium):
    with chromium.visit(base, width=320) as visit:
        page = visit.page
        link = page.locator(".md-sidebar--primary a").filter(has_text="Guidelines")
        assert not link.is_visible()
        page.locator("#__drawer").focus()
        page.keyboard.press("Space")
        link.wait_for(state="visible")
        page.keyboard.press("Space")
        link.wait_for(state="hidden")


def test_search_finds_a_word_of_an_article_and_loads_its_index_only_then(base, chromium):
    with chromium.visit(base + "search/") as visit:
        assert not [r for r in visit.requests if "/pagefind/" in r.url]
        visit.page.fill("#__query", "ladder")
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_selector(".ts-results li a")
        assert "found" in visit.page.inner_text(".ts-search__status")
        links = [a.get_attribute("href") for a in visit.page.locator(".ts-results a").all()]
        assert any("guidelines/code-of-conduct/" in str(link) for link in links)
        assert [r for r in visit.requests if "/pagefind/" in r.url]
        assert faults(visit) == []
        visit.page.locator(".ts-results a").first.click()
        visit.page.wait_for_selector("#__content h1")


def test_search_says_what_was_paid_for(base, chromium):
    with chromium.visit(base + "search/?q=captions+cost") as visit:
        visit.page.wait_for_selector(".ts-results li a")
        titles = visit.page.locator(".ts-results a").all_inner_texts()
        assert "Sponsored: Captions for everybody, and what they cost" in titles


def test_a_search_can_be_linked_to_and_says_when_there_is_nothing(base, chromium):
    with chromium.visit(base + "search/?q=zzzqqq") as visit:
        visit.page.wait_for_function(
            "document.querySelector('.ts-search__status').textContent.startsWith('Nothing')"
        )
        assert visit.page.locator(".ts-results li").count() == 0


def test_ticks_on_a_guide_stay_and_show_on_its_path_until_they_are_forgotten(plan, base, chromium):
    guide = next(p for p in plan.pages if p.template == "guide.html" and p.data["placed"])
    path = guide.data["placed"][0].path.address
    with chromium.visit(base + guide.address) as visit:
        page = visit.page
        page.locator(".ts-step input").first.check()
        page.goto(base + path, wait_until="networkidle")
        whole, one = page.locator(".ts-progress").all_inner_texts()
        assert whole.startswith("1 of")
        assert one.startswith("1 of")
        page.goto(base + guide.address, wait_until="networkidle")
        assert page.locator(".ts-step input").first.is_checked()
        with page.expect_download() as download:
            page.get_by_role("button", name="Save them as a file").click()
        kept = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
        assert [len(each["done"]) for each in kept.values()] == [1]
        page.get_by_role("button", name="Forget them").click()
        page.goto(base + path, wait_until="networkidle")
        assert page.locator(".ts-progress").count() == 0


def test_a_path_s_progress_is_forgotten_on_its_page_too(plan, base, chromium):
    guide = next(p for p in plan.pages if p.template == "guide.html" and p.data["placed"])
    path = guide.data["placed"][0].path.address
    with chromium.visit(base + guide.address) as visit:
        page = visit.page
        page.locator(".ts-step input").first.check()
        page.goto(base + path, wait_until="networkidle")
        page.get_by_role("button", name="Forget them").click()
        assert page.locator(".ts-progress").count() == 0
        assert "They are forgotten" in page.locator(".ts-kept").inner_text()
        page.goto(base + guide.address, wait_until="networkidle")
        assert not page.locator(".ts-step input").first.is_checked()


@pytest.mark.parametrize(
    "stored", ["null", "[]", "7", "{", '{"GUIDE": 3}', '{"GUIDE": {"done": 3}}', '{"GUIDE": null}']
)
def test_whatever_is_stored_a_guide_and_its_path_work(plan, base, chromium, stored):
    guide = next(p for p in plan.pages if p.template == "guide.html" and p.data["placed"])
    path = guide.data["placed"][0].path.address
    name, value = "townsquare:/:progress", stored.replace("GUIDE", guide.data["entry"].id)
    with chromium.visit(base + guide.address) as visit:
        page = visit.page
        page.evaluate("([name, value]) => localStorage.setItem(name, value)", [name, value])
        for address in (path, guide.address):
            page.goto(base + address, wait_until="networkidle")
        page.locator(".ts-step input").first.check()
        page.reload()
        assert page.locator(".ts-step input").first.is_checked()
        assert visit.console == []


def test_where_nothing_may_be_stored_a_guide_is_a_plain_checklist(plan, base, chromium):
    guide = next(p for p in plan.pages if p.template == "guide.html" and p.data["placed"])
    refuse = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})"
    with chromium.visit(base) as visit:
        page = visit.page
        page.add_init_script(refuse)
        page.goto(base + guide.address, wait_until="networkidle")
        page.locator(".ts-step input").first.check()
        assert page.locator(".ts-step input").first.is_checked()
        assert "keeps nothing here" in page.locator(".ts-kept").inner_text()
        assert page.locator(".ts-kept button").count() == 0
        assert visit.console == []


def test_every_page_says_where_to_ask(site):
    pages = [path for path in site.rglob("*.html") if "redirect" not in path.read_text("utf-8")]
    without = [
        path for path in pages
        if '<a href="https://chat.townsquare.example.org/questions">' not in path.read_text("utf-8")
    ]  # fmt: skip
    assert len(pages) > 100
    assert without == []


def test_event_times_are_shown_in_the_reader_s_own_zone_too(plan, base, chromium):
    event = next(p for p in plan.pages if p.template == "event.html" and p.data["main"])
    with chromium.visit(base + event.address) as visit:
        context = visit.page.context.browser.new_context(timezone_id="Asia/Kathmandu")
        page = context.new_page()
        page.goto(base + event.address, wait_until="networkidle")
        assert "where you are" in page.locator(".ts-own-time").first.inner_text()
        context.close()


RECORDING = "https://media.example.org/first-ten-minutes.mp4"


def test_another_host_is_asked_for_a_recording_when_the_reader_says_so_and_not_before(
    base, chromium
):
    with chromium.visit(base + "blog/2026/what-the-webinar-taught-us/") as visit:
        page = visit.page
        page.mouse.wheel(0, 2000)
        page.wait_for_load_state("networkidle")
        assert visit.foreign == []
        assert page.locator("video, audio, iframe, source").count() == 0
        assert page.locator("figure a.ts-media__play").get_attribute("href") == RECORDING
        page.get_by_role("button", name="Play here, from media.example.org").press("Enter")
        page.wait_for_timeout(200)
        assert set(visit.foreign) == {RECORDING}
        film = page.locator("figure video")
        assert film.evaluate(
            "film => film.controls && film.poster.endsWith('first-ten-minutes.png')"
        )
        tracks = film.evaluate("film => [...film.textTracks].map(t => [t.language, t.mode])")
        assert tracks == [["en", "showing"], ["de", "disabled"]]
        assert page.evaluate("document.activeElement.tagName") == "VIDEO"
        assert visit.violations() == []


def test_without_script_a_recording_elsewhere_is_a_link_beside_its_text(base, chromium):
    with chromium.visit(base + "blog/2026/what-the-webinar-taught-us/", script=False) as visit:
        assert visit.foreign == []
        assert visit.page.locator("figure button").count() == 0
        links = visit.page.locator("figure figcaption a").all_inner_texts()
        said = ["Watch at media.example.org", "Transcript", "Captions (en)", "Captions (de)"]
        assert links == said
