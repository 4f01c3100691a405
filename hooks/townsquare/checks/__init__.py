"""Checks across files. Each is a short generator, named for the fault that it finds.

Most look at one entry and ask narrow questions about others: is there such an id, where does this
path lead. They ask nothing else, so that they need no repeating until an answer changes; only what
helps to word a hint may read everything. Faults that one entry has by itself stand with its kind;
faults that only the published site's memory shows stand in `checks.ledger` and are asked for by
the build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from townsquare.bodies import Body
from townsquare.checks.addresses import alias_taken, duplicate_address
from townsquare.checks.clashes import events_clash
from townsquare.checks.contacts import contact_private
from townsquare.checks.context import Context
from townsquare.checks.drawings import drawing_unsafe
from townsquare.checks.events import after_missing
from townsquare.checks.figures import figures_invalid
from townsquare.checks.guidelines import (
    guideline_active_twice,
    guideline_section_missing,
    period_missing,
    periods_overlap,
    review_overdue,
)
from townsquare.checks.guides import guide_cycle, guide_unreachable
from townsquare.checks.imports import import_invalid, import_not_fetched, import_unclaimed
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
from townsquare.checks.named_files import file_missing, step_leads_nowhere
from townsquare.checks.partners import (
    logo_permission_ends,
    partner_renewal_due,
    partner_undisclosed,
)
from townsquare.checks.people import term_ended
from townsquare.checks.prose import duplicate_event, filename_date_disagrees, weekday_disagrees
from townsquare.checks.recordings import (
    podcast_cover_missing,
    recording_size_unknown,
    transcript_missing,
)
from townsquare.checks.references import reference_hidden, reference_unknown, tag_unknown
from townsquare.checks.visibility import scheduled
from townsquare.checks.wording import placeholder_left, title_shouts, unkind_word
from townsquare.model import Entry
from townsquare.problems import Problem

EACH: tuple[Callable[[Context, Entry[Any]], Iterator[Problem]], ...] = (
    reference_unknown,
    reference_hidden,
    tag_unknown,
    file_missing,
    drawing_unsafe,
    step_leads_nowhere,
    transcript_missing,
    recording_size_unknown,
    filename_date_disagrees,
    weekday_disagrees,
    after_missing,
    review_overdue,
    partner_renewal_due,
    import_invalid,
    import_not_fetched,
    logo_permission_ends,
    partner_undisclosed,
    unkind_word,
    title_shouts,
    placeholder_left,
    contact_private,
    scheduled,
)
"""Checks of one entry."""

EACH_BODY: tuple[Callable[[Context, Entry[Any], Body], Iterator[Problem]], ...] = (
    body_refused,
    html_removed,
    link_broken,
    links_to_hidden,
    anchor_broken,
    image_missing,
    image_elsewhere,
    alt_text_missing,
    image_too_heavy,
)
"""Checks of one entry's body."""

WHOLE: tuple[Callable[[Context], Iterator[Problem]], ...] = (
    duplicate_address,
    alias_taken,
    duplicate_event,
    events_clash,
    podcast_cover_missing,
    guideline_active_twice,
    guideline_section_missing,
    period_missing,
    periods_overlap,
    guide_cycle,
    guide_unreachable,
    term_ended,
    import_unclaimed,
    figures_invalid,
)
"""Checks for which many entries must be seen side by side."""


def run(context: Context) -> list[Problem]:
    """Every fault that any check finds; the order is the caller's to make."""
    of_entries = [found for entry in context.library.entries for found in of_entry(context, entry)]
    return of_entries + [found for check in WHOLE for found in check(context)]


def of_entry(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Every fault of one entry that checks of single entries find."""
    for check in EACH:
        yield from check(context, entry)
    if entry.path in context.bodies and not _is_clear(context, entry):
        yield from of_body(context, entry, context.bodies[entry.path])


def of_body(context: Context, entry: Entry[Any], body: Body) -> Iterator[Problem]:
    """Every fault that checks of bodies find in this one of the entry."""
    for check in EACH_BODY:
        yield from check(context, entry, body)


def _is_clear(context: Context, entry: Entry[Any]) -> bool:
    """Whether the body surely has no fault, so that it need not be converted to be checked."""
    if not context.waits(entry.path):
        return False
    from townsquare import glance

    imagined = glance.imagined(entry.source.body, entry.path)
    return imagined is not None and not any(of_body(context, entry, imagined))
