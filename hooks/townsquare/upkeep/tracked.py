"""A community's library whose every look-up is noted, and the leaves that those notes name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from functools import cached_property
from typing import Any, Protocol, TypeVar

import orjson

from townsquare import history
from townsquare.kinds import names_of
from townsquare.library import DRAWING, Asset, Library
from townsquare.model import Entry
from townsquare.reads import Remembered, note
from townsquare.tags import Tag
from townsquare.texts import spelling
from townsquare.traces import digest
from townsquare.upkeep import facets, lazy_fields
from townsquare.upkeep.kept_entry import NOTHING_SAID, Held, Said
from townsquare.upkeep.records import Records
from townsquare.values import value

V = TypeVar("V")
OF_FILES = (*lazy_fields.NAMES, "lines", "text", *dict.fromkeys(facets.LEAVES.values()))
"""The kinds of leaves that belong to one file."""


class Noted(Mapping[str, V]):
    """A mapping that notes each key that is looked up, found or not, and its own name for all.

    `show` tells a value as text: equal texts, equal values to whoever looked it up.
    """

    def __init__(self, name: str, values: Mapping[str, V], show: Callable[[V], str]) -> None:
        self.name = name
        self.plain = values
        self._one = f"{name}:"
        self._show = show

    def __getitem__(self, key: str) -> V:
        note(self._one + key)
        return self.plain[key]

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or the default."""
        note(self._one + key)
        return self.plain.get(key, default)

    def __contains__(self, key: object) -> bool:
        note(f"{self._one}{key}")
        return key in self.plain

    def __iter__(self) -> Iterator[str]:
        note(self.name)
        return iter(self.plain)

    def __len__(self) -> int:
        note(self.name)
        return len(self.plain)

    def shown(self) -> dict[str, str]:
        """Every value as text, by its key."""
        show = self._show
        return {key: show(each) for key, each in self.plain.items()}

    def digest(self, key: str) -> str:
        """What was noted for one key, as it is now."""
        return "" if key not in self.plain else f"={self._show(self.plain[key])}"

    def digest_of_all(self) -> str:
        """What was noted for all keys, as they are now."""
        return digest("\n".join([f"{key}\0{each}" for key, each in self.shown().items()]))


class NotedData(Noted[bytes]):
    """What tools collected: a file that is looked up is told by its digest, and read when asked."""

    def __init__(self, values: Mapping[str, bytes], digests: Mapping[str, str]) -> None:
        super().__init__("data", values, str)
        self._digests = digests

    def digest(self, key: str) -> str:
        """The file's digest."""
        return self._digests.get(key, "")

    def shown(self) -> dict[str, str]:
        """Every file's digest."""
        return dict(self._digests)


class Listed(tuple[Entry[Any], ...]):
    """All entries; whoever goes over them depends on which there are."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Entry[Any]]:
        note("path")
        return super().__iter__()


@value
class KeptLibrary(Library):
    """A library that notes what is looked up in it. `plain` are its entries without notes.

    `in_error` names the files with faults of their own that keep a site from being built.
    """

    plain: tuple[Entry[Any], ...] = field(default=())
    in_error: Noted[str] = field(default_factory=lambda: Noted("error", {}, str))

    @property
    def unnoted(self) -> tuple[Entry[Any], ...]:
        """Every entry."""
        return self.plain

    def of_kinds(self, names: Iterable[str]) -> list[Entry[Any]]:
        """Entries of these kinds; whoever asks depends on which there are of them."""
        wanted = {*names}
        for name in wanted:
            note(f"{self._of_kinds.name}:{name}")
        return [entry for entry in self.plain if entry.kind.name in wanted]

    def visible(self, of: type[Any]) -> list[Entry[Any]]:
        """What readers see of a kind or facet, by path."""
        found = [entry for kind in names_of(of) for entry in self.readable(kind)]
        return sorted(found, key=lambda entry: entry.path)

    def readable(self, kind: str = "") -> list[Entry[Any]]:
        """What readers see, by path: looked up once for each kind, for many go over all."""
        if not kind:
            return self.visible(object)
        find = super().readable
        return [*self._found_before.value(kind, lambda: find(kind))]

    @cached_property
    def _found_before(self) -> Remembered:
        return Remembered()

    # A library has dictionaries here. These are mappings that note what is looked up, which a type
    # checker takes for another attribute: hence what is ignored below.

    @cached_property
    def by_path(self) -> Noted[Entry[Any]]:  # type: ignore[override]
        """Every entry by its file's path."""
        return Noted("path", {entry.path: entry for entry in self.plain}, lambda e: e.key)

    @cached_property
    def _by_key(self) -> Noted[Entry[Any]]:  # type: ignore[override]
        return Noted("key", {entry.key: entry for entry in self.plain}, lambda e: e.path)

    @cached_property
    def _of_kinds(self) -> Noted[list[str]]:
        found: dict[str, list[str]] = {}
        for entry in self.plain:
            found.setdefault(entry.kind.name, []).append(f"{entry.key} {entry.path}")
        return Noted("kind", found, lambda entries: digest("\n".join(entries)))

    @cached_property
    def _faulty_keys(self) -> Noted[str]:  # type: ignore[override]
        known = self.faulty.plain if isinstance(self.faulty, Noted) else self.faulty
        return Noted("faulty", {key: path for path, key in known.items()}, str)

    @cached_property
    def _listing(self) -> Noted[str]:
        return Noted("listing", {"": "yes"} if self.tags_listed else {}, str)

    def lists_tags(self) -> bool:
        """Whether content/tags.yml says which tags there are."""
        return "" in self._listing

    @cached_property
    def _spellings(self) -> Noted[str]:  # type: ignore[override]
        return Noted("word", self._spelt(), str)

    def _spelt(self) -> dict[str, str]:
        known = self.tags.plain if isinstance(self.tags, Noted) else self.tags
        listed = ((slug, word) for slug, tag in known.items() for word in tag.words)
        return {spelling(word): slug for slug, word in listed} | {slug: slug for slug in known}

    @cached_property
    def _past(self) -> Noted[str]:
        return Noted(history.LEAF, {"": self.history.past}, str)

    @property
    def noted(self) -> tuple[Noted[Any], ...]:
        """Every mapping whose look-ups are leaves."""
        entries = (self.by_path, self._by_key, self._of_kinds, self._faulty_keys, self.in_error)
        words = (self._spellings, self._listing, self._past)
        others = (self.tags, self.assets, self.states, self.data, self.faulty)
        return (*entries, *words, *(each for each in others if isinstance(each, Noted)))


def noted_tags(tags: Mapping[str, Tag]) -> Noted[Tag]:
    """The tags, by slug."""
    return Noted("topic", tags, repr)


def noted_assets(assets: Mapping[str, Asset], digests: Mapping[str, str]) -> Noted[Asset]:
    """The files that are published, by path. Of a drawing it matters what it holds."""

    def mattering(asset: Asset) -> str:
        is_drawing = asset.path.lower().endswith(DRAWING)
        return digests[asset.path] if is_drawing else str(asset.size)

    return Noted("asset", assets, mattering)


class Known(Protocol):
    """What a build knows of files, and of what is looked up by name."""

    held: dict[str, Held]
    structure: str
    shown: Records[dict[str, str]]


class Leaves:
    """The digest that each leaf has now. `facet` answers for converted bodies: `html`, path.

    `before` is what the last build knew: whatever of that is as it was need not be looked at.
    """

    def __init__(
        self,
        library: KeptLibrary,
        held: Mapping[str, Held],
        said: Callable[[str], Said],
        facet: Callable[[str, str], str],
        before: Known,
    ) -> None:
        self._mappings = {each.name: each for each in library.noted}
        self._held = held
        self._said = said
        self._facet = facet
        self._before = before
        self._known: dict[str, str] = {}
        self.structure = digest("\n".join(each.digest_of_all() for each in library.noted))

    def suspects(self) -> Iterator[str]:
        """The leaves of files that changed, and look-ups that give another answer."""
        known = self._before.held
        for path in self._held.keys() | known.keys():
            if self._held.get(path) is not known.get(path):
                yield from (f"{kind}:{path}" for kind in OF_FILES)
        if known and self.structure != self._before.structure:
            for name, mapping in self._mappings.items():
                was, now = self._before.shown[name], mapping.shown()
                yield name
                other = (key for key in was | now if was.get(key) != now.get(key))
                yield from (f"{name}:{key}" for key in other)

    def shown(self) -> Iterator[tuple[str, dict[str, str]]]:
        """What is looked up by name, for the next build, where it is another."""
        if self.structure != self._before.structure:
            yield from ((name, each.shown()) for name, each in self._mappings.items())

    def digest(self, name: str) -> str:
        """The leaf's digest: the same text for the same content."""
        if name not in self._known:
            self._known[name] = self._digest(*name.partition(":"))
        return self._known[name]

    def _know_front(self, path: str, front: str) -> None:
        for kind, values in lazy_fields.grouped(orjson.loads(front) if front else {}).items():
            self._known[f"{kind}:{path}"] = digest(orjson.dumps(values))

    def _digest(self, kind: str, one: str, rest: str) -> str:
        if kind in self._mappings:
            return (
                self._mappings[kind].digest(rest) if one else self._mappings[kind].digest_of_all()
            )
        held = self._held.get(rest)
        if held is None:
            return ""
        said = self._said(rest) if held.is_entry else NOTHING_SAID
        if kind in lazy_fields.NAMES:
            self._know_front(rest, said.front)
            return self._known[f"{kind}:{rest}"]
        if kind == "text":
            return said.body
        return f"{said.lines} {said.line}" if kind == "lines" else self._facet(kind, rest)
