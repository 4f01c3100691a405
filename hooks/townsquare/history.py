"""What git remembers of a community's folder: who changed which files when, bots and all.

A folder has a history where it is the top of a checkout with its whole past: what a shallow clone
remembers would make everybody a newcomer of last week.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from townsquare import checkout, git
from townsquare.cache import Cache, key
from townsquare.clock import EARLIEST, LATEST
from townsquare.problems import SetupError
from townsquare.reads import note

LEAF = "past"
"""The name under which is noted that somebody has read the history."""
_FORMAT = "history 2"
_CONTACT = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<address>[^<>]*)>\s*")
_BETWEEN = "\x1f"
# A user's own settings, such as one that writes what it verified between the lines.
_CHOICES = ("log.showSignature=false", "mailmap.file=", "mailmap.blob=")
_PLAINLY = ("--no-replace-objects", *(part for each in _CHOICES for part in ("-c", each)))
_PLACES = (
    *("%H", "%P", "%at", "%aN <%aE>"),
    *(
        f"%(trailers:key={name},valueonly,separator=%x1f)"
        for name in ("Co-authored-by", "Reviewed-by")
    ),
)


class Contact(NamedTuple):
    """A person as a commit names them, after `.mailmap`."""

    name: str
    address: str


class Commit(NamedTuple):
    """One commit. `seconds` since 1970 (UTC) are its author's; `paths` of a merge are not told."""

    id: str
    seconds: int
    authors: tuple[Contact, ...]
    reviewers: tuple[Contact, ...]
    paths: tuple[str, ...]
    is_merge: bool

    @property
    def at(self) -> datetime:
        """The author's instant, UTC."""
        return datetime.fromtimestamp(self.seconds, UTC)


class History:
    """A folder's commits, the oldest first, read when they are asked for.

    `past` is what two moments have in common at which git tells the same; empty without a history.
    `refusal` is what git said instead of telling it: of this machine, and for nobody's page.
    """

    def __init__(self, root: Path | None, cache: Cache | None = None) -> None:
        self._root = root or Path()
        self._cache = cache
        self.past = checkout.past(str(root)) if root else ""
        self.refusal = ""

    @property
    def commits(self) -> tuple[Commit, ...]:
        """Every commit that is reachable from the one that is checked out."""
        note(f"{LEAF}:")
        return self._read[0]

    @property
    def missing(self) -> str:
        """Why the commits are not all there, in a few words; empty where they are."""
        note(f"{LEAF}:")
        return self._read[1]

    @property
    def is_partial(self) -> bool:
        """Whether there is a past of which git does not tell all: nobody's first can be known."""
        return bool(self.missing and self.past)

    @cached_property
    def _read(self) -> tuple[tuple[Commit, ...], str]:
        if not self.past:
            return (), "the folder is not the top of a git repository with a commit"
        if checkout.cut_off_at(str(self._root)):
            return (), "the clone is shallow: `git fetch --unshallow` brings the rest"
        commit = self.past.partition(" ")[0]
        try:
            data = self._kept(lambda: json.dumps([*read(self._root, commit)]).encode())
        except SetupError as error:
            self.refusal = str(error)
            return (), "git did not tell it"
        return tuple(_unpacked(each) for each in json.loads(data)), ""

    def _kept(self, make: Callable[[], bytes]) -> bytes:
        return self._cache.result(key(_FORMAT, self.past), make) if self._cache else make()


def read(root: Path, commit: str) -> Iterator[Commit]:
    """The commits up to this one, the oldest first; SetupError where git refuses.

    What a user's own settings would change of it is set.
    """
    # Nobody can write a name or a path that holds this.
    mark = os.urandom(16).hex()
    form = "%x00".join((f"%x01{mark}", *_PLACES, ""))
    # `-O/dev/null` is how git's manual takes a `diff.orderFile` back.
    how = ("-z", "--no-renames", "--name-only", "--no-color", "-O/dev/null", f"--format={form}")
    said = git.ask(root, *_PLAINLY, "log", *how, commit, "--").decode("utf-8", "replace")
    commits = [_commit(part) for part in said.split(f"\x01{mark}\0")[1:]]
    named = _mapped(root, (who for each in commits for who in (*each.authors[1:], *each.reviewers)))
    for each in sorted(commits, key=lambda commit: (commit.seconds, commit.id)):
        yield each._replace(
            authors=tuple(dict.fromkeys(named.get(who, who) for who in each.authors)),
            reviewers=tuple(dict.fromkeys(named.get(who, who) for who in each.reviewers)),
        )


def _commit(said: str) -> Commit:
    places = len(_PLACES)
    id, parents, seconds, author, together, reviewed, *paths = said.split("\0", places)
    authors = (author, *together.split(_BETWEEN))
    # With `-z` a line break stands between a commit and its first name all the same.
    names = paths[0].removeprefix("\0").removeprefix("\n").split("\0")
    return Commit(
        id,
        _within_reach(seconds),
        tuple(_contacts(authors)),
        tuple(_contacts(reviewed.split(_BETWEEN))),
        tuple(name for name in names if name),
        " " in parents,
    )


def _within_reach(seconds: str) -> int:
    """A commit's date is whatever somebody wrote, if anything: dates must be reckoned with it."""
    stated = int(seconds) if re.fullmatch("-?[0-9]{1,18}", seconds) else 0
    return min(max(stated, int(EARLIEST.timestamp())), int(LATEST.timestamp()))


def _contacts(said: Iterable[str]) -> Iterator[Contact]:
    for each in said:
        if found := _CONTACT.fullmatch(each):
            yield Contact(*(" ".join(found[part].split()) for part in Contact._fields))


def _mapped(root: Path, whom: Iterable[Contact]) -> dict[Contact, Contact]:
    """Who is meant by those whom commits' last lines name: `git log` maps its authors only."""
    asked = sorted(set(whom))
    if not asked:
        return {}
    lines = "".join(f"{who.name} <{who.address}>\n" for who in asked).encode()
    answered = git.ask(root, *_PLAINLY, "check-mailmap", "--stdin", given=lines).decode()
    told = answered.removesuffix("\n").split("\n")
    return {who: next(_contacts([line]), who) for who, line in zip(asked, told, strict=True)}


def _unpacked(said: list[object]) -> Commit:
    # JSON gives lists of anything: what is kept was a commit before.
    id, seconds, authors, reviewers, paths, is_merge = said
    contacts = (tuple(Contact(*each) for each in whom) for whom in (authors, reviewers))  # type: ignore[misc]
    return Commit(id, seconds, *contacts, tuple(paths), is_merge)  # type: ignore[arg-type]
