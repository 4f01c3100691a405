"""Faults across files, looked for again where what they are about has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

import orjson

from townsquare import checks
from townsquare.checks.context import Context, PartnerSite, partner_sites
from townsquare.checks.known import Known
from townsquare.community import Community
from townsquare.problems import Problem
from townsquare.queries import query
from townsquare.reads import Frame, Remembered
from townsquare.traces import Traces
from townsquare.upkeep import addresses
from townsquare.upkeep.packing import packed, unpacked
from townsquare.values import named

NODE = "faults"
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


def found(context: Context, traces: Traces) -> Iterator[Problem]:
    """Every fault that a check finds, or found before where nothing that it read has changed."""
    for entry in context.library.entries:
        yield from _again(
            f"{NODE} {entry.path}", lambda entry=entry: checks.of_entry(context, entry), traces
        )
    for check in checks.WHOLE:
        yield from _again(f"{NODE}: {check.__name__}", lambda check=check: check(context), traces)


def _again(name: str, look: Callable[[], Iterable[Problem]], traces: Traces) -> Iterator[Problem]:
    if not traces.holds(name):
        with Frame() as frame:
            told = [packed(each) for each in look()]
        traces.keep(name, frame, orjson.dumps(told).decode() if told else "")
    value = traces.value(name)
    return (unpacked(each) for each in orjson.loads(value)) if value else iter(())
