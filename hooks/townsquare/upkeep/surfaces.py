"""What the rest of a site must know of a page: kept for pages that need not be made."""

from __future__ import annotations

from collections.abc import Iterable
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
