"""How to report: the channels of the code of conduct in force, which every page names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from townsquare.community import Community
from townsquare.model import Entry
from townsquare.pages import Footer
from townsquare.queries import query
from townsquare.views.lists import Linked, link_to, linked

TYPES = ("code-of-conduct", "policy", "process")


class Channels(NamedTuple):
    """Ways to report, the code of conduct that names them, and what tells of the time after."""

    code: Linked
    channels: tuple[Any, ...]
    after: Linked | None


@query
def active(community: Community) -> list[Entry[Any]]:
    """Guidelines in force, codes of conduct first, then by title."""
    found = community.readable("guideline")
    held = [e for e in found if e.fields.status == "active"]
    return sorted(held, key=lambda e: (TYPES.index(e.fields.type), e.title.casefold(), e.id))


def is_in_force(community: Community, entry: Entry[Any]) -> bool:
    """Whether the first day on which it holds has begun."""
    first = entry.fields.effective
    return first is not None and community.clock.day_passed(first - timedelta(days=1))


@query
def code_with_channels(community: Community) -> Entry[Any] | None:
    """The code of conduct that tells how to report: one in force before one that is to come."""
    codes = (e for e in active(community) if e.fields.type == "code-of-conduct")
    telling = [e for e in codes if e.fields.report_channels]
    return next((e for e in telling if is_in_force(community, e)), telling[0] if telling else None)


def report_channels(community: Community) -> Channels | None:
    """How to report: the channels of the code of conduct that is in force."""
    found = code_with_channels(community)
    if found is None:
        return None
    after = linked(community, "guideline", found.fields.after_report)
    return Channels(link_to(found), found.fields.report_channels, after)


@query
def footer(community: Community) -> Footer:
    """What stands below every page: how to report, and where to read about it."""
    found = report_channels(community)
    if found is None:
        return Footer()
    channels = tuple((each.name, each.contact) for each in found.channels)
    pages = (page for page in (found.code, found.after) if page)
    return Footer(channels, tuple((page.title, page.address) for page in pages))
