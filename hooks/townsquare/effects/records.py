"""A difference, and the two communities in which it is found."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from townsquare.model import Entry
from townsquare.values import value

if TYPE_CHECKING:
    from townsquare.build import Edition

Group = Literal[
    "settings", "pages", "hidden", "files", "feeds", "announcements", "guidelines", "calendars",
    "addresses", "following",
]  # fmt: skip
How = Literal["added", "changed", "moved", "hidden", "removed"]
GROUPS: tuple[Group, ...] = (
    "settings", "pages", "hidden", "files", "feeds", "announcements", "guidelines", "calendars",
    "addresses", "following",
)  # fmt: skip
HOWS: tuple[How, ...] = ("added", "changed", "moved", "hidden", "removed")


@value
class Change:
    """One thing that readers get otherwise than before.

    `kind` is the kind of the entry (`post`) or empty; `address` a path from the site's root, that
    of afterwards where there is one; `path` the file. `notes` are sentences without a full stop.
    """

    group: Group
    how: How
    title: str
    kind: str = ""
    address: str = ""
    path: str = ""
    notes: tuple[str, ...] = ()


@value
class Effects:
    """Everything that a change does, sorted. `untold` says why nothing could be found out.

    `faulty` are files of the base that have errors: it is compared without them.
    """

    changes: tuple[Change, ...]
    untold: str = ""
    faulty: tuple[str, ...] = ()


@value
class Pair:
    """What readers have, and what they get."""

    before: Edition
    after: Edition

    @cached_property
    def old(self) -> dict[str, Entry[Any]]:
        """The entries that readers saw, by key."""
        return _shown(self.before)

    @cached_property
    def new(self) -> dict[str, Entry[Any]]:
        """The entries that readers will see, by key."""
        return _shown(self.after)

    @cached_property
    def lost(self) -> dict[str, Entry[Any]]:
        """Those that readers will not see any more, by key."""
        return {key: entry for key, entry in self.old.items() if key not in self.new}

    @cached_property
    def gained(self) -> dict[str, Entry[Any]]:
        """Those that readers did not see before, by key."""
        return {key: entry for key, entry in self.new.items() if key not in self.old}

    @cached_property
    def kept(self) -> dict[str, tuple[Entry[Any], Entry[Any]]]:
        """Those that readers see before and after, by key."""
        return {key: (self.old[key], new) for key, new in self.new.items() if key in self.old}

    @cached_property
    def removed(self) -> frozenset[str]:
        """The addresses that will say that their page was removed."""
        return frozenset(each.address for each in self.after.outcome.removed)

    @cached_property
    def after_by_key(self) -> dict[str, Entry[Any]]:
        """Every entry that there will be, hidden ones too."""
        return {entry.key: entry for entry in self.after.community.library.entries}

    @cached_property
    def before_by_key(self) -> dict[str, Entry[Any]]:
        """Every entry that there was, hidden ones too."""
        return {entry.key: entry for entry in self.before.community.library.entries}


def _shown(edition: Edition) -> dict[str, Entry[Any]]:
    return {entry.key: entry for entry in edition.community.library.readable()}


def said_otherwise(old: Entry[Any], new: Entry[Any]) -> tuple[str, ...]:
    """What of a file differs, as its author knows it: `title was “Old”`, `tags, text`."""
    before, after = old.source.front, new.source.front
    names = sorted(k for k in {*before, *after} if before.get(k) != after.get(k))
    notes = [f"title was “{old.title}”"] if old.title != new.title else []
    rest = [name for name in names if name not in ("title", "id")]
    rest += ["text"] if old.source.body.strip() != new.source.body.strip() else []
    return (*notes, *([", ".join(rest)] if rest else []))
