"""The file that would add a person who is known from git's history alone.

It holds the names under which they commit and their forge's noreply addresses. Any other address
stays where it is: a person's file is published.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

from townsquare.community import Community
from townsquare.field_guide import scalar
from townsquare.figures import contributors
from townsquare.figures.contributions import known_contacts
from townsquare.history import Commit, Contact
from townsquare.problems import Fault, SetupError, did_you_mean
from townsquare.texts import parse_line
from townsquare.values import value

_LIKE_AN_ADDRESS = re.compile(r"\S@\S")


@value
class Known:
    """What a history tells of somebody. `names` are what `git:` takes, the most used first."""

    title: str
    names: tuple[str, ...]
    joined: date

    @property
    def fields(self) -> dict[str, str]:
        """The fields of their file, as YAML."""
        names = ", ".join(map(scalar, self.names))
        return {"joined": self.joined.isoformat(), "git": f"[{names}]"}


def known(community: Community, said: str, title: str = "") -> Known:
    """Who commits under this name, address or forge's login, all their names together.

    Raises SetupError for nobody, a machine, several people, and somebody who has a file.
    """
    history = community.library.history
    if history.missing:
        raise SetupError(f"git's history cannot tell: {history.missing}")
    contacts = _of_one(community, said)
    commits = [c for c in history.commits if not contacts.isdisjoint((*c.authors, *c.reviewers))]
    names = _names(commits, contacts)
    title = title or next((name for name in names if not _LIKE_AN_ADDRESS.search(name)), "")
    if not title:
        hint = f'say it: python3 scripts/new.py person "Their name" --from-git {said}'
        raise SetupError(f"their commits tell no name that could be published; {hint}")
    first = min(each.at for each in commits)
    zone = ZoneInfo(community.settings.timezone)
    return Known(title, names, first.astimezone(zone).date())


def _of_one(community: Community, said: str) -> set[Contact]:
    people = known_contacts(community)
    named = {who: key for who, key in people.items() if _is_meant(who, said)}
    if not named:
        raise SetupError(_nobody(community, said))
    keys = sorted(set(named.values()))
    if len(keys) > 1:
        names = ", ".join(sorted({_shown(who) for who in named}))
        raise SetupError(f"{len(keys)} people commit as `{said}`: say whose address ({names})")
    if keys[0].startswith("person:"):
        file = community.library.entry(keys[0]).path
        raise SetupError(f"`{said}` has a file: {file}; further names go under `git:` there")
    return {who for who, key in people.items() if key == keys[0]}


def _is_meant(who: Contact, said: str) -> bool:
    meant = contributors.spelt(said)
    return meant in (contributors.spelt(each) for each in (*who, contributors.login(who.address)))


def _nobody(community: Community, said: str) -> str:
    """Nobody is called that: a machine, or a name that was typed otherwise."""
    commits = community.library.history.commits
    every = {who for each in commits for who in (*each.authors, *each.reviewers)}
    if any(_is_meant(who, said) for who in every):
        return f"`{said}` is a machine, and machines have no page"
    hint = did_you_mean(said, sorted({who.name for who in every if _publishable(who.name)}))
    return f"nobody commits as `{said}`; {hint or 'see `git shortlog -se`'}"


def _names(commits: list[Commit], contacts: set[Contact]) -> tuple[str, ...]:
    """Names, then noreply addresses, the most used first, none that another address stands in."""
    said = [who for c in commits for who in (*c.authors, *c.reviewers) if who in contacts]
    names = Counter(who.name for who in said if _publishable(who.name))
    hidden = Counter(who.address for who in said if contributors.login(who.address))
    ordered = (sorted(each, key=lambda word: (-each[word], word)) for each in (names, hidden))
    return tuple(dict.fromkeys(word for words in ordered for word in words))


def _publishable(name: str) -> bool:
    """Whether the name is one line without an address in it, but a noreply one."""
    try:
        parse_line(name)
    except Fault:
        return False
    return not _LIKE_AN_ADDRESS.search(name) or bool(contributors.login(name))


def _shown(who: Contact) -> str:
    """Whom a contact names, as far as it may be printed: their own address is not repeated."""
    login = contributors.login(who.address)
    return f"{who.name} <{who.address}>" if login else who.name
