"""Events by what they are: a page for webinars, one for workshops, one for each format in use."""

from __future__ import annotations

from collections.abc import Iterator

from townsquare.community import Community
from townsquare.makings import Making
from townsquare.pages import Page
from townsquare.queries import query
from townsquare.views import occurrences
from townsquare.views.lists import Count, events_by
from townsquare.views.occurrences import Nth
from townsquare.views.shapes import list_page
from townsquare.wordbook import _, label

LATEST = 24


def makings(community: Community) -> Iterator[Making]:
    """A page for each format that an event has."""
    for name in counts(community):
        yield Making(address(name), "views.event_formats:of_format", (name,))


def address(name: str) -> str:
    """The address of a format's page."""
    return f"events/formats/{name}/"


@query
def counts(community: Community) -> dict[str, int]:
    """How many events each format has, in the order of names; what is `other` is no format."""
    found = {name: len(each) for name, each in events_by(community, "format").items()}
    return {name: found[name] for name in sorted(found) if name != "other"}


def listed(community: Community) -> list[Count]:
    """The formats in use, each with its page."""
    return [Count(label(name), address(name), number) for name, number in counts(community).items()]


@query
def coming(community: Community, name: str) -> list[Nth]:
    """What of this format is to come within a year; see `occurrences.within_a_year`."""
    return [nth for nth in occurrences.within_a_year(community) if nth.entry.fields.format == name]


@query
def latest(community: Community, name: str) -> list[Nth]:
    """The last of this format that are over, the latest first."""
    over = [nth for nth in occurrences.over(community) if nth.entry.fields.format == name]
    return over[: -LATEST - 1 : -1]


def of_format(community: Community, name: str) -> Page:
    """What of one format is to come, and the last that are over, between links to the others."""
    data = {
        "coming": occurrences.rows(community, coming(community, name)),
        "past": occurrences.rows(community, latest(community, name)),
        "formats": listed(community),
    }
    about = _("What of this format is coming, and what was.")
    return list_page(
        community, address(name), label(name), "event_format.html", data, description=about
    )
