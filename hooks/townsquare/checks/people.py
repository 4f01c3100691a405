"""People's roles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from townsquare.checks.context import Context
from townsquare.clock import Clock
from townsquare.kinds.person import Person, Role
from townsquare.model import Entry, State
from townsquare.problems import Problem, problem
from townsquare.times import Interval

REMEMBERED = Interval(months=12)
"""How long an open role is spoken of; after that it is history, not a task."""


def term_ended(context: Context) -> Iterator[Problem]:
    """Roles whose term ended within the last year and that nobody has taken over."""
    held = {_post(role) for _, _, role in _roles(context) if _holds(role, context.clock)}
    for entry, number, role in _roles(context):
        if _post(role) not in held and _recently_over(role.until, context.clock):
            team = f" ({role.team})" if role.team else ""
            message = f"the term as {role.role}{team} ended on {role.until}"
            hint = "renew `until`, or give the role to someone else in their file"
            yield problem("term_ended", entry.place("roles", number, "until"), message, hint)


def _roles(context: Context) -> Iterator[tuple[Entry[Any], int, Role]]:
    for entry in context.library.all(Person):
        if context.library.states[entry.key] is State.CURRENT:
            for number, role in enumerate(entry.fields.roles):
                yield entry, number, role


def _post(role: Role) -> tuple[str, str]:
    return role.role.casefold(), (role.team or "").casefold()


def _holds(role: Role, clock: Clock) -> bool:
    return role.until is None or not clock.day_passed(role.until)


def _recently_over(until: date | None, clock: Clock) -> bool:
    if until is None or not clock.day_passed(until):
        return False
    return not clock.day_passed(REMEMBERED.after(until))
