"""What a publish changes at its target, in the order in which it is safe to change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from townsquare.output import RECORD, SUMS
from townsquare.values import value

Stage = Literal["assets", "pages", "machines", "record"]
STAGES: tuple[Stage, ...] = ("assets", "pages", "machines", "record")
"""What a page needs stands before the page, the page before the feed that leads to it; the record,
which says which site this is, comes last."""
_MACHINES = (".xml", ".ics", ".json", ".opml", ".txt", ".csv")


@value
class Plan:
    """Paths that a publish adds, changes and removes, each sorted by stage and path."""

    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]

    @property
    def written(self) -> list[str]:
        """What is sent, in the order of `STAGES`."""
        return sorted((*self.added, *self.changed), key=order)


def plan(files: Mapping[str, str], held: Mapping[str, str]) -> Plan:
    """What makes a target that holds one set of files, by path and digest, hold the other."""
    return Plan(
        sorted(files.keys() - held.keys(), key=order),
        sorted((path for path in files.keys() & held if files[path] != held[path]), key=order),
        sorted(held.keys() - files.keys(), key=order),
    )


def order(path: str) -> tuple[int, str]:
    """By what a file is sorted before it is sent."""
    return STAGES.index(stage(path)), path


def stage(path: str) -> Stage:
    """When a file is sent."""
    if path in (RECORD, SUMS):
        return "record"
    if path.endswith(".html"):
        return "machines" if path == "index.html" else "pages"
    return "machines" if path.endswith(_MACHINES) and "/assets/" not in f"/{path}" else "assets"
