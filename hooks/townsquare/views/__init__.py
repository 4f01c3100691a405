"""Every page of the site that is made from content: one module a section."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from townsquare.makings import Making, function_of
from townsquare.queries import query

if TYPE_CHECKING:
    from townsquare.community import Community
    from townsquare.pages import Page

SECTIONS = (
    *("front", "blog", "post", "events", "past_events", "months", "event_series"),
    *("event_formats", "event"),
    *("onboarding", "guidelines", "guideline_history", "transparency", "people", "partners"),
    *("tags", "subscribe", "imported", "reports", "platform", "reference"),
)
"""The modules of this package that list pages. One page is made without importing all of them."""


def makings(community: Community) -> Iterator[Making]:
    """All pages, section by section; then what no section makes: plain pages and other kinds.

    No page is made by listing it.
    """
    for name in SECTIONS:
        yield from section(community, name)
    yield from rest(community)


@query
def section(community: Community, name: str) -> list[Making]:
    """The pages of one section; an edit that is none to it does not import it."""
    return [*import_module(f"{__name__}.{name}").makings(community)]


@query
def rest(community: Community) -> list[Making]:
    """What no section makes.

    A file at the address of a generated list (`content/blog/index.md`) introduces that list and has
    no page of its own.
    """
    taken = {making.address for name in SECTIONS for making in section(community, name)}
    return [*import_module(f"{__name__}.plain").makings(community, taken)]


def pages(community: Community) -> Iterator[Page]:
    """All pages, each made when it is asked for."""
    for making in makings(community):
        yield function_of(making)(community, *making.arguments)
