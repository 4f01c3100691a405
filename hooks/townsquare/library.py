"""Everything that a community's folders hold, loaded, typed and looked up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from functools import cached_property
from pathlib import Path
from posixpath import dirname, normpath, splitext
from typing import Any, TypeVar

from townsquare import collected, folders, picture_faults, source, tags
from townsquare.cache import Cache
from townsquare.clock import Clock
from townsquare.collected import Collected
from townsquare.history import History
from townsquare.kinds import kind_of, names_of
from townsquare.model import Entry, State, state
from townsquare.problems import Place, Problem, problem
from townsquare.settings import Settings
from townsquare.tags import Tag
from townsquare.texts import spelling
from townsquare.values import value

DRAWING = ".svg"
IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", DRAWING)
MEDIA = (".mp3", ".m4a", ".ogg", ".opus", ".mp4", ".webm", ".vtt", ".pdf")

A = TypeVar("A")


@value
class Asset:
    """A file that is published as it is, beside the page that shows it. `size` is in bytes."""

    path: str
    size: int

    @property
    def address(self) -> str:
        """Its path from the site's root."""
        return self.path.removeprefix("content/")


@value
class Library:
    """A community's content. `states` tells for each entry's key whether readers see it.

    `faulty` names, by file, the keys of entries that could not be made: that they are named
    elsewhere is no fault there. `data` is what tools collected, by file, `history` what git
    remembers.
    """

    settings: Settings
    entries: tuple[Entry[Any], ...]
    states: Mapping[str, State]
    assets: Mapping[str, Asset]
    tags: Mapping[str, Tag]
    tags_listed: bool
    root: Path = field(default=Path())
    faulty: Mapping[str, str] = field(default_factory=dict[str, str])
    data: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    history: History = field(default_factory=lambda: History(None))

    def lists_tags(self) -> bool:
        """Whether content/tags.yml says which tags there are."""
        return self.tags_listed

    @property
    def unnoted(self) -> tuple[Entry[Any], ...]:
        """Every entry, for those of whom nobody is to know that they went over all."""
        return self.entries

    @cached_property
    def by_path(self) -> Mapping[str, Entry[Any]]:
        """Every entry, hidden ones too, by its file's path in the repository."""
        return {entry.path: entry for entry in self.entries}

    @cached_property
    def _by_key(self) -> Mapping[str, Entry[Any]]:
        return {entry.key: entry for entry in self.entries}

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        listed = ((slug, word) for slug, tag in self.tags.items() for word in tag.words)
        return {spelling(word): slug for slug, word in listed} | {slug: slug for slug in self.tags}

    @cached_property
    def _faulty_keys(self) -> frozenset[str]:
        return frozenset(self.faulty.values())

    def may_hold(self, kind: str, id: str) -> bool:
        """Whether there is such an entry, or a faulty file of its name."""
        key = f"{kind}:{id}"
        return key in self._by_key or key in self._faulty_keys

    def find(self, kind: str, id: str) -> Entry[Any] | None:
        """The entry of this kind and id, hidden or not."""
        return self._by_key.get(f"{kind}:{id}")

    def entry(self, key: str) -> Entry[Any]:
        """The entry of this key, hidden or not; KeyError where there is none."""
        return self._by_key[key]

    def all(self, of: type[A]) -> list[Entry[Any]]:
        """Entries, hidden ones too, whose fields are of this kind or facet, by path."""
        return self.of_kinds(names_of(of))

    def of_kinds(self, names: Iterable[str]) -> list[Entry[Any]]:
        """Entries, hidden ones too, of the kinds of these names, by path."""
        wanted = {*names}
        return [entry for entry in self.entries if entry.kind.name in wanted]

    def visible(self, of: type[A]) -> list[Entry[Any]]:
        """What readers see of a kind or facet, by path."""
        return [entry for entry in self.all(of) if self.shown(entry)]

    def readable(self, kind: str = "") -> list[Entry[Any]]:
        """What readers see, by path: of every kind, or of the one of this name."""
        found = self.of_kinds([kind]) if kind else self.entries
        return [entry for entry in found if self.shown(entry)]

    def shown(self, entry: Entry[Any]) -> bool:
        """Whether the entry has a page that readers can open."""
        return self.states[entry.key] is State.CURRENT and entry.fields.shown_as_page()

    def hidden(self, path: str) -> bool:
        """Whether the file holds an entry that readers do not see."""
        entry = self.by_path.get(path)
        return entry is not None and not self.shown(entry)

    def tag(self, word: str) -> str | None:
        """The slug of the tag that an author wrote, by slug, title or alias."""
        return self._spellings.get(spelling(word))

    def tags_of(self, entry: Entry[Any]) -> list[str]:
        """The slugs of an entry's tags, in the author's order, each once."""
        found = (self.tag(word) for word in entry.tag_words)
        return list(dict.fromkeys(slug for slug in found if slug))


def load(
    root: Path, settings: Settings, clock: Clock, cache: Cache | None = None
) -> tuple[Library, list[Problem]]:
    """The library of the community in this folder and everything wrong with its files."""
    problems: list[Problem] = []
    entries: list[Entry[Any]] = []
    assets: dict[str, Asset] = {}
    texts: list[str] = []
    gathered: list[str] = []
    for path in folders.paths(root, problems):
        if collected.is_one(path):
            fault = collected.fault(root, path)
            problems.extend([fault] if fault else [])
            gathered.extend([] if fault else [path])
        elif path.endswith(".md"):
            texts.append(path)
            text, unreadable = folders.read_text(root, path)
            problems.extend([unreadable] if unreadable else [])
            entries.extend(entry_of(path, text, settings, problems))
        elif path.lower().endswith((*IMAGES, *MEDIA)):
            assets.update(_asset(root, path, problems))
        elif path != tags.FILE:
            problems.append(refused(path))
    listed, words = tags.read(root, entries, problems)
    unique = unique_entries(entries, problems)
    problems.extend(drawings_elsewhere(unique, assets))
    problems.extend(picture_faults.faults(root, assets))
    states = _states(unique, settings, clock)
    faulty = faulty_keys(texts, unique)
    both = Collected(root, gathered), History(root, cache)
    own = settings, tuple(unique), states, assets, words
    return Library(*own, listed, root, faulty, *both), problems


def _states(entries: list[Entry[Any]], settings: Settings, clock: Clock) -> dict[str, State]:
    """Whether readers see each entry, by key. What is part of a hidden entry is hidden with it."""
    own = {entry.key: state(entry.fields, clock, settings.timezone) for entry in entries}
    states = dict(own)
    for entry in entries:
        whole = entry.kind.part_of(entry.path)
        if whole and states[entry.key] is State.CURRENT:
            states[entry.key] = own.get(":".join(whole), State.CURRENT)
    return states


def _asset(root: Path, path: str, problems: list[Problem]) -> dict[str, Asset]:
    try:
        return {path: Asset(path, (root / path).stat().st_size)}
    except OSError as error:
        problems.append(folders.unreadable(path, error))
        return {}


def faulty_keys(texts: Iterable[str], entries: Iterable[Entry[Any]]) -> dict[str, str]:
    """The keys that files without an entry would have, by path."""
    whole = {entry.path for entry in entries}
    kinds = ((path, kind_of(path)) for path in texts if path not in whole)
    return {path: f"{kind.name}:{kind.id_of(path)}" for path, kind in kinds if kind}


def refused(path: str) -> Problem:
    """What is said of a file that is not published, by its ending."""
    if path.lower().endswith((".md", ".markdown")):
        message, hint = "this ending is not read", "write the ending as `.md`"
    else:
        kind = f"`{splitext(path)[1]}`" if splitext(path)[1] else "such"
        message = f"{kind} files are not published"
        hint = "move it out of the content folders"
    return problem("file_kind_refused", Place(path), message, hint)


def drawings_elsewhere(
    entries: Iterable[Entry[Any]], assets: Mapping[str, Asset]
) -> Iterator[Problem]:
    """Each `.svg` that is neither a logo nor an avatar: a drawing can hold script."""
    drawings = [path for path in assets if path.lower().endswith(DRAWING)]
    taken: set[str] = set()
    if drawings:
        taken.update(file for entry in entries for file in _portraits(entry))
    for path in drawings:
        if path not in taken:
            message = "a drawing (.svg) is published as a logo or an avatar only"
            hint = "save it as .png or .webp, or delete it"
            yield problem("file_kind_refused", Place(path), message, hint)


def _portraits(entry: Entry[Any]) -> Iterator[str]:
    for name in ("logo", "avatar"):
        if picture := getattr(entry.fields, name, None):
            yield normpath(f"{dirname(entry.path)}/{picture.src}")


def entry_of(
    path: str, text: str | None, settings: Settings, problems: list[Problem]
) -> Iterator[Entry[Any]]:
    """The entry that a file with this text holds, or none and why."""
    kind = kind_of(path)
    if kind is None or text is None:
        return
    from townsquare import validation  # with pydantic, 60 ms

    parsed, faults = source.parse(path, text)
    problems.extend(faults)
    if parsed is None:
        return
    fields, faults = validation.validate(kind.fields, parsed)
    problems.extend(faults)
    if fields is not None:
        problems.extend(validation.findings(kind, fields, parsed, settings))
        yield Entry(kind, parsed, fields)


def unique_entries(entries: Iterable[Entry[Any]], problems: list[Problem]) -> list[Entry[Any]]:
    """The entries, the first of each key only; keys that differ in case name one file to some."""
    seen: dict[str, Entry[Any]] = {}
    for entry in entries:
        first = seen.setdefault(entry.key.casefold(), entry)
        if first is not entry:
            message = f"{first.path} is the {entry.kind.name} `{first.id}` already"
            hint = "give this one another `id:` or file name"
            problems.append(problem("duplicate_id", entry.place("id"), message, hint))
    return list(seen.values())
