"""Feeds as readers understand them, through parsers that are not ours."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any, NamedTuple

import feedparser
from defusedxml import ElementTree
from lxml import etree, html

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"


class Read(NamedTuple):
    """One entry, in what all three formats can say."""

    id: str
    title: str
    url: str
    published: datetime
    updated: datetime
    content: str
    authors: tuple[str, ...]
    topics: tuple[str, ...]


def parsed(data: bytes) -> Any:
    """What feedparser makes of the feed, which must be well-formed for three XML parsers."""
    found = feedparser.parse(data)
    assert not found.bozo, found.get("bozo_exception")
    etree.fromstring(data)
    ElementTree.fromstring(data)
    return found


def from_atom(data: bytes) -> list[Read]:
    feed = etree.fromstring(data)
    return [
        Read(
            entry.findtext(f"{ATOM}id"),
            entry.findtext(f"{ATOM}title"),
            entry.find(f"{ATOM}link[@rel='alternate']").get("href"),
            datetime.fromisoformat(entry.findtext(f"{ATOM}published")),
            datetime.fromisoformat(entry.findtext(f"{ATOM}updated")),
            entry.findtext(f"{ATOM}content"),
            tuple(name.text for name in entry.iterfind(f"{ATOM}author/{ATOM}name")),
            tuple(each.get("label") for each in entry.iterfind(f"{ATOM}category")),
        )
        for entry in feed.iterfind(f"{ATOM}entry")
    ]


def from_rss(data: bytes) -> list[Read]:
    channel = etree.fromstring(data)[0]
    return [
        Read(
            item.findtext("guid"),
            item.findtext("title"),
            item.findtext("link"),
            datetime.strptime(item.findtext("pubDate"), "%a, %d %b %Y %H:%M:%S %z"),
            datetime.fromisoformat(item.findtext(f"{ATOM}updated")),
            item.findtext(f"{CONTENT}encoded"),
            tuple(name.text for name in item.iterfind(f"{DC}creator")),
            tuple(each.text for each in item.iterfind("category")),
        )
        for item in channel.iterfind("item")
    ]


def from_json(data: bytes) -> list[Read]:
    return [
        Read(
            item["id"],
            item["title"],
            item["url"],
            datetime.fromisoformat(item["date_published"]),
            datetime.fromisoformat(item["date_modified"]),
            item["content_html"],
            tuple(who["name"] for who in item.get("authors", ())),
            tuple(item.get("tags", ())),
        )
        for item in json.loads(data)["items"]
    ]


def addresses_in(content: str) -> list[str]:
    """Every address that the HTML names, those of srcset one by one."""
    if not content.strip():
        return []
    tree = html.fromstring(f"<div>{content}</div>")
    found = list(tree.xpath("//@href | //@src | //@poster | //@cite | //@data"))
    for candidates in tree.xpath("//@srcset"):
        found += [one.split()[0] for one in re.split(r",\s+", candidates.strip())]
    return found


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)
