"""What mkdocs.yml, content/tags.yml and files' names say, kept so that they need not be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from townsquare import folders, settings, tags
from townsquare.model import Entry
from townsquare.problems import Problem
from townsquare.rebuilding import rebuilt
from townsquare.settings import Settings
from townsquare.tags import Tag
from townsquare.upkeep.packing import packed, unpacked
from townsquare.upkeep.snapshot import Snapshot


class Choices(NamedTuple):
    """The two files as the next build needs them. Only text and numbers: it is kept as JSON.

    `settings` are values as typed; `tags` the listed ones by slug, nothing where none are listed.
    Each comes with the digest of its file and the problems that were found in it. `listing` is the
    digest of all names.
    """

    settings_sha: str = ""
    settings: dict[str, Any] | None = None
    settings_problems: tuple[tuple[Any, ...], ...] = ()
    tags_sha: str = ""
    tags: dict[str, dict[str, Any]] | None = None
    tags_problems: tuple[tuple[Any, ...], ...] = ()
    listing: str = ""
    names_problems: tuple[tuple[Any, ...], ...] = ()


def names_of(snapshot: Snapshot, before: Choices) -> tuple[list[Problem], Choices]:
    """What is wrong with the names of files and folders, and what is to be kept."""
    listing = snapshot.listing()
    if before.listing == listing:
        return [unpacked(each) for each in before.names_problems], before
    found: list[Problem] = []
    folders.paths(Path(snapshot.root), found)
    told = tuple(map(packed, found))
    return found, before._replace(listing=listing, names_problems=told)


def settings_of(snapshot: Snapshot, before: Choices) -> tuple[Settings, list[Problem], Choices]:
    """The settings, what is wrong with them, and what is to be kept."""
    sha = snapshot.digests.get(settings.FILE, "")
    if before.settings is not None and before.settings_sha == sha:
        found = [unpacked(each) for each in before.settings_problems]
        return rebuilt(Settings, before.settings), found, before
    choices, problems, values = settings.read_with_values(Path(snapshot.root))
    told = tuple(map(packed, problems))
    kept = before._replace(settings_sha=sha, settings=values, settings_problems=told)
    return choices, problems, kept


def tags_of(
    snapshot: Snapshot, entries: Iterable[Entry[Any]], problems: list[Problem], before: Choices
) -> tuple[bool, dict[str, Tag], Choices]:
    """Whether tags are listed, the tags by slug, and what is to be kept."""
    sha = snapshot.digests.get(tags.FILE, "")
    if before.tags is not None and before.tags_sha == sha:
        problems.extend(unpacked(each) for each in before.tags_problems)
        return True, {slug: _tag(each) for slug, each in before.tags.items()}, before
    found: list[Problem] = []
    listed, words = tags.read(Path(snapshot.root), entries, found)
    problems.extend(found)
    known = {slug: asdict(tag) for slug, tag in words.items()} if listed else None
    told = tuple(map(packed, found)) if listed else ()
    return listed, words, before._replace(tags_sha=sha, tags=known, tags_problems=told)


def _tag(said: dict[str, Any]) -> Tag:
    return Tag(title=said["title"], description=said["description"], aliases=tuple(said["aliases"]))
