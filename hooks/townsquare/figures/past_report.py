"""Figures of git's whole history, as anybody can count them again with `git log`."""

from __future__ import annotations

from typing import NamedTuple

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
    """Commits and people, bots and merges apart, up to the commit that is checked out."""
    missing, people = community.library.history.missing, known_contacts(community)
    commits = community.library.history.commits
    bots = [each for each in commits if _is_bots(community, each)]
    merges = [each for each in commits if each.is_merge and each not in bots]
    window = f"{commits[0].day:%Y-%m-%d} to {commits[-1].day:%Y-%m-%d}" if commits else ""

    def figure(id: str, name: str, value: int, unit: str, formula: str) -> Figure:
        found = None if missing else value
        return Figure(id, name, found, unit, formula, window, "git", missing)

    return Section(
        "history",
        _("The repository's history"),
        (
            figure("commits", _("Commits by people"), len(commits) - len(bots) - len(merges),
                "commits", _("commits that are neither merges nor bots'")),
            figure("merges", _("Merges"), len(merges), "commits", _("commits with two parents")),
            figure("bot-commits", _("Commits by bots"), len(bots), "commits",
                _("commits whose author is a bot by its name or address")),
            figure("committers", _("People who committed or reviewed"), len({*people.values()}),
                "people", _("contacts, merged by .mailmap, by address and by people's git")),
            figure("without-a-file", _("Of them without a person file"),
                len(unknown(community)), "people", _("people whom no person file names")),
        ),
    )  # fmt: skip


def _is_bots(community: Community, commit: Commit) -> bool:
    return (
        contributors.is_bot(commit.authors[0], community.settings.bots) if commit.authors else True
    )


@query
def unknown(community: Community) -> list[Unknown]:
    """Who committed and has no person file, whoever committed most first."""
    people, counts = known_contacts(community), dict[str, dict[str, int]]()
    for commit in community.library.history.commits:
        for who in () if commit.is_merge else commit.authors:
            key = people.get(who, "")
            if key.startswith("name:"):
                names = counts.setdefault(key, {})
                names[who.name] = names.get(who.name, 0) + 1
    found = [
        Unknown(max(sorted(names), key=lambda name: names[name]), sum(names.values()))
        for names in counts.values()
    ]
    return sorted(found, key=lambda each: (-each.commits, each.name))
