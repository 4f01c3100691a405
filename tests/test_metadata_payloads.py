"""No payload in any metadata field of any kind acts or adds anything, wherever the field lands.

Each entry has one payload in one field. The site is held against the one whose fields hold plain
words: every page has the same elements and attributes, every feed, calendar and data file the same
structure, as others' parsers read them. What validation refuses must name its file and its line.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import html5lib
import payloads
from active_content import active, scheme_of
from community_files import NOW, write
from icalendar import Calendar
from lxml import etree

from judges import browser
from townsquare import build, digest, kinds, ledger, publication
from townsquare.community import Community
from townsquare.field_guide import example, inner_record
from townsquare.fields import Shape, shapes

PLAIN = "Plain words"
FOLDERS = {
    "post": "content/blog",
    "event": "events",
    "guideline": "guidelines",
    "guide": "content/onboarding",
    "path": "content/onboarding/paths",
    "person": "content/people",
    "partner": "content/partners",
    "page": "content",
    "former": "guidelines/archive/house-rules",
    "transparency": "guidelines/transparency",
}
SITE = """
    site_name: Commons
    site_url: https://example.org/
    extra:
      townsquare:
        authority: example.org,2026
    """
RULES = "type: policy\nversion: {}\nstatus: {}\neffective: 2026-01-05\n"
BASE = {
    "mkdocs.yml": SITE,
    "content/index.md": "---\ntitle: Home\n---\nHello.\n",
    "content/tags.yml": "event:\n  title: Events\nnews:\n  title: News\n",
    **{f"content/people/{n}.md": "---\ntitle: A\n---\n" for n in ("ana", "bo", "conduct-team")},
    "content/partners/acme.md": "---\ntitle: Acme\nurl: https://example.org\n---\n",
    **{f"content/onboarding/{n}.md": "---\ntitle: G\n---\n" for n in ("first-post", "first-steps")},
    "guidelines/house-rules.md": f"---\ntitle: H\n{RULES.format('9.0', 'active')}---\nBe kind.\n",
}


class Field(NamedTuple):
    """A field of a kind, by its path."""

    kind: str
    path: tuple[str, ...]


def fields() -> list[Field]:
    """Every field that holds one value, of every kind, as the model declares them."""
    return [Field(kind.name, path) for kind in kinds.KINDS for path in _paths(kind.fields)]


def _paths(cls: type[Any]) -> Iterator[tuple[str, ...]]:
    for name, shape in shapes(cls).items():
        inner = inner_record(shape)
        if inner is None:
            yield (name,)
        else:
            yield from ((name, *rest) for rest in _paths(inner))


def front(field: Field, text: str, number: int) -> str:
    """Front matter with the text in this field and examples in what must stand beside it."""
    (kind,) = (each for each in kinds.KINDS if each.name == field.kind)
    known = shapes(kind.fields)
    rows = {s.name: example(s) for s in known.values() if s.required}
    rows |= {"post": {"date": "2026-01-05"}, "event": {"start": "2026-12-01 18:00"}}.get(
        field.kind, {}
    )
    if field.kind == "guideline":
        rows |= {"status": "active", "effective": "2026-01-05"}
    if field.kind == "former":
        rows["version"] = f'"1.{number}"'
    if field.kind == "transparency":
        rows |= {"period": f'"{1900 + number % 125}"', "total": "5"}
    if field.path[0] == "changes" and field.kind == "event":
        rows["repeat"] = "{every: week, times: 3}"
    if field.path[0] == "sessions":
        rows.pop("start")
    rows[field.path[0]] = _flow(known[field.path[0]], field.path[1:], text)
    return "".join(f"{name}: {value}\n" for name, value in rows.items())


def _flow(shape: Shape, rest: Sequence[str], text: str) -> str:
    inner = inner_record(shape)
    one = json.dumps(text)
    if inner is not None:
        known = shapes(inner)
        rows = {s.name: example(s) for s in known.values() if s.required}
        if rest[0] == "affiliation":
            rows["name"] = "Bo"
        if shape.name == "media" and rest[0] != "file":
            rows |= {"url": "https://example.org/a.mp3", "bytes": "9"}
        rows[rest[0]] = _flow(known[rest[0]], rest[1:], text)
        one = "{" + ", ".join(f"{name}: {value}" for name, value in rows.items()) + "}"
    if shape.is_map:
        return f"{{2026-12-08: {one}}}"
    return f"[{one}]" if shape.is_list else one


class Entry(NamedTuple):
    """A file of the community, which tries one payload in one field."""

    path: str
    field: Field
    payload: str
    number: int

    def text(self, value: str) -> str:
        return f"---\n{front(self.field, value, self.number)}---\nText.\n"


def entries(tried: Sequence[tuple[Field, str]]) -> list[Entry]:
    made = []
    for number, (field, payload) in enumerate(tried):
        name = f"{1900 + number % 125}" if field.kind == "transparency" else f"m{number}"
        made.append(Entry(f"{FOLDERS[field.kind]}/{name}.md", field, payload, number))
    return made


def sites(folder: Path, tried: Sequence[Entry]) -> tuple[build.Plan, Path, build.Plan, Path]:
    """The site with payloads, of what was taken, and the same with plain words."""
    root = write(folder / "tried", BASE | {each.path: "" for each in tried})
    for each in tried:
        (root / each.path).write_text(each.text(each.payload), encoding="utf-8")
    checked = build.check(root, now=NOW)
    by_path = {each.path: each for each in tried}
    for fault in checked.errors:
        entry = by_path[fault.place.path]
        lines = (root / entry.path).read_text(encoding="utf-8").count("\n")
        assert 1 < fault.place.line <= lines, (entry, fault)
        (root / entry.path).unlink(missing_ok=True)
    refused = {fault.place.path for fault in checked.errors}
    taken = [each for each in tried if each.path not in refused]
    plain = write(folder / "plain", BASE | {each.path: "" for each in taken})
    for each in taken:
        (plain / each.path).write_text(each.text(f"{PLAIN} {each.number}"), encoding="utf-8")
    return *_built(root, folder / "a"), *_built(plain, folder / "b")


def _built(root: Path, out: Path) -> tuple[build.Plan, Path]:
    out.mkdir()
    checked = build.without_faulty(build.check(root, now=NOW))
    plan = build.plan(checked, previous=ledger.Previous())
    publication.write(plan, out, previous=ledger.Previous(), search=True)
    return plan, out


def skeleton(path: str, content: bytes) -> Any:
    """What a file consists of, but for its text, as parsers of others read it."""
    ending = path[path.rfind(".") :]
    if ending == ".html":
        return _html(content)
    if ending in (".xml", ".opml"):
        return _xml(content)
    if ending == ".ics":
        return _calendar(content)
    if ending == ".json":
        return _json(json.loads(content))
    if ending == ".csv":
        rows = list(csv.reader(io.StringIO(content.decode())))
        assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell[:1]]
        return [len(row) for row in rows]
    return None


def _html(content: bytes) -> Counter[Any]:
    tree = html5lib.parse(content.decode(), namespaceHTMLElements=False)
    found: Counter[Any] = Counter()
    for element in tree.iter():
        attributes = tuple(sorted(map(str, element.attrib)))
        if element.tag == "script" and element.get("type") == "application/ld+json":
            found[str(_json(json.loads(element.text)))] += 1
        elif element.tag in ("script", "style"):
            found[element.tag, element.text, *sorted(element.attrib.items())] += 1
        else:
            found[str(element.tag), attributes] += 1
        for name in ("href", "src", "action"):
            assert scheme_of(element.get(name) or "") in (
                "",
                "http",
                "https",
                "mailto",
                "tel",
                "webcal",
            )
    return found


def _xml(content: bytes) -> Counter[Any]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    tree = etree.fromstring(content, parser)
    for item in tree.iter("{*}content", "{*}encoded", "{*}summary", "{*}title", "description"):
        # Atom says what is HTML (RFC 4287 §3.1.1); readers take RSS's descriptions for it.
        if item.get("type") == "html" or item.tag == "description" or "encoded" in item.tag:
            assert active(item.text or "") == []
    return Counter(
        (str(each.tag), tuple(sorted(each.attrib))) for each in tree.iter() if each is not None
    )


def _calendar(content: bytes) -> Counter[Any]:
    read: Any = Calendar.from_ical(content)
    found: Counter[Any] = Counter()
    for part in read.walk():
        assert part.errors == []
        found[part.name, tuple(sorted(part.keys()))] += 1
    return found


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return Counter((name, str(_json(each))) for name, each in value.items())
    return Counter(str(_json(each)) for each in value) if isinstance(value, list) else type(value)


def differing(one: Path, other: Path) -> dict[str, Any]:
    """The files whose structure differs, and how."""
    found = {}
    for file in sorted(one.rglob("*")):
        path = file.relative_to(one).as_posix()
        if not file.is_file() or path.startswith(("assets/", "pagefind/")) or path in OWN:
            continue
        first, second = (
            skeleton(path, file.read_bytes()),
            skeleton(path, (other / path).read_bytes()),
        )
        # What differs between two versions' texts is marked there word by word.
        marked = path.endswith("/history/index.html")
        if first != second and not marked:
            counted = isinstance(first, Counter) and isinstance(second, Counter)
            found[path] = (first - second, second - first) if counted else (first, second)
    return found


OWN = ("build.json", "ledger.json", "SHA256SUMS")


def chunks(full: bool, folder: Path) -> list[list[tuple[Field, str]]]:
    """What is tried in one community each: with `full`, each payload in each field of free text."""
    if full:
        free = [each.field for each in taken_by(folder, [(each, PLAIN) for each in fields()])]
        # Field by field: a person is found by a name, and must meet no author of the same payload.
        pairs = [(field, each) for field in free for each in payloads.ALL]
        return [pairs[at : at + 1500] for at in range(0, len(pairs), 1500)]
    every, classes = fields(), payloads.ONE_OF_EACH
    return [[(field, classes[n % len(classes)]) for n, field in enumerate(every)]]


def taken_by(folder: Path, tried: Sequence[tuple[Field, str]]) -> list[Entry]:
    """The entries that have no error."""
    made = entries(tried)
    root = write(folder, BASE | {each.path: "" for each in made})
    for each in made:
        (root / each.path).write_text(each.text(each.payload), encoding="utf-8")
    faulty = {fault.place.path for fault in build.check(root, now=NOW).errors}
    return [each for each in made if each.path not in faulty]


def test_most_fields_of_text_take_any_words(tmp_path: Path) -> None:
    """Else the test below tries nothing."""
    free = taken_by(tmp_path, [(each, PLAIN) for each in fields()])
    assert len(free) > 100
    assert {each.field.kind for each in free} == {kind.name for kind in kinds.KINDS}


def test_the_judges_see_what_is_added() -> None:
    page = b"<!doctype html><title>x</title><p>%b</p>"
    added = b"<img src=x onerror=1>"
    assert skeleton("x.html", page % b"x") != skeleton("x.html", page % added)
    assert skeleton("x.html", page % b"x") == skeleton("x.html", page % b"y &lt;img&gt;")
    assert skeleton("x.xml", b"<a>x</a>") != skeleton("x.xml", b"<a>x<b/></a>")
    line = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n%bEND:VCALENDAR\r\n"
    assert skeleton("x.ics", line % b"") != skeleton("x.ics", line % b"X-EVIL:1\r\n")
    assert skeleton("x.json", b'{"a": "x"}') != skeleton("x.json", b'{"a": {"b": "x"}}')


def test_no_field_gives_a_payload_more_than_its_text(
    tmp_path: Path, full: bool, chromium: browser.Chromium
) -> None:
    taken = 0
    for number, tried in enumerate(chunks(full, tmp_path / "free")):
        made = entries(tried)
        plan, folder, plain, other = sites(tmp_path / str(number), made)
        assert {p.address for p in plan.pages} == {p.address for p in plain.pages}
        assert differing(folder, other) == {}
        assert_digest(plan)
        paths = {each.path for each in made}
        own = [each for each in plan.community.library.entries if each.path in paths]
        taken += len(own)
        listed = ["", "guidelines/house-rules/history/", "people/", "blog/", "events/", "search/"]
        # The structure shows already that nothing was added: a browser is asked for a share.
        opened = [each.address for each in own][number % 5 :: 5 if full else 2]
        assert ran(folder, [*listed, *opened], chromium) == set()
    assert taken > 60


def assert_digest(plan: build.Plan) -> None:
    community: Community = plan.community
    found = digest.gathered(community, date(2026, 1, 1), date(2027, 1, 1))
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
            "Object.defineProperty(globalThis, 'ran', {set() { tell(location.pathname) }});"
            "document.addEventListener('click', event => { const link = event.target.closest('a');"
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
    made = entries([(named[n % len(named)], each) for n, each in enumerate(tried)])
    root = write(tmp_path / "community", BASE | {each.path: "" for each in made})
    for each in made:
        text = f"---\n{front(each.field, PLAIN, each.number)}---\n{each.payload}\n"
        (root / each.path).write_text(text, encoding="utf-8", newline="\n")
    plan, folder = _built(root, tmp_path / "site")
    paths = {each.path for each in made}
    own = [each.address for each in plan.community.library.entries if each.path in paths]
    assert len(own) > 0.9 * len(made)
    for file in folder.rglob("*"):
        path = file.relative_to(folder).as_posix()
        if file.is_file() and not path.startswith(("assets/", "pagefind/")):
            skeleton(path, file.read_bytes())
    assert ran(folder, ["", "blog/", "events/", "people/", *own], chromium) == set()
