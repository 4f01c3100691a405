"""What files of a site consist of but for their words, as parsers of others read them.

A payload that became more than text anywhere shows as a difference between the skeletons of the
site that has it and of the same site with plain words in its place.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import feedparser
import html5lib
from active_content import active, scheme_of
from icalendar import Calendar
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from judges import ical_js

SCHEMES = ("", "http", "https", "mailto", "tel", "webcal")
OURS = ("build.json", "ledger.json", "SHA256SUMS")
VALUES_KEPT = ("class", "style", "type", "rel", "target", "http-equiv", "dir", "hidden", "role")
"""Attributes whose values no author writes: they are compared, of the others the names."""


class Element(NamedTuple):
    """An element of a page, as every parser of HTML must read it."""

    tag: str
    attributes: tuple[tuple[str, str | None], ...]
    text: str


def by_lexbor(page: str) -> Iterator[Element]:
    """The elements as Lexbor reads them, a parser that follows the HTML standard, in C."""
    root = LexborHTMLParser(page).root
    assert root is not None
    for node in root.traverse():
        known = ((name, value or "") for name, value in node.attributes.items())
        text = node.text(deep=True) if node.tag in ("script", "style") else ""
        yield Element(str(node.tag), tuple(sorted(known)), text)


def by_html5lib(page: str) -> Iterator[Element]:
    """The same as html5lib reads them, which follows it too, in Python."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    for each in tree.iter():
        if not isinstance(each.tag, str):
            yield Element("-comment", (), "")
        else:
            tag = re.sub(r"\{.*\}", "", each.tag)
            # SVG's and MathML's attributes with a prefix have a namespace there.
            known = ((re.sub(r"\{.*\}", "", name), value) for name, value in each.attrib.items())
            yield Element(tag, tuple(sorted(known)), each.text or "" if tag in TEXTS else "")


TEXTS = ("script", "style")


def skeleton(path: str, content: bytes) -> Any:
    """What the file consists of; None for what has no structure of which a text could be part."""
    ending = path[path.rfind(".") :]
    if ending == ".html":
        return _page(content.decode(), marked=path.endswith("/history/index.html"))
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


def _page(page: str, *, marked: bool) -> Any:
    found: Counter[Any] = Counter()
    for each in by_lexbor(page):
        attributes = dict(each.attributes)
        if each.tag == "script" and attributes.get("type") == "application/ld+json":
            found[str(_json(json.loads(each.text)))] += 1
        elif each.tag in TEXTS:
            found[each] += 1
        else:
            found[each.tag, tuple((name, _kept(name, v)) for name, v in each.attributes)] += 1
    # What differs between two versions' texts is marked there word by word, so that numbers differ.
    return {each for each in found if each[0] not in ("ins", "del")} if marked else found


def _kept(name: str, value: str | None) -> str | None:
    """What of an attribute's value is compared. Checks what no value may be."""
    if name in ("href", "src", "action"):
        assert scheme_of(value or "") in SCHEMES, value
    if name in ("id", "for", "name", "aria-controls", "aria-labelledby"):
        assert re.fullmatch(r"[\w.:\- ]*", value or ""), (name, value)
    return value if name in VALUES_KEPT else None


def _xml(content: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    tree = etree.fromstring(content, parser)
    for item in tree.iter("{*}content", "{*}encoded", "{*}summary", "{*}title", "description"):
        # Atom says what is HTML (RFC 4287 §3.1.1); readers take RSS's descriptions for it.
        if item.get("type") == "html" or item.tag == "description" or "encoded" in item.tag:
            assert active(item.text or "") == []
    return Counter((str(each.tag), tuple(sorted(each.attrib))) for each in tree.iter()), _feed(
        content
    )


def _feed(content: bytes) -> Any:
    """As feedparser reads it, which has a parser and rules of its own, where it is a feed."""
    if not re.search(b"<(rss|feed)[ >]", content[:600]):
        return None
    read = feedparser.parse(content)
    assert not read.bozo, read.get("bozo_exception")
    return sorted(read.feed), Counter(tuple(sorted(each)) for each in read.entries)


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
    """The files whose structure differs, and how: those of the one that the other has not, too."""
    found: dict[str, Any] = {}
    for path, content in _files(one):
        first = skeleton(path, content)
        second = skeleton(path, (other / path).read_bytes())
        if first != second:
            both = isinstance(first, Counter | set) and isinstance(second, Counter | set)
            found[path] = (first - second, second - first) if both else (first, second)
    if occurrences(one) != occurrences(other):
        found["calendars"] = "ical.js finds other occurrences"
    mine, others = records(one), records(other)
    unlike = {at: (mine.get(at), others.get(at)) for at in mine.keys() | others.keys()}
    return found | {f"pagefind/: {at}": both for at, both in unlike.items() if both[0] != both[1]}


def _files(site: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(site.rglob("*")):
        path = file.relative_to(site).as_posix()
        if file.is_file() and not path.startswith(("assets/", "pagefind/")) and path not in OURS:
            yield path, file.read_bytes()


def occurrences(site: Path) -> dict[str, Any]:
    """What ical.js finds in each calendar, in its strict mode."""
    files = {path: content for path, content in _files(site) if path.endswith(".ics")}
    ends = datetime.fromisoformat("2026-01-01T00:00Z"), datetime.fromisoformat("2028-01-01T00:00Z")
    return {
        path: [(each["uid"], each["recurrence_id"], each["start"], each["end"]) for each in found]
        for path, found in ical_js.expand_all(files, *ends).items()
    }


def records(site: Path) -> dict[str, Any]:
    """What the search hands to the page that shows it, by address, without its words.

    A fragment is gzip of JSON behind Pagefind's own mark (as `pagefind.js` reads it).
    """
    found = {}
    for file in (site / "pagefind" / "fragment").iterdir():
        _, _, read = gzip.decompress(file.read_bytes()).partition(b"pagefind_dcd")
        record = json.loads(read)
        assert all(re.fullmatch(r"[\w.:\-]+", each["id"]) for each in record["anchors"]), record
        found[record["url"]] = (
            {name: type(value) for name, value in record.items()},
            sorted(record["meta"]),
            sorted(record["filters"]),
            sorted(each["element"] for each in record["anchors"]),
        )
    return found
