"""Every page of the site that is made from content: one module a section."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from townsquare.community import Community
from townsquare.pages import Page
from townsquare.views import (
    blog,
    events,
    front,
    guidelines,
    onboarding,
    partners,
    people,
    plain,
    reference,
    subscribe,
    tags,
)

SECTIONS: tuple[Callable[[Community], Iterator[Page]], ...] = (
    front.pages,
    blog.pages,
    events.pages,
    onboarding.pages,
    guidelines.pages,
    people.pages,
    partners.pages,
    tags.pages,
    subscribe.pages,
    reference.pages,
)


def pages(community: Community) -> Iterator[Page]:
    """All pages, section by section; then what no section made: plain pages and other kinds.

    A file at the address of a generated list (`content/blog/index.md`) introduces that list and has
    no page of its own.
    """
    taken: set[str] = set()
    for section in SECTIONS:
        for page in section(community):
            taken.add(page.address)
            yield page
    yield from plain.pages(community, taken)
