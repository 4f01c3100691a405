"""Pages of small communities, and what readers and programs find in them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
from communities import community
from community_files import NOW

from townsquare import pages, views
from townsquare.community import Community
from townsquare.pages import Page

HTML = "{http://www.w3.org/1999/xhtml}"


class Site:
    """Every page of a community, rendered when it is asked for."""

    def __init__(self, made: Community) -> None:
        self.community = made
        self.pages: list[Page] = list(views.pages(made))
        self.by_address = {page.address: page for page in self.pages}
        self._article = pages.Article(made.settings, made.addresses)
        self._html: dict[str, str] = {}
        self._trees: dict[str, Any] = {}

    def __getitem__(self, address: str) -> Page:
        return self.by_address[address]

    def __contains__(self, address: str) -> bool:
        return address in self.by_address

    def html(self, address: str) -> str:
        """The article at this address."""
        if address not in self._html:
            self._html[address] = self._article.render(self.by_address[address])
        return self._html[address]

    def text(self, address: str) -> str:
        """What readers see of the article, blanks folded."""
        return " ".join("".join(self.tree(address).itertext()).split())

    def tree(self, address: str) -> Any:
        """The article as a browser's parser sees it."""
        if address not in self._trees:
            parsed = html5lib.parseFragment(self.html(address), treebuilder="etree")
            self._trees[address] = parsed
        return self._trees[address]

    def titles(self, address: str, selector: str = "ts-line") -> list[str]:
        """The text of the first link in each element of this class, in order."""
        found = [e for e in self.tree(address).iter() if selector in e.get("class", "").split()]
        return ["".join(next(e.iter(f"{HTML}a")).itertext()) for e in found]

    def links(self, address: str) -> set[str]:
        """Where the article's links on this site lead, as addresses from its root."""
        return self.links_of(address, self.tree(address))

    def links_of(self, address: str, part: Any) -> set[str]:
        """The same for a part of the article."""
        root = "https://x.example/"
        here = urljoin(root, address)
        found = {urljoin(here, a.get("href", "")) for a in part.iter(f"{HTML}a")}
        return {unquote(urlsplit(url).path)[1:] for url in found if url.startswith(root)}


def site(root: Path, files: Mapping[str, str], *, now: datetime = NOW) -> Site:
    """The pages of the community of these files."""
    return Site(community(root, files, now=now))


def post(date: str, **fields: str) -> str:
    """A post of this date; a field's value is written as it is."""
    return _file({"title": f"Post of {date}", "date": date} | fields)


def event(start: str, **fields: str) -> str:
    """An event that starts then."""
    return _file({"title": f"Event of {start}", "start": start, "where": "online"} | fields)


def person(name: str, **fields: str) -> str:
    """A person of this name."""
    return _file({"title": name} | fields)


def _file(fields: Mapping[str, str], body: str = "Some text.") -> str:
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"---\n{lines}---\n\n{body}\n"


def faults(article: str) -> list[str]:
    """What is wrong with an article in HTML's own terms: parse errors, ids that come twice."""
    parser = html5lib.HTMLParser()
    parser.parse(f"<!doctype html><html lang=en><title>x</title><main>{article}</main>")
    ids = re.findall(r'\sid="([^"]*)"', article)
    twice = sorted({f"id {html.unescape(i)} comes twice" for i in ids if ids.count(i) > 1})
    return [str(error) for error in parser.errors] + twice
