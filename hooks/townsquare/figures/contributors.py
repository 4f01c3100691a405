"""Who is behind the names and addresses of commits: people once each, machines not at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from townsquare.history import Commit, Contact

# Machines that commit under a name without `[bot]`; the settings may name others.
BOTS = frozenset(
    (
        "allcontributors", "codecov", "copilot", "dependabot", "dependabot-preview", "depfu",
        "github-actions", "github actions", "gitlab-bot", "greenkeeper", "greenkeeperio-bot",
        "imgbot", "k8s-ci-robot", "mergify", "pre-commit-ci", "pyup-bot", "renovate",
        "renovate-bot", "snyk-bot", "weblate", "hosted weblate", "web-flow",
    )
)  # fmt: skip
# The addresses that forges give to who keeps their own to themselves; the number may come later.
_HIDDEN = re.compile(
    r"(?:\d+[+-])?(?P<login>[^@]+)@users\.noreply\.(?P<forge>[a-z0-9.-]+)", re.IGNORECASE
)
Names = Mapping[str, str]
"""The person's key by each name under which they commit, as `spelt`."""


def spelt(name: str) -> str:
    """A name or address as others are compared with it."""
    return " ".join(name.casefold().split())


def is_bot(contact: Contact, others: Iterable[str] = ()) -> bool:
    """Whether a machine commits under this name or address; `others` are further names of such."""
    local = spelt(contact.address).partition("@")[0]
    words = {spelt(contact.name), local.rpartition("+")[2]}
    known = BOTS.union(map(spelt, others))
    return any(word.endswith("[bot]") or word in known for word in words)


def merged(commits: Iterable[Commit], names: Names, bots: Iterable[str] = ()) -> dict[Contact, str]:
    """Who each contact is: a person's key, or one that begins with `name:`.

    Contacts are one contributor where one person's file names them, and where they share an
    address, a forge's login, or a name of several words. Two people whose files tell them apart
    are never one, and what both of them use joins nobody. Bots are left out.
    """
    counted = Counter(who for each in commits for who in (*each.authors, *each.reviewers))
    contacts = [who for who in sorted(counted) if not is_bot(who, bots)]
    group, owners = _Groups(), dict[str, set[str]]()
    for who in contacts:
        if key := _claimed(who, names):
            group.claim(who, key)
            for mark in _marks(who):
                owners.setdefault(mark, set()).add(key)
    for who in contacts:
        for mark in _marks(who):
            if len(owners.get(mark, ())) < 2:
                group.join(who, mark)
    found: dict[Contact, str] = {}
    for members in group.groups(contacts):
        key = group.claimed(members[0])
        most = max(members, key=lambda who: (counted[who], who))
        found |= dict.fromkeys(members, key or named(most.name, most.address))
    return found


def named(name: str, address: str = "") -> str:
    """The key of somebody without a file; a single word alone would name too many."""
    return f"name:{spelt(name)}" if " " in name.strip() else f"name:{spelt(f'{name} <{address}>')}"


def _marks(who: Contact) -> Iterator[str]:
    """What a contact has in common with others of the same person."""
    hidden = _HIDDEN.fullmatch(who.address)
    if hidden:
        yield f"{hidden['forge']}:{hidden['login']}".casefold()
    elif who.address:
        yield f"@{spelt(who.address)}"
    if " " in who.name.strip():
        yield f"name {spelt(who.name)}"


def login(address: str) -> str:
    """Who somebody is at the forge that hides their address; nothing where none is hidden."""
    hidden = _HIDDEN.fullmatch(address)
    return hidden["login"] if hidden else ""


def _claimed(who: Contact, names: Names) -> str:
    said = (who.name, who.address, login(who.address))
    return next((names[spelt(each)] for each in said if spelt(each) in names), "")


class _Groups:
    """Contacts joined by what they have in common, never two people's that are known apart."""

    def __init__(self) -> None:
        self._above: dict[object, object] = {}
        self._claims: dict[object, str] = {}

    def claim(self, one: object, key: str) -> None:
        """It is this person's, with all that is theirs."""
        self._claims[self._top(key)] = key
        self.join(one, key)

    def claimed(self, one: object) -> str:
        """Whose it is, if anybody's."""
        return self._claims.get(self._top(one), "")

    def join(self, one: object, other: object) -> None:
        """Both are of one group, unless two people claim them."""
        first, second = self._top(one), self._top(other)
        keys = {self._claims.get(each, "") for each in (first, second)} - {""}
        if first == second or len(keys) > 1:
            return
        self._above[second] = first
        self._claims |= dict.fromkeys((first,), *keys) if keys else {}

    def _top(self, one: object) -> object:
        while (above := self._above.setdefault(one, one)) != one:
            # Each look-up shortens the way of the next.
            self._above[one] = self._above.setdefault(above, above)
            one = above
        return one

    def groups(self, contacts: Iterable[Contact]) -> Iterable[list[Contact]]:
        """The groups, each in the order of the contacts."""
        found: dict[object, list[Contact]] = {}
        for who in contacts:
            found.setdefault(self._top(who), []).append(who)
        return found.values()
