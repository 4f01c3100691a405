"""Figures of git's whole history, as anybody can count them again with `git log`."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from townsquare.community import Community
from townsquare.figures import contributors
from townsquare.figures.contributions import known_contacts
from townsquare.figures.shapes import Figure, Section
from townsquare.history import Commit
from townsquare.queries import query
from townsquare.wordbook import _


class Unknown(NamedTuple):
    """Somebody who committed and has no person file: the name that they use most, and how often."""

    name: str
    commits: int


def past(community: Community) -> Section:
    """Commits and people, bots and merges apart, up to the commit checked out, or to now."""
    missing, people = community.library.history.missing, known_contacts(community)
    commits = until_now(community)
    own = [each for each in commits if not _is_a_bots(community, each)]
    merges = sum(each.is_merge for each in own)
    zone = ZoneInfo(community.settings.timezone)
    days = [each.at.astimezone(zone).date() for each in commits]
    window = f"{min(days)} to {max(days)}" if days else ""

    def figure(id: str, name: str, value: int, unit: str, formula: str) -> Figure:
        found = None if missing else value
        return Figure(id, name, found, unit, formula, window, "git", missing)

    return Section(
        "history",
        _("The repository's history"),
        (
            figure("commits", _("Commits by people"), len(own) - merges,
                "commits", _("commits that are neither merges nor bots'")),
            figure("merges", _("Merges"), merges, "commits", _("commits with two parents")),
            figure("bot-commits", _("Commits by bots"), len(commits) - len(own), "commits",
                _("commits whose author is a bot by its name or address")),
            figure("committers", _("People who committed or reviewed"), len({*people.values()}),
                "people", _("contacts, merged by .mailmap, by address and by people's git")),
            figure("without-a-file", _("Of them without a person file"),
                len(unknown(community)), "people", _("people whom no person file names")),
        ),
    )  # fmt: skip


def until_now(community: Community) -> list[Commit]:
    """The commits that were made by now, the oldest first."""
    return [c for c in community.library.history.commits if community.clock.passed(c.at)]


def _is_a_bots(community: Community, commit: Commit) -> bool:
    bots = community.settings.bots
    return not commit.authors or contributors.is_bot(commit.authors[0], bots)


@query
def unknown(community: Community) -> list[Unknown]:
    """Who committed and has no person file, whoever committed most first; for managers alone."""
    people, counts = known_contacts(community), dict[str, Counter[str]]()
    for commit in until_now(community):
        named = {} if commit.is_merge else {people.get(who, ""): who.name for who in commit.authors}
        for key, name in named.items():
            if key.startswith("name:") and name:
                counts.setdefault(key, Counter())[name] += 1
    found = [
        Unknown(max(sorted(names), key=names.__getitem__), names.total())
        for names in counts.values()
    ]
    return sorted(found, key=lambda each: (-each.commits, each.name))
