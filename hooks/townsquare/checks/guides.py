"""The order in which guides are done, and the ways to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from townsquare.checks.context import Context
from townsquare.kinds.guide import Guide
from townsquare.kinds.path import OnboardingPath
from townsquare.model import Entry
from townsquare.problems import Problem, problem

Ways = Mapping[str, tuple[str, ...]]


def guide_cycle(context: Context) -> Iterator[Problem]:
    """Guides that lead back to themselves by `prerequisites` and `next`, each cycle once."""
    guides = {entry.id: entry for entry in context.library.all(Guide)}
    after = _after(guides.values())
    for id in sorted(guides):
        cycle = _shortest_cycle(id, after)
        if cycle and id == min(cycle):
            message = f"the guides lead in a circle: {' → '.join((*cycle, id))}"
            hint = "take one of these out of `prerequisites` or `next`"
            yield problem("guide_cycle", _step(guides[id], cycle[-1], cycle[1:2]), message, hint)


def guide_unreachable(context: Context) -> Iterator[Problem]:
    """Guides that no path lists, requires or leads on to."""
    guides = {entry.id: entry for entry in context.library.visible(Guide)}
    paths = context.library.visible(OnboardingPath)
    ways = {id: (*g.fields.prerequisites, *_next(g)) for id, g in guides.items()}
    reached = _closure((guide for path in paths for guide in path.fields.guides), ways)
    for id, guide in guides.items():
        if id not in reached:
            message = f"no path leads to the guide `{id}`"
            hint = "name it under `guides` of a path in content/onboarding/paths/"
            yield problem("guide_unreachable", guide.place("title"), message, hint)


def _after(guides: Any) -> Ways:
    """What comes directly after each guide."""
    found: dict[str, list[str]] = {}
    for guide in guides:
        for before in guide.fields.prerequisites:
            found.setdefault(before, []).append(guide.id)
        found.setdefault(guide.id, []).extend(_next(guide))
    return {id: tuple(sorted(set(each))) for id, each in found.items()}


def _next(guide: Entry[Guide]) -> tuple[str, ...]:
    return (guide.fields.next,) if guide.fields.next else ()


def _shortest_cycle(start: str, ways: Ways) -> tuple[str, ...]:
    """The guides from `start` until just before it comes again; empty if it never does."""
    routes: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    for route in routes:
        for id in ways.get(route[-1], ()):
            if id == start:
                return route
            if id not in seen:
                seen.add(id)
                routes.append((*route, id))
    return ()


def _step(guide: Entry[Guide], before: str, after: tuple[str, ...]) -> Any:
    """Where the guide's own file makes its part of the circle."""
    if before in guide.fields.prerequisites:
        return guide.place("prerequisites", guide.fields.prerequisites.index(before))
    return guide.place("next" if guide.fields.next in (*after, guide.id) else "title")


def _closure(starts: Iterator[str], ways: Ways) -> set[str]:
    reached: set[str] = set()
    waiting = list(starts)
    while waiting:
        id = waiting.pop()
        if id not in reached:
            reached.add(id)
            waiting.extend(ways.get(id, ()))
    return reached
