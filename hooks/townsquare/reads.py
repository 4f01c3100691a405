"""What is being read while something is made: noted, so that it is made again only when that moved.

Whatever readers of content go through (an entry's fields, a body, a look-up, the clock) calls
`note` or `asked`; whoever makes something opens a `Frame` around it. Without one nothing is noted.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

_open: list[Frame] = []


class Frame:
    """What was read inside of `with Frame() as frame:`, and for how long the clock says the same.

    `since` is the latest instant that had passed, `until` the nearest that had not.
    """

    __slots__ = ("names", "since", "until")

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.since: datetime | None = None
        self.until: datetime | None = None

    def __enter__(self) -> Frame:
        _open.append(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _open.pop()

    def bounded(self, since: datetime | None, until: datetime | None) -> None:
        """The clock's answers hold from the one instant to the other at most."""
        if since is not None and (self.since is None or since > self.since):
            self.since = since
        if until is not None and (self.until is None or until < self.until):
            self.until = until


def note(name: str) -> None:
    """The innermost frame has read this."""
    if _open:
        _open[-1].names.add(name)


def asked(*, since: datetime | None = None, until: datetime | None = None) -> None:
    """The innermost frame has asked the clock."""
    if _open:
        _open[-1].bounded(since, until)


class Remembered:
    """Values worked out once; whoever asks again has read what the first one read."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[Any, Frame]] = {}

    def value(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, or gave before under this key."""
        kept = self._kept.get(key)
        if kept is None:
            with Frame() as frame:
                made = make()
            kept = self._kept[key] = (made, frame)
        if _open:
            _open[-1].names |= kept[1].names
            _open[-1].bounded(kept[1].since, kept[1].until)
        return kept[0]
