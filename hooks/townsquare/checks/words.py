"""What an author wrote in words, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from townsquare.model import Entry
from townsquare.patterns import pattern
from townsquare.problems import Place
from townsquare.spots import Spots, without_code

_QUOTED = pattern(r'^[ \t]*>.*$|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|"[^"\n]*"', re.MULTILINE)
_ADDRESS = pattern(r"https?://[^\s<>()]+")
_TARGET = pattern(r"\]\([^()\s]*\)|^\[[^\]\n]+\]:.*$", re.MULTILINE)


def own_words(text: str) -> str:
    """The text with blanks for code, addresses and what others said: lines and columns stay."""
    return _blanked(_QUOTED, _blanked(_TARGET, without_addresses(without_code(text))))


def without_addresses(text: str) -> str:
    """The text with blanks for addresses of the web."""
    return _blanked(_ADDRESS, text)


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: " " * len(found[0]), text)


class Body:
    """An entry's body as its author typed it, with the places of its characters."""

    def __init__(self, entry: Entry[Any]) -> None:
        self.text = entry.source.body
        self._path = entry.path
        self._spots = Spots(self.text, entry.source.body_line)

    @property
    def prose(self) -> str:
        """The text with blanks for code."""
        return self._spots.prose

    def place(self, start: int, end: int) -> Place:
        """Where the characters from `start` to `end` stand, or those of their first line."""
        spot = self._spots.at(start, end)
        return Place(self._path, spot.line, spot.column, spot.width)


def each_once(found: Iterable[tuple[str, Place]]) -> Iterator[tuple[str, Place, str]]:
    """Each word as it is written first, where that is, and how often it comes if more than once."""
    seen: dict[str, list[tuple[str, Place]]] = {}
    for word, place in found:
        line = " ".join(word.split())
        seen.setdefault(line.casefold(), []).append((line, place))
    for first, *others in seen.values():
        more = f" ({len(others) + 1} times in this file)" if others else ""
        yield *first, more
