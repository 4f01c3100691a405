"""The theme's pages, learned once, then filled by one join.

A shell is what the theme renders around tokens. Pages of one folder share it: the theme's links are
relative, and lead to other places from another folder. A page that the theme's links name, or whose
address begins one, has a shell of its own, because relative links to it and from it are others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, Protocol

from townsquare.pages import Page
from townsquare.settings import Settings
from townsquare.slots import Slots, slots

# No title or article can hold one: a control character is a fault in a source.
TOKENS = Slots(*(f"\x02{name}\x03" for name in Slots._fields))

_BETWEEN_TEXTS = "\x02(\\w+)\x03"
_LINK = r'(?:href|src)="([^"#?:]+)'


class Key(NamedTuple):
    """What decides which shell a page stands in. `own` is the address of a page with its own."""

    folder: str
    section: str
    editable: bool
    contents: bool
    own: str | None


class Shell(NamedTuple):
    """The theme's page in pieces: text, slot's number, text, … , text."""

    texts: tuple[str, ...]
    places: tuple[int, ...]

    def filled(self, slots: Slots) -> str:
        """The page with the slots in their places."""
        parts = [self.texts[0]]
        for place, text in zip(self.places, self.texts[1:], strict=True):
            parts += (slots[place], text)
        return "".join(parts)


def learned(html: str) -> Shell:
    """The shell that the theme made around TOKENS."""
    pieces = re.split(_BETWEEN_TEXTS, html)
    places = tuple(Slots._fields.index(name) for name in pieces[1::2])
    return Shell(tuple(pieces[::2]), places)


def linked(front: str) -> frozenset[str]:
    """Every address that the front page's shell links to, and every folder above one."""
    found = {""}
    for link in re.findall(_LINK, front):
        names = link.strip("./").split("/")
        found.update(
            "".join(f"{name}/" for name in names[:end]) for end in range(1, len(names) + 1)
        )
    return frozenset(found)


def key(page: Page, settled: Collection[str], settings: Settings) -> Key:
    """The shell that the page shares; `settled` are the addresses with one of their own."""
    own = page.address if page.in_nav or page.address in settled else None
    folder = page.address.rstrip("/").rpartition("/")[0]
    editable = bool(page.source and settings.edit_url(page.source))
    return Key(folder, page.section, editable, bool(page.headings), own)


class Teacher(Protocol):
    """What renders pages through the theme."""

    def settled(self) -> Collection[str]:
        """The addresses of pages that have a shell of their own."""
        ...

    def shell(self, page: Page) -> Shell:
        """What the theme puts around this page and those of the same key."""
        ...


class Shelf:
    """The shells that are known; the theme is asked for one that is missing."""

    def __init__(
        self,
        settings: Settings,
        teacher: Callable[[], Teacher],
        *,
        settled: Collection[str] | None = None,
        known: Mapping[Key, Shell] | None = None,
    ) -> None:
        self._settings = settings
        self._teacher = teacher
        self._settled = settled
        self.known = dict(known or {})

    @property
    def settled(self) -> Collection[str]:
        """The addresses of pages that have a shell of their own."""
        if self._settled is None:
            self._settled = self._teacher().settled()
        return self._settled

    def learn(self, page: Page) -> Shell:
        """The shell of this page, known from now on."""
        of = key(page, self.settled, self._settings)
        if of not in self.known:
            self.known[of] = self._teacher().shell(page)
        return self.known[of]

    def page(self, page: Page, article: str) -> bytes:
        """The page around its article, as the theme would render it."""
        return self.learn(page).filled(slots(page, self._settings, article)).encode()
