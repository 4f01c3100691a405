"""Releases side by side, of which readers get one: how they are named, and which are kept.

`TARGET/releases/000007-1a2b3c4d5e6f/` is a whole site by its number and commit, `TARGET/current` a
link to one of them, which is the web server's root, and `TARGET/releases/.incoming/` a release on
its way. `TARGET/withdrawn` is a link to the release that readers were taken back from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

RELEASES, CURRENT, INCOMING, WITHDRAWN = "releases", "current", ".incoming", "withdrawn"
WAIT = 300
"""Seconds that a publish waits for another one to end."""
KEPT = 5
"""How many of the newest are kept, beside the one that readers get."""
_NAME = re.compile(r"([0-9]{6,})-[0-9a-f]*")


def finished(names: Iterable[str]) -> list[str]:
    """Those of these names that are whole releases, oldest first."""
    numbered = [(int(found[1]), name) for name in names if (found := _NAME.fullmatch(name))]
    return [name for _, name in sorted(numbered)]


def next_name(names: Iterable[str], commit: str) -> str:
    """What the release after these is called."""
    known = finished(names)
    number = int(known[-1].partition("-")[0]) + 1 if known else 1
    return f"{number:06}-{commit[:12]}"


def outlived(names: Iterable[str], current: str) -> list[str]:
    """Which releases are removed once this one is current."""
    return [name for name in finished(names)[:-KEPT] if name != current]


def before(names: Iterable[str], current: str) -> str:
    """The release before the current one; empty where there is none."""
    known = finished(names)
    at = known.index(current) if current in known else 0
    return known[at - 1] if at else ""
