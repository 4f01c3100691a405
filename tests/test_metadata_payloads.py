"""No payload in any metadata field of any kind acts or adds anything, wherever the field lands.

Each entry has one payload in one field. The site is held against the one whose fields hold plain
words: every page has the same elements and attributes, every feed, calendar and data file the same
structure, as others' parsers read them. What validation refuses must name its file and its line.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import html5lib
import payloads
from community_files import write
from metadata_entries import (
    BASE,
    FOLDERS,
    PLAIN,
    Field,
    Sites,
    Tried,
    built,
    entries,
    fields,
    free_fields,
    front,
    sites,
)
from skeletons import by_html5lib, by_lexbor, differing, skeleton

from judges import browser
from townsquare import digest
from townsquare.build import Plan

IN_ONE = 1500
"""Entries in one community: what is compared and opened must fit in a machine's memory."""


def chunks(full: bool, folder: Path) -> Iterator[list[Tried]]:
    """What is tried in one community each.

    With `full`, each payload in each field that takes any words and in each that is an address, and
    one of each class in the others.
    """
    free = set(free_fields(folder))
    fixed = [each for each in fields() if each not in free]
    classes = payloads.ONE_OF_EACH
    tried = [Tried(each, classes[n % len(classes)]) for n, each in enumerate(fields())]
    tried += _in_forms([each for each in fixed if each.is_address], classes)
    if full:
        # Field by field: a person is found by a name, and must meet no author of the same payload.
        tried += [
            Tried(field, each) for field in fields() if field in free for each in payloads.ALL
        ]
        tried += _in_forms([each for each in fixed if each.is_address], payloads.ALL)
        tried += _in_forms([each for each in fixed if not each.is_address], classes)
    else:
        tried += _in_forms([each for each in fixed if not each.is_address], classes[:1])
    yield from (tried[at : at + IN_ONE] for at in range(0, len(tried), IN_ONE))


def _in_forms(fixed: Sequence[Field], tried: Sequence[str]) -> Iterator[Tried]:
    """Payloads within what is otherwise a value of the field, as they are and as addresses do."""
    for field in fixed:
        for number, payload in enumerate(tried):
            forms = field.forms
            yield Tried(field, payload, forms[number % len(forms)])
            if field.is_address:
                yield Tried(field, payload, forms[(number + 1) % len(forms)], quoted=True)


def test_most_fields_of_text_take_any_words(tmp_path: Path) -> None:
    """Else the test below tries nothing."""
    free = free_fields(tmp_path)
    assert len(free) > 100
    assert {each.kind for each in free} == set(FOLDERS)
    assert len([each for each in fields() if each not in free and each.is_address]) > 20


def test_the_judges_see_what_is_added() -> None:
    page = b"<!doctype html><title>x</title><p%b>%b</p>"
    added = b"<img src=x onerror=1>"
    assert skeleton("x.html", page % (b"", b"x")) != skeleton("x.html", page % (b"", added))
    assert skeleton("x.html", page % (b"", b"x")) == skeleton("x.html", page % (b"", b"&lt;img>"))
    styled = page % (b" style=color:red", b"x"), page % (b" style=color:blue", b"x")
    assert skeleton("x.html", styled[0]) != skeleton("x.html", styled[1])
    marked = page % (b"", b"x <ins>y</ins>"), page % (b"", b"<ins>y<b>z</b></ins>")
    assert skeleton("a/history/index.html", marked[0]) != skeleton(
        "a/history/index.html", marked[1]
    )
    assert skeleton("x.xml", b"<a>x</a>") != skeleton("x.xml", b"<a>x<b/></a>")
    feed = b"<rss version='2.0'><channel><item><title>x</title>%b</item></channel></rss>"
    assert skeleton("x.xml", feed % b"")[1] != skeleton("x.xml", feed % b"<link>x</link>")[1]
    line = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n%bEND:VCALENDAR\r\n"
    assert skeleton("x.ics", line % b"") != skeleton("x.ics", line % b"X-EVIL:1\r\n")
    assert skeleton("x.json", b'{"a": "x"}') != skeleton("x.json", b'{"a": {"b": "x"}}')


def test_no_field_gives_a_payload_more_than_its_text(
    tmp_path: Path, full: bool, chromium: browser.Chromium
) -> None:
    taken: Counter[str] = Counter()
    for number, tried in enumerate(chunks(full, tmp_path / "free")):
        work = tmp_path / str(number)
        made = sites(work, entries(tried))
        assert {p.address for p in made.plan.pages} == {p.address for p in made.plain_plan.pages}
        assert differing(made.folder, made.plain_folder) == {}
        assert_digest(made.plan)
        if not full:
            assert_parsers_agree(made.folder)
        taken.update("free" if each.form == "{}" else "in a form" for each in made.taken)
        assert_nothing_runs(made, number, full, chromium)
        assert searched(made.folder, chromium) > 0
        shutil.rmtree(work)
    assert taken["free"] > 60
    assert taken["in a form"] > 60


def assert_nothing_runs(made: Sites, number: int, full: bool, chromium: browser.Chromium) -> None:
    paths = {each.path for each in made.taken}
    own = [each for each in made.plan.community.library.entries if each.path in paths]
    listed = ["", "guidelines/house-rules/history/", "people/", "blog/", "events/", "search/"]
    # The structure shows already that nothing was added: a browser is asked for a share.
    step = 30 if full else 12
    opened = [each.address for each in own][number % step :: step]
    assert ran(made.folder, [*listed, *opened], chromium) == set()


def assert_parsers_agree(site: Path) -> None:
    """What one parser of HTML took for text, the other does."""
    for file in site.rglob("*.html"):
        page = file.read_text(encoding="utf-8")
        assert Counter(by_lexbor(page)) == Counter(by_html5lib(page)), file


def searched(site: Path, chromium: browser.Chromium) -> int:
    """The results of searches for words that stand in payloads, none of which ran."""
    told: list[str] = []
    found = 0
    with browser.served(site) as base, chromium.visit(base) as visit:
        visit.page.context.expose_function("tell", lambda path: told.append(path))
        visit.page.context.add_init_script(TELLS)
        for words in ("script", "onerror", "img", "javascript", "globalThis", "svg"):
            visit.page.goto(f"{base}search/?q={words}")
            visit.page.wait_for_function(SEARCHED)
            found += visit.page.locator("[data-ts-search] ol li").count()
            tags = visit.page.eval_on_selector_all(
                "[data-ts-search] ol *", "all => [...new Set(all.map(each => each.localName))]"
            )
            assert set(tags) <= {"li", "a", "p", "mark", "span"}
        visit.page.wait_for_timeout(100)
    assert told == []
    assert visit.foreign == []
    return found


TELLS = "Object.defineProperty(globalThis, 'ran', {set() { tell(location.pathname) }});"
SEARCHED = (
    "() => { const box = document.querySelector('[data-ts-search]');"
    " const status = box.querySelector('[role=status]').textContent;"
    " return status === box.dataset.tsNone || box.querySelector('ol li') }"
)


def assert_digest(plan: Plan) -> None:
    found = digest.gathered(plan.community, date(2026, 1, 1), date(2027, 1, 1))
    mail = digest.written(found, "html")
    kinds_of = {str(each.tag) for each in html5lib.parse(mail, namespaceHTMLElements=False).iter()}
    assert not kinds_of & {"script", "svg", "iframe", "img", "form", "object", "math", "base"}
    assert not re.search(r"\son\w+=", re.sub(r"&[#\w]+;|>[^<]*<", "><", mail))
    for form in ("text", "markdown"):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", digest.written(found, form))


def ran(folder: Path, addresses: Sequence[str], chromium: browser.Chromium) -> set[str]:
    """The pages on which something ran, by itself or when everything was touched and clicked."""
    found: set[str] = set()
    with browser.served(folder) as base, chromium.visit(base) as visit:
        visit.page.context.expose_function("tell", lambda path: found.add(path))
        visit.page.context.add_init_script(
            TELLS + "document.addEventListener('click', event => {"
            " const link = event.target.closest('a');"
            " if (link && link.protocol !== 'javascript:') event.preventDefault() }, true)"
        )
        for address in addresses:
            visit.page.goto(base + address)
            visit.page.evaluate(
                "for (const each of document.querySelectorAll('article *, header *'))"
                " for (const type of ['mouseover', 'focus', 'animationstart', 'click'])"
                "  each.dispatchEvent(new MouseEvent(type, {bubbles: true, cancelable: true}))"
            )
            visit.page.wait_for_timeout(60)
        # A recording is asked for when its button is pressed.
        assert set(visit.foreign) <= {"https://example.org/a.mp3"}
    return found


def test_the_browser_tells_what_runs(tmp_path: Path, chromium: browser.Chromium) -> None:
    for name, body in {
        "alone": f"<img src=x onerror={payloads.JS}>",
        "clicked": f"<article><a href=javascript:{payloads.JS}>a</a></article>",
        "quiet": "<article><a href=quiet.html>a</a></article>",
    }.items():
        (tmp_path / f"{name}.html").write_text(f"<!doctype html><title>t</title>{body}")
    pages = ["alone.html", "clicked.html", "quiet.html"]
    assert ran(tmp_path, pages, chromium) == {"/alone.html", "/clicked.html"}


def test_no_body_acts_on_the_pages_and_in_the_feeds_that_readers_get(
    tmp_path: Path, full: bool, chromium: browser.Chromium
) -> None:
    """In bodies of every kind, through the whole build, with the theme and its scripts around."""
    tried = payloads.ALL if full else (*payloads.ONE_OF_EACH, *payloads.ALL[::16])
    named = [
        Field(kind, ("description",)) for kind in FOLDERS if kind not in ("transparency", "former")
    ]
    made = entries([Tried(named[n % len(named)], each) for n, each in enumerate(tried)])
    root = write(tmp_path / "community", BASE | {each.path: "" for each in made})
    for each in made:
        text = f"---\n{front(each.field, PLAIN, each.number)}---\n{each.payload}\n"
        (root / each.path).write_text(text, encoding="utf-8", newline="\n")
    folder = tmp_path / "site"
    plan = built(root, folder)
    paths = {each.path for each in made}
    own = [each.address for each in plan.community.library.entries if each.path in paths]
    assert len(own) > 0.9 * len(made)
    for file in folder.rglob("*"):
        path = file.relative_to(folder).as_posix()
        if file.is_file() and not path.startswith(("assets/", "pagefind/")):
            skeleton(path, file.read_bytes())
    assert ran(folder, ["", "blog/", "events/", "people/", *own], chromium) == set()
