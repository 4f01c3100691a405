"""What checks look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from townsquare.bodies import Body
from townsquare.checks.known import Known
from townsquare.clock import Clock
from townsquare.fields import Referred, references
from townsquare.kinds.partner import Partner
from townsquare.library import Library
from townsquare.links import Addresses
from townsquare.model import Dated, Entry
from townsquare.problems import Fault
from townsquare.recurrence import Schedule
from townsquare.settings import Settings
from townsquare.values import value


class PartnerSite(NamedTuple):
    """A partner's own site as links name it (`acme.example/fair`), while the agreement lasts."""

    id: str
    address: str
    since: date | None
    until: date | None


def partner_sites(library: Library) -> list[PartnerSite]:
    """The sites of all partners, by their files' paths."""
    found = ((entry.id, entry.fields) for entry in library.visible(Partner))
    return [PartnerSite(id, _site(each.url), each.since, each.until) for id, each in found]


def _site(url: str) -> str:
    parts = urlsplit(url.lower())
    return parts.netloc.removeprefix("www.") + parts.path.rstrip("/")


@value
class Context:
    """A community before its outputs are made; `bodies` are by path, hidden entries' included.

    The clock is the checks' own: what becomes overdue by time is no change of the site. `waits`
    tells by path whether a body would still have to be converted.
    """

    library: Library
    bodies: Mapping[str, Body]
    clock: Clock
    addresses: Addresses
    waits: Callable[[str], bool] = lambda _path: False

    @property
    def settings(self) -> Settings:
        """The community's own choices."""
        return self.library.settings

    def page_at(self, address: str) -> str | None:
        """The file of the page that stands at the address, if it has one."""
        return self._pages.get(address)

    def schedule(self, entry: Entry[Any]) -> Schedule | None:
        """When the entry takes place; nothing where its times are a fault that its kind reports."""
        try:
            dated = isinstance(entry.fields, Dated)
            return entry.fields.schedule(self.settings) if dated else None
        except Fault:
            return None

    def named(self, entry: Entry[Any]) -> list[Referred]:
        """What the entry names but tags. Its checks ask one after the other: the last is known."""
        if self._named.get("entry") is not entry:
            found = [named for named in references(entry.fields) if named.kind != "tag"]
            self._named.update(entry=entry, found=found)
        return self._named["found"]

    @cached_property
    def _named(self) -> dict[str, Any]:
        return {}

    def ids(self, path: str) -> frozenset[str]:
        """What a link's fragment can name in the file."""
        if path not in self._ids:
            self._ids[path] = frozenset(self.bodies[path].ids)
        return self._ids[path]

    def partner_sites(self) -> list[PartnerSite]:
        """The sites of all partners."""
        return self._partner_sites

    def known_files(self) -> Known:
        """Every entry and asset, for hints to faults of links."""
        return self._known_files

    def known_images(self) -> Known:
        """Every asset, for hints to faults of images."""
        return self._known_images

    @cached_property
    def _partner_sites(self) -> list[PartnerSite]:
        return partner_sites(self.library)

    @cached_property
    def _known_files(self) -> Known:
        return Known([*self.bodies, *self.library.assets], "../../events/2026/fair.md")

    @cached_property
    def _known_images(self) -> Known:
        return Known(self.library.assets, "../img/cover.png")

    @cached_property
    def _pages(self) -> Mapping[str, str]:
        files = self.addresses.files
        return {files[path]: path for path in self.bodies if path in files}

    @cached_property
    def _ids(self) -> dict[str, frozenset[str]]:
        return {}
