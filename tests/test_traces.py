"""What is remembered of what was made, where several processes share the work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from townsquare.memory import Memory
from townsquare.reads import Frame, note
from townsquare.traces import Traces

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class World:
    """Leaves with the digests that they have now, and a query that asks another.

    The inner one reads `a` and answers with its first letter.
    """

    def __init__(self, **leaves: str) -> None:
        self.leaves = leaves
        self.traces: Traces

    def digest(self, name: str) -> str:
        return self.leaves.get(name, "")

    def suspects(self) -> Iterable[str]:
        return self.leaves

    def again(self, name: str) -> object:
        return self.inner() if name == "?inner" else self.outer()

    def inner(self) -> str:
        def make() -> str:
            note("a")
            return self.leaves["a"][0]

        return self.traces.answer("?inner", make)

    def outer(self) -> str:
        return self.traces.answer("?outer", self.inner)

    def encode(self, answer: Any) -> str | None:
        return answer

    def decode(self, text: str) -> Any:
        return text

    def output(self) -> None:
        """Make what reads `b` and asks the outer query."""
        with Frame() as frame:
            note("b")
            self.outer()
        self.traces.keep("output", frame, "")


def built(before: Memory, work: Callable[[World], None], **leaves: str) -> Memory:
    """What a build remembers that does this work."""
    world = World(**leaves)
    world.traces = Traces(world, world, NOW, before)
    work(world)
    return world.traces.remembered(lambda text: text)


def by_a_helper(world: World) -> None:
    """Another process makes the output, and tells what it made."""
    helper = World(**world.leaves)
    helper.traces = Traces(helper, helper, NOW, deepcopy(world.traces._memory))
    since = helper.traces.sofar()
    helper.output()
    world.traces.join(helper.traces.told(since))


def test_what_a_helper_found_to_hold_is_remembered_with_what_it_made() -> None:
    first = built(Memory(), World.output, a="x1", b="1")
    # The inner query is asked again and says the same, so the outer one holds.
    second = built(first, by_a_helper, a="x2", b="2")
    for a, b, holds in (
        ("x2", "2", True),
        ("x3", "2", True),
        ("y", "2", False),
        ("x2", "3", False),
    ):
        world = World(a=a, b=b)
        world.traces = Traces(world, world, NOW, deepcopy(second))
        assert world.traces.holds("output") == holds, (a, b)
