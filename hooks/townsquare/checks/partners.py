"""What partners allow, and until when."""

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


def logo_permission_ends(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Logos that may be shown no longer than for their days of notice, or no more."""
    fields = entry.fields if isinstance(entry.fields, Partner) else None
    if not fields or not fields.logo or not context.library.shown(entry):
        return
    until, notice = fields.logo.permission_until, timedelta(days=fields.renewal_notice_days)
    if until is None or not context.clock.day_passed(until - notice - timedelta(days=1)):
        return
    ended = context.clock.day_passed(until)
    message = f"the logo may be shown until {until}" if not ended else (
        f"the logo could be shown until {until}, and is shown no more"
    )  # fmt: skip
    owner = f"`{fields.owner}` asks" if fields.owner else "ask"
    hint = f"{owner} for a new permission, or delete `logo` and its file"
    yield problem("logo_permission_ends", entry.place("logo", "permission_until"), message, hint)
