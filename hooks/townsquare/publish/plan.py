"""What a publish changes at its target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from townsquare.values import value


@value
class Plan:
    """Paths that a publish adds, changes and removes, each sorted."""

    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]


def plan(files: Mapping[str, str], held: Mapping[str, str]) -> Plan:
    """What makes a target that holds one set of files, by path and digest, hold the other."""
    return Plan(
        sorted(files.keys() - held.keys()),
        sorted(path for path in files.keys() & held if files[path] != held[path]),
        sorted(held.keys() - files.keys()),
    )
