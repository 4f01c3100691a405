"""The ways in which one calendar is subscribed to."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from townsquare.community import Community

GOOGLE = "https://calendar.google.com/calendar/r?cid="


class Calendar(NamedTuple):
    """A calendar's address on the site, in full, for calendar apps, and for Google.

    `webcal`, never `webcals`: iOS does not know the latter.
    """

    title: str
    address: str
    https: str
    webcal: str
    google: str


def calendar(community: Community, title: str, address: str) -> Calendar:
    """Every way to subscribe to the calendar at this address."""
    full = community.settings.absolute(quote(address))
    webcal = "webcal:" + full.partition(":")[2]
    return Calendar(title, address, full, webcal, GOOGLE + quote(webcal, safe=":/%"))
