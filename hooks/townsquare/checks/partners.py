"""Agreements with partners."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from townsquare.checks.context import Context
from townsquare.kinds.partner import Partner
from townsquare.model import Entry
from townsquare.problems import Problem, problem


def partner_renewal_due(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Agreements that end within their days of notice and have not ended yet."""
    if not isinstance(entry.fields, Partner) or not context.library.shown(entry):
        return
    until, notice = entry.fields.until, timedelta(days=entry.fields.renewal_notice_days)
    if until is None or context.clock.day_passed(until):
        return
    if context.clock.day_passed(until - notice - timedelta(days=1)):
        message = f"the agreement ends on {until}"
        owner = f"`{entry.fields.owner}` speaks" if entry.fields.owner else "speak"
        hint = f"{owner} with the partner, then set `until` to the new end or leave it"
        yield problem("partner_renewal_due", entry.place("until"), message, hint)
