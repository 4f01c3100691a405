"""Plain pages, and entries of kinds that no section knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from townsquare.community import Community
from townsquare.makings import Making
from townsquare.pages import Page
from townsquare.views.lists import person
from townsquare.views.shapes import entry_page


def makings(community: Community, taken: Collection[str]) -> Iterator[Making]:
    """A page for each visible entry whose address is not taken."""
    for entry in community.readable():
        if entry.address not in taken:
            maker = "page" if entry.kind.name == "page" else "other"
            yield Making(entry.address, f"views.plain:{maker}", (entry.key,))


def page(community: Community, key: str) -> Page:
    """A plain page, which stands in the navigation."""
    entry = community.library.entry(key)
    order = 1000 if entry.fields.order is None else entry.fields.order
    owner = person(community, entry.fields.owner)
    return entry_page(community, entry, owner=owner, in_nav=True, order=order)


def other(community: Community, key: str) -> Page:
    """The page of an entry that its kind's template shows by itself."""
    return entry_page(community, community.library.entry(key))
