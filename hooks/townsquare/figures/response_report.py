"""The response report: how soon a forge's issues and change requests are answered and closed."""

from __future__ import annotations

from townsquare.community import Community
from townsquare.figures.periods import months, year_before
from townsquare.figures.shapes import Figure, Report, Section, Trend
from townsquare.forge import response
from townsquare.forge.items import CHANGES, ISSUES
from townsquare.queries import query
from townsquare.wordbook import _

PAGE, JSON, CSV = "reports/response/", "reports/response.json", "reports/response.csv"
SCHEMA = "schemas/reports/response.json"
_TOLD = (
    (ISSUES, response.FIRST_RESPONSE),
    (ISSUES, response.CLOSE),
    (CHANGES, response.FIRST_RESPONSE),
    (CHANGES, response.CLOSE),
    (CHANGES, response.RATIO),
)


@query
def rows(community: Community) -> list[response.Row]:
    """What was collected; none where nothing was."""
    data = community.library.data.get(response.FILE)
    return response.read(data)[0] if data is not None else []


@query
def report(community: Community) -> Report:
    """How soon answers came in the twelve months before this one."""
    year = year_before(community.clock.month())
    labels = tuple(each.label for each in months(year))
    known = {(row.kind, row.measure, row.month): row for row in rows(community)}
    return Report(
        year.label,
        tuple(_section(kind, labels[-1], known) for kind in response.KINDS),
        (),
        tuple(
            _trend(kind, measure, labels, known)
            for kind, measure in _TOLD
            if any((kind, measure, label) in known for label in labels)
        ),
    )


def _section(kind: str, last: str, known: dict[tuple[str, str, str], response.Row]) -> Section:
    figures: list[Figure] = []
    for of, measure in _TOLD:
        if of == kind:
            row = known.get((kind, measure, last))
            name, unit, formula = _words(measure)
            value = row.value if row else None
            figures.append(
                Figure(f"{kind}-{measure}", name, value, unit, formula, last, _source(),
                    _missing(row), _("fewer than five") if row and value is None else "")
            )  # fmt: skip
    return Section(kind, _title(kind), tuple(figures))


def _missing(row: response.Row | None) -> str:
    if row is None:
        return _("no export tells of this month: see scripts/report.py forge")
    return _("of so few items it is not told") if row.value is None else ""


def _trend(
    kind: str,
    measure: str,
    labels: tuple[str, ...],
    known: dict[tuple[str, str, str], response.Row],
) -> Trend:
    name, unit, _formula = _words(measure)
    rows = [known.get((kind, measure, label)) for label in labels]
    values = tuple(row.value if row else None for row in rows)
    few = tuple(row.month for row in rows if row and row.value is None)
    title = f"{name} ({_title(kind)}, {unit})"
    return Trend(f"{kind}-{measure}-by-month", title, unit, labels, values, _source(), few)


def _title(kind: str) -> str:
    return _("Issues") if kind == ISSUES else _("Change requests")


def _source() -> str:
    return _("the forge's export, bots left out")


def _words(measure: str) -> tuple[str, str, str]:
    """CHAOSS's name of a measure, its unit, and its formula."""
    return {
        response.FIRST_RESPONSE: (_("Time to First Response"), "hours", _(
            "median over items opened in the month and answered since: from opening to the first "
            "comment or review by somebody else"
        )),
        response.CLOSE: (_("Time to Close"), "days", _(
            "median over items closed in the month: from opening to closing or merging"
        )),
        response.RATIO: (_("Change Request Closure Ratio"), "ratio", _(
            "change requests closed or merged in the month; those opened in it"
        )),
    }[measure]  # fmt: skip
