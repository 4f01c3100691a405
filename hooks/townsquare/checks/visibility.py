"""What readers do not see yet, so that no post vanishes in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from townsquare.checks.context import Context
from townsquare.model import Entry, State
from townsquare.problems import Problem, problem


def scheduled(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """An entry waits for its date."""
    if context.library.states[entry.key] is State.SCHEDULED:
        field = "publish" if entry.fields.publish else "date"
        message = f"hidden until {entry.fields.shown_from()}"
        hint = "nothing to do, if that is meant: the site is built again then"
        yield problem("scheduled", entry.place(field), message, hint)
