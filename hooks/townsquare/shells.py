"""The theme's pages, learned once, then filled by one join.

A shell is what the theme renders around tokens. Pages of one folder share it: the theme's links are
relative, and lead to other places from another folder. A page that the theme's links name, or whose
address begins one, has a shell of its own, because relative links to it and from it are others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from townsquare.pages import Page
from townsquare.slots import Slots

# No title or article can hold one: a control character is a fault in a source.
TOKENS = Slots(*(f"\x02{name}\x03" for name in Slots._fields))

_TOKEN = re.compile("\x02(\\w+)\x03")
_LINK = re.compile(r'(?:href|src)="([^"#?:]+)')


class Key(NamedTuple):
    """What decides which shell a page stands in. `own` is the address of a page with its own."""

    folder: str
    section: str
    editable: bool
    contents: bool
    own: str | None


@dataclass(frozen=True, slots=True)
class Shell:
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
    pieces = _TOKEN.split(html)
    places = tuple(Slots._fields.index(name) for name in pieces[1::2])
    return Shell(tuple(pieces[::2]), places)


def linked(front: str) -> frozenset[str]:
    """Every address that the front page's shell links to, and every folder above one."""
    found = {""}
    for link in _LINK.findall(front):
        names = link.strip("./").split("/")
        found.update(
            "".join(f"{name}/" for name in names[:end]) for end in range(1, len(names) + 1)
        )
    return frozenset(found)


def key(page: Page, settled: Iterable[str] | frozenset[str], slots: Slots) -> Key:
    """The shell that the page shares; `settled` are the addresses with one of their own."""
    own = page.address if page.in_nav or page.address in settled else None
    folder = page.address.rstrip("/").rpartition("/")[0]
    return Key(folder, page.section, bool(slots.edit), bool(slots.contents), own)


Shells = Mapping[Key, Shell]
