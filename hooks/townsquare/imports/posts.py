"""A partner's RSS or Atom feed → the posts that it names: title, beginning, link, date, author.

feedparser is given a stream and nothing else: a text it would take for an address to fetch or a
file to open. Its own sanitiser is off, since all that is kept is plain text (`cleaning`), and its
parser for broken markup is never used: what is not well-formed was refused before.
"""

from __future__ import annotations

import io
from calendar import timegm
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urljoin

from townsquare.imports import SourceFailed, cleaning, documents
from townsquare.imports.notes import Notes, Reading, key_of
from townsquare.imports.snapshot import MAX_POSTS
from townsquare.problems import Fault
from townsquare.texts import MAX_LINE, parse_long_url

ACCEPTED = frozenset(
    (
        "application/atom+xml",
        "application/rdf+xml",
        "application/rss+xml",
        "application/xml",
        "text/xml",
    )
)
_DATES = ("published_parsed", "updated_parsed")
_HEADERS = {"content-type": "application/xml; charset=utf-8"}


def read(data: bytes, charset: str, url: str) -> Reading:
    """The newest posts of the feed at this address, in its own order where dates are the same.

    SourceFailed if it is no feed.
    """
    parsed = _parsed(documents.xml(data, charset))
    if parsed.get("bozo") or not parsed.get("version"):
        raise SourceFailed("it is neither an RSS nor an Atom feed")
    notes = Notes()
    found: dict[str, dict[str, str]] = {}
    for entry in parsed.entries:
        post = _post(entry, url, notes)
        if post and found.setdefault(post["id"], post) is not post:
            notes.add("has the id of another, which stands above it", post["title"])
    newest = sorted(found.values(), key=lambda post: post["date"], reverse=True)[:MAX_POSTS]
    return Reading(_line(parsed.feed, "title"), newest, notes.lines())


def _parsed(document: bytes) -> Any:
    import feedparser  # pyright: ignore[reportMissingTypeStubs]

    parse = cast("Callable[..., Any]", feedparser.parse)  # pyright: ignore[reportUnknownMemberType]
    return parse(
        io.BytesIO(document),
        response_headers=_HEADERS,
        resolve_relative_uris=False,
        sanitize_html=False,
    )


def _post(entry: Any, base: str, notes: Notes) -> dict[str, str] | None:
    title = _line(entry, "title") or cleaning.line_of_html(_summary(entry), 80)
    link = _link(entry, base)
    stamp = _date(entry)
    if not (title and link and stamp):
        wrong = "no title" if not title else "no usable link" if not link else "no date"
        return notes.add(f"has {wrong}", title)
    told = {
        "id": key_of("post", str(entry.get("id") or link)),
        "title": title,
        "url": link,
        "date": f"{stamp:%Y-%m-%dT%H:%M:%SZ}",
        "author": _line(entry, "author"),
        "summary": cleaning.line_of_html(_summary(entry), cleaning.MAX_SUMMARY),
    }
    return {name: text for name, text in told.items() if text}


def _line(of: Any, name: str) -> str:
    """A field as one plain line; markup is taken out where the feed says that there is some."""
    text = str(of.get(name) or "")
    detail: Any = of.get(f"{name}_detail") or {}
    is_text = detail.get("type", "text/plain") == "text/plain"
    return cleaning.line(text, MAX_LINE) if is_text else cleaning.line_of_html(text, MAX_LINE)


def _summary(entry: Any) -> str:
    """The beginning that the author chose, else the text itself."""
    contents: Any = entry.get("content") or [{}]
    return str(entry.get("summary") or contents[0].get("value") or "")


def _link(entry: Any, base: str) -> str:
    """The post's whole address; nothing where the feed names none but its own."""
    try:
        whole = parse_long_url(urljoin(base, str(entry.get("link") or "")))
    except (Fault, ValueError):
        return ""
    return "" if whole.partition("#")[0] == base else whole


def _date(entry: Any) -> datetime | None:
    """When it was published, else when it was updated; never now."""
    # feedparser's own `get` takes one of the two for the other, with a warning.
    plain = cast("dict[str, Any]", entry)
    stated = next((s for n in _DATES if (s := dict[str, Any].get(plain, n))), None)
    try:
        found = datetime.fromtimestamp(timegm(stated), UTC) if stated else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return found if found and 1970 <= found.year < 2200 else None
