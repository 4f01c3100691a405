"""Checks across files. Each is a short generator, named for the fault that it finds.

Faults that one entry has by itself stand with its kind; faults that only the published site's
memory shows stand in `checks.ledger` and are asked for by the build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from townsquare.checks.addresses import alias_taken, duplicate_address
from townsquare.checks.context import Context
from townsquare.checks.guidelines import guideline_active_twice, period_missing, review_overdue
from townsquare.checks.guides import guide_cycle, guide_unreachable
from townsquare.checks.links import (
    alt_text_missing,
    anchor_broken,
    body_refused,
    html_removed,
    image_elsewhere,
    image_missing,
    image_too_heavy,
    link_broken,
    links_to_hidden,
)
from townsquare.checks.partners import partner_renewal_due
from townsquare.checks.people import term_ended
from townsquare.checks.prose import duplicate_event, filename_date_disagrees, weekday_disagrees
from townsquare.checks.references import reference_hidden, reference_unknown, tag_unknown
from townsquare.checks.visibility import scheduled
from townsquare.problems import Problem

Check = Callable[[Context], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    duplicate_address,
    alias_taken,
    reference_unknown,
    reference_hidden,
    tag_unknown,
    body_refused,
    html_removed,
    link_broken,
    links_to_hidden,
    anchor_broken,
    image_missing,
    image_elsewhere,
    alt_text_missing,
    image_too_heavy,
    filename_date_disagrees,
    weekday_disagrees,
    duplicate_event,
    guideline_active_twice,
    period_missing,
    review_overdue,
    guide_cycle,
    guide_unreachable,
    term_ended,
    partner_renewal_due,
    scheduled,
)


def run(context: Context) -> list[Problem]:
    """Every fault that any check finds; the order is the caller's to make."""
    return [found for check in CHECKS for found in check(context)]
