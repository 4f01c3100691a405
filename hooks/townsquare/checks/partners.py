"""What partners allow and until when, and what is written about them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from townsquare import times
from townsquare.checks.context import Context, PartnerSite
from townsquare.checks.words import Body
from townsquare.kinds.partner import Partner
from townsquare.kinds.post import Post
from townsquare.model import Entry
from townsquare.problems import Place, Problem, problem


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


def partner_undisclosed(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Posts that name a partner, or lead to one's site, and say nothing of whether it was paid.

    `sponsored: no` is an answer. A link counts while the agreement lasts.
    """
    if not isinstance(entry.fields, Post) or "sponsored" in entry.source.front:
        return
    answer = "`sponsored: yes` if somebody paid, in money or in kind, else `sponsored: no`"
    if entry.fields.partners:
        message = "the post names a partner and does not say whether it is sponsored"
        yield problem("partner_undisclosed", entry.place("partners"), message, f"add {answer}")
        return
    for site, place in _partner_links(context, entry):
        message = f"the post leads to the partner `{site.id}` and does not say whether it is paid"
        hint = f"add {answer}, and `partners: [{site.id}]` if it is about them"
        yield problem("partner_undisclosed", place, message, hint)
        return


def _partner_links(context: Context, entry: Entry[Any]) -> Iterator[tuple[PartnerSite, Place]]:
    """Links of a post to the sites of those who are partners on its day."""
    day, lowered = times.day_of(entry.fields.date), entry.source.body.lower()
    for site in context.partner_sites() if "://" in lowered else ():
        lasts = (site.since or day) <= day <= (site.until or day)
        if lasts and site.address in lowered:
            body = Body(entry)
            pattern = rf"https?://(?:www\.)?{re.escape(site.address)}(?![\w.-])[^\s()<>\"']*"
            for found in re.finditer(pattern, body.prose, re.IGNORECASE):
                yield site, body.place(*found.span())
