"""The rulebook: guidelines and their former texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from townsquare.bodies import Heading
from townsquare.community import Community, Named
from townsquare.makings import Making
from townsquare.model import Entry
from townsquare.pages import FeedLink, Page
from townsquare.queries import query
from townsquare.views import guideline_history, transparency
from townsquare.views.channels import TYPES, active, is_in_force, report_channels
from townsquare.views.guideline_history import document_of, former_texts, texts_by_guideline
from townsquare.views.lists import Linked, link_to, link_to_key, linked, person
from townsquare.views.shapes import entry_page, introduction, list_page, outline
from townsquare.wordbook import _, label


class Listed(NamedTuple):
    """A guideline as lists show it. `due` is the day by which it is read again."""

    title: str
    address: str
    version: str
    effective: date | None
    description: str
    owner: Named | None = None
    due: date | None = None


class Change(NamedTuple):
    """What a version changed, and where the text of that version still stands.

    `compared` is the place in the history where it is told word by word.
    """

    version: str
    date: date | None
    summary: str
    address: str
    compared: str = ""


def makings(community: Community) -> Iterator[Making]:
    """The rulebook's index, every guideline and every former text."""
    guidelines = community.readable("guideline")
    if guidelines or transparency.periods(community) or introduction(community, "guidelines/"):
        yield Making("guidelines/", "views.guidelines:index")
    for entry in guidelines:
        yield Making(entry.address, "views.guidelines:guideline", (entry.key,))
    for texts in texts_by_guideline(community).values():
        for entry in texts:
            yield Making(entry.address, "views.guidelines:former", (entry.key,))


def listed(entry: Entry[Any]) -> Listed:
    """The guideline as lists show it."""
    fields = entry.fields
    return Listed(entry.title, entry.address, fields.version, fields.effective, fields.summary())


def _looked_after(community: Community, entry: Entry[Any]) -> Listed:
    """The guideline with who answers for it, and when they read it again."""
    owner = person(community, entry.fields.owner)
    return listed(entry)._replace(owner=owner, due=_due(entry))


def index(community: Community) -> Page:
    """The rulebook's index: what is in force, what is proposed, and what was."""
    held = active(community)
    by_title = sorted(community.readable("guideline"), key=lambda e: (e.title.casefold(), e.id))
    drafts = [e for e in by_title if e.fields.status == "draft"]
    feed = FeedLink(_("Changes in the guidelines"), "feeds/guidelines.xml")
    return list_page(
        community,
        "guidelines/",
        _("Guidelines"),
        "guidelines.html",
        {
            "types": [
                (label(t), [_looked_after(community, e) for e in held if e.fields.type == t])
                for t in TYPES
                if any(e.fields.type == t for e in held)
            ],
            "proposed": [_looked_after(community, e) for e in drafts],
            "superseded": [listed(e) for e in by_title if e.fields.status == "superseded"],
            "figures": [link_to(e) for e in transparency.periods(community)],
            "channels": report_channels(community),
            "feed": feed,
        },
        description=_("What we agreed, who answers for it, and where to report."),
        feeds=(feed,),
        nav_order=400,
    )


@query
def successor_keys(community: Community) -> dict[str, str]:
    """For each guideline that another supersedes, by its id, the key of the other."""
    guidelines = community.readable("guideline")
    return {e.fields.supersedes: e.key for e in guidelines if e.fields.supersedes}


@query
def successor(community: Community, id: str) -> str | None:
    """The key of the guideline that supersedes this one."""
    return successor_keys(community).get(id)


def guideline(community: Community, key: str) -> Page:
    """A guideline's own page, with what its versions changed."""
    entry = community.library.entry(key)
    fields = entry.fields
    reviewed = fields.last_review()
    feed = FeedLink(_("Changes in the guidelines"), "feeds/guidelines.xml")
    compared = guideline_history.places(community, key)
    changes = [
        change._replace(compared=compared.get(change.version, ""))
        for change in _changes(fields, former_texts(community, entry.id))
    ]
    return entry_page(
        community,
        entry,
        headings=_outline(community, entry, changes),
        owner=person(community, fields.owner),
        supersedes=linked(community, "guideline", fields.supersedes),
        after=linked(community, "guideline", fields.after_report),
        successor=link_to_key(community, successor(community, entry.id)),
        in_force=is_in_force(community, entry),
        until_then=_until_then(community, entry),
        reviewed=reviewed,
        due=_due(entry),
        changes=changes,
        history=entry.address + guideline_history.FOLDER,
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


def _due(entry: Entry[Any]) -> date | None:
    """The day by which it is read again, where its owner promised to."""
    every, last = entry.fields.review_every, entry.fields.last_review()
    return every.after(last) if every and last else None


def _until_then(community: Community, entry: Entry[Any]) -> Linked | None:
    """The former text that holds until this one does."""
    key = guideline_history.in_force(community, entry.key)
    return link_to_key(community, key) if key != entry.key else None


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


def former(community: Community, key: str) -> Page:
    """The page of a text that a guideline had, which leads to the text of today."""
    entry = community.library.entry(key)
    rule = community.library.find("guideline", document_of(entry))
    current = linked(community, "guideline", document_of(entry))
    holds = bool(current and rule and guideline_history.in_force(community, rule.key) == key)
    return entry_page(
        community,
        entry,
        current=current,
        until=rule.fields.effective if holds and rule else None,
        history=current.address + guideline_history.FOLDER if current else "",
    )
