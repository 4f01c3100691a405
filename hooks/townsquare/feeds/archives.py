"""Every post, in parts of fifty: RFC 5005 §4, archived feeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from townsquare.feeds.items import Channel, Item
from townsquare.settings import Settings

PART = 50


def address(number: int) -> str:
    """Where the part stands; the oldest is number one."""
    return f"feeds/archive/{number}.xml"


def parts(items: tuple[Item, ...]) -> Iterator[tuple[int, tuple[Item, ...]]]:
    """The items, which come newest first, in numbered parts from the oldest; none is left out.

    The last part is never full: as soon as one is, an empty one follows. So what links a full part
    to its neighbours stands from the beginning, and the part never changes again.
    """
    oldest_first = items[::-1]
    for number in range(len(items) // PART + 1):
        yield number + 1, oldest_first[number * PART : (number + 1) * PART][::-1]


def last(items: tuple[Item, ...]) -> int:
    """The number of the newest part."""
    return len(items) // PART + 1


def channel(main: Channel, number: int, newest: int, settings: Settings) -> Channel:
    """The part's own channel: the same feed's id, and the way to its neighbours."""
    links = [("current", main.url)]
    if number > 1:
        links.append(("prev-archive", settings.absolute(address(number - 1))))
    if number < newest:
        links.append(("next-archive", settings.absolute(address(number + 1))))
    return replace(main, url=settings.absolute(address(number)), links=tuple(links), archive=True)
