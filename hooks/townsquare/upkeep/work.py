"""One build's community, read as far as the last build did not, with every look-up noted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from townsquare import collected, folders, library, picture_faults, queries, settings, tags
from townsquare.cache import Cache
from townsquare.clock import Clock
from townsquare.collected import Collected
from townsquare.community import Community
from townsquare.history import History
from townsquare.library import IMAGES, MEDIA, Asset
from townsquare.model import Entry, State, state
from townsquare.problems import Problem, Severity
from townsquare.reads import Remembered, note
from townsquare.settings import Settings
from townsquare.traces import Traces
from townsquare.upkeep import held, local
from townsquare.upkeep.addresses import KeptAddresses, leads
from townsquare.upkeep.choices import Choices, names_of, settings_of, tags_of
from townsquare.upkeep.facets import Bodies
from townsquare.upkeep.held import Convert, Files
from townsquare.upkeep.kept_entry import Held, Said
from townsquare.upkeep.long_texts import LongTexts
from townsquare.upkeep.packing import unpacked
from townsquare.upkeep.snapshot import Snapshot
from townsquare.upkeep.state import State as Before
from townsquare.upkeep.tracked import (
    KeptLibrary,
    Leaves,
    Listed,
    Noted,
    NotedData,
    noted_assets,
    noted_tags,
)
from townsquare.values import value


@value
class Work:
    """What is there to build from. `said` is what new texts say.

    `problems` are those of single files, of names and of tags.
    """

    snapshot: Snapshot
    held: dict[str, Held]
    said: Mapping[str, Said]
    bodies: Bodies
    community: Community
    traces: Traces
    choices: Choices
    leaves: Leaves
    problems: tuple[Problem, ...]

    @property
    def library(self) -> KeptLibrary:
        """The community's content."""
        return cast("KeptLibrary", self.community.library)


class _Asking:
    """Queries are asked of the community that is being built."""

    def __init__(self, texts: LongTexts) -> None:
        self.community: Community | None = None
        self._texts = texts

    def again(self, name: str) -> object:
        community = self.there()
        return queries.again(name, {"community": community, "release": local.release(community)})

    def encode(self, answer: Any) -> str | None:
        return queries.encoded(answer)

    def decode(self, text: str) -> Any:
        return queries.decoded(self.there(), self._texts.read(text))

    def there(self) -> Community:
        if self.community is None:
            raise RuntimeError("asked before there is a community")
        return self.community


class _States(Mapping[str, State]):
    """Whether readers see an entry, found out when it is asked; see `library`."""

    def __init__(self, entries: Mapping[str, Entry[Any]], clock: Clock, zone: str) -> None:
        self._entries = entries
        self._clock = clock
        self._zone = zone
        self._known = Remembered()

    def __getitem__(self, key: str) -> State:
        return self._known.value(key, lambda: self._found(key))

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def _found(self, key: str) -> State:
        entry = self._entries[key]
        own = self._own(entry)
        whole = entry.kind.part_of(entry.path)
        if whole is None or own is not State.CURRENT:
            return own
        above = ":".join(whole)
        # That there is none, or another of this name, is read, too.
        note(f"key:{above}")
        return self._own(self._entries[above]) if above in self._entries else own

    def _own(self, entry: Entry[Any]) -> State:
        return state(entry.fields, self._clock, self._zone)


def begun(
    snapshot: Snapshot, now: datetime, before: Before, cache: Cache, convert: Convert | None
) -> Work:
    """The community of these files; what the last build knows of them is not read again."""
    choices, problems, kept = settings_of(snapshot, before.choices)
    names, kept = names_of(snapshot, kept)
    clock = Clock(now, choices.timezone)
    typed: dict[str, Mapping[str, Any]] = {}
    files = Files(snapshot, choices, before.held, before.said, cache, convert, typed)
    known, new = held.found(files)

    def said(path: str) -> Said:
        return new[path] if path in new else before.said[path]

    problems += names
    problems += (unpacked(told) for each in known.values() for told in each.problems)
    entries = held.kept_entries(snapshot, known, said, typed)
    content, kept = _library(snapshot, choices, clock, (known, entries), problems, kept, cache)
    bodies = Bodies(content.by_path.plain, said, cache)
    leaves = Leaves(content, known, said, bodies.facet, before)
    asking = _Asking(LongTexts(cache))
    traces = Traces(leaves, asking, now, before.memory)
    addresses = KeptAddresses(choices.site_url, ask=lambda path: leads(asking.there(), path))
    community = Community(content, bodies, clock, addresses, traces)
    asking.community = community
    return Work(snapshot, known, new, bodies, community, traces, kept, leaves, tuple(problems))


def _library(
    snapshot: Snapshot,
    choices: Settings,
    clock: Clock,
    files: tuple[Mapping[str, Held], list[Entry[Any]]],
    problems: list[Problem],
    kept: Choices,
    cache: Cache,
) -> tuple[KeptLibrary, Choices]:
    texts, entries = files
    assets = _assets(snapshot, problems)
    listed, words, kept = tags_of(snapshot, entries, problems, kept)
    unique = library.unique_entries(entries, problems)
    problems.extend(library.drawings_elsewhere(unique, assets))
    digests = {path: snapshot.digests[path] for path in assets}
    problems.extend(picture_faults.known_faults(Path(snapshot.root), digests, cache))
    by_key = {entry.key: entry for entry in unique}
    found = KeptLibrary(
        choices,
        Listed(unique),
        _States(by_key, clock, choices.timezone),
        noted_assets(assets, snapshot.digests),
        noted_tags(words),
        listed,
        Path(snapshot.root),
        Noted("unread", library.faulty_keys(texts, unique), str),
        _collected(snapshot, problems),
        History(Path(snapshot.root), cache),
        plain=tuple(unique),
        in_error=Noted("error", dict.fromkeys(_in_error(problems), ""), str),
    )
    return found, kept


def _collected(snapshot: Snapshot, problems: list[Problem]) -> NotedData:
    root = Path(snapshot.root)
    paths = [path for path in snapshot.digests if collected.is_one(path)]
    faults = {path: collected.fault(root, path) for path in paths}
    problems.extend(fault for fault in faults.values() if fault)
    whole = {path: snapshot.digests[path] for path in paths if faults[path] is None}
    return NotedData(Collected(root, whole), whole)


def _in_error(problems: Iterable[Problem]) -> list[str]:
    return sorted({each.place.path for each in problems if each.severity is Severity.ERROR})


def _assets(snapshot: Snapshot, problems: list[Problem]) -> dict[str, Asset]:
    found: dict[str, Asset] = {}
    for path in snapshot.digests:
        if path.endswith(".md") or path in (tags.FILE, settings.FILE) or collected.is_one(path):
            continue
        if not path.lower().endswith((*IMAGES, *MEDIA)):
            problems.append(library.refused(path))
        elif path in snapshot.sizes:
            found[path] = Asset(path, snapshot.sizes[path])
        else:
            problems.append(folders.unreadable(path, snapshot.errors[path]))
    return found
