"""Sites as builds write them, and what programs that are not ours find in them."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from zoneinfo import ZoneInfo

from community_files import NOW
from lxml import html

from judges.ical_js import Occurrence
from townsquare import build, ledger, publication
from townsquare.community import Community

# How many of an event's dates its page and its JSON-LD show: the next and the last twelve.
WINDOW = 12
_SELVES = ("https", "http")


@dataclass(frozen=True)
class Built:
    """A site in a folder, and the plan that it was written from."""

    folder: Path
    plan: build.Plan
    _trees: dict[str, Any] = field(default_factory=dict)

    @property
    def community(self) -> Community:
        return self.plan.community

    @property
    def url(self) -> str:
        return self.community.settings.absolute("")

    @cached_property
    def files(self) -> dict[str, Path]:
        """Every file by its path from the site's root, in order."""
        found = (f for f in self.folder.rglob("*") if f.is_file())
        return dict(sorted((f.relative_to(self.folder).as_posix(), f) for f in found))

    def named(self, pattern: str) -> dict[str, bytes]:
        """The files whose whole path is of this pattern."""
        return {p: f.read_bytes() for p, f in self.files.items() if re.fullmatch(pattern, p)}

    def tree(self, path: str) -> Any:
        """The page in this file as lxml reads it."""
        if path not in self._trees:
            self._trees[path] = html.fromstring(self.files[path].read_bytes())
        return self._trees[path]

    @cached_property
    def pages(self) -> list[str]:
        """The files of all pages."""
        return [path for path in self.files if path.endswith(".html")]

    def targets(self, path: str) -> Iterator[str]:
        """Every whole address that the page in this file names in markup or metadata."""
        tree, here = self.tree(path), self.url + path.removesuffix("index.html")
        for name in ("href", "src", "poster", "data", "action"):
            for value in tree.xpath(f"//@{name}"):
                yield urljoin(here, value.strip())
        for value in tree.xpath("//@srcset"):
            yield from (urljoin(here, one.split()[0]) for one in value.split(","))
        for value in tree.xpath("//meta[starts-with(@property, 'og:')]/@content"):
            if value.startswith(_SELVES):
                yield value
        yield from _addresses(self.structured(path))

    def structured(self, path: str) -> Any:
        """The page's JSON-LD, or nothing."""
        found = self.tree(path).xpath("//script[@type='application/ld+json']")
        assert len(found) <= 1, path
        return json.loads(found[0].text) if found else None

    def file_of(self, url: str) -> tuple[str, str] | None:
        """The file and the fragment that an address of this site names; nothing of others."""
        parts, own = urlsplit(url), urlsplit(self.url)
        if parts.scheme not in _SELVES or parts.netloc != own.netloc:
            return None
        path = unquote(parts.path).removeprefix(own.path)
        whole = path + "index.html" if path == "" or path.endswith("/") else path
        return whole, unquote(parts.fragment)

    def dead(self, path: str) -> Iterator[str]:
        """What the page in this file names on this site and is not there."""
        for url in self.targets(path):
            if not self.leads(url):
                yield url

    def leads(self, url: str) -> bool:
        """Whether the address is on another site, or a file of this one and a place in it."""
        found = self.file_of(url)
        if found is None:
            return True
        path, fragment = found
        if path not in self.files:
            return False
        if not fragment or not path.endswith(".html"):
            return True
        return bool(self.tree(path).xpath("//*[@id=$name or @name=$name]", name=fragment))


def built(root: Path, folder: Path, *, search: bool = False, previous: Path | None = None) -> Built:
    """The site of the community in `root`, written into the folder as the command does."""
    before = ledger.load(str(previous) if previous else None, first_publish=previous is None)
    checked = build.check(root, now=NOW)
    plan = build.plan(build.without_faulty(checked), previous=before)
    folder.mkdir(parents=True)
    publication.write(plan, folder, previous=before, search=search)
    return Built(folder, plan)


def readable(file: Path) -> bytes:
    """The file's bytes, those of a search index unpacked."""
    data = file.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def _addresses(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():
            if name in ("url", "image", "logo", "contentUrl") and isinstance(value, str):
                yield value
            elif name != "sameAs":
                yield from _addresses(value)
    elif isinstance(data, list):
        for each in data:
            yield from (
                [each] if isinstance(each, str) and each.startswith("http") else _addresses(each)
            )


Dates = list[tuple[str, str]]


def window(held: list[Occurrence], zone: str) -> Dates:
    """The last and the next twelve of what a calendar's reader found: starts and ends, ordered."""
    over = [o for o in held if _instant(str(o["end"]), zone) <= NOW]
    coming = [o for o in held if _instant(str(o["end"]), zone) > NOW]
    return sorted((str(o["start"]), str(o["end"])) for o in over[-WINDOW:] + coming[:WINDOW])


def in_structured_data(data: Any) -> Dates:
    """Starts and ends in an event's JSON-LD, as the judges write them, ordered."""
    events = data["subEvent"] if data["@type"] == "EventSeries" else [data]
    return sorted((_utc(each["startDate"]), _exclusive(each["endDate"])) for each in events)


def on_page(tree: Any) -> list[str]:
    """Starts of the dates that an event's page lists, or of the only one, ordered."""
    listed = tree.xpath("//*[contains(@class, 'ts-occurrences')]/li//time[1]/@datetime")
    return sorted(map(_utc, listed or tree.xpath("//dl[@class='ts-facts']//time/@datetime")[:1]))


def _utc(text: str) -> str:
    if "T" not in text:
        return text
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _exclusive(text: str) -> str:
    """The end as calendars write it: of whole days, the day after."""
    return _utc(text) if "T" in text else str(date.fromisoformat(text) + timedelta(days=1))


def _instant(text: str, zone: str) -> datetime:
    if "T" in text:
        return datetime.fromisoformat(text)
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
