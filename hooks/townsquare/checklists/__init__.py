"""Checklists for people, as Markdown: what hosts do for an event, what a newcomer walks through.

They are made from what entries say, and are no part of the site.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from townsquare import library, links, settings
from townsquare.clock import Clock
from townsquare.community import Community
from townsquare.model import Entry
from townsquare.problems import SetupError, did_you_mean


def community_at(root: Path, now: datetime) -> Community:
    """The community in this folder with its texts unread, whatever faults other files have."""
    choices, _ = settings.read(root)
    clock = Clock(now, choices.timezone)
    held, _ = library.load(root, choices, clock)
    return Community(held, {}, clock, links.Addresses.of(held))


def entry_named(community: Community, kind: str, name: str) -> Entry[Any]:
    """The entry of a kind, hidden or not, by its id or its file; SetupError where there is none."""
    held = community.library.of_kinds([kind])
    path = name.replace("\\", "/").removeprefix("./")
    found = next((entry for entry in held if path in (entry.id, entry.path)), None)
    if found is None:
        hint = did_you_mean(path, [entry.id for entry in held])
        faulty = "a file with errors has no entry: run `python3 scripts/check.py`"
        raise SetupError(f"there is no {kind} `{name}`; {hint}{faulty}")
    return found


def bulleted(items: list[str]) -> list[str]:
    """Each as a box to tick."""
    return [f"- [ ] {item}" for item in items]
