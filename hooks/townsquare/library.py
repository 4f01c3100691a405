"""Everything that a community's folders hold, loaded, typed and looked up."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

from townsquare import source, validation
from townsquare.clock import Clock
from townsquare.fields import Doc, record
from townsquare.kinds import kind_of
from townsquare.model import Annotated, Entry, Line, State, Text, state
from townsquare.problems import Place, Problem, problem
from townsquare.settings import Settings

FOLDERS = ("content", "events", "guidelines")
TAGS_FILE = "content/tags.yml"
MAX_TEXT_BYTES = 256 * 1024
IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")
MEDIA = (".mp3", ".m4a", ".ogg", ".opus", ".mp4", ".webm", ".vtt", ".pdf")
_NAME = re.compile(r"[\w-][\w.-]*", re.UNICODE)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that is published as it is, beside the page that shows it. `size` is in bytes."""

    path: str
    size: int

    @property
    def address(self) -> str:
        return self.path.removeprefix("content/")


@record
class Tag:
    """A topic. `slug` is its address and its key."""

    title: Annotated[Line, Doc("How the topic is written.", "Events")]
    description: Annotated[Text | None, Doc("What belongs to it.")] = None
    aliases: Annotated[tuple[Line, ...], Doc("Other spellings that authors may use.")] = ()


@dataclass(frozen=True)
class Library:
    """A community's content. `states` tells for each entry's key whether readers see it."""

    settings: Settings
    entries: tuple[Entry[Any], ...]
    states: Mapping[str, State]
    assets: Mapping[str, Asset]
    tags: Mapping[str, Tag]
    tags_listed: bool
    root: Path = field(default=Path())

    @cached_property
    def by_path(self) -> Mapping[str, Entry[Any]]:
        """Every entry, hidden ones too, by its file's path in the repository."""
        return {entry.path: entry for entry in self.entries}

    @cached_property
    def _by_key(self) -> Mapping[str, Entry[Any]]:
        return {entry.key: entry for entry in self.entries}

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        words = {word: slug for slug, tag in self.tags.items() for word in (tag.title, *tag.aliases)}
        return {spelling(word): slug for word, slug in words.items()} | {s: s for s in self.tags}

    def find(self, kind: str, id: str) -> Entry[Any] | None:
        """The entry of this kind and id, hidden or not."""
        return self._by_key.get(f"{kind}:{id}")

    def all(self, of: type[A]) -> list[Entry[Any]]:
        """Entries, hidden ones too, whose fields are of this kind or facet, by path."""
        return [entry for entry in self.entries if isinstance(entry.fields, of)]

    def visible(self, of: type[A]) -> list[Entry[Any]]:
        """What readers see of a kind or facet, by path."""
        return [entry for entry in self.all(of) if self.shown(entry)]

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
        found = (self.tag(word) for word in entry.fields.tags)
        return list(dict.fromkeys(slug for slug in found if slug))


def spelling(word: str) -> str:
    """A tag's slug: NFC, case folded, runs of anything but letters and digits as one `-`."""
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", word).casefold()).strip("-")


def load(root: Path, settings: Settings, clock: Clock) -> tuple[Library, list[Problem]]:
    """The library of the community in this folder and everything wrong with its files."""
    problems: list[Problem] = []
    entries: list[Entry[Any]] = []
    assets: dict[str, Asset] = {}
    for path in _files(root, problems):
        if path.endswith(".md"):
            entries.extend(_entry(root, path, settings, problems))
        elif path.endswith((*IMAGES, *MEDIA)):
            assets[path] = Asset(path, (root / path).stat().st_size)
        elif path != TAGS_FILE:
            hint = "move it out of the content folders"
            problems.append(problem("file_kind_refused", Place(path), "this is not published", hint))
    tags, listed = _tags(root, entries, problems)
    unique = _unique(entries, problems)
    states = {entry.key: state(entry.fields, clock, settings.timezone) for entry in unique}
    return Library(settings, tuple(unique), states, assets, tags, listed, root), problems


def _files(root: Path, problems: list[Problem]) -> Iterator[str]:
    """Paths of all files in the content folders, sorted, links refused, dot files passed over."""
    for folder in FOLDERS:
        if (root / folder).is_dir():
            yield from _below(root, folder, problems)


def _below(root: Path, folder: str, problems: list[Problem]) -> Iterator[str]:
    with os.scandir(root / folder) as found:
        items = sorted(found, key=lambda item: item.name)
    for item in items:
        path = f"{folder}/{item.name}"
        if item.name.startswith("."):
            continue
        if fault := _name_fault(path, item):
            problems.append(fault)
        elif item.is_dir():
            yield from _below(root, path, problems)
        else:
            yield path


def _name_fault(path: str, item: os.DirEntry[str]) -> Problem | None:
    if item.is_symlink():
        message = "this is a link to another file"
        return problem("symlink_refused", Place(path), message, "copy the file here instead")
    if not _NAME.fullmatch(item.name) or _RESERVED.fullmatch(item.name):
        message = f"the name `{item.name}` cannot be part of an address"
        return problem("file_name_unusable", Place(path), message, "rename it, as in `my-post.md`")
    return None


def read_text(root: Path, path: str) -> tuple[str | None, Problem | None]:
    """The file's text with Unix line ends, or why it cannot be read."""
    data = (root / path).read_bytes()
    if len(data) > MAX_TEXT_BYTES:
        message = f"{len(data) // 1024} KB, at most {MAX_TEXT_BYTES // 1024} KB fit"
        return None, problem("file_too_large", Place(path), message, "split the text")
    try:
        return source.normalise_newlines(data.decode("utf-8")), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        message = "this is not UTF-8 text"
        place = Place(path, line, column)
        return None, problem("file_unreadable", place, message, "save the file as UTF-8")


def _entry(
    root: Path, path: str, settings: Settings, problems: list[Problem]
) -> Iterator[Entry[Any]]:
    kind = kind_of(path)
    text, unreadable = read_text(root, path)
    if kind is None or text is None:
        problems.extend([unreadable] if unreadable else [])
        return
    parsed, faults = source.parse(path, text)
    problems.extend(faults)
    if parsed is None:
        return
    fields, faults = validation.validate(kind.fields, parsed)
    problems.extend(faults)
    if fields is not None:
        problems.extend(validation.findings(kind, fields, parsed, settings))
        yield Entry(kind, parsed, fields)


def _unique(entries: Iterable[Entry[Any]], problems: list[Problem]) -> list[Entry[Any]]:
    """The entries, the first of each key only."""
    seen: dict[str, Entry[Any]] = {}
    for entry in entries:
        if first := seen.get(entry.key):
            message = f"{first.path} is the {entry.kind.name} `{entry.id}` already"
            hint = "give this one another `id:` or file name"
            problems.append(problem("duplicate_id", entry.place("id"), message, hint))
        else:
            seen[entry.key] = entry
    return list(seen.values())


def _tags(
    root: Path, entries: list[Entry[Any]], problems: list[Problem]
) -> tuple[dict[str, Tag], bool]:
    """The listed tags, else all that are used, by slug; and whether there is a list."""
    if (root / TAGS_FILE).is_file():
        return _listed_tags(root, problems), True
    used: dict[str, Tag] = {}
    for entry in entries:
        for number, word in enumerate(entry.fields.tags):
            known = used.setdefault(spelling(word), Tag(title=word))
            if known.title.casefold() != word.casefold() and spelling(known.title) != word:
                message = f"`{word}` and `{known.title}` would have one address"
                hint = "spell them alike, or list both in content/tags.yml"
                problems.append(problem("tags_collide", entry.place("tags", number), message, hint))
    return dict(sorted(used.items())), False


def _listed_tags(root: Path, problems: list[Problem]) -> dict[str, Tag]:
    text, unreadable = read_text(root, TAGS_FILE)
    if text is None:
        problems.extend([unreadable] if unreadable else [])
        return {}
    parsed, faults = source.parse_yaml(TAGS_FILE, text)
    problems.extend(faults)
    tags: dict[str, Tag] = {}
    for slug in parsed.front if parsed else ():
        assert parsed is not None
        tags.update(_listed_tag(parsed, slug, problems))
    return tags


def _listed_tag(parsed: source.Source, slug: str, problems: list[Problem]) -> dict[str, Tag]:
    values: Any = parsed.front[slug]
    if spelling(slug) != slug or not isinstance(values, dict):
        message = f"`{slug}` is not a slug with fields"
        hint = "write `my-topic:` and below it `title: My topic`"
        problems.append(problem("tags_file_invalid", parsed.key((slug,)), message, hint))
        return {}
    inner = source.Source(
        parsed.path,
        cast("dict[str, Any]", values),
        {loc[1:]: at for loc, at in parsed.places.items() if loc[:1] == (slug,)},
        {loc[1:]: at for loc, at in parsed.keys.items() if loc[:1] == (slug,)},
    )
    tag, faults = validation.validate(Tag, inner)
    problems.extend(faults)
    return {slug: tag} if tag else {}
