"""What people did here, piece by piece: from commits, and from what entries credit them with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from townsquare.community import Community, crediting
from townsquare.figures import contributors
from townsquare.model import Credit, Dated, Entry, Published
from townsquare.queries import query

COMMIT, REVIEW = "commit", "review"
CALLED_OFF = ("cancelled", "postponed")
BULK = 100
"""A commit that touches more files than this changes form, not content."""


class Contribution(NamedTuple):
    """One thing that somebody did. `who` is a person's key, or a name that has no file.

    `role` is `commit`, `review` or what an entry credits; `of` the commit or the entry's key.
    """

    day: date
    at: datetime
    who: str
    role: str
    of: str


class Done(NamedTuple):
    """How often somebody did something, and on which days first and last."""

    role: str
    times: int
    first: date
    last: date


def contributions(community: Community) -> list[Contribution]:
    """Everything that was contributed up to now, the oldest first; machines' work left out."""
    return community.once("contributions", lambda: sorted(_all(community)))


def _all(community: Community) -> Iterator[Contribution]:
    zone = ZoneInfo(community.settings.timezone)
    for at, who, role, of in (*_committed(community), *_credited(community)):
        if community.clock.passed(at):
            yield Contribution(at.astimezone(zone).date(), at, who, role, of)


Found = tuple[datetime, str, str, str]


def _committed(community: Community) -> Iterator[Found]:
    people = known_contacts(community)
    for commit in community.library.history.commits:
        # One person under two names did it once.
        authors = () if commit.is_merge else dict.fromkeys(people.get(w) for w in commit.authors)
        reviewers = dict.fromkeys(people.get(w) for w in commit.reviewers)
        yield from ((commit.at, who, COMMIT, commit.id) for who in authors if who)
        yield from ((commit.at, who, REVIEW, commit.id) for who in reviewers if who)


def known_contacts(community: Community) -> dict[Any, str]:
    """Who each contact of git's history is; see `contributors.merged`."""
    return community.once(
        "contacts",
        lambda: contributors.merged(
            community.library.history.commits, git_names(community), community.settings.bots
        ),
    )


@query
def git_names(community: Community) -> dict[str, str]:
    """Each person's key by the names under which they commit; the first file's where two say one.

    A name of several words that is a person's own is theirs without being listed.
    """
    found: dict[str, str] = {}
    people = community.library.of_kinds(["person"])
    for entry in people:
        for name in entry.fields.git:
            found.setdefault(contributors.spelt(name), entry.key)
    for entry in people:
        if " " in entry.title.strip():
            found.setdefault(contributors.spelt(entry.title), entry.key)
    return found


def _credited(community: Community) -> Iterator[Found]:
    for keys in crediting(community):
        for at, who, role, of in dated_credits(community, *keys):
            yield datetime.fromisoformat(at), who, role, of


@query
def dated_credits(community: Community, *keys: str) -> list[tuple[str, str, str, str]]:
    """What these entries credit people with, as (instant as RFC 3339 has it, who, role, key)."""
    return [
        (at.isoformat(), who, role, entry.key)
        for entry in map(community.library.entry, keys)
        for role, credit in dict.fromkeys(entry.fields.credits())
        if (at := _moment(community, entry, role, credit)) is not None
        if (who := _who(community, credit))
    ]


def _who(community: Community, credit: Credit) -> str:
    """The contributor's key; none of an organisation's, which may organise, too."""
    if credit.person is None:
        name = credit.name or ""
        names = git_names(community)
        return names.get(contributors.spelt(name)) or contributors.named(name)
    person = community.library.find("person", credit.person)
    return person.key if person else ""


def _moment(community: Community, entry: Entry[Any], role: str, who: Credit) -> datetime | None:
    """When what an entry credits was done: published, or held for the first time; else never.

    A date that was called off was not held, and who speaks at single dates spoke at these.
    """
    if issubclass(entry.kind.fields, Dated):
        held = (h for h in community.held(entry) if h.details.status not in CALLED_OFF)
        own = (h for h in held if role != "speaker" or who in h.details.speakers)
        return next((h.begins for h in own), None)
    return community.published(entry) if issubclass(entry.kind.fields, Published) else None


@query
def done_by(community: Community, who: str) -> list[Done]:
    """What one contributor did, by role; roles by name."""
    return [*_done(community).get(who, {}).values()]


def _done(community: Community) -> dict[str, dict[str, Done]]:
    return community.once("done", lambda: _summed(contributions(community)))


def _summed(all_of: list[Contribution]) -> dict[str, dict[str, Done]]:
    found: dict[str, dict[str, Done]] = {}
    for each in sorted(all_of, key=lambda c: (c.role, c.at)):
        own = found.setdefault(each.who, {})
        before = own.get(each.role, Done(each.role, 0, each.day, each.day))
        own[each.role] = before._replace(times=before.times + 1, last=each.day)
    return found
