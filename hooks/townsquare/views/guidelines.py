"""The rulebook: guidelines, their former texts, and transparency figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from townsquare.bodies import Heading
from townsquare.community import Community
from townsquare.model import Entry
from townsquare.pages import FeedLink, Page
from townsquare.views.lists import (
    Linked,
    entry_page,
    introduction,
    link_to,
    linked,
    list_page,
    of_kind,
    outline,
    person,
)
from townsquare.wordbook import _, label

TYPES = ("code-of-conduct", "policy", "process")
NOT_COLLECTED = "not collected"


class Listed(NamedTuple):
    """A guideline as lists show it."""

    title: str
    address: str
    version: str
    effective: date | None
    description: str


class Change(NamedTuple):
    """What a version changed, and where the text of that version still stands."""

    version: str
    date: date | None
    summary: str
    address: str


class Channels(NamedTuple):
    """Ways to report, and the code of conduct that names them."""

    code: Linked
    channels: tuple[Any, ...]


class Figures(NamedTuple):
    """A period's line in the list of periods; `total` as it is printed."""

    target: Linked
    first: date
    last: date
    total: str


class Table(NamedTuple):
    """Figures of a period. `total` is the sum of the numbers printed, none where there is none."""

    title: str
    rows: tuple[Any, ...]
    total: int | None
    complete: bool


def pages(community: Community) -> Iterator[Page]:
    """The rulebook's index, every guideline and former text, and the transparency figures."""
    guidelines = of_kind(community, "guideline")
    figures = sorted(
        of_kind(community, "transparency"), key=lambda e: e.fields.period, reverse=True
    )
    if guidelines or figures or introduction(community, "guidelines/"):
        yield _index(community, guidelines, figures)
    former = _former_texts(community)
    successors = {e.fields.supersedes: link_to(e) for e in guidelines if e.fields.supersedes}
    for entry in guidelines:
        yield _guideline(community, entry, former.get(entry.id, []), successors.get(entry.id))
    for texts in former.values():
        yield from (_former(community, entry) for entry in texts)
    yield from _transparency(community, figures)


def active(community: Community) -> list[Entry[Any]]:
    """Guidelines in force, codes of conduct first, then by title."""
    found = of_kind(community, "guideline")
    held = [e for e in found if e.fields.status == "active"]
    return sorted(held, key=lambda e: (TYPES.index(e.fields.type), e.title.casefold(), e.id))


def listed(entry: Entry[Any]) -> Listed:
    """The guideline as lists show it."""
    fields = entry.fields
    return Listed(entry.title, entry.address, fields.version, fields.effective, fields.summary())


def report_channels(community: Community) -> Channels | None:
    """How to report: the channels of the code of conduct that is in force."""
    codes = (e for e in active(community) if e.fields.type == "code-of-conduct")
    found = next((e for e in codes if e.fields.report_channels), None)
    return Channels(link_to(found), found.fields.report_channels) if found else None


def _index(community: Community, guidelines: list[Entry[Any]], figures: list[Entry[Any]]) -> Page:
    held = active(community)
    by_title = sorted(guidelines, key=lambda e: (e.title.casefold(), e.id))
    feed = FeedLink(_("Changes in the guidelines"), "feeds/guidelines.xml")
    return list_page(
        community,
        "guidelines/",
        _("Guidelines"),
        "guidelines.html",
        {
            "types": [
                (label(t), [listed(e) for e in held if e.fields.type == t])
                for t in TYPES
                if any(e.fields.type == t for e in held)
            ],
            "proposed": [listed(e) for e in by_title if e.fields.status == "draft"],
            "superseded": [listed(e) for e in by_title if e.fields.status == "superseded"],
            "figures": [link_to(e) for e in figures],
            "channels": report_channels(community),
            "feed": feed,
        },
        description=_("What we agreed, who answers for it, and where to report."),
        feeds=(feed,),
        nav_order=400,
    )


def _former_texts(community: Community) -> dict[str, list[Entry[Any]]]:
    """Former texts by their guideline's id, the latest first."""
    found: dict[str, list[Entry[Any]]] = {}
    for entry in of_kind(community, "former"):
        found.setdefault(_document(entry), []).append(entry)
    for texts in found.values():
        texts.sort(key=lambda e: (e.fields.effective or date.min, e.path), reverse=True)
    return found


def _document(former: Entry[Any]) -> str:
    """The id of the guideline whose text it was: the name of its folder."""
    return former.path.split("/")[-2]


def _guideline(
    community: Community,
    entry: Entry[Any],
    former: list[Entry[Any]],
    successor: Linked | None,
) -> Page:
    fields = entry.fields
    reviewed = fields.last_review()
    due = fields.review_every.after(reviewed) if fields.review_every and reviewed else None
    feed = FeedLink(_("Changes in the guidelines"), "feeds/guidelines.xml")
    changes = _changes(fields, former)
    return entry_page(
        community,
        entry,
        headings=_outline(community, entry, changes),
        owner=person(community, fields.owner),
        supersedes=linked(community, "guideline", fields.supersedes),
        successor=successor,
        in_force=fields.effective is not None and not _to_come(community, fields.effective),
        reviewed=reviewed,
        due=due,
        changes=changes,
        feeds=(feed,),
    )


def _outline(community: Community, entry: Entry[Any], changes: list[Change]) -> tuple[Heading, ...]:
    parts = {
        "ts-report": _("Report channels") if entry.fields.report_channels else "",
        "ts-ladder": _("What follows what") if entry.fields.ladder else "",
        "ts-history": _("History") if changes else "",
    }
    shown = {id: title for id, title in parts.items() if title}
    before = {id: shown.pop(id) for id in ("ts-report",) if id in shown}
    return outline(community, entry, before=before, after=shown)


def _to_come(community: Community, day: date) -> bool:
    """Whether the day has not begun."""
    return not community.clock.day_passed(date.fromordinal(day.toordinal() - 1))


def _changes(fields: Any, former: list[Entry[Any]]) -> list[Change]:
    """The history, the latest first: what `changes` tells and what the archive holds beside it."""
    texts = {e.fields.version: e for e in former}
    told = {note.version for note in fields.changes}
    found = [
        Change(n.version, n.date, n.summary, texts[n.version].address if n.version in texts else "")
        for n in sorted(fields.changes, key=lambda n: n.date, reverse=True)
    ]
    rest = [e for e in former if e.fields.version not in told]
    return found + [Change(e.fields.version, e.fields.effective, "", e.address) for e in rest]


def _former(community: Community, entry: Entry[Any]) -> Page:
    return entry_page(community, entry, current=linked(community, "guideline", _document(entry)))


def _transparency(community: Community, figures: list[Entry[Any]]) -> Iterator[Page]:
    if figures:
        feed = FeedLink(_("Changes in the guidelines"), "feeds/guidelines.xml")
        data = {"periods": [_figures(e) for e in figures]}
        about = _("What moderation did, in figures that single nobody out.")
        yield list_page(
            community, "guidelines/transparency/", _("Transparency"), "transparency_index.html",
            data, description=about, feeds=(feed,),
        )  # fmt: skip
    for number, entry in enumerate(figures):
        newer = link_to(figures[number - 1]) if number else None
        older = link_to(figures[number + 1]) if number + 1 < len(figures) else None
        yield entry_page(community, entry, tables=_tables(entry), older=older, newer=newer)


def _figures(entry: Entry[Any]) -> Figures:
    period, total = entry.fields.period, entry.fields.total
    tables = _tables(entry)
    if tables and tables[0].total is not None:
        total = tables[0].total
    printed = _(NOT_COLLECTED) if total in (None, NOT_COLLECTED) else str(total)
    return Figures(Linked(period.label, entry.address), period.first, period.last, printed)


def _tables(entry: Entry[Any]) -> list[Table]:
    fields = entry.fields
    titles = (_("Cases by category"), fields.cases), (_("Cases by outcome"), fields.outcomes)
    return [_table(title, rows) for title, rows in titles if rows]


def _table(title: str, rows: Iterable[Any]) -> Table:
    rows = tuple(rows)
    numbers = [row.count for row in rows if isinstance(row.count, int)]
    return Table(title, rows, sum(numbers) if numbers else None, len(numbers) == len(rows))
