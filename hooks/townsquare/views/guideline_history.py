"""The history of each guideline: what changed from one of its texts to the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from posixpath import dirname, join, normpath
from typing import Any, NamedTuple

from townsquare import differences
from townsquare.bodies import Heading
from townsquare.community import Community
from townsquare.differences import Row
from townsquare.makings import Making
from townsquare.model import Entry
from townsquare.pages import FeedLink, Page
from townsquare.queries import query
from townsquare.spots import with_targets
from townsquare.views.lists import Linked, link_to_key
from townsquare.wordbook import _

FOLDER = "history/"


class Step(NamedTuple):
    """A version: since when it holds, what its author says of it, and how its text came about.

    `before` is the version that it is compared with. Nothing was kept of a version without a text.
    """

    anchor: str
    version: str
    date: date | None
    summary: str
    text: Linked | None
    before: Linked | None
    rows: tuple[Row, ...]


class Text(NamedTuple):
    """A version's text as it is kept."""

    entry: Entry[Any]
    version: str
    since: date


def makings(community: Community) -> Iterator[Making]:
    """A page for each guideline of which a former text is kept."""
    for entry in community.readable("guideline"):
        if former_texts(community, entry.id):
            at = entry.address + FOLDER
            yield Making(at, "views.guideline_history:history", (entry.key,))


def history(community: Community, key: str) -> Page:
    """What changed in a guideline, the latest version first."""
    entry = community.library.entry(key)
    steps = _steps(community, entry)
    feed = FeedLink(_("Changes in the guidelines"), "feeds/guidelines.xml")
    title = _("History: %(title)s") % {"title": entry.title}
    return Page(
        address=entry.address + FOLDER,
        title=title,
        template="guideline_history.html",
        data={
            "entry": entry,
            "current": link_to_key(community, in_force(community, key)),
            "steps": steps,
        },
        description=_("What changed from version to version."),
        section="guidelines/",
        headings=tuple(Heading(2, step.anchor, step.version) for step in steps),
        feeds=(feed,),
        language=entry.fields.language or "",
    )


@query
def texts_by_guideline(community: Community) -> dict[str, list[Entry[Any]]]:
    """Former texts by their guideline's id, the latest first."""
    found: dict[str, list[Entry[Any]]] = {}
    for entry in community.readable("former"):
        found.setdefault(document_of(entry), []).append(entry)
    for each in found.values():
        each.sort(key=lambda e: (e.fields.effective or date.min, e.path), reverse=True)
    return found


def document_of(former: Entry[Any]) -> str:
    """The id of the guideline whose text it was: the name of its folder."""
    return former.path.split("/")[-2]


@query
def former_texts(community: Community, id: str) -> list[Entry[Any]]:
    """Former texts of this guideline, the latest first."""
    return texts_by_guideline(community).get(id, [])


@query
def in_force(community: Community, key: str) -> str | None:
    """The key of the text of this guideline that holds today: a former one's until a new one's."""
    kept = texts(community, community.library.entry(key))
    begun = [text for text in kept if _has_begun(community, text)]
    return begun[-1].entry.key if begun else None


def _has_begun(community: Community, text: Text) -> bool:
    """Whether the text has held: a proposal has not, and a former one of an unknown day has."""
    if getattr(text.entry.fields, "status", "active") != "active":
        return False
    unknown = text.since == date.min
    return unknown or community.clock.day_passed(text.since - timedelta(days=1))


@query
def places(community: Community, key: str) -> dict[str, str]:
    """Where in a guideline's history it is told how each version's text came about, by version."""
    kept = texts(community, community.library.entry(key))
    return {text.version: anchor(number) for number, text in enumerate(kept, 1) if number > 1}


def texts(community: Community, entry: Entry[Any]) -> list[Text]:
    """The texts that are kept of a guideline, the first one first; what holds now is the last."""
    days = {note.version: note.date for note in entry.fields.changes}
    former = former_texts(community, entry.id)
    kept = [_text(each, days) for each in former if each.fields.version != entry.fields.version]
    kept.sort(key=lambda text: (text.since, _order(text.version), text.entry.path))
    return [*kept, _text(entry, days)]


def _text(entry: Entry[Any], days: dict[str, date]) -> Text:
    version = entry.fields.version
    return Text(entry, version, entry.fields.effective or days.get(version) or date.min)


def _order(version: str) -> tuple[tuple[int, str], ...]:
    """Versions in the order of their numbers: 1.10 after 1.9."""
    parts = version.replace("-", ".").split(".")
    return tuple((int(part), "") if part.isdecimal() else (0, part) for part in parts)


def anchor(number: int) -> str:
    """The place of the n-th text, counted from the first, so that it stays where it is."""
    return f"text-{number}"


def wording(entry: Entry[Any]) -> str:
    """What a guideline's text says: its body, links told from the repository's top; its ladder."""
    lines = [f"## {_('What follows what')}"] if entry.fields.ladder else []
    for rung in entry.fields.ladder:
        lines.append(f"- {rung.rung}")
        told = (
            (_("What happened"), rung.event),
            (_("What follows"), rung.consequence),
            (_("How trust is mended"), rung.repair),
            (_("How long"), rung.duration),
        )
        lines += (f"  - {name}: {text}" for name, text in told if text)
    # One file is named in as many ways as there are folders that name it.
    body = with_targets(entry.source.body, lambda target: _from_the_top(entry.path, target))
    return "\n".join((body, *lines))


def _from_the_top(path: str, target: str) -> str:
    """The path in the repository to which a link of this file leads; other addresses stay."""
    if not target or target.startswith(("/", "#")) or ":" in target:
        return target
    return normpath(join(dirname(path), target))


def _steps(community: Community, entry: Entry[Any]) -> list[Step]:
    notes = {note.version: note for note in entry.fields.changes}
    kept = texts(community, entry)
    steps = [_step(number, None, text, notes) for number, text in enumerate(kept[:1], 1)]
    steps += [_step(n, before, text, notes) for n, (before, text) in enumerate(pairwise(kept), 2)]
    told = {step.version for step in steps}
    for note in entry.fields.changes:
        if note.version not in told:
            at = f"version-{len(notes) - list(notes).index(note.version)}"
            steps.append(Step(at, note.version, note.date, note.summary, None, None, ()))
    return sorted(steps, key=lambda s: (s.date or date.min, _order(s.version)), reverse=True)


def _step(number: int, before: Text | None, text: Text, notes: dict[str, Any]) -> Step:
    note = notes.get(text.version)
    return Step(
        anchor(number),
        text.version,
        note.date if note else text.entry.fields.effective,
        note.summary if note else "",
        Linked(text.version, text.entry.address),
        Linked(before.version, before.entry.address) if before else None,
        differences.between(wording(before.entry), wording(text.entry)) if before else (),
    )
