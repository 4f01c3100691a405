"""Figures of people: how many came, stayed, left, and on how few it all rests."""

from __future__ import annotations

from townsquare.community import Community
from townsquare.figures import chaoss
from townsquare.figures.contributions import Contribution, contributions
from townsquare.figures.periods import Window, month_after
from townsquare.figures.shapes import Figure, Number, Section, Tally
from townsquare.queries import query
from townsquare.wordbook import _, label, weekday_name

FEWEST = 5
"""Below so many people, what is told of hours or weekdays would tell of one of them."""


def source(community: Community) -> str:
    """From what contributions are known."""
    missing = community.library.history.missing
    if missing:
        return _("credits in posts and events; git's commits are not collected: %(why)s") % {
            "why": missing
        }
    return _("git's commits and reviews, credits in posts and events; bots and merges left out")


def people(community: Community, year: Window) -> Section:
    """Contributors of the year, by CHAOSS's metrics."""
    found, end = contributions(community), year.end
    before = Window(month_after(year.start, -6), month_after(year.end, -6))
    new, inactive = chaoss.new_contributors(found, year), chaoss.inactive(found, year, end)
    rate = chaoss.conversion_rate(found, before, end)
    absent = chaoss.absence_factor(found, year)
    return Section(
        "people",
        _("People"),
        (
            _figure("contributors", _("Contributors"), _count(found, year), "people",
                _("people with at least one contribution"), year, community),
            _figure("new-contributors", _("New Contributors"), new, "people",
                _("people whose first contribution ever lies in the window"), year, community),
            _figure("occasional-contributors", _("Occasional Contributors"),
                chaoss.occasional(found, year), "people",
                _("people with one or two contributions in the window"), year, community),
            _figure("inactive-contributors", _("Inactive Contributors"), inactive, "people",
                _("people whose last contribution lies in the window and 180 days or more back"),
                year, community),
            _figure("conversion-rate", _("Conversion Rate"), rate, "share",
                _("newcomers who contributed again on a later day within 180 days, "
                  "divided by newcomers"),
                before, community, missing=_("nobody was new")),
            _figure("contributor-absence-factor", _("Contributor Absence Factor"), absent, "people",
                _("the fewest people who made at least half of the contributions"),
                year, community, missing=_("nothing was contributed")),
            _elephant(community, found, year),
            _figure("burstiness", _("Activity Dates and Times: burstiness"),
                chaoss.burstiness(chaoss.weekly(found, year)), "number",
                _("(deviation - mean) / (deviation + mean) of contributions a week: -1 is even, "
                  "0 as if by chance, 1 all at once"),
                year, community, missing=_("nothing was contributed")),
        ),
    )  # fmt: skip


def _figure(
    id: str,
    name: str,
    value: Number | None,
    unit: str,
    formula: str,
    window: Window,
    community: Community,
    *,
    missing: str = "",
) -> Figure:
    why = missing if value is None else ""
    of = window.label, source(community), why
    return Figure(id, name, value, unit, formula, *of, said="–" if value is None else "")


def _count(found: list[Contribution], window: Window) -> int:
    return len({each.who for each in chaoss.within(found, window)})


def _elephant(community: Community, found: list[Contribution], year: Window) -> Figure:
    factor = chaoss.elephant_factor(found, year, affiliations(community))
    return _figure(
        "elephant-factor", _("Elephant Factor"), factor, "organisations",
        _("the fewest partners whose people made half of what affiliated people contributed"),
        year, community, missing=_("nobody who contributed states an affiliation"),
    )  # fmt: skip


@query
def affiliations(community: Community) -> dict[str, str]:
    """The partner for whom each listed person takes part, by their keys."""
    people = community.readable("person")
    return {e.key: e.fields.affiliation for e in people if e.fields.affiliation}


def types(community: Community, year: Window) -> Tally:
    """What was contributed, by role."""
    counts = chaoss.types(contributions(community), year)
    rows = tuple((label(role), count) for role, count in counts.items())
    return Tally(
        "types-of-contributions", _("Types of Contributions"), "contributions", rows,
        year.label, source(community),
    )  # fmt: skip


def weekdays(community: Community, year: Window) -> Tally:
    """On which weekdays people contribute; nothing where they are too few to be told together."""
    found = chaoss.within(contributions(community), year)
    title = _("Activity Dates and Times: weekdays")
    rest = year.label, source(community)
    if len({each.who for each in found}) < FEWEST:
        why = _("fewer than %(few)d people contributed, so it would tell of one of them")
        return Tally("weekdays", title, "contributions", (), *rest, why % {"few": FEWEST})
    days = [each.day.weekday() for each in found]
    rows = tuple((weekday_name(number), days.count(number)) for number in range(7))
    return Tally("weekdays", title, "contributions", rows, *rest)
