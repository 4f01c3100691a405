"""Plain pages, and entries of kinds that no section knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from townsquare.community import Community
from townsquare.pages import Page
from townsquare.views.lists import entry_page, person


def pages(community: Community, taken: Collection[str]) -> Iterator[Page]:
    """A page for each visible entry whose address is not taken."""
    for entry in community.library.entries:
        if entry.address in taken or not community.library.shown(entry):
            continue
        if entry.kind.name == "page":
            fields = entry.fields
            order = 1000 if fields.order is None else fields.order
            owner = person(community, fields.owner)
            yield entry_page(community, entry, owner=owner, in_nav=True, order=order)
        else:
            yield entry_page(community, entry)
