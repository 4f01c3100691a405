"""What readers do not see yet, so that no post vanishes in silence."""

from __future__ import annotations

from collections.abc import Iterator

from townsquare.checks.context import Context
from townsquare.model import State
from townsquare.problems import Problem, problem


def scheduled(context: Context) -> Iterator[Problem]:
    """An entry waits for its date."""
    for entry in context.library.entries:
        if context.library.states[entry.key] is State.SCHEDULED:
            field = "publish" if entry.fields.publish else "date"
            message = f"hidden until {entry.fields.shown_from()}"
            hint = "nothing to do, if that is meant: the site is built again then"
            yield problem("scheduled", entry.place(field), message, hint)
