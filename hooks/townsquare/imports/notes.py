"""What reading a source gives, and what was left out of it and why."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

_NAMED = 3


class Reading(NamedTuple):
    """A source as it is now: its title, its items as a snapshot holds them, what was left out."""

    title: str
    items: list[dict[str, str]]
    notes: list[str]


class Notes:
    """Items that were left out, gathered by what is wrong with them."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def add(self, wrong: str, title: str) -> None:
        """One more item is left out; `wrong` goes on from its title."""
        self._found.setdefault(wrong, []).append(title)

    def lines(self) -> list[str]:
        """A line for each fault, with the first few items that have it."""
        return [_line(wrong, titles) for wrong, titles in self._found.items()]


def _line(wrong: str, titles: list[str]) -> str:
    named = ", ".join(f"“{title[:60]}”" for title in titles[:_NAMED] if title)
    more = f" and {len(titles) - _NAMED} more" if len(titles) > _NAMED else ""
    return f"left out, since it {wrong}: {named or 'without a title'}{more}"


def key_of(*parts: str) -> str:
    """A key that is the same for the same parts, for ever."""
    whole = "\0".join(parts).encode("utf-8", "surrogatepass")
    return sha256(whole).hexdigest()[:20]
