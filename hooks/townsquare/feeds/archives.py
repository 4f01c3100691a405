"""Every post, in parts of fifty: RFC 5005 §4, archived feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from townsquare.feeds.items import Channel
from townsquare.settings import Settings

PART = 50

T = TypeVar("T")


def address(number: int) -> str:
    """Where the part stands; the oldest is number one."""
    return f"feeds/archive/{number}.xml"


def part(newest_first: Sequence[T], number: int) -> Sequence[T]:
    """The posts of one part, newest first.

    The last part is never full: as soon as one is, an empty one follows. So what links a full part
    to its neighbours stands from the beginning, and the part never changes again.
    """
    oldest_first = newest_first[::-1]
    return oldest_first[(number - 1) * PART : number * PART][::-1]


def last(count: int) -> int:
    """The number of the newest part of so many posts."""
    return count // PART + 1


def channel(main: Channel, number: int, settings: Settings, *, is_last: bool) -> Channel:
    """The part's own channel: the same feed's id, and the way to its neighbours."""
    links = [("current", main.url)]
    if number > 1:
        links.append(("prev-archive", settings.absolute(address(number - 1))))
    if not is_last:
        links.append(("next-archive", settings.absolute(address(number + 1))))
    return replace(main, url=settings.absolute(address(number)), links=tuple(links), archive=True)
