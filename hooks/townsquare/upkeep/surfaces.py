"""What the rest of a site must know of a page: kept for pages that need not be made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

import orjson

from townsquare.pages import Page
from townsquare.traces import digest


class Surface(NamedTuple):
    """A page without its content; see `pages.Page`."""

    address: str
    title: str
    template: str
    section: str
    source: str
    language: str
    indexed: bool
    in_nav: bool
    order: int

    def text(self) -> str:
        """The surface as one line of text."""
        return orjson.dumps(tuple(self)).decode()

    def page(self) -> Page:
        """A page of this surface, for those who look no deeper."""
        return Page(**self._asdict())


def of_page(page: Page) -> Surface:
    """The page's surface."""
    return Surface(*(getattr(page, name) for name in Surface._fields))


def of_text(text: str) -> Surface:
    """The surface that `Surface.text` wrote."""
    return Surface(*orjson.loads(text))


def navigation(surfaces: Iterable[Surface]) -> str:
    """What two sites have in common whose pages the theme surrounds alike."""
    return digest("\n".join(each.text() for each in surfaces if each.in_nav))


class Surfaces:
    """What the rest of a site must know of its pages, by address.

    `made` are those of pages that are made anew; `standing` gives the text of one of the others.
    Of these, `in_nav` and `unlisted` are the addresses of those that stood in the navigation, and
    of those that crawlers were not told of.
    """

    def __init__(
        self,
        addresses: Collection[str],
        made: Mapping[str, Surface],
        standing: Callable[[str], str | None],
        *,
        in_nav: Iterable[str],
        unlisted: Iterable[str],
    ) -> None:
        self._addresses = addresses
        self._made = made
        self._standing = standing
        self._looked_at = {*made, *in_nav}
        gone = {at for at in unlisted if at not in made}
        self.unlisted = gone | {at for at, each in made.items() if not each.indexed}

    def in_nav(self) -> list[Surface]:
        """The pages that stand in the navigation."""
        found = (self.at(each) for each in self._addresses if each in self._looked_at)
        return [each for each in found if each and each.in_nav]

    def listed(self) -> Iterable[str]:
        """The addresses that crawlers are told of."""
        return (each for each in self._addresses if each not in self.unlisted)

    def title(self, address: str) -> str | None:
        """The title of the page at the address, if there is one."""
        surface = self.at(address) if address in self._addresses else None
        return surface.title if surface else None

    def at(self, address: str) -> Surface | None:
        """The page's surface."""
        if address in self._made:
            return self._made[address]
        text = self._standing(address)
        return of_text(text) if text else None
