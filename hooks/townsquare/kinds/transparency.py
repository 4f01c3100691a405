"""Transparency: what moderation did in a period, in counts that single nobody out."""

import re
from collections.abc import Iterator
from typing import Annotated

from townsquare import times
from townsquare.fields import Doc, Parsed, record
from townsquare.model import Fields, Finding, Kind, Line, below
from townsquare.notations import shown
from townsquare.problems import Fault
from townsquare.settings import Settings

SMALLEST = 5
NOT_COLLECTED = "not collected"
SUPPRESSED = "<5"
Period = Annotated[times.Period, Parsed(times.parse_period, format="2026-H1")]


def parse_cell(text: str) -> int | str:
    """A count of zero or of at least five, `<5`, or `not collected`: three different things."""
    word = " ".join(text.split())
    if word in (SUPPRESSED, NOT_COLLECTED):
        return word
    if not re.fullmatch("[0-9]{1,9}", word):
        hint = f"write a number, `{SUPPRESSED}` or `{NOT_COLLECTED}`"
        raise Fault("value_invalid", f"{shown(word)} is not a count", hint)
    if 0 < int(word) < SMALLEST:
        message = f"a count of {int(word)} can identify the people behind it"
        raise Fault("small_count", message, "pool small categories into `other` until all reach 5")
    return int(word)


Cell = Annotated[int | str, Parsed(parse_cell, format="0, 5 or more, <5, not collected")]


@record
class Cases:
    """How many cases of one category."""

    category: Annotated[Line, Doc("What the cases have in common.", "spam")]
    count: Annotated[Cell, Doc("How many there were.", "12")]


@record
class Transparency(Fields):
    """A period's moderation figures; the total is the sum of what is printed."""

    period: Annotated[Period, Doc("The period.", "2026-H1")]
    cases: Annotated[tuple[Cases, ...], Doc("Cases by category.")] = ()
    outcomes: Annotated[tuple[Cases, ...], Doc("Cases by what followed.")] = ()
    total: Annotated[Cell | None, Doc("Only for a whole period below five: `<5`.", "<5")] = None


def check(figures: Transparency, _settings: Settings) -> Iterator[Finding]:
    """Faults that a period's figures have by themselves."""
    if figures.total is not None and (figures.cases or figures.outcomes):
        message = "a total beside its parts allows to compute what was left out"
        yield Finding(("total",), "value_invalid", message, "delete it: the page adds up `cases`")
    if figures.total is None and not figures.cases:
        hint = f'add `cases`, or `total: "{SUPPRESSED}"` for a whole period below five'
        yield Finding((), "field_missing", "the period has no figures", hint)
    for name, table in (("cases", figures.cases), ("outcomes", figures.outcomes)):
        for number, row in enumerate(table):
            if row.count == SUPPRESSED:
                message = "a suppressed cell can be computed from the total"
                hint = "pool it with others until all reach 5"
                yield Finding((name, number, "count"), "small_count", message, hint)
    yield from _told_by_both(figures)


def _told_by_both(figures: Transparency) -> Iterator[Finding]:
    """Two tables whose sums differ by one to four tell how many cases only one of them holds."""
    sums = [
        sum(row.count for row in table if isinstance(row.count, int))
        for table in (figures.cases, figures.outcomes)
    ]
    if figures.cases and figures.outcomes and 0 < abs(sums[0] - sums[1]) < SMALLEST:
        message = f"`cases` add up to {sums[0]} and `outcomes` to {sums[1]}"
        hint = "count the same cases in both, or leave `outcomes` out"
        yield Finding(("outcomes",), "small_count", f"{message}: the difference is a count", hint)


KIND = Kind(
    name="transparency",
    fields=Transparency,
    matches=below("guidelines/transparency/"),
    template="transparency.html",
    folder="guidelines/transparency",
    section="guidelines",
    check=check,
)
