"""Faults across files, looked for again where what they are about has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial

import orjson

from townsquare import checks
from townsquare.checks.context import Context, PartnerSite, partner_sites
from townsquare.checks.known import Known
from townsquare.community import Community
from townsquare.memory import SAID
from townsquare.problems import Problem
from townsquare.queries import query
from townsquare.reads import Frame, Remembered
from townsquare.traces import Traces
from townsquare.upkeep import addresses
from townsquare.upkeep.kept_entry import KeptEntry
from townsquare.upkeep.packing import packed, unpacked
from townsquare.values import named

NODE = f"{SAID}faults"
"""How the names of what checks found begin."""


@named
class KeptContext(Context):
    """What checks look at, with nothing remembered of which nobody would note the reading."""

    community: Community

    def page_at(self, address: str) -> str | None:
        """The file of the page that stands at the address, if it has one."""
        return addresses.page_at(self.community, address)

    def ids(self, path: str) -> frozenset[str]:
        """What a link's fragment can name in the file."""
        return self._remembered.value(path, lambda: frozenset(self.bodies[path].ids))

    def partner_sites(self) -> list[PartnerSite]:
        """The sites of all partners."""
        return sites(self.community)

    def known_files(self) -> Known:
        """Every entry and asset, for hints to faults of links."""
        return self._remembered.value("every file", super().known_files)

    def known_images(self) -> Known:
        """Every asset, for hints to faults of images."""
        return self._remembered.value("every image", super().known_images)

    @cached_property
    def _remembered(self) -> Remembered:
        return Remembered()


@query
def sites(community: Community) -> list[PartnerSite]:
    """The sites of all partners."""
    return partner_sites(community.library)


def found(context: Context, traces: Traces, before: Mapping[str, str]) -> dict[str, str]:
    """The faults that every check finds, as text by what it is about.

    `before` is what checks found before: it is so again where nothing that they read has changed.
    """
    told: dict[str, str] = {}

    def look(name: str, faults: Callable[[], Iterable[Problem]]) -> None:
        known = before.get(name)
        is_known = known is not None and traces.still_holds(name)
        told[name] = known if known is not None and is_known else _found(name, faults, traces)

    for entry in context.library.entries:
        look(f"{NODE} {entry.path}", partial(checks.of_entry, context, entry))
        if isinstance(entry, KeptEntry):
            entry.put_away()
    for check in checks.WHOLE:
        look(f"{NODE}: {check.__name__}", partial(check, context))
    return told


def _found(name: str, faults: Callable[[], Iterable[Problem]], traces: Traces) -> str:
    with Frame() as frame:
        found = [packed(each) for each in faults()]
    traces.keep(name, frame, None)
    return orjson.dumps(found).decode() if found else ""


def problems(told: Mapping[str, str]) -> Iterator[Problem]:
    """The faults themselves."""
    for text in told.values():
        if text:
            yield from (unpacked(each) for each in orjson.loads(text))
