"""Rules of the community: whether they are looked after, and do not contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, pairwise
from typing import Any

from townsquare import settings, times
from townsquare.checks.context import Context
from townsquare.fields import shapes
from townsquare.kinds.former import Former, of_its_document
from townsquare.kinds.guideline import Guideline
from townsquare.kinds.transparency import Transparency
from townsquare.model import Entry, Reviewed
from townsquare.problems import Problem, did_you_mean, problem


def review_overdue(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Texts that were to be read again before today, and were not."""
    every = entry.fields.review_every if isinstance(entry.fields, Reviewed) else None
    if every is None or getattr(entry.fields, "status", "active") != "active":
        return
    if not context.library.shown(entry):
        return
    last, field = entry.fields.last_review(), _field(entry)
    if last is None:
        message = "nobody has said when this was last read through"
        hint = f"read it, then add `{field}` with the day"
        yield problem("review_overdue", entry.place("review_every"), message, hint)
    elif context.clock.day_passed(due := every.after(last)):
        message = f"it was last read on {last} and was due again on {due}"
        hint = f"{_owner(entry)} reads it, then sets `{field}` to the day"
        yield problem("review_overdue", entry.place(field), message, hint)


def guideline_active_twice(context: Context) -> Iterator[Problem]:
    """Active texts of which one replaces the other, or two codes of conduct for one scope.

    A text that is not in effect yet replaces nothing. Of one document no two texts hold on a day.
    """
    yield from _from_one_day(context)
    held = [g for g in context.library.visible(Guideline) if _holds(context, g.fields)]
    ids = {entry.id: entry for entry in held}
    for entry in held:
        if former := ids.get(entry.fields.supersedes or ""):
            message = f"{entry.path} replaces this text, and both are active"
            hint = "write `status: superseded` here"
            yield problem("guideline_active_twice", former.place("status"), message, hint)
    for first, second in combinations(held, 2):
        if _same_scope(first.fields, second.fields):
            message = f"{first.path} is an active code of conduct for the same scope"
            hint = "write `status: superseded` in one of them, or tell them apart by `applies_to`"
            yield problem("guideline_active_twice", second.place("status"), message, hint)


def _from_one_day(context: Context) -> Iterator[Problem]:
    """Former texts of the version, or from the day, of another text of their document."""
    documents = {entry.id: entry for entry in context.library.visible(Guideline)}
    seen: dict[tuple[str, Any], str] = {}
    for text in (*documents.values(), *context.library.visible(Former)):
        is_former = isinstance(text.fields, Former)
        id = of_its_document(text.path)[1] if is_former else text.id
        for field in ("version", "effective") if id in documents else ():
            value = getattr(text.fields, field)
            first = seen.setdefault((id, value), text.path) if value else text.path
            if first != text.path:
                message = f"{first} is the text of {value}, too"
                hint = "keep one text a version, each with the day from which it held"
                yield problem("guideline_active_twice", text.place(field), message, hint)


def guideline_section_missing(context: Context) -> Iterator[Problem]:
    """Sections of guidelines that the settings name for hints, and that readers would not find."""
    library = context.library
    for code, section in context.settings.guideline_sections.items():
        path, _, heading = section.partition("#")
        entry = library.by_path.get(path)
        if entry is None or not library.shown(entry):
            place = settings.place_of(library.root, "guideline_sections", code)
            message = f"`{path}` is no guideline that readers see"
            yield problem("link_broken", place, message, context.known_files().hint("", path))
        elif heading and heading not in context.ids(path):
            place = settings.place_of(library.root, "guideline_sections", code)
            hint = did_you_mean(heading, context.ids(path)).strip()
            message = f"{path} has no heading `#{heading}`"
            yield problem("anchor_broken", place, message, hint or "copy it from the address")


def period_missing(context: Context) -> Iterator[Problem]:
    """Periods without figures between two with figures."""
    reports = sorted(context.library.visible(Transparency), key=lambda e: (e.fields.period, e.path))
    for before, after in pairwise(reports):
        first = before.fields.period.last + timedelta(days=1)
        last = after.fields.period.first - timedelta(days=1)
        if first <= last:
            message = f"there are no figures for {first} to {last}"
            hint = "publish them, with `not collected` where nothing was counted"
            yield problem("period_missing", after.place("period"), message, hint)


def periods_overlap(context: Context) -> Iterator[Problem]:
    """Periods of which a later one begins before another ends: what only one holds is a count."""
    reports = sorted(context.library.visible(Transparency), key=lambda e: (e.fields.period, e.path))
    longest: Entry[Any] | None = None
    for each in reports:
        if longest is not None and each.fields.period.first <= longest.fields.period.last:
            message = f"{longest.path} holds figures of the same days"
            hint = "tell each day's cases once: the difference of two sums is a count of its own"
            yield problem("periods_overlap", each.place("period"), message, hint)
        if longest is None or each.fields.period.last > longest.fields.period.last:
            longest = each


def _field(entry: Entry[Any]) -> str:
    known = shapes(entry.kind.fields)
    return next(name for name in ("last_verified", "last_reviewed") if name in known)


def _owner(entry: Entry[Any]) -> str:
    return f"`{entry.fields.owner}`" if entry.fields.owner else "somebody"


def _holds(context: Context, text: Guideline) -> bool:
    if text.status != "active" or text.effective is None:
        return False
    return context.clock.passed(times.instant(text.effective, context.settings.timezone))


def _same_scope(first: Guideline, second: Guideline) -> bool:
    if {first.type, second.type} != {"code-of-conduct"}:
        return False
    scopes = [{word.casefold() for word in text.applies_to} for text in (first, second)]
    return not scopes[0] or not scopes[1] or bool(scopes[0] & scopes[1])
